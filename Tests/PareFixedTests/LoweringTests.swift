import PareDatapath
import PareFixed
import PareNetwork
import PareNumerics
import Testing

@Suite struct LoweringTests {
  /// Full-scale words with corners mixed in.
  private func words(_ format: WordFormat, seed: UInt64, count: Int) -> [[Int64]] {
    var random = RandomStream(seed: seed).fork("words")
    let corners = [format.minimumRaw, format.maximumRaw, 0, -1, 1]
    let span = Int(format.maximumRaw - format.minimumRaw + 1)
    return (0..<2).map { _ in
      (0..<count).map { _ in
        random.index(below: 4) == 0
          ? corners[random.index(below: corners.count)]
          : format.minimumRaw + Int64(random.index(below: span))
      }
    }
  }

  @Test(arguments: [Activation.relu, .tanh], [0, 1, 3])
  func `the interpreter gives the integer network's bits`(
    activation: Activation, lookAhead: Int
  ) throws {
    for (seed, hidden, hasSkip) in [(1, [], true), (2, [3], false), (3, [4, 2], true)]
      as [(UInt64, [Int], Bool)]
    {
      let network = try sampleNetwork(
        seed: seed, hidden: hidden, kernelSize: 4, activation: activation, lookAhead: lookAhead,
        hasSkip: hasSkip)
      let fixed = try network.fixed(to: .uniform(hiddenConvolutions: hidden.count))
      let datapath = try fixed.lowered()
      let input = words(fixed.inputFormat, seed: seed, count: 400)
      let segments = [0..<130, 130..<131, 131..<400]
      #expect(
        try datapath.run(input, segments: segments) == fixed.run(input, segments: segments))
    }
  }

  @Test(arguments: Rounding.allCases, Overflow.allCases)
  func `every rounding and overflow survives lowering`(
    rounding: Rounding, overflow: Overflow
  ) throws {
    let network = try sampleNetwork(seed: 8, hidden: [3])
    var formats = FixedFormats.uniform(
      WordFormat(wordLength: 8, integerBits: 3), hiddenConvolutions: 1)
    formats.rounding = rounding
    formats.overflow = overflow
    let fixed = try network.fixed(to: formats)
    let input = words(fixed.inputFormat, seed: 9, count: 600)
    #expect(try fixed.lowered().run(input) == fixed.run(input))
  }

  @Test func `zero taps vanish and the skip is one term`() throws {
    let fixed = try sampleNetwork(seed: 4, hidden: [3], lookAhead: 2)
      .fixed(to: .uniform(hiddenConvolutions: 1))
    let terms = try fixed.lowered().nodes.reduce(0) { count, node in
      if case .linear(let terms, _) = node.op { count + terms.count } else { count }
    }
    #expect(terms == fixed.nonZeroCount + 2)
  }
}
