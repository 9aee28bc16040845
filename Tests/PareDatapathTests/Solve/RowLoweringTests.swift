import PareNumerics
import Testing

@testable import PareDatapath

@Suite struct RowLoweringTests {
  private static let word = SumProblem.Input(range: IntegerRange(-2048, 2047))

  /// A graph of random shared sums, and the problem that it solves.
  private static func random(_ seed: UInt64) throws -> (SumGraph, SumProblem) {
    var random = RandomStream(seed: seed)
    let inputs = (0..<3).map { index in
      SumProblem.Input(
        range: [IntegerRange(-128, 127), IntegerRange(0, 255), IntegerRange(5, 9)][index],
        arrival: random.index(below: 4))
    }
    func terms(_ count: Int, below node: Int) -> [SumGraph.Term] {
      let sign = random.index(below: 3)
      return (0..<count).map { _ in
        let source: SumGraph.Source =
          node > 0 && random.index(below: 2) == 0
          ? .node(random.index(below: node)) : .input(random.index(below: 3))
        return SumGraph.Term(
          source, shift: random.index(below: 5), delay: random.index(below: 4),
          isNegated: sign == 0 || sign == 1 && random.index(below: 2) == 0)
      }
    }
    let nodes = (0..<6).map { SumGraph.Sum(terms(1 + random.index(below: 5), below: $0)) }
    let outputs = (0..<6).map { index in
      SumGraph.Sum(
        terms(random.index(below: 9), below: 6),
        bias: index.isMultiple(of: 2) ? 0 : Int64(random.index(below: 4001) - 2000) * 8)
    }
    let graph = SumGraph(nodes: nodes, outputs: outputs)
    let problem = SumProblem(
      inputs: inputs,
      outputs: try graph.expanded().outputs.map { sum in
        SumProblem.Output(
          sum.coefficients.sorted { $0.key < $1.key }.map {
            SumProblem.Product($0.value, input: $0.key.input, delay: $0.key.delay)
          }, bias: sum.bias)
      })
    return (graph, problem)
  }

  @Test(arguments: LogicFamily.allCases)
  func `gives the same sums in rows that the family has`(family: LogicFamily) throws {
    for seed in 0..<200 {
      let (graph, problem) = try Self.random(UInt64(seed))
      let rows = graph.lowered(toRowsOf: family, for: problem)
      try rows.verify(solves: problem)
      let limit = family.adderOperands
      for row in rows.nodes {
        let negated = row.terms.count(where: \.isNegated)
        let operands = row.terms.count + (row.bias == 0 ? 0 : 1)
        #expect(operands <= limit)
        #expect(operands == 1 ? negated == 1 : negated < limit, "row \(row) of seed \(seed)")
        #expect(row.terms.contains { $0.shift == 0 } || row.bias & 1 == 1)
      }
      for output in rows.outputs {
        #expect(
          output.terms.isEmpty
            || output.terms.count == 1 && output.bias == 0 && !output.terms[0].isNegated)
      }
    }
  }

  @Test(arguments: [(LogicFamily.generic, 2, 5), (.ultraScalePlus, 3, 3)])
  func `joins 27 words in the fewest levels and rows`(
    family: LogicFamily, operands: Int, depth: Int
  ) {
    let inputs = Array(repeating: Self.word, count: 27)
    let products = (0..<27).map { SumProblem.Product(1, input: $0) }
    let problem = SumProblem(inputs: inputs, outputs: [.init(products)])
    let graph = SumGraph(
      nodes: [], outputs: [.init(products.map { SumGraph.Term(.input($0.input)) })])
    let cost = graph.rowCost(for: problem, family: family)
    #expect(cost.depth == depth)
    #expect(cost.rows == 26 / (operands - 1))
    #expect(cost.adders == 26)
  }

  @Test func `counts the tables of single rows by their exact range`() {
    func tables(_ products: [Int64], _ terms: [SumGraph.Term], bias: Int64 = 0) -> Int {
      let problem = SumProblem(
        inputs: Array(repeating: Self.word, count: products.count),
        outputs: [
          .init(products.enumerated().map { .init($0.element, input: $0.offset) }, bias: bias)
        ])
      return SumGraph(nodes: [], outputs: [.init(terms, bias: bias)])
        .rowCost(for: problem, family: .series7).lutBits
    }
    // x + 8 y: [-18432, 18423] takes 16 bits, of which the lowest three are x alone.
    #expect(tables([1, 8], [.init(.input(0)), .init(.input(1), shift: 3)]) == 13)
    // 8 y - x: the subtracted word needs a table in each of its places.
    #expect(
      tables([-1, 8], [.init(.input(0), isNegated: true), .init(.input(1), shift: 3)]) == 16)
    // 7 x takes 15 bits, where 8 x and -x as intervals would ask for 16.
    #expect(tables([7], [.init(.input(0), shift: 3), .init(.input(0), isNegated: true)]) == 15)
    // x + 4 y + 16: the constant sits in the third place of the row.
    #expect(tables([1, 4], [.init(.input(0)), .init(.input(1), shift: 2)], bias: 16) == 13)
  }

  @Test func `computes a sum negated when its output subtracts it`() throws {
    let problem = SumProblem(
      inputs: [Self.word, Self.word], outputs: [.init([.init(-3, input: 0), .init(5, input: 1)])])
    let graph = SumGraph(
      nodes: [
        .init([.init(.input(0)), .init(.input(0), shift: 1)]),
        .init([
          .init(.node(0)), .init(.input(1), isNegated: true),
          .init(.input(1), shift: 2, isNegated: true),
        ]),
      ], outputs: [.init([.init(.node(1), isNegated: true)])])
    let cost = graph.rowCost(for: problem, family: .generic)
    #expect(cost.rows == 3)
    try graph.lowered(toRowsOf: .generic, for: problem).verify(solves: problem)
  }

  @Test func `pays a row for a sum that only subtracts`() {
    let problem = SumProblem(
      inputs: [Self.word, Self.word], outputs: [.init([.init(-1, input: 0), .init(-1, input: 1)])])
    let graph = SumGraph(
      nodes: [],
      outputs: [.init([.init(.input(0), isNegated: true), .init(.input(1), isNegated: true)])])
    #expect(graph.rowCost(for: problem, family: .ecp5).rows == 2)
    #expect(graph.rowCost(for: problem, family: .ultraScalePlus).rows == 1)
  }

  @Test func `joins ten thousand terms`() {
    let inputs = Array(repeating: Self.word, count: 100)
    let products = (0..<10_000).map {
      SumProblem.Product($0 % 2 == 0 ? 1 : -4, input: $0 % 100, delay: $0 / 100)
    }
    let problem = SumProblem(inputs: inputs, outputs: [.init(products, bias: 24)])
    let graph = SumGraph(
      nodes: [],
      outputs: [
        .init(
          products.map {
            SumGraph.Term(
              .input($0.input), shift: $0.coefficient == 1 ? 0 : 2, delay: $0.delay,
              isNegated: $0.coefficient != 1)
          }, bias: 24)
      ])
    let rows = graph.lowered(toRowsOf: .ultraScalePlus, for: problem)
    #expect(rows.nodes.count == 5_000)
  }
}
