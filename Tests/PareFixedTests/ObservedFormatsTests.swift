import PareNetwork
import PareNumerics
import RandomNetworks
import Testing

@testable import PareFixed

@Suite struct ObservedFormatsTests {
  @Test func `gives every tensor the fewest integer bits that hold it`() throws {
    let network = try sampleNetwork(seed: 21, hidden: [4])
    let input = noise(seed: 22, count: 500, amplitude: 0.9)
    let samples = SampleSet(input: input, target: input)
    let formats = try FixedFormats.observed(network, on: samples, wordLength: 12)
    #expect(formats.input == WordFormat(wordLength: 12, integerBits: 1))
    let hidden = directOutputPeak(network, input)
    let fits = Double(formats.activations[0].maximumRaw) * formats.activations[0].resolution
    #expect(hidden <= fits * 1.001)
    #expect(hidden > fits / 2 * 0.99)
  }

  @Test func `a network that is all but dead has ranges and integers`() throws {
    let network = try sampleNetwork(seed: 4, hidden: [2], quantizer: .none)
    let faint = QuantizedNetwork(
      architecture: network.architecture, scheme: network.scheme,
      layers: network.layers.map { layer in
        QuantizedLayer(
          shape: layer.shape, quantizer: .none, scaleExponents: layer.scaleExponents, digits: nil,
          weights: layer.weights.map { $0 * 0x1p-30 }, biases: layer.biases.map { $0 * 0 })
      })
    let input = noise(seed: 5, count: 200, amplitude: 0.9)
    let formats = try FixedFormats.observed(
      faint, on: SampleSet(input: input, target: input), wordLength: 20)
    #expect(
      formats.weights.allSatisfy { $0.integerBits < 0 } && formats.activations[0].integerBits < 0)
    _ = try faint.fixed(to: formats)
  }

  @Test func `nothing saturates in formats that were observed`() throws {
    for seed in 0..<12 as Range<UInt64> {
      let architecture = try Architecture.random(seed: seed)
      let network = sampleNetwork(
        seed: seed, architecture, QuantizationScheme.random(seed: seed, for: architecture))
      let input = noise(seed: seed, count: 200, amplitude: 0.7)
      var formats = try FixedFormats.observed(
        network, on: SampleSet(input: input, target: input), wordLength: 18)
      formats.magnitudeTableBits = 14
      let fixed = try network.fixed(to: formats)
      let expected = directOutput(of: network, input)
      let peak = expected.joined().map(abs).max()!
      // 18 bits leave 2^-17 of each tensor's peak; tables of tanh and of |x| 2^-7. The rest is what a chain of three layers
      // makes of it. A saturated tensor would be off by the size of its peak.
      let hasTable =
        architecture.activation == .tanh || architecture.features.envelopes.contains(.power(1))
      let tolerance = hasTable ? 0.1 : 0.01
      for (a, b) in zip(fixed(input).joined(), expected.joined()) {
        #expect(abs(a - b) < tolerance * (1 + peak))
      }
    }
  }

  @Test func `a small signal has magnitudes, too`() throws {
    // Of ±1/64 the squares are below 2^-11, which <30,12> would look up in the first entry of its table.
    let architecture = try Architecture(
      features: [Feature(channel: 0, envelopePower: 1)], hiddenChannels: [2], kernelSize: 1,
      activation: .relu, hasSkip: false, hasBiases: false)
    let network = sampleNetwork(seed: 1, architecture, .none)
    let input = noise(seed: 1, count: 100, amplitude: 0x1p-6)
    let formats = try FixedFormats.observed(
      network, on: SampleSet(input: input, target: input), wordLength: 16)
    var peak = 0.0
    _ = directOutput(of: network, input) { peak = max(peak, $1) }
    #expect(formats.activations[0] == FixedFormats.fitting(peak, wordLength: 16))
    #expect(formats.magnitudeTableBits == 11)
  }

  @Test func `products get a format of their own, limited tensors one integer bit`() throws {
    let architecture = try Architecture(
      features: Feature.memoryPolynomial(order: 5), hiddenChannels: [2], kernelSize: 2,
      activation: .hardTanh)
    let input: [[Float]] = [[0.5, -0.25, 0], [0.5, 0.25, -0.75]]
    let samples = SampleSet(input: input, target: input)
    let network = sampleNetwork(seed: 3, architecture)
    let formats = try FixedFormats.observed(network, on: samples, wordLength: 16)
    // |x|^2 <= 0.5625, |x|^4 <= 0.3164; i|x|^2 <= 0.25, q|x|^2 <= 0.42, i|x|^4 <= 0.125, q|x|^4 <= 0.24.
    #expect(formats.envelopes.map(\.integerBits) == [1, 0])
    #expect(formats.products.map(\.integerBits) == [0, 0, -1, -1])
    #expect(formats.activations[0].integerBits <= 1)
    let wrapping = try FixedFormats.observed(
      network, on: samples, wordLength: 16, overflow: .wrap)
    #expect(throws: Never.self) { try network.fixed(to: wrapping) }
  }

  /// Largest hidden value, by the definition.
  private func directOutputPeak(_ network: QuantizedNetwork, _ input: [[Float]]) -> Double {
    var peak = 0.0
    _ = directOutput(of: network, input) { peak = max(peak, abs($1)) }
    return peak
  }

  @Test(arguments: [(0.0, -8), (0.49, 0), (0.9, 1), (1.0, 2), (31.9, 6), (32.0, 7)])
  func `fits a magnitude`(magnitude: Double, integerBits: Int) {
    #expect(FixedFormats.fitting(magnitude, wordLength: 16).integerBits == integerBits)
  }
}
