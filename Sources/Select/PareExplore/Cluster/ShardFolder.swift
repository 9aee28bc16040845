import PareText

#if canImport(FoundationEssentials)
  import FoundationEssentials
#else
  import Foundation
#endif

/// The folder `shards` of a run: what each task of the cluster is to do, and what it has done.
///
/// | file | is there |
/// |---|---|
/// | `plan-N.json` | until the results of shard N are in the run's ledger |
/// | `N.part.sqlite` | while shard N is worked on, or after its task was killed |
/// | `N.sqlite` | once shard N is complete, until it is merged |
/// | `N.damaged.sqlite` | when a file of shard N could not be read |
/// | `N.lock` | while a task works on shard N |
/// | `jobs.json`, `task.sh`, `log/` | always |
struct ShardFolder: Sendable {
  let path: String

  init(of run: SweepFolder) {
    path = URL(filePath: run.path).standardizedFileURL.path.withoutTrailingSlash + "/shards"
  }

  /// Absolute, of the run.
  var runPath: String { String(path.dropLast("/shards".count)) }

  func planFile(_ number: Int) -> String { "\(path)/plan-\(number).json" }
  func partFile(_ number: Int) -> String { "\(path)/\(number).part.sqlite" }
  func completeFile(_ number: Int) -> String { "\(path)/\(number).sqlite" }
  func damagedFile(_ number: Int) -> String { "\(path)/\(number).damaged.sqlite" }
  func lockFile(_ number: Int) -> String { "\(path)/\(number).lock" }
  func logFile(_ number: Int) -> String { "\(logFolder)/\(number).log" }
  var jobsFile: String { "\(path)/jobs.json" }
  var scriptFile: String { "\(path)/task.sh" }
  var logFolder: String { "\(path)/log" }
  /// What a command of Slurm printed last.
  func commandLog(_ name: String) -> String { "\(logFolder)/\(name).log" }

  func plan(_ number: Int) throws -> Shard {
    let file = planFile(number)
    return try Shard(json: TextFile.read(file), file: file)
  }

  /// Numbers of shards that are planned and not merged, and of those that are complete; rising.
  func contents() throws -> (planned: [Int], complete: [Int]) {
    try refresh()
    let names: [String]
    do {
      names = try FileManager.default.contentsOfDirectory(atPath: path)
    } catch {
      throw ExploreError(
        .file(path: path), "\(path): cannot be read (\(WholeFile.reason(of: error)))",
        hint: "check its permissions", kind: .failed)
    }
    return (
      names.compactMap { $0.number(after: "plan-", before: ".json") }.sorted(),
      names.compactMap { $0.number(after: "", before: ".sqlite") }.sorted()
    )
  }

  /// Makes a client of a network file system ask the server for the names in the folder: it may keep what it knows for a
  /// minute, but not past a change of its own.
  private func refresh() throws {
    let probe = "\(path)/.probe"
    try TextFile.write("", to: probe)
    try remove(probe)
  }

  /// Forgets a shard whose results are merged, or no longer wanted; its log stays.
  func forget(_ number: Int) throws {
    // The plan first: without it, what is left of the shard is known to be of no use.
    for file in [planFile(number), completeFile(number), lockFile(number)] { try remove(file) }
    try forgetPart(number)
  }

  func forgetPart(_ number: Int) throws {
    for file in [partFile(number), "\(partFile(number))-journal"] { try remove(file) }
  }

  /// Puts a file that cannot be read where a person can look at it and nobody trips over it.
  func setAside(_ file: String, of number: Int) throws {
    try remove(damagedFile(number))
    try remove("\(file)-journal")
    try move(file, to: damagedFile(number))
  }

  func move(_ file: String, to target: String) throws {
    do {
      try FileManager.default.moveItem(atPath: file, toPath: target)
    } catch {
      throw ExploreError(
        .file(path: file), "\(file): cannot be renamed (\(WholeFile.reason(of: error)))",
        hint: "check the permissions of the folder", kind: .failed)
    }
  }

  func remove(_ file: String) throws {
    do {
      try FileManager.default.removeItem(atPath: file)
    } catch let error as CocoaError where error.code == .fileNoSuchFile {
      return
    } catch {
      throw ExploreError(
        .file(path: file), "\(file): cannot be removed (\(WholeFile.reason(of: error)))",
        hint: "check the permissions of the folder", kind: .failed)
    }
  }

  /// Changes when a task gets on with a shard: time and size of its unfinished file; nil when there is none.
  func mark(of number: Int) -> String? {
    guard let facts = try? FileManager.default.attributesOfItem(atPath: partFile(number)),
      let date = facts[.modificationDate] as? Date, let size = facts[.size] as? UInt64
    else { return nil }
    return "\(date.timeIntervalSinceReferenceDate) \(size)"
  }

  /// The last lines of a shard's log; nil when no task of it ever wrote one.
  func logTail(_ number: Int, lines: Int = 8) -> [String]? {
    guard TextFile.exists(logFile(number)),
      let data = try? Data(contentsOf: URL(filePath: logFile(number)), options: .mappedIfSafe)
    else { return nil }
    let text = String(decoding: data.suffix(16_384), as: UTF8.self)
    return text.split(separator: "\n").suffix(lines).map(String.init)
  }
}

extension String {
  /// The number in a name such as `plan-12.json`; nil for other names.
  fileprivate func number(after start: String, before end: String) -> Int? {
    guard hasPrefix(start), hasSuffix(end), count > start.count + end.count else { return nil }
    let digits = dropFirst(start.count).dropLast(end.count)
    return digits.allSatisfy { $0.isASCII && $0.isNumber } ? Int(digits) : nil
  }

  var withoutTrailingSlash: String { count > 1 && hasSuffix("/") ? String(dropLast()) : self }
}
