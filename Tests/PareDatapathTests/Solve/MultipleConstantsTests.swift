import PareNumerics
import Testing

@testable import PareDatapath

@Suite struct MultipleConstantsTests {
  /// Sets whose least number of adders is plain: one for each constant, and one more where no constant is in one adder's
  /// reach of 1. Signed digits alone ask for three adders of 45 and for five of 23 and 81.
  @Test(arguments: [
    ([Int64(7), 21, 33], 3), ([45], 2), ([23, 81], 3), ([1, 7, 33], 2), ([3, 5, 7, 9], 4),
  ])
  func `makes sets of constants with the fewest adders`(
    constants: [Int64], adders: Int
  ) {
    #expect(MultipleConstants.steps(toMake: constants).count == adders)
  }

  @Test func `takes no more adders than signed digits, and one for each of a full set`() {
    for constant in stride(from: Int64(1), to: 256, by: 2) {
      let steps = MultipleConstants.steps(toMake: [constant])
      let digits = canonicalSignedDigits(of: constant).count
      #expect(steps.count < digits, "\(constant)")
    }
    let all = Array(stride(from: Int64(3), to: 128, by: 2))
    #expect(MultipleConstants.steps(toMake: all).count == all.count)
  }

  @Test(arguments: [6, 10, 16, 24, 44])
  func `each step is what it says`(bits: Int) {
    var random = RandomStream(seed: UInt64(bits))
    for _ in 0..<2 {
      let constants = Set(
        (0..<20).map { _ in Int64(random.next() >> UInt64(64 - bits)) | 1 }
      ).sorted()
      var made: Set<Int64> = [1]
      for step in MultipleConstants.steps(toMake: constants) {
        #expect(made.contains(step.a) && made.contains(step.b))
        let a = (step.a << Int64(step.shift)) * (step.negatesA ? -1 : 1)
        #expect(a + step.b * (step.negatesB ? -1 : 1) == step.value)
        #expect(!(step.negatesA && step.negatesB) && step.shift > 0)
        made.insert(step.value)
      }
      #expect(made.isSuperset(of: constants))
    }
  }

  @Test(arguments: LogicFamily.allCases)
  func `solves filters of several inputs`(family: LogicFamily) throws {
    for seed in 0..<10 as Range<UInt64> {
      var random = RandomStream(seed: seed)
      let outputs = (0..<6).map { _ in
        SumProblem.Output(
          (0..<20).compactMap { tap in
            let coefficient = Int64(random.index(below: 511) - 255)
            return coefficient == 0 || random.index(below: 2) == 0
              ? nil : .init(coefficient, input: tap % 3, delay: tap / 3)
          }, bias: Int64(random.index(below: 100)))
      }
      let problem = SumProblem(
        inputs: Array(repeating: .init(range: IntegerRange(-512, 511)), count: 3),
        outputs: outputs)
      let graph = MultipleConstants.factored(problem)
      try graph.verify(solves: problem)
      try graph.lowered(toRowsOf: family, for: problem).verify(solves: problem)
      #expect(
        graph.rowCost(for: problem, family: .generic).lutBits
          < SumGraph(unsharing: problem).rowCost(for: problem, family: .generic).lutBits)
    }
  }
}
