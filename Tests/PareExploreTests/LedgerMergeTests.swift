import PareTrain
import Testing

@testable import PareExplore

@Suite struct LedgerMergeTests {
  /// Three shards that overlap: results, failures, and results of one point that two machines finished.
  private func shards(in folder: String) throws -> [String] {
    let rows: [[Candidate]] = [
      try (0..<8).map { try LedgerSamples.candidate($0, host: "a", second: 3) },
      try (6..<12).map {
        try LedgerSamples.candidate($0, failure: $0 < 9 ? "lost on b" : nil, host: "b", second: 2)
      },
      try (8..<14).map {
        try LedgerSamples.candidate($0, failure: $0 == 13 ? "lost on c" : nil, host: "c", second: 1)
      },
    ]
    return try rows.enumerated().map { number, rows in
      let shard = try Ledger(at: "\(folder)/shard-\(number).sqlite")
      for row in rows {
        try shard.finish(
          row, recipe: LedgerSamples.recipe, model: row.failure == nil ? "\(row.host)" : nil)
      }
      return shard.path
    }
  }

  @Test func `the order of merging does not matter`() async throws {
    try await withTemporaryFolder { folder in
      let shards = try shards(in: folder)
      let orders = [[0, 1, 2], [0, 2, 1], [1, 0, 2], [1, 2, 0], [2, 0, 1], [2, 1, 0]]
      let results = try orders.enumerated().map { number, order in
        let ledger = try Ledger(at: "\(folder)/\(number).sqlite")
        for place in order { _ = try ledger.merge(shards[place]) }
        let rows = try ledger.candidates()
        return (rows, try rows.map { try ledger.model(of: $0.key) })
      }
      for result in results {
        #expect(result.0 == results[0].0)
        #expect(result.1 == results[0].1)
      }
      let rows = results[0].0
      #expect(Set(rows.map(\.key)) == Set((0..<14).map(LedgerSamples.key)))
      // 8 failed on b and has a result on c; 9 to 11 are in on b and, earlier, on c.
      #expect(rows.filter { $0.failure != nil }.map(\.key) == [LedgerSamples.key(13)])
      for (row, model) in zip(rows, results[0].1) {
        #expect(model == (row.failure == nil ? row.host : nil))
      }
      let hosts = Dictionary(uniqueKeysWithValues: rows.map { ($0.key, $0.host) })
      #expect((6...9).map { hosts[LedgerSamples.key($0)] } == ["a", "a", "c", "c"])
    }
  }

  @Test func `merging again changes nothing, and nothing in the shard`() async throws {
    try await withTemporaryFolder { folder in
      let shards = try shards(in: folder)
      let before = try FileBytes.of(shards[1])
      let ledger = try Ledger(at: "\(folder)/ledger.sqlite")
      #expect(try ledger.merge(shards[1]) == 6)
      let rows = try ledger.candidates()
      #expect(try ledger.merge(shards[1]) == 0)
      #expect(try ledger.merge(ledger.path) == 0)
      #expect(try ledger.candidates() == rows)
      #expect(try ledger.recipe(LedgerSamples.recipeHash) == LedgerSamples.recipe)
      #expect(try FileBytes.of(shards[1]) == before)
    }
  }

  @Test func `a result takes the place of a failure and of seeds in progress`() async throws {
    try await withTemporaryFolder { folder in
      let ledger = try Ledger(at: "\(folder)/ledger.sqlite")
      try ledger.finish(
        try LedgerSamples.candidate(0, failure: "lost"), recipe: LedgerSamples.recipe, model: nil)
      try ledger.keep(LedgerSamples.seedResult(1, seed: 1))
      try ledger.keep(LedgerSamples.seedResult(100, seed: 1))
      #expect(try ledger.merge(try shards(in: folder)[0]) == 8)
      #expect(try ledger.failedKeys().isEmpty)
      #expect(try ledger.seedsKept() == [LedgerSamples.key(100): [1]])
      try ledger.keep(LedgerSamples.seedResult(1, seed: 2))
      #expect(try ledger.seedResults(of: LedgerSamples.key(1)).isEmpty)
      #expect(try ledger.seedsKept() == [LedgerSamples.key(100): [1]])
    }
  }

  @Test func `a shard that is missing or no ledger is named`() async throws {
    try await withTemporaryFolder { folder in
      let ledger = try Ledger(at: "\(folder)/ledger.sqlite")
      try TextFile.write("key,nmse\n1,2\n", to: "\(folder)/shard.sqlite")
      for path in ["\(folder)/none.sqlite", "\(folder)/shard.sqlite"] {
        let error = #expect(throws: ExploreError.self) { try ledger.merge(path) }
        #expect(error?.message.hasPrefix(path) == true)
      }
      #expect(!TextFile.exists("\(folder)/none.sqlite"))
    }
  }
}
