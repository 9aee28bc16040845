import Foundation
import Testing

@testable import PareTools

@Suite struct CriticalPathTests {
  private let path = CriticalPath(
    from: "a_FF_1.Q", to: "b_FF_2.DI", nanoseconds: 4, logicNanoseconds: 2.5,
    routingNanoseconds: 1.5, levels: 3,
    steps: [
      .init(cell: "a_FF_1", port: "Q", nanoseconds: 0.5, routingNanoseconds: 0),
      .init(cell: "b_CARRY_1", port: "FCO", nanoseconds: 1, routingNanoseconds: 1),
      .init(cell: "b_CARRY_2", port: "F", nanoseconds: 1, routingNanoseconds: 0),
      .init(cell: "$abc$7", port: "F", nanoseconds: 0, routingNanoseconds: 0.25),
      .init(cell: "b_FF_2", port: "DI", nanoseconds: 0, routingNanoseconds: 0.25),
    ])

  private func name(_ cell: String, _ port: String) -> (signal: String, meaning: String)? {
    cell.first == "$" ? nil : (String(cell.prefix(1)), "signal \(cell.prefix(1))")
  }

  @Test func `cells of one signal become a stretch, and a cell of none keeps its name`() {
    let stretches = path.translated(name).stretches
    #expect(stretches.map(\.signal) == ["a", "b", "$abc$7", "b"])
    #expect(stretches.map(\.cells) == [1, 2, 1, 1])
    #expect(stretches.map(\.meaning) == ["signal a", "signal b", nil, "signal b"])
    // Dyadic fractions add up without an error.
    #expect(stretches.map { $0.nanoseconds + $0.routingNanoseconds }.reduce(0, +) == 4)
  }

  @Test func `a path of a tool that lists no cells is translated at its ends`() {
    let bare = CriticalPath(
      from: "a_reg[3]/C", to: "b_reg[0]/D", nanoseconds: 4, logicNanoseconds: 2,
      routingNanoseconds: 2, levels: 3)
    #expect(bare.translated(name).stretches.map(\.signal) == ["a", "b"])
  }

  @Test func `a path in a file of an earlier version has no steps`() throws {
    let text = """
      {"from": "a.Q", "to": "b.DI", "nanoseconds": 1, "logicNanoseconds": 0.5, "routingNanoseconds": 0.5, "levels": 2}
      """
    let old = try JSONDecoder().decode(CriticalPath.self, from: Data(text.utf8))
    #expect(old.steps.isEmpty && old.stretches.isEmpty)
    let again = try JSONDecoder().decode(
      CriticalPath.self, from: JSONEncoder().encode(path.translated(name)))
    #expect(again == path.translated(name))
  }
}
