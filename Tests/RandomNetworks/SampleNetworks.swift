public import PareNetwork
public import PareNumerics

/// A small quantized network with seeded weights on their layers' grids: no training.
///
/// About a third of the weights are 0; without a quantizer they are any floats.
public func sampleNetwork(
  seed: UInt64, _ architecture: Architecture, _ scheme: QuantizationScheme = .apot()
) -> QuantizedNetwork {
  var random = RandomStream(seed: seed).fork("sample network")
  var layers: [QuantizedLayer] = []
  for (index, shape) in architecture.layerShapes.enumerated() {
    let quantizer = scheme.quantizer(ofLayer: index)
    let isTied = index == architecture.branchLayer && architecture.branch?.structure == .complex
    let grid = quantizer.grid
    // The largest level of a row is between 1/2 and 2.
    let center = grid.map { -Int($0.largest.exponent) } ?? 0
    let shared = center - random.index(below: 2)
    let scales = (0..<shape.outputChannels).map { _ in
      grid == nil ? 0 : scheme.scale == .layer || isTied ? shared : center - random.index(below: 2)
    }
    let row = shape.inputChannels * shape.kernelSize
    var weights: [Float] = []
    var digits: [[SignedDigit]] = []
    for position in 0..<shape.weightCount {
      let target = random.uniform() < 0.7 ? random.uniform() * 2 - 1 : 0
      let level = grid?.nearest(to: target, scaleExponent: scales[position / row])
      weights.append(Float(level?.value ?? target))
      digits.append(level?.digits ?? [])
    }
    for tie in architecture.ties where tie.layer == index {
      weights[tie.follower] = tie.isNegated ? -weights[tie.leader] : weights[tie.leader]
      digits[tie.follower] = digits[tie.leader].map {
        SignedDigit(exponent: $0.exponent, isNegative: $0.isNegative != tie.isNegated)
      }
    }
    let biases = (0..<shape.outputChannels).map { _ in
      architecture.hasBiases(inLayer: index) ? Float(random.uniform() - 0.5) * 0.3 : 0
    }
    layers.append(
      QuantizedLayer(
        shape: shape, quantizer: quantizer, scaleExponents: scales,
        digits: grid == nil ? nil : digits, weights: weights, biases: biases))
  }
  return QuantizedNetwork(architecture: architecture, scheme: scheme, layers: layers)
}

/// A plain network: the signal's channels, no dilation, no branch.
public func sampleNetwork(
  seed: UInt64, hidden: [Int] = [3], kernelSize: Int = 3, activation: Activation = .relu,
  lookAhead: Int = 1, hasSkip: Bool = true, quantizer: Quantizer = .apot(terms: 2, bits: 4)
) throws -> QuantizedNetwork {
  sampleNetwork(
    seed: seed,
    try Architecture(
      hiddenChannels: hidden, kernelSize: kernelSize, activation: activation, lookAhead: lookAhead,
      hasSkip: hasSkip), QuantizationScheme(quantizer))
}

extension Architecture {
  /// An architecture that has some of everything: features, dilations, activations, branches with more and with less
  /// look-ahead than the stack, with and without biases and skip.
  public static func random(seed: UInt64) throws -> Architecture {
    var random = RandomStream(seed: seed).fork("architecture")
    func pick<Value>(_ values: [Value]) -> Value { values[random.index(below: values.count)] }
    let text: [String] = pick([
      ["i", "q"], ["i", "q", "|x|^2"], ["i", "q", "i|x|^2", "q|x|^2"],
      ["i", "q", "i|x|^2", "q|x|^2", "i|x|^4", "q|x|^4"], ["|x|^6", "q", "i|x|^8"], ["|x|^4", "i"],
    ])
    let plain = try text.map { try Feature(parsing: $0) }
    let features = seed % 2 == 0 ? plain : Feature.random(seed: seed)
    let hidden = pick([[], [2], [3], [2, 3]])
    let kernelSize = 1 + random.index(below: 4)
    let dilations = hidden.map { _ in 1 + random.index(below: 3) } + [1 + random.index(below: 3)]
    let reach = dilations.reduce(0, +) * (kernelSize - 1)
    let branchSize = 1 + random.index(below: 12)
    return try Architecture(
      features: features, hiddenChannels: hidden,
      kernelSize: kernelSize, dilations: dilations,
      activation: pick([.relu, .leakyReLU(shift: 1 + random.index(below: 5)), .hardTanh, .tanh]),
      lookAhead: random.index(below: reach + 1), hasSkip: pick([true, false]),
      hasBiases: pick([true, false]),
      branch: pick([true, true, false])
        ? LinearBranch(
          kernelSize: branchSize, lookAhead: random.index(below: branchSize),
          structure: pick([.real, .complex])) : nil)
  }
}

extension Feature {
  /// One to five different features of all kinds, and now and then the signal itself beside them.
  public static func random(seed: UInt64) -> [Feature] {
    var random = RandomStream(seed: seed).fork("features")
    func below(_ count: Int) -> Int { random.index(below: count) }
    let count = 1 + below(5)
    var list: [Feature] = below(2) == 0 ? [.signal(0), .signal(1)] : []
    while list.count < count {
      let envelope: Envelope =
        below(2) == 0
        ? .power(1 + below(8))
        : .correlation(
          lag: 1 + below(below(4) == 0 ? 16 : 4), part: below(2) == 0 ? .real : .imaginary,
          power: 2 * below(2))
      let channel = below(4) == 0 ? nil : below(2)
      let lag = channel == nil ? 0 : 1 + below(5)
      let (carrierLag, envelopeLag) = [(0, 0), (lag, 0), (0, lag)][below(3)]
      let feature = Feature(
        channel: channel, carrierLag: carrierLag, envelope: envelope, envelopeLag: envelopeLag)
      if !list.contains(feature) { list.append(feature) }
    }
    return list
  }
}

extension QuantizationScheme {
  /// None, one for all, or one for each layer; scales per layer or per channel.
  public static func random(seed: UInt64, for architecture: Architecture) -> QuantizationScheme {
    var random = RandomStream(seed: seed).fork("scheme")
    let kinds: [Quantizer] = [
      .none, .pot(bits: 4), .apot(terms: 2, bits: 4), .digits(2), .fixed(wordLength: 7),
    ]
    let count = random.index(below: 2) == 0 ? 1 : architecture.layerCount
    return QuantizationScheme(
      (0..<count).map { _ in kinds[random.index(below: kinds.count)] },
      scale: random.index(below: 2) == 0 ? .layer : .channel)
  }
}

/// Seeded noise, `[channel][time]`, uniform in ±amplitude.
public func noise(
  seed: UInt64, channels: Int = 2, count: Int, amplitude: Float = 1
) -> [[Float]] {
  var random = RandomStream(seed: seed).fork("noise")
  return (0..<channels).map { _ in
    (0..<count).map { _ in Float(random.uniform() * 2 - 1) * amplitude }
  }
}

/// Full-scale words of a format with its corners mixed in, `[channel][time]`.
public func words(
  _ format: WordFormat, seed: UInt64, channels: Int = 2, count: Int
) -> [[Int64]] {
  var random = RandomStream(seed: seed).fork("words")
  let corners = [format.minimumRaw, format.maximumRaw, 0, -1, 1]
  let span = Int(format.maximumRaw - format.minimumRaw + 1)
  return (0..<channels).map { _ in
    (0..<count).map { _ in
      random.index(below: 4) == 0
        ? corners[random.index(below: corners.count)]
        : format.minimumRaw + Int64(random.index(below: span))
    }
  }
}
