public import PareNetwork
import PareNumerics

extension QuantizedNetwork {
  /// The network in integers: weights and biases as multiples of powers of two, every tensor in its format.
  ///
  /// Weights of a quantizer are represented exactly. Without a quantizer they are rounded to their layer's entry of
  /// `formats.weights`. Biases are rounded to their formats, if they have any, and to the unit of the accumulator; accumulators
  /// are exact.
  ///
  /// - Throws: ``FixedError`` when an accumulator or a product could leave 62 bits, or formats are too far apart.
  public func fixed(to formats: FixedFormats) throws(FixedError) -> FixedNetwork {
    formats.requireFit(architecture)
    func requantizer(_ format: WordFormat) -> Requantizer {
      Requantizer(to: format, rounding: formats.rounding, overflow: formats.overflow)
    }
    let features = FixedFeatures(
      envelopes: formats.envelopes.map(requantizer), products: formats.products.map(requantizer),
      magnitude: magnitudeTable(in: formats))
    var inputs = features.formats(of: architecture.features, input: formats.input)
    var fixedLayers: [FixedLayer] = []
    for index in 0..<architecture.convolutions {
      let isOutput = index == architecture.convolutions - 1
      let result = requantizer(isOutput ? formats.output : formats.activations[index])
      let bits = accumulatorFractionBits(
        ofLayer: index, inputs: inputs, result: result, formats: formats)
      fixedLayers.append(
        FixedLayer(
          shape: layers[index].shape,
          taps: integerTaps(ofLayer: index, inputs: inputs, fractionBits: bits, formats: formats),
          biases: integerBiases(ofLayer: index, fractionBits: bits, formats: formats),
          accumulatorFractionBits: bits,
          activation: isOutput
            ? .identity : activation(argumentFractionBits: bits, result: result, formats: formats),
          result: result))
      inputs = Array(repeating: result.format, count: layers[index].shape.outputChannels)
    }
    var branch: FixedBranch?
    if let index = architecture.branchLayer {
      branch = FixedBranch(
        shape: layers[index].shape,
        taps: integerTaps(
          ofLayer: index,
          inputs: Array(repeating: formats.input, count: architecture.inputChannels),
          fractionBits: fixedLayers.last!.accumulatorFractionBits, formats: formats))
    }
    let network = FixedNetwork(
      architecture: architecture, inputFormat: formats.input, features: features,
      layers: fixedLayers, branch: branch)
    try network.check()
    return network
  }

  /// The table from `|x|^2` to `|x|`, if a feature needs one.
  private func magnitudeTable(in formats: FixedFormats) -> OddTable? {
    let envelopes = architecture.features.envelopes
    guard let root = envelopes.firstIndex(of: .power(1)),
      let square = envelopes.firstIndex(of: .power(2))
    else { return nil }
    // A root beyond its format is the largest word whatever happens to sums: a table need not wrap.
    let limited = Requantizer(
      to: formats.envelopes[root], rounding: formats.rounding, overflow: .saturate)
    return .magnitude(
      bits: formats.magnitudeTableBits, of: formats.envelopes[square], result: limited)
  }

  private func activation(
    argumentFractionBits: Int, result: Requantizer, formats: FixedFormats
  ) -> FixedActivation {
    switch architecture.activation {
    case .relu: .relu
    case .leakyReLU(let shift): .leakyReLU(shift: shift)
    case .hardTanh: .hardTanh
    case .tanh:
      .lookup(
        .tanh(
          bits: formats.tanhTableBits, argumentFractionBits: argumentFractionBits, result: result))
    }
  }

  /// The fewest fraction bits in which every product is exact, raised where a table's address, a limit of 1, the skip or
  /// the branch needs a finer accumulator.
  private func accumulatorFractionBits(
    ofLayer index: Int, inputs: [WordFormat], result: Requantizer, formats: FixedFormats
  ) -> Int {
    var bits = exactFractionBits(ofLayer: index, inputs: inputs, formats: formats)
    if index == architecture.convolutions - 1 {
      if architecture.hasSkip { bits = max(bits, formats.input.fractionBits) }
      if let branch = architecture.branchLayer {
        let signal = Array(repeating: formats.input, count: architecture.inputChannels)
        bits = max(bits, exactFractionBits(ofLayer: branch, inputs: signal, formats: formats))
      }
      return bits
    }
    switch architecture.activation {
    case .relu, .leakyReLU: return bits
    case .hardTanh: return max(bits, 0)
    case .tanh:
      return max(
        bits, OddTable.requiredFractionBits(bits: formats.tanhTableBits, result: result.format))
    }
  }

  /// Fraction bits in which the products of a layer's weights and words of its inputs are exact, and not fewer than the
  /// finest input has.
  private func exactFractionBits(
    ofLayer index: Int, inputs: [WordFormat], formats: FixedFormats
  ) -> Int {
    let finest = inputs.map(\.fractionBits).max()!
    guard let digits = layers[index].digits else {
      return finest + max(0, formats.weights[index].fractionBits)
    }
    let shape = layers[index].shape
    return digits.enumerated().reduce(finest) { bits, entry in
      let input = entry.offset / shape.kernelSize % shape.inputChannels
      let lowest = entry.element.map(\.exponent).min() ?? 0
      return max(bits, inputs[input].fractionBits - lowest)
    }
  }

  /// The weights in units of an accumulator of the given fraction bits.
  private func integerTaps(
    ofLayer index: Int, inputs: [WordFormat], fractionBits: Int, formats: FixedFormats
  ) -> [Int64] {
    let layer = layers[index]
    let grid = Requantizer(to: formats.weights[index])
    return layer.weights.enumerated().map { position, weight in
      let input = position / layer.shape.kernelSize % layer.shape.inputChannels
      let raise = fractionBits - inputs[input].fractionBits
      if layer.digits != nil {
        let scaled = Double(weight) * powerOfTwo(raise)
        precondition(scaled == scaled.rounded(), "weight \(weight) is not exact")
        return Self.limited(scaled)
      }
      // A raised accumulator keeps the weights on the grid of their format.
      let tap = grid(Double(weight))
      let places = raise - formats.weights[index].fractionBits
      return tap.magnitude.leadingZeroBitCount > places + 2
        ? tap << Int64(places) : Self.limited(Double(tap) * powerOfTwo(places))
    }
  }

  /// The biases in units of an accumulator of the given fraction bits.
  private func integerBiases(
    ofLayer index: Int, fractionBits: Int, formats: FixedFormats
  ) -> [Int64] {
    layers[index].biases.map { bias in
      var value = Double(bias)
      if !formats.biases.isEmpty {
        let format = formats.biases[index]
        value = Double(Requantizer(to: format)(value)) * format.resolution
      }
      return Self.limited((value * powerOfTwo(fractionBits) + 0.5).rounded(.down))
    }
  }

  /// An integer limited to ±2^61, which ``FixedNetwork/check()`` then refuses.
  private static func limited(_ value: Double) -> Int64 {
    Int64(min(max(value, -0x1p61), 0x1p61))
  }
}
