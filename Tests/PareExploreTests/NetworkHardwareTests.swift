import PareDatapath
import PareExplore
import PareFixed
import PareNetwork
import PareNumerics
import PareTools
import RandomNetworks
import Testing

/// Networks with features, dilation and a branch: simulated Verilog against the integer model, and synthesis.
@Suite(.serialized) struct NetworkHardwareTests {
  private func model(
    _ architecture: Architecture, _ scheme: QuantizationScheme, _ format: WordFormat
  ) throws -> ModelFile {
    let network = sampleNetwork(seed: 8, architecture, scheme)
    var formats = FixedFormats.uniform(format, for: architecture)
    formats.tanhTableBits = 6
    return ModelFile(
      generator: "pare test", network: network, fixed: try network.fixed(to: formats))
  }

  /// Products, a quiet stack that waits for a longer branch, mixed quantizers.
  private var polynomial: ModelFile {
    get throws {
      try model(
        Architecture(
          features: Feature.memoryPolynomial(order: 5), hiddenChannels: [2], kernelSize: 2,
          dilations: [1, 2], activation: .leakyReLU(shift: 3), lookAhead: 2, hasBiases: false,
          branch: LinearBranch(kernelSize: 6, lookAhead: 5, structure: .complex)),
        QuantizationScheme([.apot(terms: 2, bits: 4), .digits(2), .pot(bits: 4)], scale: .channel),
        WordFormat(wordLength: 10, integerBits: 2))
    }
  }

  /// Biases, so that hidden channels are held at zero; a stack that sees further than its branch, which remembers more
  /// than 32 samples.
  private var stack: ModelFile {
    get throws {
      try model(
        Architecture(
          features: [.signal(0), .signal(1), .power], hiddenChannels: [2, 2], kernelSize: 3,
          dilations: [1, 2, 3], activation: .hardTanh, lookAhead: 5, hasSkip: false,
          branch: LinearBranch(kernelSize: 40, lookAhead: 3)),
        .pot(), WordFormat(wordLength: 9, integerBits: 2))
    }
  }

  /// Biases and a branch that sees further than the stack: hidden channels wait.
  private var waiting: ModelFile {
    get throws {
      try model(
        Architecture(
          features: [.signal(1), Feature(channel: 0, envelopePower: 6)], hiddenChannels: [2],
          kernelSize: 2, activation: .tanh, branch: LinearBranch(kernelSize: 5, lookAhead: 4)),
        .none, WordFormat(wordLength: 8, integerBits: 2))
    }
  }

  /// Every kind of envelope, carriers and envelopes with lags, no hidden layer; all waits for the branch.
  private var predistorter: ModelFile {
    get throws {
      let features = [
        "i", "q", "i|x|^1", "q|x[-3]|^3", "i[-2]|x|^2", "q re(x x[-1]*)", "i im(x[-1] x[-4]*)",
        "q[-1] im(x x[-3]*)|x|^2",
      ]
      return try model(
        Architecture(
          features: features.map { try Feature(parsing: $0) }, hiddenChannels: [], kernelSize: 4,
          lookAhead: 1, hasSkip: false, branch: LinearBranch(kernelSize: 5, lookAhead: 3)),
        .fixed(wordLength: 8), WordFormat(wordLength: 9, integerBits: 2))
    }
  }

  @Test(arguments: 0..<4) func `the simulated Verilog equals the integer model`(index: Int)
    async throws
  {
    let model = try [polynomial, stack, waiting, predistorter][index]
    try await withTemporaryFolder { folder in
      let design = try DesignFolder.compile(
        .model(model), options: .init(generator: "pare test"), to: "\(folder)/design")
      #expect(design.manifest.lookAheadSamples == model.network.architecture.futureSamples)
      let stimulus = try design.cornerStimulus(randomCount: 600)
      let simulation = try await design.simulate([stimulus], with: try await VerilatorSimulator())
      #expect(simulation.summary.samples == stimulus.count)
      #expect(
        simulation.outputs == [model.fixed.run(stimulus.words, segments: stimulus.segments)])
    }
  }

  @Test func `a product of signals is one DSP block each`() async throws {
    let model = try polynomial
    try await withTemporaryFolder { folder in
      let design = try DesignFolder.compile(
        .model(model), options: .init(generator: "pare test"), to: "\(folder)/design")
      // Two squares, the fourth power, and I and Q times two powers.
      #expect(design.manifest.statistics.multiplyCount == 7)
      let result = try await YosysSynthesizer().synthesize(
        design.rtl(), for: SynthesisTarget(.xcup, usesDSP: true), in: Folder("\(folder)/synth"))
      #expect(result.counts.dsp == 7)
      #expect(result.counts.unknown.isEmpty)
    }
  }
}
