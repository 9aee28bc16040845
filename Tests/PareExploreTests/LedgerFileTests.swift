import Foundation
import GRDB
import PareTrain
import Testing

@testable import PareExplore

/// What a file holds, and what lies beside it.
enum FileBytes {
  static func of(_ path: String) throws -> Data { try Data(contentsOf: URL(filePath: path)) }

  static func names(in folder: String) throws -> [String] {
    try FileManager.default.contentsOfDirectory(atPath: folder).sorted()
  }
}

@Suite struct LedgerFileTests {
  /// Opens a file in both ways; neither may change it or leave anything beside it.
  private func expectRefused(_ path: String, saying words: String) throws {
    let folder = URL(filePath: path).deletingLastPathComponent().path
    let before = (try FileBytes.of(path), try FileBytes.names(in: folder))
    for open in [{ try Ledger(at: path) }, { try Ledger(reading: path) }] {
      let error = #expect(throws: ExploreError.self) { _ = try open() }
      #expect(error?.code == .file(path: path))
      #expect(error?.message.contains(path) == true && error?.message.contains(words) == true)
      #expect(error?.hint.isEmpty == false)
    }
    #expect(try FileBytes.of(path) == before.0)
    #expect(try FileBytes.names(in: folder) == before.1)
  }

  private func filled(_ path: String, rows: Int = 40) throws {
    let ledger = try Ledger(at: path)
    for index in 0..<rows {
      try ledger.finish(
        try LedgerSamples.candidate(index), recipe: LedgerSamples.recipe,
        model: String(repeating: "m", count: 3_000))
    }
  }

  @Test func `a file that is no database is left as it is`() async throws {
    try await withTemporaryFolder { folder in
      for text in ["key,nmse\n1,2\n", String(repeating: "x", count: 20_000)] {
        try TextFile.write(text, to: "\(folder)/ledger.sqlite")
        try expectRefused("\(folder)/ledger.sqlite", saying: "no SQLite database")
      }
    }
  }

  @Test(arguments: ["delete", "wal"])
  func `a database of another program is left as it is`(journal: String) async throws {
    try await withTemporaryFolder { folder in
      let path = "\(folder)/other.sqlite"
      let queue = try DatabaseQueue(path: path)
      try await queue.writeWithoutTransaction { database in
        try database.execute(
          sql: "PRAGMA journal_mode = \(journal); CREATE TABLE candidate (key TEXT PRIMARY KEY)")
      }
      try queue.close()
      try expectRefused(path, saying: "no ledger of pare")
    }
  }

  @Test func `a ledger of a newer version is left as it is`() async throws {
    try await withTemporaryFolder { folder in
      let path = "\(folder)/ledger.sqlite"
      try filled(path, rows: 1)
      let queue = try DatabaseQueue(path: path)
      try await queue.write {
        try $0.execute(sql: "INSERT INTO grdb_migrations VALUES ('2 from the future')")
      }
      try queue.close()
      try expectRefused(path, saying: "newer version")
    }
  }

  @Test func `a ledger that was cut short or overwritten in places is named`() async throws {
    try await withTemporaryFolder { folder in
      let path = "\(folder)/ledger.sqlite"
      try filled(path)
      let whole = try FileBytes.of(path)
      try whole.prefix(whole.count / 2 / 4_096 * 4_096).write(to: URL(filePath: path))
      #expect(throws: ExploreError.self) {
        _ = try Ledger(reading: path).candidates()
      }
      var scratched = whole
      for page in stride(from: 4_096, to: whole.count, by: 4_096) {
        scratched.replaceSubrange(page..<(page + 64), with: Data(repeating: 0xA5, count: 64))
      }
      try scratched.write(to: URL(filePath: path))
      let error = #expect(throws: ExploreError.self) { _ = try Ledger(reading: path).candidates() }
      #expect(error?.message.contains(path) == true && error?.message.contains("damaged") == true)
      #expect(throws: ExploreError.self) { try filled(path) }
      #expect(try FileBytes.of(path) == scratched)
    }
  }

  @Test func `an empty file becomes a ledger, a folder does not`() async throws {
    try await withTemporaryFolder { folder in
      try TextFile.write("", to: "\(folder)/empty.sqlite")
      #expect(throws: ExploreError.self) { try Ledger(reading: "\(folder)/empty.sqlite") }
      try filled("\(folder)/empty.sqlite", rows: 1)
      #expect(try Ledger(reading: "\(folder)/empty.sqlite").finishedKeys().count == 1)
      #expect(throws: ExploreError.self) { try Ledger(at: folder) }
      #expect(throws: ExploreError.self) { try Ledger(reading: "\(folder)/none.sqlite") }
      #expect(try FileBytes.names(in: folder) == ["empty.sqlite"])
    }
  }

  @Test(arguments: ["a b%20c?d#e.sqlite", "höhe.sqlite", "sub/folder/x", "file:x?mode=memory"])
  func `any name of a file will do`(name: String) async throws {
    try await withTemporaryFolder { folder in
      try filled("\(folder)/\(name)", rows: 2)
      try filled("\(folder)/\(name)", rows: 3)
      #expect(try Ledger(reading: "\(folder)/\(name)").finishedKeys().count == 3)
      #expect(try FileBytes.names(in: folder) == [name.split(separator: "/").map(String.init)[0]])
    }
  }

  @Test func `a reader cannot write`() async throws {
    try await withTemporaryFolder { folder in
      try filled("\(folder)/ledger.sqlite", rows: 1)
      let before = try FileBytes.of("\(folder)/ledger.sqlite")
      let reader = try Ledger(reading: "\(folder)/ledger.sqlite")
      #expect(throws: ExploreError.self) { try reader.forgetFailures() }
      #expect(try FileBytes.of("\(folder)/ledger.sqlite") == before)
    }
  }

  @Test func `every metric has a column of its own in the table`() async throws {
    try await withTemporaryFolder { folder in
      try filled("\(folder)/ledger.sqlite", rows: 1)
      let queue = try DatabaseQueue(path: "\(folder)/ledger.sqlite")
      let columns = try await queue.read { try $0.columns(in: "candidate").map(\.name) }
      // Columns of later migrations stand behind those of the first.
      #expect(columns.sorted() == LedgerSchema.candidateColumns.sorted())
      #expect(Set(columns).count == columns.count)
      #expect(LedgerSchema.metricColumns.count == Metric.allCases.count { !$0.isImplemented })
    }
  }

  @Test func `a full disk keeps what was finished, and more space lets work go on`() async throws {
    try await withTemporaryFolder { folder in
      let path = "\(folder)/ledger.sqlite"
      let model = String(repeating: "m", count: 20_000)
      var kept: [String] = []
      var fault: ExploreError?
      do {
        let ledger = try Ledger(at: path, largestPageCount: 100)
        for index in 0..<1_000 where fault == nil {
          let row = try LedgerSamples.candidate(index)
          do {
            try ledger.finish(row, recipe: LedgerSamples.recipe, model: model)
            kept.append(row.key)
          } catch let error as ExploreError {
            fault = error
          }
        }
        #expect(try ledger.finishedKeys() == Set(kept))
        // Work in progress is not lost either: the fault comes with the call after the one that could not be written.
        try ledger.keep(
          SeedResult(
            key: "k", score: .init(seed: 1, nmse: -1, testNMSE: -1, nnz: 1), floatNMSE: nil,
            floatTestNMSE: nil, model: model, seconds: 1))
      } catch let error as ExploreError {
        #expect(error.message.contains(path) && error.message.contains("disk is full"))
      }
      #expect(fault?.message.contains(path) == true)
      #expect(fault?.message.contains("disk is full") == true)
      #expect(kept.count > 5 && kept.count < 100)
      let ledger = try Ledger(at: path)
      #expect(try ledger.finishedKeys() == Set(kept))
      for key in kept { #expect(try ledger.model(of: key) == model) }
      try ledger.finish(
        try LedgerSamples.candidate(5_000), recipe: LedgerSamples.recipe, model: model)
      #expect(try ledger.finishedKeys().count == kept.count + 1)
    }
  }
}
