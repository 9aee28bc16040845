import Foundation
import GRDB
import PareTrain
import Testing

@testable import PareExplore

/// Ledgers that several processes write, and processes that end in the middle of it.
@Suite struct LedgerProcessTests {
  private static func isWhole(_ path: String) async throws -> Bool {
    try await DatabaseQueue(path: path).read {
      try String.fetchOne($0, sql: "PRAGMA integrity_check") == "ok"
    }
  }

  /// A folder that the processes share; their closures can capture its path only.
  private static func makeFolder() throws -> String {
    let folder = FileManager.default.temporaryDirectory.appending(
      path: "pare-tests-\(UUID().uuidString)")
    try FileManager.default.createDirectory(at: folder, withIntermediateDirectories: true)
    return folder.path(percentEncoded: false)
  }

  @Test(arguments: [30, 90, 200])
  func `a process that is killed while it writes loses no row that it finished`(
    milliseconds: Int
  ) async throws {
    let folder = try Self.makeFolder()
    defer { try? FileManager.default.removeItem(atPath: folder) }
    await #expect(processExitsWith: .signal(SIGKILL)) {
      [folder = folder as String, milliseconds = milliseconds as Int] in
      let ledger = try Ledger(at: "\(folder)/ledger.sqlite")
      let report = unsafe open("\(folder)/finished", O_WRONLY | O_CREAT | O_APPEND, 0o600)
      Thread.detachNewThread {
        usleep(UInt32(milliseconds) * 1_000)
        kill(getpid(), SIGKILL)
      }
      for index in 0... {
        let row = try LedgerSamples.candidate(index)
        try ledger.keep(LedgerSamples.seedResult(index, seed: 1))
        try ledger.keepState(String(repeating: "s", count: 9_000), key: "\(index)", group: "g")
        try ledger.finish(
          row, recipe: LedgerSamples.recipe, model: String(repeating: "m", count: 30_000))
        let line = Array((row.key + "\n").utf8)
        precondition(unsafe write(report, line, line.count) == line.count)
      }
    }
    let path = "\(folder)/ledger.sqlite"
    let finished =
      (try? TextFile.read("\(folder)/finished"))?.split(separator: "\n").map(String.init) ?? []
    // A reader comes first, so that it is the one that finds the journal.
    if !finished.isEmpty {
      let reader = try Ledger(reading: path)
      let rows = try reader.finishedKeys()
      #expect(Set(finished).isSubset(of: rows))
      // The row that was under way may be in too.
      #expect(rows.count <= finished.count + 1)
      for key in rows { #expect(try reader.model(of: key)?.utf8.count == 30_000) }
    }
    let ledger = try Ledger(at: path)
    try ledger.finish(
      try LedgerSamples.candidate(1_000_000), recipe: LedgerSamples.recipe, model: "m")
    #expect(try ledger.model(of: LedgerSamples.key(1_000_000)) == "m")
    #expect(try await Self.isWhole(path))
  }

  @Test func `a journal that a killed process left is taken back by a reader`() async throws {
    let folder = try Self.makeFolder()
    defer { try? FileManager.default.removeItem(atPath: folder) }
    let path = "\(folder)/ledger.sqlite"
    await #expect(processExitsWith: .signal(SIGKILL)) { [path = path as String] in
      let ledger = try Ledger(at: path)
      try ledger.finish(
        try LedgerSamples.candidate(0), recipe: LedgerSamples.recipe, model: "kept")
      try ledger.write { database in
        // A cache of ten pages spills into the file before the transaction ends.
        try database.execute(sql: "PRAGMA cache_size = 10")
        try database.execute(sql: "UPDATE model SET json = 'spoilt'")
        for index in 0..<100 {
          try database.execute(
            sql: "INSERT INTO state VALUES (?, 'g', ?)",
            arguments: ["\(index)", String(repeating: "s", count: 9_000)])
        }
        kill(getpid(), SIGKILL)
      }
    }
    #expect(try FileBytes.names(in: folder) == ["ledger.sqlite", "ledger.sqlite-journal"])
    let reader = try Ledger(reading: path)
    #expect(try reader.model(of: LedgerSamples.key(0)) == "kept")
    #expect(try reader.state("1") == nil)
    #expect(try FileBytes.names(in: folder) == ["ledger.sqlite"])
    #expect(try await Self.isWhole(path))
  }

  @Test func `a file that may not grow keeps what was finished`() async throws {
    let folder = try Self.makeFolder()
    defer { try? FileManager.default.removeItem(atPath: folder) }
    await #expect(processExitsWith: .success) { [folder = folder as String] in
      // As with a quota: the system refuses the write, not SQLite.
      signal(SIGXFSZ, SIG_IGN)
      var limit = rlimit(rlim_cur: 600_000, rlim_max: 600_000)
      #if canImport(Glibc)
        let resource = __rlimit_resource_t(1)
      #else
        let resource = RLIMIT_FSIZE
      #endif
      precondition(unsafe setrlimit(resource, &limit) == 0)
      let ledger = try Ledger(at: "\(folder)/ledger.sqlite")
      var kept: Set<String> = []
      do {
        for index in 0..<1_000 {
          let row = try LedgerSamples.candidate(index)
          try ledger.finish(
            row, recipe: LedgerSamples.recipe, model: String(repeating: "m", count: 30_000))
          kept.insert(row.key)
        }
        preconditionFailure("the limit was not reached")
      } catch let error as ExploreError {
        precondition(error.message.contains("all that was finished before is kept"), "\(error)")
      }
      precondition(kept.count > 5)
      let rows = try ledger.finishedKeys()
      precondition(rows == kept, "\(rows.count) rows, \(kept.count) finished")
      try Data(kept.sorted().joined(separator: "\n").utf8)
        .write(to: URL(filePath: "\(folder)/finished"))
    }
    let finished = try TextFile.read("\(folder)/finished").split(separator: "\n").map(String.init)
    #expect(try Ledger(at: "\(folder)/ledger.sqlite").finishedKeys() == Set(finished))
    #expect(try await Self.isWhole("\(folder)/ledger.sqlite"))
  }

  @Test func `processes and tasks that make and write one ledger at once lose nothing`()
    async throws
  {
    let folder = try Self.makeFolder()
    defer { try? FileManager.default.removeItem(atPath: folder) }
    let path = "\(folder)/ledger.sqlite"
    await withTaskGroup(of: Void.self) { group in
      for process in 0..<3 {
        group.addTask {
          await #expect(processExitsWith: .success) {
            [path = path as String, process = process as Int] in
            try await LedgerSamples.write(8, from: process * 100, to: path)
          }
        }
      }
    }
    try await LedgerSamples.write(8, from: 300, to: path)
    let ledger = try Ledger(reading: path)
    let indices = (0..<4).flatMap { process in (0..<8).map { process * 100 + $0 } }
    #expect(
      try ledger.candidates()
        == (indices + [9_999]).map { try LedgerSamples.candidate($0) }
        .sorted { $0.key < $1.key })
    #expect(try ledger.seedsKept().isEmpty)
    #expect(try await Self.isWhole(path))
  }
}

extension LedgerSamples {
  /// Writes rows from two tasks, and one that all write.
  fileprivate static func write(_ count: Int, from first: Int, to path: String) async throws {
    let ledger = try Ledger(at: path)
    try await withThrowingTaskGroup { group in
      for task in 0..<2 {
        group.addTask {
          for index in stride(from: first + task, to: first + count, by: 2) {
            try ledger.keep(seedResult(index, seed: 1))
            try ledger.finish(try candidate(index), recipe: recipe, model: "\(index)")
            try ledger.finish(try candidate(9_999), recipe: recipe, model: "9999")
          }
        }
      }
      try await group.waitForAll()
    }
  }
}
