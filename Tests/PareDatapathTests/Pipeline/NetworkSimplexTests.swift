import PareNumerics
import Testing

@testable import PareDatapath

@Suite struct NetworkSimplexTests {
  /// Variables with random bounds between them, and an extra one per cost that is above some of them, as a delay line is.
  private func program(
    seed: UInt64, count: Int, constraints: Int, largestGap: Int = 3
  ) -> DifferenceProgram {
    var random = RandomStream(seed: seed)
    var program = DifferenceProgram()
    let variables = (0..<count).map { _ in program.addVariable() }
    for _ in 0..<constraints {
      let a = random.index(below: count)
      let b = random.index(below: count)
      if a == b { continue }
      program.require(
        variables[max(a, b)], after: variables[min(a, b)],
        by: random.index(below: 2 * largestGap + 1) - largestGap)
    }
    // A difference that is bounded from below may cost something.
    for constraint in program.constraints where random.index(below: 2) == 0 {
      let weight = random.index(below: 9)
      program.weigh(Int(constraint.later), by: weight)
      program.weigh(Int(constraint.earlier), by: -weight)
    }
    return program
  }

  /// The least cost over all values of 0 to `limit`.
  private func leastCost(_ program: DifferenceProgram, limit: Int) -> Int? {
    var values = Array(repeating: 0, count: program.variableCount)
    var least: Int?
    while true {
      if program.isSatisfied(by: values) {
        least = min(least ?? .max, program.cost(of: values))
      }
      guard let next = values.dropFirst().firstIndex(where: { $0 < limit }) else { return least }
      for index in 1..<next { values[index] = 0 }
      values[next] += 1
    }
  }

  @Test(arguments: 0..<200 as Range<UInt64>)
  func `finds what trying all values finds`(seed: UInt64) {
    let program = program(seed: seed, count: 4 + Int(seed % 2), constraints: 3 + Int(seed % 6))
    let solution = NetworkSimplex.solve(program)
    #expect(program.isSatisfied(by: solution.values))
    let limit = max(5, solution.values.max()!)
    #expect(program.cost(of: solution.values) == leastCost(program, limit: limit))
  }

  @Test(arguments: 0..<30 as Range<UInt64>)
  func `proves that nothing costs less`(seed: UInt64) {
    let program = program(seed: seed, count: 300, constraints: 900, largestGap: Int(seed % 8))
    let solution = NetworkSimplex.solve(program)
    var excess = program.weights
    for (constraint, flow) in zip(program.constraints, solution.flows) {
      let (later, earlier) = (Int(constraint.later), Int(constraint.earlier))
      let slack = solution.values[later] - solution.values[earlier] - Int(constraint.gap)
      #expect(slack >= 0 && flow >= 0 && slack * flow == 0)
      excess[later] -= flow
      excess[earlier] += flow
    }
    #expect(excess.allSatisfy { $0 == 0 })
    #expect(program.cost(of: solution.values) <= program.cost(of: program.earliest()))
  }

  @Test func `the earliest solution meets every constraint tightly or is 0`() {
    let program = program(seed: 3, count: 100, constraints: 400)
    let values = program.earliest()
    #expect(program.isSatisfied(by: values))
    for variable in 1..<program.variableCount where values[variable] > 0 {
      var less = values
      less[variable] -= 1
      #expect(!program.isSatisfied(by: less))
    }
  }
}
