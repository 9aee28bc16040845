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
    let wide = WordFormat(wordLength: 30, integerBits: 12)
    var formats = FixedFormats.uniform(wide, for: architecture)
    formats.weights = quantized.layers.map { layer in
      fitting(layer.weights.map { abs(Double($0)) }.max() ?? 0, wordLength: wordLength)
    }
    let network = try quantized.fixed(to: formats)
    let peaks = network.run(
      network.quantize(samples.input), segments: samples.segments,
      in: FixedStream<Int64>(network, recordsPeaks: true)
    ).peaks.map { fitting(Double($0) * wide.resolution, wordLength: wordLength) }
    formats.activations = peaks.dropLast().map { format in
      overflow == .saturate && architecture.activation.isBounded && format.integerBits > 1
        ? WordFormat(wordLength: wordLength, integerBits: 1) : format
    }
    formats.output = peaks.last!
    formats.input = fitting(largest(samples.input.joined()), wordLength: wordLength)
    formats.envelopes = (0..<architecture.envelopeCount).map { index in
      let power = Feature(channel: nil, envelopePower: 2 * index + 2)
      return fitting(largest(power(samples.input)), wordLength: wordLength)
    }
    formats.products = architecture.features.filter(\.isProduct).map {
      fitting(largest($0(samples.input)), wordLength: wordLength)
    }
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
