import PareDatapath
import PareFixed
import PareNetwork
import PareNumerics
import RandomNetworks
import Testing

@Suite struct LoweringTests {
  @Test(arguments: 0..<40 as Range<UInt64>)
  func `interpreter, passes and pipeline give the integer network's bits`(seed: UInt64) throws {
    let architecture = try Architecture.random(seed: seed)
    let network = sampleNetwork(
      seed: seed, architecture, QuantizationScheme.random(seed: seed, for: architecture))
    var formats: FixedFormats
    if seed % 2 == 0 {
      // Narrow, so that everything saturates and rounds.
      formats = .uniform(WordFormat(wordLength: 8, integerBits: 2), for: architecture)
      formats.rounding = Rounding.allCases[Int(seed / 2 % 3)]
      formats.overflow = Overflow.allCases[Int(seed / 6 % 2)]
    } else {
      let input = noise(seed: seed, count: 100, amplitude: 0.6)
      formats = try .observed(
        network, on: SampleSet(input: input, target: input), wordLength: 12)
    }
    formats.tanhTableBits = 6
    let fixed = try network.fixed(to: formats)
    let datapath = try fixed.lowered()
    #expect(datapath.lookAhead == architecture.futureSamples)
    let input = words(fixed.inputFormat, seed: seed, count: 300)
    let segments = [0..<130, 130..<131, 131..<300]
    let expected = fixed.run(input, segments: segments)
    #expect(try datapath.run(input, segments: segments) == expected)
    let optimized = try datapath.optimized()
    #expect(try optimized.run(input, segments: segments) == expected)
    #expect(datapath.statistics.multiplyCount == products(in: architecture))
    var simulator = PipelineSimulator(try optimized.pipelined())
    #expect(try simulator.run(input, segments: segments) == expected)
    #expect(try Datapath(parsing: datapath.description) == datapath)
  }

  /// Two squares, one for each further power, two for a correlation and one for its power, one for each carrier.
  private func products(in architecture: Architecture) -> Int {
    var even = 0
    var odd: Set<Int> = []
    var correlations: Set<[Int]> = []
    var weighted: Set<[Int]> = []
    for feature in architecture.features {
      switch feature.envelope {
      case .power(let power):
        even = max(even, power == 1 ? 1 : power / 2)
        if power % 2 == 1 && power > 1 { odd.insert(power) }
      case .correlation(let lag, let part, let power):
        correlations.insert([lag, part.rawValue])
        if power == 2 {
          weighted.insert([lag, part.rawValue])
          even = max(even, 1)
        }
      }
    }
    return (even == 0 ? 0 : even + 1) + odd.count + 2 * correlations.count + weighted.count
      + architecture.features.count { $0.channel != nil && $0.envelope != .power(0) }
  }

  @Test func `envelopes, delays and products are made once`() throws {
    let architecture = try Architecture(
      features: [
        "i|x|^2", "q|x|^2", "i|x[-3]|^2", "q|x[-3]|^2", "i[-2]|x|^2", "i re(x x[-2]*)",
        "q re(x x[-2]*)", "i im(x x[-2]*)|x|^2",
      ].map { try Feature(parsing: $0) }, hiddenChannels: [], kernelSize: 1, hasSkip: false)
    let datapath = try sampleNetwork(seed: 3, architecture).fixed(to: .uniform(for: architecture))
      .lowered()
    var ops: Set<Op> = []
    for node in datapath.nodes {
      switch node.op {
      case .delay, .multiply: #expect(ops.insert(node.op).inserted, "\(node)")
      case .input, .constant, .linear, .add, .relu, .clamp, .requantize, .lookup: break
      }
    }
    // Three of |x|^2, x0 and x1; and 2 + 2 + 2 + 1 + 8 products.
    #expect(ops.count == 3 + 15)
  }

  @Test func `a stack that waits for the branch does so where it is free`() throws {
    func delayed(_ hasBiases: Bool) throws -> [Wire] {
      let architecture = try Architecture(
        hiddenChannels: [4], kernelSize: 2, activation: .leakyReLU(shift: 2), lookAhead: 1,
        hasBiases: hasBiases, branch: LinearBranch(kernelSize: 9, lookAhead: 8))
      let datapath = try sampleNetwork(seed: 2, architecture)
        .fixed(to: .uniform(for: architecture)).lowered()
      return datapath.nodes.flatMap { node -> [Wire] in
        switch node.op {
        case .delay(let wire, let samples): samples == 7 ? [wire] : []
        case .linear(let terms, _):
          terms.filter { (7...8).contains($0.delay) }.map(\.wire)
        case .input, .constant, .add, .multiply, .relu, .clamp, .requantize, .lookup: []
        }
      }
    }
    // Without biases the delays are those of the two inputs, which the branch has anyway.
    #expect(try delayed(false).allSatisfy { $0.index < 2 })
    // With them the hidden channels must be zero until the stack's first sample.
    #expect(try delayed(true).contains { $0.index >= 2 })
  }

  @Test func `hard tanh in a format that ends at one costs nothing`() throws {
    let architecture = try Architecture(
      hiddenChannels: [3], kernelSize: 3, activation: .hardTanh, hasBiases: false)
    var formats = FixedFormats.uniform(for: architecture)
    formats.activations = [WordFormat(wordLength: 12, integerBits: 1)]
    let datapath = try sampleNetwork(seed: 2, architecture).fixed(to: formats).lowered()
      .optimized()
    for node in datapath.nodes {
      if case .clamp = node.op { Issue.record("a clamp is left: \(node)") }
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
      let fixed = try network.fixed(to: .uniform(for: network.architecture))
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
      WordFormat(wordLength: 8, integerBits: 3), for: network.architecture)
    formats.rounding = rounding
    formats.overflow = overflow
    let fixed = try network.fixed(to: formats)
    let input = words(fixed.inputFormat, seed: 9, count: 600)
    #expect(try fixed.lowered().run(input) == fixed.run(input))
  }

  @Test func `zero taps vanish and the skip is one term`() throws {
    let network = try sampleNetwork(seed: 4, hidden: [3], lookAhead: 2)
    let fixed = try network.fixed(to: .uniform(for: network.architecture))
    let terms = try fixed.lowered().nodes.reduce(0) { count, node in
      if case .linear(let terms, _) = node.op { count + terms.count } else { count }
    }
    #expect(terms == fixed.nonZeroCount + 2)
  }
}
