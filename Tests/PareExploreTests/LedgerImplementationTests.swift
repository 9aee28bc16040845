import Foundation
import PareQoR
import PareTrain
import Testing

@testable import PareExplore

@Suite struct LedgerImplementationTests {
  private typealias Samples = ImplementationSamples

  private func ledger(_ folder: String, _ name: String = "ledger", rows: Int = 4) throws -> Ledger {
    let ledger = try Ledger(at: "\(folder)/\(name).sqlite")
    for index in 0..<rows {
      try ledger.finish(
        try LedgerSamples.candidate(index), recipe: LedgerSamples.recipe, model: "{}")
    }
    return ledger
  }

  private func key(_ index: Int) -> String { LedgerSamples.key(index) }

  @Test func `an implementation comes back as it was, for all whose it is`() async throws {
    try await withTemporaryFolder { folder in
      let ledger = try ledger(folder)
      let rows = [
        Samples.done("a", lut: 300, power: 0.01),
        Samples.done("a", lut: 280, stage: .placeAndRoute, device: "ecp5-85k"),
        Samples.failed("b"),
      ]
      try ledger.keep(rows[0], of: [key(0), key(1)])
      try ledger.keep(rows[1], of: [key(0)])
      try ledger.keep(rows[2], of: [key(2)])
      let reader = try Ledger(reading: ledger.path)
      #expect(try reader.implementations() == rows.sorted { $0.key < $1.key })
      #expect(try reader.implementation(rows[2].key) == rows[2])
      #expect(try reader.implementation("none") == nil)
      #expect(
        try reader.implementers() == [
          rows[0].key: [key(0), key(1)].sorted(), rows[1].key: [key(0)], rows[2].key: [key(2)],
        ])
      let groups = try reader.figureGroups()
      #expect(groups.map(\.stage) == [.synthesis, .placeAndRoute])
      #expect(groups.map(\.candidates) == [2, 1])
      #expect(groups.map(\.failed) == [1, 0])
    }
  }

  @Test func `a result stays, a failure gives way to it`() async throws {
    try await withTemporaryFolder { folder in
      let ledger = try ledger(folder)
      try ledger.keep(Samples.failed("a"), of: [key(0)])
      let done = Samples.done("a", lut: 300)
      #expect(done.key == Samples.failed("a").key)
      try ledger.keep(done, of: [key(0)])
      try ledger.keep(Samples.failed("a"), of: [key(1)])
      try ledger.keep(Samples.done("a", lut: 1), of: [key(2)])
      #expect(try ledger.implementations() == [done])
      #expect(try ledger.figures(at: .synthesis).figures.count == 3)
      #expect(try ledger.figures(at: .synthesis).figures[key(2)]?[.lut]?.value == 300)
    }
  }

  @Test func `settings, stage, device and design are all part of the key`() {
    let rows = [
      Samples.done("a", lut: 1), Samples.done("b", lut: 1),
      Samples.done("a", lut: 1, stage: .placeAndRoute),
      Samples.done("a", lut: 1, device: "zynq7010"),
      Samples.done("a", lut: 1, settings: Samples.settings(clock: 100)),
      Samples.done("a", lut: 1, settings: Samples.settings(routed: true)),
    ]
    #expect(Set(rows.map(\.key)).count == rows.count)
    var other = Samples.settings()
    other.tools = ["yosys 0.71"]
    #expect(other.hash != Samples.settings().hash)
    other = Samples.settings()
    other.stimulus = "noise"
    #expect(other.hash != Samples.settings().hash)
  }

  @Test func `forgetting failures keeps the rest`() async throws {
    try await withTemporaryFolder { folder in
      let ledger = try ledger(folder)
      let done = Samples.done("a", lut: 300)
      try ledger.keep(done, of: [key(0)])
      try ledger.keep(Samples.failed("b"), of: [key(1)])
      #expect(try ledger.forgetFailedImplementations() == 1)
      #expect(try ledger.implementations() == [done])
      #expect(try ledger.implementers() == [done.key: [key(0)]])
    }
  }

  @Test func `figures that cannot be compared are not: the choice is named`() async throws {
    try await withTemporaryFolder { folder in
      let ledger = try ledger(folder)
      var error = #expect(throws: ExploreError.self) { try ledger.figures(at: .synthesis) }
      #expect(error?.hint.contains("pare qor run") == true)
      try ledger.keep(Samples.done("a", lut: 300), of: [key(0)])
      let slow = Samples.settings(clock: 100)
      try ledger.keep(Samples.done("a", lut: 200, settings: slow), of: [key(0)])
      try ledger.keep(Samples.done("a", lut: 400, device: "ecp5-85k"), of: [key(0)])
      error = #expect(throws: ExploreError.self) { try ledger.figures(at: .synthesis) }
      #expect(error?.hint.contains("--device: ecp5-85k; zcu104") == true)
      error = #expect(throws: ExploreError.self) {
        try ledger.figures(at: .synthesis, on: "zcu104")
      }
      #expect(error?.hint.contains(slow.hash) == true)
      #expect(error?.hint.contains("100 MHz") == true)
      let chosen = try ledger.figures(
        at: .synthesis, on: "zcu104", settings: String(slow.hash.prefix(6)))
      #expect(chosen.figures[key(0)]?[.lut]?.value == 200)
      #expect(
        try ledger.figures(at: .synthesis, on: "ecp5-85k").figures[key(0)]?[.lut]?.value == 400)
      error = #expect(throws: ExploreError.self) { try ledger.figures(at: .placeAndRoute) }
      #expect(error?.message.contains("placeAndRoute") == true)
    }
  }

  @Test func `merging takes implementations along in any order`() async throws {
    try await withTemporaryFolder { folder in
      var shards: [Ledger] = []
      for (number, rows) in [
        [
          Samples.failed("a", host: "x", second: 1),
          Samples.done("b", lut: 1, host: "x", second: 2),
        ],
        [
          Samples.done("a", lut: 5, host: "y", second: 3),
          Samples.done("b", lut: 1, host: "y", second: 1),
        ],
        [Samples.failed("c", host: "z", second: 1)],
      ].enumerated() {
        let shard = try ledger(folder, "shard-\(number)", rows: 2)
        for row in rows { try shard.keep(row, of: [key(number)]) }
        shards.append(shard)
      }
      var results: [([Implementation], [String: [String]], String)] = []
      for (number, order) in [[0, 1, 2], [2, 1, 0], [1, 0, 2], [1, 2, 0, 1]].enumerated() {
        let ledger = try ledger(folder, "merged-\(number)", rows: 4)
        for place in order { _ = try ledger.merge(shards[place].path) }
        results.append(
          (
            try ledger.implementations(), try ledger.implementers(),
            try ledger.exportFigures(as: .json)
          ))
      }
      for result in results {
        #expect(result.0 == results[0].0)
        #expect(result.1 == results[0].1)
        #expect(result.2 == results[0].2)
      }
      let rows = Dictionary(uniqueKeysWithValues: results[0].0.map { ($0.design, $0) })
      #expect(rows["a"]?.record?[.lut] == 5)
      #expect(rows["b"]?.host == "y")
      #expect(rows["c"]?.failure == "yosys: no such cell")
      #expect(results[0].1[rows["b"]!.key] == [key(0), key(1)].sorted())
    }
  }

  @Test func `figures are exported a row each, with where they come from`() async throws {
    try await withTemporaryFolder { folder in
      let ledger = try ledger(folder)
      try ledger.keep(Samples.done("a", lut: 300, power: 0.0125), of: [key(1), key(0)])
      let lines = try ledger.exportFigures(as: .csv).split(separator: "\r\n").map(String.init)
      #expect(lines.count == 1 + 2 * 4)
      #expect(
        lines[0]
          == "candidate,candidate_name,stage,device,settings,name,value,kind,tool,version,source_stage,note"
      )
      let name = try LedgerSamples.point(0).name
      let hash = Samples.settings().hash
      #expect(
        lines.contains(
          "\(key(0)),\(name),synthesis,zcu104,\(hash),powerDynamicW,0.0125,estimated,yosys,0.70,synthesis,"
        ))
      let objects =
        try JSONSerialization.jsonObject(with: Data(ledger.exportFigures(as: .json).utf8))
        as? [[String: Any]]
      #expect(objects?.count == 8)
      #expect(
        objects?.contains { $0["note"] as? String == "LUT primitives, \"each\" as one" } == true)
    }
  }
}

/// A ledger that version 0.1.0 wrote before there were tables of implementations: three points of `pare sweep`.
@Suite struct LedgerMigrationTests {
  private static let fixture = URL(filePath: #filePath).deletingLastPathComponent()
    .appending(path: "Fixtures/ledger-1.sqlite")

  private func copy(in folder: String) throws -> String {
    let path = "\(folder)/ledger.sqlite"
    try FileManager.default.copyItem(at: Self.fixture, to: URL(filePath: path))
    return path
  }

  private func expectThreePoints(_ ledger: Ledger) throws {
    let rows = try ledger.candidates()
    #expect(
      rows.map(\.point.name) == [
        "k3-c2-n2-relu-none-p50", "k3-c2-n2-relu-pot-p50", "k3-c2-n2-relu-apot-p50",
      ])
    #expect(rows.map { $0.metrics[.nnz] } == [12, 12, 12])
    #expect(rows.map { ($0.metrics[.nmse] ?? 0) < -20 } == [true, true, true])
    #expect(rows.allSatisfy { $0.metrics[.ff] == nil && $0.metrics[.lut] != nil })
  }

  @Test func `reading leaves it as it is, without figures`() async throws {
    try await withTemporaryFolder { folder in
      let path = try copy(in: folder)
      let before = try FileBytes.of(path)
      let ledger = try Ledger(reading: path)
      try expectThreePoints(ledger)
      #expect(try ledger.implementations().isEmpty)
      #expect(try ledger.implementers().isEmpty)
      #expect(try ledger.figureGroups().isEmpty)
      #expect(try ledger.exportFigures(as: .json) == "[]\n")
      #expect(throws: ExploreError.self) { try ledger.figures(at: .synthesis) }
      let whole = try Ledger(at: "\(folder)/whole.sqlite")
      #expect(try whole.merge(path) == 3)
      try expectThreePoints(whole)
      #expect(try FileBytes.of(path) == before)
    }
  }

  @Test func `writing adds the tables and keeps every row`() async throws {
    try await withTemporaryFolder { folder in
      let path = try copy(in: folder)
      let text = try Ledger(reading: path).export(as: .json)
      let ledger = try Ledger(at: path)
      #expect(try ledger.export(as: .json) == text)
      try expectThreePoints(ledger)
      let row = ImplementationSamples.done("a", lut: 12)
      let key = try ledger.candidates()[0].key
      try ledger.keep(row, of: [key])
      let reader = try Ledger(reading: path)
      try expectThreePoints(reader)
      #expect(try reader.figures(at: .synthesis).figures[key]?[.lut]?.value == 12)
      #expect(try reader.model(of: key) != nil)
    }
  }
}
