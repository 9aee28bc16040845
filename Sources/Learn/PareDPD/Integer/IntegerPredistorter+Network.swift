public import PareNetwork
public import PareNumerics

extension FeatureChannel {
  /// The channel as a feature of a network, and the samples by which the feature is older.
  ///
  /// Carrier and envelope are brought so far forward that one of them is of the newest sample: what is left is a delay.
  public var feature: (feature: Feature, delay: Int) {
    let carrier = part == .inPhase ? 0 : 1
    let form: Feature.Envelope
    var envelopeDelay = 0
    switch envelope {
    case .one: return (.signal(carrier), delay)
    case .power(let exponent, let lag):
      form = .power(exponent)
      envelopeDelay = lag
    case .correlation(let lag, let part, let timesPower):
      form = .correlation(
        lag: lag, part: part == .inPhase ? .real : .imaginary, power: timesPower ? 2 : 0)
    }
    let first = min(delay, envelopeDelay)
    return (
      Feature(
        channel: carrier, carrierLag: delay - first, envelope: form,
        envelopeLag: envelopeDelay - first), first
    )
  }
}

extension Feature.Envelope {
  /// - Precondition: an envelope that a ``FeatureChannel`` can have.
  fileprivate var node: FeatureChannel.Node {
    switch self {
    case .power(let exponent): .power(exponent: exponent)
    case .correlation(let lag, let part, 0): .correlation(lag: lag, part: part.rawValue)
    case .correlation(let lag, let part, _): .poweredCorrelation(lag: lag, part: part.rawValue)
    }
  }
}

extension IntegerPredistorter {
  /// The predistorter as a network without hidden layers: a sparse convolution over features, every weight a sum of the
  /// digits.
  ///
  /// - Throws: ``PredistortionError`` with code `.badRequest` when the coefficients span more than 24 bits, or all are 0.
  public func network() throws -> QuantizedNetwork {
    var weights: [Key: Double] = [:]
    for (term, digits) in zip(terms, digits) where !digits.isEmpty {
      let (feature, delay) = term.channel.feature
      let unit = powerOfTwo(-exponent(of: term.channel))
      let key = Key(feature: feature, delay: delay + term.delay, output: term.output.rawValue)
      weights[key, default: 0] += unit * digits.reduce(0) { $0 + $1.value }
    }
    let used = Set(weights.keys.map(\.feature))
    var features: [Feature] = []
    for term in terms {
      let feature = term.channel.feature.feature
      if used.contains(feature), !features.contains(feature) { features.append(feature) }
    }
    guard let first = weights.keys.map(\.delay).min(), let last = weights.keys.map(\.delay).max()
    else { throw PredistortionError(.badRequest(reason: "every coefficient is 0")) }
    let lookAhead = max(0, -first)
    let architecture = try Architecture(
      features: features, hiddenChannels: [], kernelSize: lookAhead + max(last, 0) + 1,
      lookAhead: lookAhead, hasSkip: false, hasBiases: false)
    let shape = architecture.layerShapes[0]
    var values = [Double](repeating: 0, count: shape.weightCount)
    for (key, value) in weights {
      let input = features.firstIndex(of: key.feature)!
      values[shape.index(output: key.output, input: input, tap: key.delay + lookAhead)] = value
    }
    return QuantizedNetwork(
      architecture: architecture, layers: values, shape: shape,
      try Self.grid(of: values))
  }

  /// The format of an envelope's words.
  public func format(of envelope: Feature.Envelope) -> WordFormat {
    guard let exponent = exponents[envelope.node] else {
      preconditionFailure("the predistorter has no \(envelope)")
    }
    return WordFormat(wordLength: words.envelope, integerBits: exponent + 1)
  }

  /// The format of the words of a feature with a carrier and an envelope.
  public func format(of feature: Feature) -> WordFormat {
    guard let channel = terms.map(\.channel).first(where: { $0.feature.feature == feature }) else {
      preconditionFailure("the predistorter has no \(feature)")
    }
    return WordFormat(wordLength: words.feature, integerBits: exponent(of: channel) + 1)
  }

  private struct Key: Hashable {
    let feature: Feature
    let delay: Int
    let output: Int
  }

  private func exponent(of channel: FeatureChannel) -> Int {
    channel.envelope == .one ? 0 : exponents[.channel(channel)]!
  }

  /// The shortest words that hold all values, and the power of two that they count.
  private static func grid(of values: [Double]) throws -> (quantizer: Quantizer, scale: Int) {
    let nonZero = values.filter { $0 != 0 }
    let highest = nonZero.map { Int($0.exponent) }.max()!
    // A value of so many significant bits ends that many places below its leading one.
    let lowest = nonZero.map { Int($0.exponent) - $0.significandWidth }.min()!
    let wordLength = highest - lowest + 2
    guard wordLength <= 24 else {
      throw PredistortionError(
        .badRequest(reason: "the coefficients span \(wordLength) bits, and weights have 24"))
    }
    return (.fixed(wordLength: max(wordLength, 2)), lowest)
  }
}

extension QuantizedNetwork {
  /// One layer of exact values, without biases.
  fileprivate init(
    architecture: Architecture, layers values: [Double], shape: LayerShape,
    _ grid: (quantizer: Quantizer, scale: Int)
  ) {
    let levels = values.map { value in
      let level = grid.quantizer.grid!.nearest(to: value, scaleExponent: grid.scale)
      precondition(level.value == value, "\(value) is not on the grid of \(grid)")
      return level
    }
    self.init(
      architecture: architecture, scheme: QuantizationScheme(grid.quantizer),
      layers: [
        QuantizedLayer(
          shape: shape, quantizer: grid.quantizer,
          scaleExponents: Array(repeating: grid.scale, count: shape.outputChannels),
          digits: levels.map(\.digits), weights: levels.map { Float($0.value) },
          biases: Array(repeating: 0, count: shape.outputChannels))
      ])
  }
}
