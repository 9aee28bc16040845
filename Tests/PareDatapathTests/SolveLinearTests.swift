import PareNumerics
import RandomDatapaths
import Testing

@testable import PareDatapath

@Suite struct SolveLinearTests {
  private static func solving(_ family: LogicFamily) -> PassPipeline {
    .solving(SolverOptions(family: family, effort: .fast))
  }

  private static func expectSameResults(
    _ datapath: Datapath, _ solved: Datapath, seed: UInt64
  ) throws {
    let x = RandomDatapath.stimulus(for: datapath, count: 120, seed: seed)
    let segments = [0..<1, 1..<50, 50..<120]
    #expect(
      try solved.run(x, segments: segments) == datapath.run(x, segments: segments), "seed \(seed)")
  }

  @Test(arguments: LogicFamily.allCases)
  func `changes no sample of any graph`(family: LogicFamily) throws {
    for seed in 0..<60 as Range<UInt64> {
      let datapath = try RandomDatapath.anything(seed: seed)
      try Self.expectSameResults(
        datapath, datapath.optimized(by: Self.solving(family)), seed: seed)
      // Without the passes before it, which take constants and dead nodes away.
      let alone = try SolveLinear(SolverOptions(family: family, effort: .fast))(datapath)
      try alone.verify()
      try Self.expectSameResults(datapath, alone, seed: seed)
    }
  }

  @Test(arguments: LogicFamily.allCases)
  func `changes no sample of a network, and leaves only rows of the family`(
    family: LogicFamily
  ) throws {
    for seed in 0..<8 as Range<UInt64> {
      let datapath = try RandomDatapath.network(seed: seed, table: seed % 2 == 1)
      let solved = try datapath.optimized(by: Self.solving(family))
      try Self.expectSameResults(datapath, solved, seed: seed)
      for node in solved.nodes {
        switch node.op {
        case .linear: Issue.record("a linear node is left")
        case .add(let operands): #expect(operands.count <= family.adderOperands)
        default: break
        }
      }
    }
  }

  @Test func `shares what a solution shares, with delays and a bias behind them`() throws {
    var builder = DatapathBuilder()
    let x = builder.input("x", WordFormat(wordLength: 8, integerBits: 8))
    let sums = try [(5, 0), (20, 3)].map { factor, delay in
      try builder.linear(
        [LinearTerm(Int64(factor), x, delay: delay)], bias: Int64(delay), fractionBits: 0,
        label: "s\(delay)")
    }
    builder.output("a", sums[0])
    builder.output("b", sums[1])
    let datapath = try builder.finish()
    let pass = SolveLinear(SolverOptions(family: .generic)) { problem, _ in
      #expect(problem.outputs.count == 2)
      let five = SumGraph.Sum([.init(.input(0)), .init(.input(0), shift: 2)])
      return SumGraph(
        nodes: [five, .init([.init(.node(0), shift: 2, delay: 3)], bias: 3)],
        outputs: [.init([.init(.node(0))]), .init([.init(.node(1))])])
    }
    let solved = try pass(datapath)
    #expect(solved.statistics.adderCount == 2)
    #expect(solved[solved.outputs[0].wire].label == "s0")
    #expect(solved[solved.outputs[1].wire].label == "s3")
    try Self.expectSameResults(datapath, solved, seed: 1)
  }

  @Test func `keeps sums close to 63 bits`() throws {
    var builder = DatapathBuilder()
    let x = builder.input("x", WordFormat(wordLength: 4, integerBits: 4))
    // 7 of 8 of the largest: the digit 8 of 7 = 8 - 1 would leave 63 bits.
    let sum = try builder.linear(
      [LinearTerm(7 << 56, x), LinearTerm(-3, x, delay: 1)], fractionBits: 0)
    builder.output("y", sum)
    let datapath = try builder.finish()
    for family in LogicFamily.allCases {
      try Self.expectSameResults(datapath, datapath.optimized(by: Self.solving(family)), seed: 3)
    }
  }

  @Test func `gives the same graph every time`() throws {
    let datapath = try RandomDatapath.network(seed: 5, channels: 5)
    let first = try datapath.optimized(by: Self.solving(.ultraScalePlus))
    #expect(try datapath.optimized(by: Self.solving(.ultraScalePlus)) == first)
  }
}
