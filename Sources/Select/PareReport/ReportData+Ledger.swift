public import PareExplore
public import PareSignal
import PareText

extension ReportData {
  /// Tells what a ledger holds: data, seeds, programs, counts, and why points failed.
  ///
  /// - Parameters:
  ///   - dataset: the chosen one, where the ledger has several.
  ///   - task: the chosen one, where it has both.
  /// - Throws: ``ExploreError`` when the ledger cannot be read.
  public mutating func addOrigin(
    of ledger: Ledger, dataset: String? = nil, task: LearningTask? = nil
  ) throws {
    let overview = try ledger.overview()
    failureCount = overview.failed
    failures = try ledger.failedKeys().sorted().prefix(ReportTables.rowLimit).compactMap { key in
      try ledger.candidate(key).map {
        Failure(key: key, name: $0.name, reason: $0.failure ?? "no reason was kept")
      }
    }
    func add(_ title: String, _ words: [String]) {
      if !words.isEmpty { facts.append(Fact(title, words.joined(separator: ", "))) }
    }
    add("data set", dataset.map { [$0] } ?? overview.datasets)
    add("task", task.map { [$0.rawValue] } ?? overview.tasks)
    var counts = ["\(overview.finished.grouped) finished", "\(overview.failed.grouped) failed"]
    if overview.started > 0 { counts.append("\(overview.started.grouped) in progress") }
    add("points", counts)
    // All points of a sweep share their seeds; the best rows of all quantizers stand for them.
    let seeds = try overview.best.compactMap { try ledger.candidate($0.key) }
      .flatMap { $0.seeds.map(\.seed) }
    add("seeds", Set(seeds).sorted().map(String.init))
    add("written by", overview.generators)
    let mixed = [
      ("programs", overview.generators.count), ("recipes", overview.recipes),
    ].filter { $0.1 > 1 }.map { "\($0.1) \($0.0)" }
    if !mixed.isEmpty {
      facts.append(
        Fact(
          "mixed", "rows of \(mixed.joined(separator: ", ")) are compared with each other here"))
    }
  }

  /// Where the model of a point lies beside the page.
  static func modelPath(of point: CandidateSummary) -> String {
    // A name comes from a file; only what cannot lead to another folder stays.
    let plain = "\(point.name)-\(point.key)".map { letter in
      letter.isASCII && (letter.isLetter || letter.isNumber || "-_+.".contains(letter))
        ? letter : "_"
    }
    return "models/\(String(plain)).json"
  }
}
