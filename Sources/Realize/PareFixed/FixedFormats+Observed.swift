public import PareNetwork
public import PareNumerics

extension FixedFormats {
  /// Formats of one word length whose integer bits fit what each tensor takes on a sample set.
  ///
  /// The network is run in wide integers; each tensor gets the fewest integer bits (sign included) that hold its largest
  /// magnitude, so that nothing saturates on these samples.
  ///
  /// - Throws: ``FixedError`` when the network cannot be run in 30-bit words.
  public static func observed(
    _ quantized: QuantizedNetwork, on samples: SampleSet, wordLength: Int = 16
  ) throws(FixedError) -> FixedFormats {
    let hidden = quantized.architecture.hiddenChannels.count
    let wide = WordFormat(wordLength: 30, integerBits: 12)
    var formats = FixedFormats.uniform(wide, hiddenConvolutions: hidden)
    let largestWeight = quantized.layers.flatMap(\.weights).map { abs(Double($0)) }.max() ?? 0
    formats.weights = fitting(largestWeight, wordLength: wordLength)
    formats.input = fitting(largest(samples.input), wordLength: wordLength)
    let network = try quantized.fixed(to: formats)
    var peaks = [Double](repeating: 0, count: hidden + 1)
    _ = network.run(network.quantize(samples.input), segments: samples.segments) { layer, result in
      for channel in result {
        for word in channel {
          peaks[layer] = max(peaks[layer], Double(word.magnitude) * wide.resolution)
        }
      }
    }
    formats.activations = peaks.dropLast().map { fitting($0, wordLength: wordLength) }
    formats.output = fitting(peaks[hidden], wordLength: wordLength)
    return formats
  }

  private static func largest(_ channels: [[Float]]) -> Double {
    channels.joined().reduce(0) { max($0, abs(Double($1))) }
  }

  /// The format with the fewest integer bits that holds `±magnitude` after rounding.
  static func fitting(_ magnitude: Double, wordLength: Int) -> WordFormat {
    var integerBits = -16
    while integerBits < 30 {
      let format = WordFormat(wordLength: wordLength, integerBits: integerBits)
      let largest = Double(format.maximumRaw) * format.resolution
      if magnitude <= largest { return format }
      integerBits += 1
    }
    return WordFormat(wordLength: wordLength, integerBits: integerBits)
  }
}
