public import PareNetwork
public import PareNumerics

extension FixedFormats {
  /// Formats of one word length whose integer bits fit what each tensor takes on a sample set.
  ///
  /// The network is run in wide integers; each tensor gets the fewest integer bits (sign included) that hold its largest
  /// magnitude, so that nothing saturates on these samples. Weights without a quantizer are fitted layer by layer.
  /// Tensors that an activation keeps within ±1 get one integer bit at most when overflow saturates: then 1 is the
  /// largest word.
  ///
  /// - Throws: ``FixedError`` when the network cannot be run in 30-bit words.
  public static func observed(
    _ quantized: QuantizedNetwork, on samples: SampleSet, wordLength: Int = 16,
    overflow: Overflow = .saturate
  ) throws(FixedError) -> FixedFormats {
    let architecture = quantized.architecture
    func fitting(_ feature: Feature, _ wordLength: Int) -> WordFormat {
      let peaks = samples.segments.map { segment in
        largest(feature(samples.input.map { Array($0[segment]) }))
      }
      return Self.fitting(peaks.max() ?? 0, wordLength: wordLength)
    }
    let wide = WordFormat(wordLength: 30, integerBits: 12)
    var formats = FixedFormats.uniform(wide, for: architecture)
    formats.weights = quantized.layers.map { layer in
      Self.fitting(layer.weights.map { abs(Double($0)) }.max() ?? 0, wordLength: wordLength)
    }
    let envelopes = architecture.features.envelopes
    if envelopes.contains(.power(1)), let square = envelopes.firstIndex(of: .power(2)) {
      // The highest bits address the table of magnitudes, and none of them may be idle.
      // A product of two wide words has no finer bits.
      let finest = wide.wordLength - 2 * wide.fractionBits
      formats.envelopes[square] = WordFormat(
        wordLength: wide.wordLength,
        integerBits: max(finest, fitting(.power, wide.wordLength).integerBits))
      formats.magnitudeTableBits = 14
    }
    let network = try quantized.fixed(to: formats)
    formats.magnitudeTableBits = FixedFormats.uniform(for: architecture).magnitudeTableBits
    let peaks = network.run(
      network.quantize(samples.input), segments: samples.segments,
      in: FixedStream<Int64>(network, recordsPeaks: true)
    ).peaks.map { Self.fitting(Double($0) * wide.resolution, wordLength: wordLength) }
    formats.activations = peaks.dropLast().map { format in
      overflow == .saturate && architecture.activation.isBounded && format.integerBits > 1
        ? WordFormat(wordLength: wordLength, integerBits: 1) : format
    }
    formats.output = peaks.last!
    formats.input = Self.fitting(largest(samples.input.joined()), wordLength: wordLength)
    formats.envelopes = envelopes.map {
      fitting(Feature(channel: nil, envelope: $0), wordLength)
    }
    formats.products = architecture.features.filter(\.isProduct).map { fitting($0, wordLength) }
    formats.overflow = overflow
    return formats
  }

  private static func largest(_ values: some Sequence<Float>) -> Double {
    values.reduce(0) { max($0, abs(Double($1))) }
  }

  /// Integer bits of a tensor that is all but zero: with fewer, exact sums of fine words beside the signal leave 61 bits.
  private static let fewestIntegerBits = -8

  /// The format with the fewest integer bits that holds `±magnitude` after rounding.
  static func fitting(_ magnitude: Double, wordLength: Int) -> WordFormat {
    var integerBits = fewestIntegerBits
    while integerBits < 30 {
      let format = WordFormat(wordLength: wordLength, integerBits: integerBits)
      let largest = Double(format.maximumRaw) * format.resolution
      if magnitude <= largest { return format }
      integerBits += 1
    }
    return WordFormat(wordLength: wordLength, integerBits: integerBits)
  }
}

extension Activation {
  /// Whether results stay within ±1.
  fileprivate var isBounded: Bool {
    switch self {
    case .relu, .leakyReLU: false
    case .hardTanh, .tanh: true
    }
  }
}
