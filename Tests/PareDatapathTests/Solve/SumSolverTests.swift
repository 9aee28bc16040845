import PareNumerics
import Testing

@testable import PareDatapath

@Suite struct SumSolverTests {
  /// Seeded layers: inputs, taps, outputs, bits of a coefficient, share of zeros.
  static let shapes: [(inputs: Int, taps: Int, outputs: Int, bits: Int, zeros: Double)] = [
    (1, 1, 1, 8, 0), (2, 5, 4, 8, 0), (2, 7, 8, 8, 0.65), (4, 5, 2, 12, 0.3), (3, 4, 5, 3, 0.8),
    (1, 12, 1, 20, 0),
  ]

  private static func problem(_ shape: Int, seed: UInt64, bias: Bool = true) -> SumProblem {
    let (inputs, taps, outputs, bits, zeros) = shapes[shape]
    var random = RandomStream(seed: seed)
    return SumProblem(
      inputs: (0..<inputs).map { _ in .init(range: IntegerRange(-2048, 2047)) },
      outputs: (0..<outputs).map { _ in
        SumProblem.Output(
          (0..<inputs).flatMap { input in
            (0..<taps).compactMap { delay -> SumProblem.Product? in
              let value = Int64(random.index(below: 2 << bits)) - Int64(1 << bits)
              return random.uniform() < zeros || value == 0
                ? nil : .init(value, input: input, delay: delay)
            }
          }, bias: bias ? Int64(random.index(below: 1000)) - 500 : 0)
      })
  }

  private static func adders(_ graph: SumGraph) -> Int {
    (graph.nodes + graph.outputs).reduce(0) { $0 + max(0, $1.terms.count - 1) }
  }

  private static func digits(_ problem: SumProblem) -> Int {
    problem.outputs.reduce(0) { sum, output in
      let digits = output.products.reduce(0) {
        $0 + canonicalSignedDigits(of: $1.coefficient).count
      }
      return sum + max(0, digits - 1)
    }
  }

  @Test(arguments: shapes.indices, LogicFamily.allCases)
  func `every output written out is the sum that was asked for`(
    shape: Int, family: LogicFamily
  ) throws {
    for seed in 1...3 as ClosedRange<UInt64> {
      let problem = Self.problem(shape, seed: seed)
      let solver = SumSolver(SolverOptions(family: family, effort: .fast))
      try solver.factored(problem).verify(solves: problem)
      try solver.solve(problem).verify(solves: problem)
    }
  }

  @Test(arguments: shapes.indices)
  func `sharing never takes more adders than digits alone`(shape: Int) throws {
    let problem = Self.problem(shape, seed: 9)
    let graph = try SumSolver(SolverOptions(effort: .fast)).factored(problem)
    #expect(Self.adders(graph) <= Self.digits(problem))
  }

  @Test(arguments: [0, 3, 4])
  func `more effort never costs more`(shape: Int) throws {
    let problem = Self.problem(shape, seed: 4)
    func value(_ effort: Effort) throws -> Int {
      var search = FactorSearch(problem, SolverOptions(effort: effort))
      _ = try search.run()
      return try #require(search.bestValue)
    }
    #expect(try value(.normal) <= value(.fast))
  }

  @Test func `the same seed gives the same graph`() throws {
    let problem = Self.problem(4, seed: 5)
    let solver = SumSolver(SolverOptions(family: .ultraScalePlus, seed: 3))
    #expect(try solver.solve(problem) == solver.solve(problem))
  }

  /// One stream and its constants: adders of the best known graphs.
  ///
  /// - Source: 3, 5, 7 and 11 are a shift and an adder each, or reach each other by one; 45 = 5 * 9 takes two (Dempster,
  ///   Macleod, Constant Integer Multiplication using Minimum Adders, IEE Proc. 141, 1994).
  @Test(arguments: [
    ([3, 5, 7], 3), ([1, 2, 64], 0), ([7, 7, 14], 1), ([3, -3], 1), ([45], 2), ([255], 1),
    ([3, 11], 2), ([23], 2),
  ])
  func `small blocks take the fewest adders known`(constants: [Int], adders: Int) throws {
    let problem = SumProblem(
      inputs: [.init(range: IntegerRange(-128, 127))],
      outputs: constants.map { .init([.init(Int64($0), input: 0)]) })
    let graph = try SumSolver(SolverOptions(effort: .normal)).factored(problem)
    #expect(Self.adders(graph) == adders)
  }

  @Test func `a symmetric filter shares its halves through time`() throws {
    // (1 + z)(3 + 5z) and its mirror: the pattern x[n] + x[n-1] occurs at both coefficients.
    let problem = SumProblem(
      inputs: [.init(range: IntegerRange(-128, 127))],
      outputs: [
        .init([
          .init(3, input: 0, delay: 0), .init(3, input: 0, delay: 1), .init(5, input: 0, delay: 4),
          .init(5, input: 0, delay: 5),
        ])
      ])
    let graph = try SumSolver(SolverOptions(effort: .normal)).factored(problem)
    // x[n] + x[n-1] once, then 3 and 5 of it.
    #expect(Self.adders(graph) == 4)
  }

  @Test func `outputs without products are constants`() throws {
    let problem = SumProblem(
      inputs: [.init(range: IntegerRange(-128, 127))], outputs: [.init([], bias: -7), .init([])])
    let graph = try SumSolver(SolverOptions()).solve(problem)
    #expect(graph.nodes.isEmpty)
    try graph.verify(solves: problem)
  }

  @Test func `a sum of very many terms is cut and still right`() throws {
    var random = RandomStream(seed: 2)
    let problem = SumProblem(
      inputs: [.init(range: IntegerRange(-128, 127))],
      outputs: [
        .init(
          (0..<5_000).map {
            .init(Int64(random.index(below: 200)) + 1, input: 0, delay: $0)
          })
      ])
    let graph = try SumSolver(SolverOptions(effort: .fast)).factored(problem)
    try graph.verify(solves: problem)
    #expect(Self.adders(graph) < Self.digits(problem))
  }
}
