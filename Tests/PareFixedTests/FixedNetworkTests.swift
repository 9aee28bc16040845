import PareDatapath
import PareNetwork
import PareNumerics
import RandomNetworks
import Testing

@testable import PareFixed

@Suite struct FixedNetworkTests {
  @Test(arguments: 0..<24 as Range<UInt64>)
  func `wide words come within rounding of the definition in floating point`(seed: UInt64) throws {
    let architecture = try Architecture.random(seed: seed)
    let network = sampleNetwork(
      seed: seed, architecture, QuantizationScheme.random(seed: seed, for: architecture))
    var formats = FixedFormats.uniform(
      WordFormat(wordLength: 30, integerBits: 10), for: architecture)
    formats.tanhTableBits = 14
    formats.magnitudeTableBits = 14
    let envelopes = architecture.features.envelopes
    let hasRoot = envelopes.contains(.power(1))
    // |x|^2 is below 0.98, so that a step of the table is 2^-14.
    if hasRoot {
      formats.envelopes[envelopes.firstIndex(of: .power(2))!] = WordFormat(
        wordLength: 30, integerBits: 1)
    }
    let fixed = try network.fixed(to: formats)
    let input = noise(seed: 6, count: 300, amplitude: 0.7)
    let got = fixed(input)
    let expected = directOutput(of: network, input)
    // Each tensor and each weight rounds to 2^-21, a product of envelopes below 1 repeats that of its factors four times;
    // a tanh table of 2^14 steps over [0, 16) is off by at most half a step, 2^-11. A fault grows at most by the sum of a
    // row's weights from layer to layer, and there are no more than 20 words with faults in a row.
    // The magnitude of the first step of its table is off by 2^-7, and nowhere more.
    let fault =
      (architecture.activation == .tanh ? powerOfTwo(-11) : powerOfTwo(-21))
      + (hasRoot ? powerOfTwo(-7) : 0)
    let tolerance = network.layers.reduce(fault) { fault, layer in
      let row = layer.shape.inputChannels * layer.shape.kernelSize
      let gain = (0..<layer.shape.outputChannels).map { output in
        layer.weights[(output * row)..<((output + 1) * row)].reduce(0) { $0 + abs(Double($1)) }
      }.max()!
      return fault * (1 + gain) + 20 * powerOfTwo(-21)
    }
    for (a, b) in zip(got.joined(), expected.joined()) { #expect(abs(a - b) < tolerance) }
  }

  @Test func `the definition is that of the float network`() throws {
    for seed in 0..<12 as Range<UInt64> {
      let architecture = try Architecture.random(seed: seed)
      let network = sampleNetwork(
        seed: seed, architecture, QuantizationScheme.random(seed: seed, for: architecture))
      let input = noise(seed: seed, count: 60, amplitude: 0.7)
      // Sums of tens of products of order one in 32-bit floats.
      for (a, b) in zip(
        network.network(input).joined(), directOutput(of: network, input).joined())
      {
        #expect(abs(Double(a) - b) < 2e-4)
      }
    }
  }

  @Test(arguments: 0..<16 as Range<UInt64>)
  func `64-bit floats and 64-bit integers give the same words`(seed: UInt64) throws {
    let architecture = try Architecture.random(seed: seed)
    let network = sampleNetwork(
      seed: seed, architecture, QuantizationScheme.random(seed: seed, for: architecture))
    var formats = FixedFormats.uniform(
      WordFormat(wordLength: 9, integerBits: 2), for: architecture)
    formats.rounding = Rounding.allCases[Int(seed % 3)]
    formats.overflow = Overflow.allCases[Int(seed / 3 % 2)]
    let fixed = try network.fixed(to: formats)
    #expect(fixed.isExactInDouble)
    // Longer than two chunks.
    let input = words(formats.input, seed: seed, count: 700)
    let segments = [0..<300, 300..<301, 301..<700]
    #expect(
      fixed.run(input, segments: segments, in: FixedStream<Double>(fixed)).outputs
        == fixed.run(input, segments: segments, in: FixedStream<Int64>(fixed)).outputs)
  }

  @Test func `words too wide for 64-bit floats are left to integers`() throws {
    let network = try sampleNetwork(seed: 4)
    let wide = WordFormat(wordLength: 48, integerBits: 10)
    var formats = FixedFormats.uniform(for: network.architecture)
    formats.activations = [wide]
    let fixed = try network.fixed(to: formats)
    #expect(!fixed.isExactInDouble)
    let input = words(.paper, seed: 3, count: 100)
    #expect(try fixed.lowered().run(input) == fixed.run(input))
  }

  @Test func `a leaky rectifier and a hard tanh at their corners`() throws {
    func layer(_ activation: Activation, _ result: WordFormat) throws -> FixedNetwork {
      let shape = try Architecture(
        inputChannels: 1, hiddenChannels: [1], outputChannels: 1, kernelSize: 1,
        activation: activation, hasSkip: false)
      let one = QuantizedLayer(
        shape: shape.layerShapes[0], quantizer: .pot(bits: 4), scaleExponents: [0],
        digits: [[SignedDigit(exponent: 0, isNegative: false)]], weights: [1], biases: [0])
      var formats = FixedFormats.uniform(
        WordFormat(wordLength: 8, integerBits: 4), for: shape)
      formats.activations = [result]
      return try QuantizedNetwork(
        architecture: shape, scheme: .pot(), layers: [one, one]
      ).fixed(to: formats)
    }
    // In sixteenths: x/4 to the nearest, halves up.
    let words: [Int64] = [-128, -17, -16, -10, -7, -6, -2, -1, 0, 1, 15, 16, 17, 127]
    let plain = WordFormat(wordLength: 8, integerBits: 4)
    #expect(
      try layer(.leakyReLU(shift: 2), plain).run([words])
        == [[-32, -4, -4, -2, -2, -1, 0, 0, 0, 1, 15, 16, 17, 127]])
    #expect(
      try layer(.hardTanh, plain).run([words])
        == [[-16, -16, -16, -10, -7, -6, -2, -1, 0, 1, 15, 16, 16, 16]])
    // <5,1> holds -1 but not 1; its largest word takes the place.
    #expect(
      try layer(.hardTanh, WordFormat(wordLength: 5, integerBits: 1)).run([words])
        == [[-16, -16, -16, -10, -7, -6, -2, -1, 0, 1, 15, 15, 15, 15]])
  }

  @Test func `a hard tanh is not wrapped to its opposite`() throws {
    let network = try sampleNetwork(seed: 3, activation: .hardTanh)
    var formats = FixedFormats.uniform(
      WordFormat(wordLength: 12, integerBits: 1), for: network.architecture)
    formats.overflow = .wrap
    let error = #expect(throws: FixedError.self) { try network.fixed(to: formats) }
    #expect(error?.code == .format(tensor: "layer 0"))
  }

  @Test func `features by hand`() throws {
    let shape = try Architecture(
      features: ["|x|^2", "|x|^4", "i|x|^2", "q|x|^4"].map { try Feature(parsing: $0) },
      hiddenChannels: [], kernelSize: 1, hasSkip: false, hasBiases: false)
    let one = [SignedDigit(exponent: 0, isNegative: false)]
    func picking(_ first: Int, _ second: Int) -> QuantizedNetwork {
      let digits = (0..<8).map { $0 == first || $0 == 4 + second ? one : [] }
      return QuantizedNetwork(
        architecture: shape, scheme: .pot(),
        layers: [
          QuantizedLayer(
            shape: shape.layerShapes[0], quantizer: .pot(bits: 4), scaleExponents: [0, 0],
            digits: digits, weights: digits.map { $0.isEmpty ? 0 : 1 }, biases: [0, 0])
        ])
    }
    // Words of 2^-4: i = 0.75, q = -0.5; |x|^2 = 0.8125 exactly; |x|^4 = 0.66015625, 10.5625 units, rounds to 11;
    // i|x|^2 = 9.75 units, to 10; q|x|^4 = -8 * 11 / 16 = -5.5 units, half up to -5.
    let formats = FixedFormats.uniform(WordFormat(wordLength: 8, integerBits: 4), for: shape)
    #expect(try picking(0, 1).fixed(to: formats).run([[12], [-8]]) == [[13], [11]])
    #expect(try picking(2, 3).fixed(to: formats).run([[12], [-8]]) == [[10], [-5]])
  }

  @Test func `a product beyond 61 bits is refused with the feature's name`() throws {
    let shape = try Architecture(
      features: [.signal(0), .power], hiddenChannels: [], kernelSize: 1, hasSkip: false)
    let formats = FixedFormats.uniform(WordFormat(wordLength: 40, integerBits: 10), for: shape)
    let error = #expect(throws: FixedError.self) {
      try sampleNetwork(seed: 1, shape).fixed(to: formats)
    }
    #expect(error?.code == .product(feature: "|x|^2"))
  }

  @Test func `weights, biases and the skip are exact multiples`() throws {
    let network = try sampleNetwork(seed: 9)
    let fixed = try network.fixed(to: .uniform(for: network.architecture))
    for (layer, integers) in zip(network.layers, fixed.layers) {
      for (weight, tap) in zip(layer.weights, integers.taps) {
        // All inputs of a plain network have one format.
        let input = fixed.inputFormats(ofLayer: 0)[0].fractionBits
        #expect(
          Double(tap) * powerOfTwo(input - integers.accumulatorFractionBits) == Double(weight))
      }
      for (bias, integer) in zip(layer.biases, integers.biases) {
        let unit = powerOfTwo(-integers.accumulatorFractionBits)
        #expect(abs(Double(integer) * unit - Double(bias)) <= unit / 2)
      }
    }
    #expect(fixed.nonZeroCount == network.nonZeroCount)
  }

  @Test func `weights without a quantizer are rounded to their format`() throws {
    let network = try sampleNetwork(seed: 10, quantizer: .none)
    var formats = FixedFormats.uniform(for: network.architecture)
    formats.weights = Array(repeating: WordFormat(wordLength: 4, integerBits: 2), count: 2)
    let fixed = try network.fixed(to: formats)
    for (layer, integers) in zip(network.layers, fixed.layers) {
      let scale = powerOfTwo(10 - integers.accumulatorFractionBits)
      for (weight, tap) in zip(layer.weights, integers.taps) {
        let limited = min(max((Double(weight) * 4 + 0.5).rounded(.down) / 4, -2), 1.75)
        #expect(Double(tap) * scale == limited)
      }
    }
  }

  @Test func `segments are independent and start from zero state`() throws {
    let network = try sampleNetwork(seed: 12, hidden: [3, 2])
    let fixed = try network.fixed(to: .uniform(for: network.architecture))
    let words = fixed.quantize(noise(seed: 2, count: 50))
    let together = fixed.run(words, segments: [0..<20, 20..<21, 21..<50])
    let apart = [0..<20, 20..<21, 21..<50].map { range in fixed.run(words.map { Array($0[range]) })
    }
    for channel in 0..<2 {
      #expect(together[channel] == apart.flatMap { $0[channel] })
    }
    #expect(together != fixed.run(words))
  }

  @Test func `a hidden layer's past is zero, not the activation of its bias`() throws {
    // One hidden channel with bias 1 and no input weight; the output sums its two newest samples.
    let shape = try Architecture(hiddenChannels: [1], kernelSize: 2, hasSkip: false)
    let one = [SignedDigit(exponent: 0, isNegative: false)]
    let network = QuantizedNetwork(
      architecture: shape, scheme: .pot(bits: 4),
      layers: [
        QuantizedLayer(
          shape: shape.layerShapes[0], quantizer: .pot(bits: 4),
          scaleExponents: [0], digits: [[], [], [], []],
          weights: [0, 0, 0, 0], biases: [1]),
        QuantizedLayer(
          shape: shape.layerShapes[1], quantizer: .pot(bits: 4),
          scaleExponents: [0, 0], digits: [one, one, [], []],
          weights: [1, 1, 0, 0], biases: [0, 0]),
      ])
    let fixed = try network.fixed(to: .uniform(for: network.architecture))
    #expect(fixed([[0, 0, 0], [0, 0, 0]])[0] == [1, 2, 2])
  }

  @Test func `saturates the output instead of wrapping`() throws {
    let network = try sampleNetwork(seed: 3)
    let fixed = try network.fixed(to: .uniform(for: network.architecture))
    let extreme = [Int64](repeating: fixed.inputFormat.maximumRaw, count: 8)
    for word in fixed.run([extreme, extreme]).joined() {
      #expect(fixed.outputFormat.range.contains(word))
    }
  }

  @Test func `an accumulator beyond 61 bits is refused with the layer's number`() throws {
    let network = try sampleNetwork(seed: 4, hidden: [2, 2])
    var formats = FixedFormats.uniform(for: network.architecture)
    formats.activations[0] = WordFormat(wordLength: 58, integerBits: 20)
    let error = #expect(throws: FixedError.self) { try network.fixed(to: formats) }
    #expect(error?.code == .accumulator(layer: 1))
  }
}
