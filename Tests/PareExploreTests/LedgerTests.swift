import Foundation
import PareTrain
import PareSignal
import Testing

@testable import PareExplore

@Suite struct LedgerTests {
  @Test func `every field of a row comes back as it was`() async throws {
    try await withTemporaryFolder { folder in
      let ledger = try Ledger(at: "\(folder)/ledger.sqlite")
      let rows = try (0..<12).map {
        try LedgerSamples.candidate($0, failure: $0 == 5 ? "no such \"thing\", 'x'\n" : nil)
      }
      for row in rows {
        try ledger.finish(
          row, recipe: LedgerSamples.recipe, model: row.failure == nil ? "{\(row.key)}\n" : nil)
      }
      let sorted = rows.sorted { $0.key < $1.key }
      let reader = try Ledger(reading: ledger.path)
      #expect(try reader.candidates() == sorted)
      #expect(try reader.candidate(rows[3].key) == rows[3])
      #expect(try reader.candidate("none") == nil)
      #expect(
        try reader.summaries() == sorted.filter { $0.failure == nil }.map { CandidateSummary($0) })
      #expect(try reader.finishedKeys() == Set(rows.map(\.key)).subtracting([rows[5].key]))
      #expect(try reader.failedKeys() == [rows[5].key])
      #expect(try reader.model(of: rows[2].key) == "{\(rows[2].key)}\n")
      #expect(try reader.model(of: rows[5].key) == nil)
      #expect(try reader.recipe(LedgerSamples.recipeHash) == LedgerSamples.recipe)
      #expect(try reader.recipe("none") == nil)
    }
  }

  @Test func `infinite figures and the largest seeds come back as they were`() async throws {
    try await withTemporaryFolder { folder in
      let ledger = try Ledger(at: "\(folder)/ledger.sqlite")
      let plain = try LedgerSamples.candidate(1)
      var metrics = plain.metrics
      metrics[.nmse] = -.infinity
      metrics[.power] = .leastNonzeroMagnitude
      metrics[.lut] = 0x1p60
      metrics[.adders] = 1.5
      let row = Candidate(
        key: plain.key, point: plain.point, dataset: plain.dataset, datasetHash: plain.datasetHash,
        task: plain.task, recipeHash: plain.recipeHash,
        seeds: [.init(seed: .max, nmse: -.infinity, testNMSE: .infinity, nnz: 0)],
        bestSeed: .max, metrics: metrics, generator: "pare", host: "höst", finishedAt: "",
        seconds: 0.1)
      try ledger.finish(row, recipe: LedgerSamples.recipe, model: nil)
      #expect(try ledger.candidate(row.key) == row)
      #expect(try ledger.summaries() == [CandidateSummary(row)])
      let result = LedgerSamples.seedResult(2, seed: .max)
      try ledger.keep(result)
      try ledger.keep(LedgerSamples.seedResult(2, seed: 1))
      #expect(try ledger.seedResults(of: result.key).map(\.score.seed) == [1, .max])
      #expect(try ledger.seedsKept() == [result.key: [1, .max]])
    }
  }

  @Test func `finishing a point drops the results of its seeds`() async throws {
    try await withTemporaryFolder { folder in
      let ledger = try Ledger(at: "\(folder)/ledger.sqlite")
      let results = [3, 1, 2].map {
        LedgerSamples.seedResult(7, seed: $0, failure: $0 == 2 ? "lost" : nil)
      }
      for result in results { try ledger.keep(result) }
      try ledger.keep(LedgerSamples.seedResult(8, seed: 1))
      #expect(
        try ledger.seedResults(of: LedgerSamples.key(7))
          == results.sorted { $0.score.seed < $1.score.seed })
      try ledger.finish(try LedgerSamples.candidate(7), recipe: LedgerSamples.recipe, model: "{}")
      #expect(try ledger.seedResults(of: LedgerSamples.key(7)).isEmpty)
      #expect(try ledger.seedsKept() == [LedgerSamples.key(8): [1]])
    }
  }

  @Test func `a seed that failed gives way, one that did not stays`() async throws {
    try await withTemporaryFolder { folder in
      let ledger = try Ledger(at: "\(folder)/ledger.sqlite")
      let failed = LedgerSamples.seedResult(1, seed: 4, failure: "lost")
      let good = LedgerSamples.seedResult(1, seed: 4)
      try ledger.keep(failed)
      #expect(try ledger.seedResults(of: failed.key) == [failed])
      try ledger.keep(good)
      #expect(try ledger.seedResults(of: failed.key) == [good])
      try ledger.keep(failed)
      #expect(try ledger.seedResults(of: failed.key) == [good])
    }
  }

  @Test func `a point that failed gives way, one with a result stays`() async throws {
    try await withTemporaryFolder { folder in
      let ledger = try Ledger(at: "\(folder)/ledger.sqlite")
      let failed = try LedgerSamples.candidate(1, failure: "lost")
      let good = try LedgerSamples.candidate(1)
      try ledger.finish(failed, recipe: LedgerSamples.recipe, model: nil)
      #expect(try ledger.candidates() == [failed])
      try ledger.finish(good, recipe: LedgerSamples.recipe, model: "good")
      #expect(try ledger.candidates() == [good])
      try ledger.finish(failed, recipe: LedgerSamples.recipe, model: nil)
      let other = try LedgerSamples.candidate(1, host: "there")
      try ledger.finish(other, recipe: LedgerSamples.recipe, model: "other")
      #expect(try ledger.candidates() == [good])
      #expect(try ledger.model(of: good.key) == "good")
    }
  }

  @Test func `failures are forgotten and nothing else`() async throws {
    try await withTemporaryFolder { folder in
      let ledger = try Ledger(at: "\(folder)/ledger.sqlite")
      for index in 0..<6 {
        try ledger.finish(
          try LedgerSamples.candidate(index, failure: index < 2 ? "lost" : nil),
          recipe: LedgerSamples.recipe, model: nil)
      }
      let good = LedgerSamples.seedResult(9, seed: 1)
      try ledger.keep(good)
      try ledger.keep(LedgerSamples.seedResult(9, seed: 2, failure: "lost"))
      #expect(try ledger.forgetFailures() == 2)
      #expect(try ledger.forgetFailures() == 0)
      #expect(try ledger.failedKeys().isEmpty)
      #expect(try ledger.finishedKeys() == Set((2..<6).map(LedgerSamples.key)))
      #expect(try ledger.seedResults(of: good.key) == [good])
    }
  }

  @Test func `states are kept by key and forgotten by chain`() async throws {
    try await withTemporaryFolder { folder in
      let ledger = try Ledger(at: "\(folder)/ledger.sqlite")
      for (key, group) in [("a", "x"), ("b", "x"), ("c", "y")] {
        try ledger.keepState("first \(key)", key: key, group: group)
        try ledger.keepState("then \(key)", key: key, group: group)
      }
      #expect(try ledger.state("b") == "then b")
      #expect(try ledger.state("d") == nil)
      try ledger.forgetStates(group: "x")
      #expect(try ledger.state("b") == nil)
      #expect(try ledger.state("c") == "then c")
    }
  }

  @Test func `rows come by key, in whatever order they went in`() async throws {
    try await withTemporaryFolder { folder in
      let rows = try (0..<30).map { try LedgerSamples.candidate($0) }
      let ledgers = try [rows, rows.reversed(), rows.shuffled()].enumerated().map {
        let ledger = try Ledger(at: "\(folder)/\($0).sqlite")
        for row in $1 { try ledger.finish(row, recipe: LedgerSamples.recipe, model: row.key) }
        return try ledger.candidates()
      }
      #expect(ledgers[0].map(\.key) == rows.map(\.key).sorted())
      #expect(ledgers[1] == ledgers[0])
      #expect(ledgers[2] == ledgers[0])
    }
  }

  @Test func `only rows of one data set and task are compared`() async throws {
    try await withTemporaryFolder { folder in
      let ledger = try Ledger(at: "\(folder)/ledger.sqlite")
      #expect(try ledger.comparable().isEmpty)
      // Even rows learn the inverse, odd ones the amplifier.
      for index in [0, 2, 4] {
        try ledger.finish(
          LedgerSamples.candidate(index), recipe: LedgerSamples.recipe, model: nil)
      }
      #expect(try ledger.comparable() == ledger.summaries())
      try ledger.finish(LedgerSamples.candidate(1), recipe: LedgerSamples.recipe, model: nil)
      let error = #expect(throws: ExploreError.self) { try ledger.comparable() }
      #expect(error?.hint.contains("0123456789abcdef") == true)
      #expect(try ledger.comparable(task: .inverse).count == 3)
      #expect(
        try ledger.comparable(dataset: "0123456789abcdef", task: .forward).map(\.key)
          == [LedgerSamples.key(1)])
      #expect(throws: ExploreError.self) { try ledger.comparable(dataset: "none") }
    }
  }
}
