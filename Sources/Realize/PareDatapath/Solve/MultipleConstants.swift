import PareNumerics

/// Products of one input with many constants from one block of shared adders, as RAG-n builds it.
///
/// Constants are reduced to odd positive fundamentals. Those that one adder makes of what is there are made at once, which
/// is optimal. When there is none, the intermediate is added that puts most constants within one adder's reach, and when
/// none puts any there, a constant is split into a multiple of what is there and a rest of fewer signed digits.
///
/// - Source: Dempster, Macleod, Use of Minimum-Adder Multiplier Blocks in FIR Digital Filters, IEEE Trans. Circuits and
///   Systems II 42, 1995; the choice of the intermediate as in Voronenko, Püschel, Multiplierless Multiple Constant
///   Multiplication, ACM Trans. Algorithms 3, 2007, with benefits of distances 1 and 2.
public enum MultipleConstants {
  /// The problem with a block of shared adders per input, and each output the sum of its products.
  public static func factored(_ problem: SumProblem) -> SumGraph {
    var fundamentals = Array(repeating: Set<Int64>(), count: problem.inputs.count)
    for output in problem.outputs {
      for product in output.products {
        fundamentals[product.input].insert(fundamental(product.coefficient))
      }
    }
    var nodes: [SumGraph.Sum] = []
    var places = Array(repeating: [Int64: SumGraph.Source](), count: problem.inputs.count)
    for (input, constants) in fundamentals.enumerated() {
      places[input][1] = .input(input)
      for step in steps(toMake: constants.sorted()) {
        nodes.append(
          SumGraph.Sum([
            SumGraph.Term(
              places[input][step.a]!, shift: step.shift, isNegated: step.negatesA),
            SumGraph.Term(places[input][step.b]!, isNegated: step.negatesB),
          ]))
        places[input][step.value] = .node(nodes.count - 1)
      }
    }
    let outputs = problem.outputs.map { output in
      SumGraph.Sum(
        output.products.map { product in
          SumGraph.Term(
            places[product.input][fundamental(product.coefficient)]!,
            shift: product.coefficient.trailingZeroBitCount, delay: product.delay,
            isNegated: product.coefficient < 0)
        }, bias: output.bias)
    }
    return SumGraph(nodes: nodes, outputs: outputs)
  }

  /// `value = ±(a << shift) ± b`, all odd and positive.
  struct Step: Hashable {
    let value: Int64
    let a: Int64
    let shift: Int
    let negatesA: Bool
    let b: Int64
    let negatesB: Bool
  }

  /// The adders that make odd positive constants of 1, in order; 1 itself takes none.
  static func steps(toMake constants: [Int64]) -> [Step] {
    var block = Block(constants)
    return block.run()
  }

  private static func fundamental(_ coefficient: Int64) -> Int64 {
    let odd = coefficient >> Int64(coefficient.trailingZeroBitCount)
    return odd < 0 ? -odd : odd
  }
}

private struct Block {
  private var ready: [Int64] = [1]
  private var isReady: Set<Int64> = [1]
  private var wanted: [Int64]
  private var steps: [MultipleConstants.Step] = []
  /// One adder's way to each value in its reach, the first found.
  private var reach: [Int64: MultipleConstants.Step] = [:]
  private let limit: Int64
  private let places: Int

  /// Beyond this many bits of the constants, and this many values made, reach is not enumerated: the tests of distance
  /// would take longer than the sums are worth.
  private static let enumeratedBits = 20
  private static let enumeratedValues = 96

  init(_ constants: [Int64]) {
    wanted = constants.filter { $0 != 1 }
    places = 64 - (constants.max() ?? 1).leadingZeroBitCount
    limit = places < 62 ? Int64(1) << Int64(places + 1) : .max
    extendReach(by: 1)
  }

  private var enumerates: Bool {
    places <= Self.enumeratedBits && ready.count <= Self.enumeratedValues
  }

  mutating func run() -> [MultipleConstants.Step] {
    while let first = wanted.first {
      if let step = nextReachingStep() {
        make(step)
      } else if let step = bestIntermediate() {
        make(step)
      } else {
        // The rest has fewer digits than the constant, so that this ends.
        wanted.insert(rest(of: first), at: 0)
      }
    }
    return steps
  }

  private func nextReachingStep() -> MultipleConstants.Step? {
    for value in wanted {
      if let step = reachingStep(to: value) { return step }
    }
    return nil
  }

  private mutating func make(_ step: MultipleConstants.Step) {
    steps.append(step)
    ready.append(step.value)
    isReady.insert(step.value)
    wanted.removeAll { $0 == step.value }
    extendReach(by: step.value)
  }

  /// Values that one adder makes of a new value and those that are there.
  private mutating func extendReach(by value: Int64) {
    guard enumerates else { return }
    for other in ready {
      for (a, b) in value == other ? [(value, other)] : [(value, other), (other, value)] {
        for shift in 1...(places + 1) {
          let moved = a << Int64(shift)
          if moved - b >= limit { break }
          for sum in [moved + b, moved - b] {
            let result = sum < 0 ? -sum : sum
            if result <= 1 || result >= limit || reach[result] != nil { continue }
            reach[result] = MultipleConstants.Step(
              value: result, a: a, shift: shift, negatesA: sum < 0, b: b,
              negatesB: sum > 0 && sum == moved - b)
          }
        }
      }
    }
  }

  private func reachingStep(to value: Int64) -> MultipleConstants.Step? {
    if let step = reach[value] { return step }
    if enumerates { return nil }
    // The same test from the other side: what must be added to a multiple of a value that is there.
    for a in ready {
      for shift in 1...min(62, places + 1) where a <= Int64.max >> Int64(shift + 1) {
        let moved = a << Int64(shift)
        if moved < value, isReady.contains(value - moved) {
          return .init(
            value: value, a: a, shift: shift, negatesA: false, b: value - moved, negatesB: false)
        }
        if moved > value, isReady.contains(moved - value) {
          return .init(
            value: value, a: a, shift: shift, negatesA: false, b: moved - value, negatesB: true)
        }
        if moved <= Int64.max - value, isReady.contains(value + moved) {
          return .init(
            value: value, a: a, shift: shift, negatesA: true, b: value + moved, negatesB: false)
        }
      }
    }
    return nil
  }

  /// The value in reach with which most constants come in reach; the least of equals.
  private func bestIntermediate() -> MultipleConstants.Step? {
    guard enumerates else { return nil }
    var votes: [Int64: Int] = [:]
    for target in wanted {
      var candidates: Set<Int64> = []
      func consider(_ number: Int64) {
        guard number != 0 else { return }
        let odd = number.magnitude >> UInt64(number.trailingZeroBitCount)
        if reach[Int64(odd)] != nil { candidates.insert(Int64(odd)) }
      }
      for value in ready {
        for shift in 0...(places + 1) {
          // target = ± (s << k) ± (value << shift), or target = ± s ± value << shift with the shift on the other side.
          consider(target - value << Int64(shift))
          consider(target + value << Int64(shift))
        }
      }
      // target = s * (2^k ± 1)
      for shift in 1...(places + 1) {
        for factor in [Int64(1) << Int64(shift) + 1, Int64(1) << Int64(shift) - 1]
        where factor > 1 && target % factor == 0 {
          consider(target / factor)
        }
      }
      for candidate in candidates { votes[candidate, default: 0] += 1 }
    }
    let best = votes.min { ($1.value, $0.key) < ($0.value, $1.key) }
    return best.flatMap { reach[$0.key] }
  }

  /// What is left of a constant when the multiple of a value that is there which saves most digits is taken off.
  private func rest(of value: Int64) -> Int64 {
    var best: (digits: Int, rest: Int64) = (.max, 0)
    for a in ready {
      for shift in 0...min(places + 1, 61) where a <= limit >> Int64(shift + 1) {
        let moved = a << Int64(shift)
        for rest in [value - moved, value + moved] where rest != 0 {
          let odd = Int64(rest.magnitude >> UInt64(rest.trailingZeroBitCount))
          guard odd < min(limit, 1 << 61), !isReady.contains(odd) else { continue }
          let digits = canonicalSignedDigits(of: odd).count
          if (digits, odd) < best { best = (digits, odd) }
        }
      }
    }
    precondition(best.rest > 0, "\(value) cannot be made of \(ready)")
    return best.rest
  }
}
