import Foundation
import PareSignal
import PareText
import PareTrain
import Testing

@testable import PareExplore

@Suite struct LedgerExportTests {
  private func filled(in folder: String) throws -> Ledger {
    let ledger = try Ledger(at: "\(folder)/ledger.sqlite")
    for index in 0..<20 {
      try ledger.finish(
        try LedgerSamples.candidate(index, failure: index == 7 ? "said \"no\",\r\nand left" : nil),
        recipe: LedgerSamples.recipe, model: "{}")
    }
    return ledger
  }

  /// RFC 4180, read by scalars, apart from the writer.
  private func records(_ text: String) -> [[String]] {
    var records: [[String]] = [[]]
    var field = ""
    var isQuoted = false
    var scalars = Array(text.unicodeScalars)[...]
    while let scalar = scalars.popFirst() {
      switch scalar {
      case "\"" where isQuoted && scalars.first == "\"":
        field.append("\"")
        scalars.removeFirst()
      case "\"": isQuoted.toggle()
      case "," where !isQuoted:
        records[records.count - 1].append(field)
        field = ""
      case "\r" where !isQuoted && scalars.first == "\n":
        scalars.removeFirst()
        records[records.count - 1].append(field)
        field = ""
        records.append([])
      default: field.unicodeScalars.append(scalar)
      }
    }
    return records.dropLast()
  }

  @Test func `CSV holds every row and figure`() async throws {
    try await withTemporaryFolder { folder in
      let ledger = try filled(in: folder)
      let records = records(try ledger.export(as: .csv))
      let rows = try ledger.candidates()
      #expect(records[0] == LedgerSchema.candidateColumns)
      #expect(records.count == rows.count + 1)
      for (record, row) in zip(records.dropFirst(), rows) {
        let fields = Dictionary(uniqueKeysWithValues: zip(records[0], record))
        #expect(fields["key"] == row.key && fields["failure"] == row.failure ?? "")
        for (metric, column) in zip(LedgerSchema.metrics, LedgerSchema.metricColumns) {
          #expect(Double(fields[column]!) == row.metrics[metric])
        }
        let point = try JSONDecoder().decode(DesignPoint.self, from: Data(fields["point"]!.utf8))
        #expect(point == row.point)
      }
    }
  }

  @Test func `JSON holds every row and figure`() async throws {
    try await withTemporaryFolder { folder in
      let ledger = try filled(in: folder)
      struct Line: Decodable {
        var key: String
        var nmse_db: Double?
        var nnz: Int?
        var failure: String?
        var best_seed: UInt64?
        var seeds: [Candidate.SeedScore]
        var point: DesignPoint
      }
      let text = try ledger.export(as: .json)
      let lines = try JSONDecoder().decode([Line].self, from: Data(text.utf8))
      let rows = try ledger.candidates()
      #expect(lines.map(\.key) == rows.map(\.key))
      for (line, row) in zip(lines, rows) {
        #expect(line.nmse_db == row.metrics[.nmse])
        #expect(line.nnz.map(Double.init) == row.metrics[.nnz])
        #expect(line.failure == row.failure && line.best_seed == row.bestSeed)
        #expect(line.seeds == row.seeds && line.point == row.point)
      }
      let objects = try #require(
        JSONSerialization.jsonObject(with: Data(text.utf8)) as? [[String: Any]])
      for object in objects { #expect(Set(object.keys) == Set(LedgerSchema.candidateColumns)) }
    }
  }

  @Test func `an empty ledger exports as a heading, and as an empty list`() async throws {
    try await withTemporaryFolder { folder in
      let ledger = try Ledger(at: "\(folder)/ledger.sqlite")
      #expect(records(try ledger.export(as: .csv)) == [LedgerSchema.candidateColumns])
      #expect(try ledger.export(as: .json) == "[]\n")
    }
  }

  @Test func `a row is found by key or name, and others are suggested`() async throws {
    try await withTemporaryFolder { folder in
      let ledger = try filled(in: folder)
      let rows = try ledger.summaries()
      let names = Dictionary(grouping: rows, by: \.name)
      for row in rows {
        #expect(try ledger.finished(named: row.key) == row)
        if names[row.name]?.count == 1 { #expect(try ledger.finished(named: row.name) == row) }
      }
      let typo = #expect(throws: ExploreError.self) {
        try ledger.finished(named: rows[0].name + "x")
      }
      #expect(typo?.hint.contains(rows[0].name) == true && typo?.kind == .usage)
      let failed = #expect(throws: ExploreError.self) {
        try ledger.finished(named: LedgerSamples.key(7))
      }
      #expect(failed?.message.contains("said \"no\"") == true)
      // The same point with another recipe has the same name and another key.
      let twin = try LedgerSamples.candidate(3)
      try ledger.finish(
        Candidate(
          key: "twin", point: twin.point, dataset: "d", datasetHash: "h", task: .inverse,
          recipeHash: "r", seeds: [], bestSeed: 1, metrics: twin.metrics, generator: "g",
          host: "h", finishedAt: "t", seconds: 1), recipe: TrainingRecipe(), model: "{}")
      let ambiguous = #expect(throws: ExploreError.self) {
        try ledger.finished(named: twin.point.name)
      }
      #expect(ambiguous?.hint.contains("twin") == true)
      #expect(ambiguous?.hint.contains(LedgerSamples.key(3)) == true)
    }
  }

  @Test func `the overview counts rows and finds the best of each quantizer`() async throws {
    try await withTemporaryFolder { folder in
      let ledger = try filled(in: folder)
      try ledger.keep(LedgerSamples.seedResult(50, seed: 1))
      try ledger.flush()
      let overview = try ledger.overview()
      #expect(overview.finished == 19 && overview.failed == 1 && overview.started == 1)
      #expect(overview.best.map(\.points).reduce(0, +) == 19)
      for best in overview.best {
        let errors = try ledger.summaries().filter { $0.quantizer == best.quantizer }
          .compactMap { $0.metrics[.nmse] }
        #expect(best.nmse == errors.min())
      }
      #expect(overview.text.contains(overview.best[0].name))
    }
  }
}
