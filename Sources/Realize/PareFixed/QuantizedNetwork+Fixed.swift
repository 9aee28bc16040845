public import PareNetwork
import PareNumerics

extension QuantizedNetwork {
  /// The network in integers: weights and biases as multiples of powers of two, every layer's result in its format.
  ///
  /// Weights of a quantizer are represented exactly. Without a quantizer they are rounded to `formats.weights`. Biases
  /// are rounded to the unit of the accumulator, and accumulators are exact.
  ///
  /// - Throws: ``FixedError`` when an accumulator could leave 62 bits.
  public func fixed(to formats: FixedFormats) throws(FixedError) -> FixedNetwork {
    precondition(
      formats.activations.count == architecture.hiddenChannels.count,
      "\(formats.activations.count) activation formats for \(architecture.hiddenChannels.count)")
    var inputFormat = formats.input
    var fixedLayers: [FixedLayer] = []
    for (index, layer) in layers.enumerated() {
      let isLast = index == layers.count - 1
      let result = Requantizer(
        to: isLast ? formats.output : formats.activations[index],
        rounding: formats.rounding, overflow: formats.overflow)
      let weightBits = weightFractionBits(
        of: layer, isLast: isLast, inputFormat: inputFormat, result: result, formats: formats)
      let accumulatorBits = inputFormat.fractionBits + weightBits
      let activation: FixedActivation =
        if isLast {
          .identity
        } else {
          switch architecture.activation {
          case .relu: .relu
          case .tanh:
            .lookup(
              .tanh(
                bits: formats.tanhTableBits, argumentFractionBits: accumulatorBits, result: result))
          case .leakyReLU, .hardTanh: preconditionFailure("\(architecture.name)")
          }
        }
      let fixedLayer = FixedLayer(
        shape: layer.shape,
        taps: integerTaps(of: layer, fractionBits: weightBits, formats: formats),
        weightFractionBits: weightBits,
        biases: layer.biases.map { Self.integer(Double($0), fractionBits: accumulatorBits) },
        accumulatorFractionBits: accumulatorBits, activation: activation, result: result)
      try fixedLayer.checkAccumulators(
        index: index, input: inputFormat,
        skip: isLast && architecture.hasSkip ? formats.input : nil)
      fixedLayers.append(fixedLayer)
      inputFormat = result.format
    }
    return FixedNetwork(
      architecture: architecture, inputFormat: formats.input, layers: fixedLayers)
  }

  /// The fewest fraction bits that hold every weight of a layer exactly (or those of the weight format), raised where a
  /// table's address or the skip needs a finer accumulator.
  private func weightFractionBits(
    of layer: QuantizedLayer, isLast: Bool, inputFormat: WordFormat, result: Requantizer,
    formats: FixedFormats
  ) -> Int {
    var bits =
      if let digits = layer.digits {
        -(digits.joined().map(\.exponent).min() ?? 0)
      } else {
        formats.weights.fractionBits
      }
    bits = max(bits, 0)
    if isLast, architecture.hasSkip {
      bits = max(bits, formats.input.fractionBits - inputFormat.fractionBits)
    }
    if !isLast, architecture.activation == .tanh {
      let address = OddTable.requiredFractionBits(
        bits: formats.tanhTableBits, result: result.format)
      bits = max(bits, address - inputFormat.fractionBits)
    }
    return bits
  }

  private func integerTaps(
    of layer: QuantizedLayer, fractionBits: Int, formats: FixedFormats
  ) -> [Int64] {
    if layer.digits != nil {
      return layer.weights.map { weight in
        let scaled = Double(weight) * powerOfTwo(fractionBits)
        precondition(scaled == scaled.rounded(), "weight \(weight) is not exact")
        return Int64(scaled)
      }
    }
    // A raised accumulator keeps the weights on the grid of their format.
    let grid = Requantizer(to: formats.weights)
    let raise = fractionBits - formats.weights.fractionBits
    return layer.weights.map { grid(Double($0)) << Int64(raise) }
  }

  /// `value * 2^fractionBits`, half up; limited to ±2^61, which ``FixedLayer/checkAccumulators`` then refuses.
  private static func integer(_ value: Double, fractionBits: Int) -> Int64 {
    let scaled = (value * powerOfTwo(fractionBits) + 0.5).rounded(.down)
    return Int64(min(max(scaled, -0x1p61), 0x1p61))
  }
}

extension FixedLayer {
  /// Proves that no partial sum, in any order, leaves ±2^61, nor does a sum that is moved to a finer format.
  func checkAccumulators(
    index: Int, input: WordFormat, skip: WordFormat?
  ) throws(FixedError) {
    let largest = Double(max(-input.minimumRaw, input.maximumRaw))
    for output in 0..<shape.outputChannels {
      let row = taps[(output * shape.inputChannels * shape.kernelSize)...]
        .prefix(shape.inputChannels * shape.kernelSize)
      var bound = row.reduce(0.0) { $0 + Double($1.magnitude) } * largest
      bound += Double(biases[output].magnitude)
      if let skip {
        bound += powerOfTwo(skip.wordLength + accumulatorFractionBits - skip.fractionBits)
      }
      switch activation {
      case .lookup: break  // The entries of a table are words already.
      case .identity, .relu:
        bound *= powerOfTwo(max(0, result.format.fractionBits - accumulatorFractionBits))
      }
      guard bound < 0x1p61 else {
        throw FixedError(
          .accumulator(layer: index),
          "layer \(index), output \(output): the accumulator could reach \(bound), beyond 2^61",
          hint: "use shorter word lengths for the activations or the weights")
      }
    }
  }
}
