import PareDatapath
import PareFixed
import PareNetwork
import PareNumerics
import RandomNetworks
import Testing

/// Sparse polynomial predistorters as networks with no hidden layer.
@Suite struct SparsePredistorterTests {
  /// A weight at a delay of one feature.
  private struct Term {
    let output: Int
    let feature: Int
    let delay: Int
    let weight: Double
  }

  private func network(
    _ features: [Feature], kernelSize: Int, lookAhead: Int, _ terms: [Term]
  ) throws -> QuantizedNetwork {
    let architecture = try Architecture(
      features: features, hiddenChannels: [], kernelSize: kernelSize, lookAhead: lookAhead,
      hasSkip: false, hasBiases: false)
    let shape = architecture.layerShapes[0]
    var weights = [Float](repeating: 0, count: shape.weightCount)
    for term in terms {
      weights[shape.index(output: term.output, input: term.feature, tap: term.delay)] =
        Float(term.weight)
    }
    let mask = Mask(layers: [weights.map { $0 != 0 }])
    return Network(
      architecture: architecture,
      layers: [Layer(shape: shape, weights: weights, biases: [0, 0])], mask: mask
    ).quantized(by: .fixed(wordLength: 24))
  }

  @Test func `two features by hand`() throws {
    let features = try ["i", "q|x[-1]|^2"].map { try Feature(parsing: $0) }
    let quantized = try network(
      features, kernelSize: 3, lookAhead: 1,
      [
        Term(output: 0, feature: 0, delay: 1, weight: 1),
        Term(output: 1, feature: 1, delay: 0, weight: -0.375),
      ])
    let format = WordFormat(wordLength: 12, integerBits: 4)
    let fixed = try quantized.fixed(to: .uniform(format, for: quantized.architecture))
    // y0[n] = i[n], y1[n] = -3/8 q[n+1] |x[n]|^2.
    let signal: [[Float]] = [[1, 0, 0.5, 0], [1, 2, -1, 0.25]]
    #expect(fixed(signal) == [[1, 0, 0.5, 0], [-1.5, 1.5, -0.1171875, 0]])
    #expect(quantized.network(signal) == [[1, 0, 0.5, 0], [-1.5, 1.5, -0.1171875, 0]])
  }

  @Test func `one of the usual size is the same down to the pipeline`() throws {
    var random = RandomStream(seed: 7)
    var features: [Feature] = [.signal(0), .signal(1)]
    for feature in (0..<20 as Range<UInt64>).flatMap({ Feature.random(seed: $0) })
    where features.count < 20 && !features.contains(feature) {
      features.append(feature)
    }
    let terms = (0..<100).map { index in
      Term(
        output: index % 2, feature: random.index(below: 20), delay: random.index(below: 50),
        weight: (random.uniform() - 0.5) * powerOfTwo(-random.index(below: 8)))
    }
    let quantized = try network(features, kernelSize: 50, lookAhead: 17, terms)
    let input = noise(seed: 4, count: 900, amplitude: 0.7)
    let formats = try FixedFormats.observed(
      quantized, on: SampleSet(input: input, target: input), wordLength: 12)
    let fixed = try quantized.fixed(to: formats)
    let words = words(fixed.inputFormat, seed: 3, count: 600)
    let segments = [0..<40, 40..<600]
    let expected = fixed.run(words, segments: segments)
    let datapath = try fixed.lowered()
    #expect(try datapath.run(words, segments: segments) == expected)
    var simulator = PipelineSimulator(try datapath.optimized().pipelined())
    #expect(try simulator.run(words, segments: segments) == expected)
    // Words of 12 bits leave some -60 dB; one term at a wrong delay, of a hundred, about -20 dB.
    let exact = directOutput(of: quantized, input)
    var (error, power) = (0.0, 0.0)
    for (a, b) in zip(fixed(input).joined(), exact.joined()) {
      error += (a - b) * (a - b)
      power += b * b
    }
    #expect(error < 1e-4 * power)
  }
}
