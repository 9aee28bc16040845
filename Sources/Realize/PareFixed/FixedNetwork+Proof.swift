import PareNetwork
import PareNumerics

extension FixedNetwork {
  /// Proves that no product and no partial sum, in any order, leaves ±2^61, nor does one that is moved to a finer format.
  ///
  /// - Throws: ``FixedError`` that names the layer or the feature.
  func check() throws(FixedError) {
    try features.check(architecture.features, input: inputFormat)
    for (index, layer) in layers.enumerated() {
      if layer.activation == .hardTanh, !(0...60).contains(layer.accumulatorFractionBits) {
        throw FixedError(
          .accumulator(layer: index),
          "layer \(index): 1 has no place in a sum of \(layer.accumulatorFractionBits) fraction bits",
          hint: "use formats with fewer fraction bits")
      }
      if layer.activation == .hardTanh, layer.result.overflow == .wrap,
        layer.result.format.largestPositive < 1
      {
        throw FixedError(
          .format(tensor: "layer \(index)"),
          "layer \(index): the hard tanh reaches 1, which \(layer.result.format) would wrap to -1",
          hint: "let it saturate, or give it 2 integer bits")
      }
      for (output, bound) in bounds(ofLayer: index).enumerated() {
        var largest = bound
        if case .lookup = layer.activation {
          // The entries of a table are words already.
        } else {
          largest = try layer.result.proven(
            bound * powerOfTwo(layer.activeFractionBits - layer.accumulatorFractionBits),
            fractionBits: layer.activeFractionBits, tensor: "layer \(index)"
          ).bound
        }
        guard largest < 0x1p61 else {
          throw FixedError(
            .accumulator(layer: index),
            "layer \(index), output \(output): the accumulator could reach \(largest), beyond 2^61",
            hint: "use shorter word lengths for the activations or the weights")
        }
      }
    }
  }

  /// Bounds of the magnitudes of each output's sum, in any order of its terms.
  package func bounds(ofLayer index: Int) -> [Double] {
    let layer = layers[index]
    let largest = inputFormats(ofLayer: index).map(\.largestMagnitude)
    return (0..<layer.shape.outputChannels).map { output in
      var bound = Double(layer.biases[output].magnitude)
      bound += Self.bound(layer.taps, layer.shape, output, largest)
      guard index == layers.count - 1 else { return bound }
      let signal = inputFormat.largestMagnitude
      if architecture.hasSkip {
        bound +=
          signal * powerOfTwo(layer.accumulatorFractionBits - inputFormat.fractionBits)
      }
      if let branch {
        bound += Self.bound(
          branch.taps, branch.shape, output,
          Array(repeating: signal, count: branch.shape.inputChannels))
      }
      return bound
    }
  }

  private static func bound(
    _ taps: [Int64], _ shape: LayerShape, _ output: Int, _ largest: [Double]
  ) -> Double {
    (0..<shape.inputChannels).reduce(0) { sum, input in
      let start = shape.index(output: output, input: input, tap: 0)
      return taps[start..<(start + shape.kernelSize)].reduce(sum) {
        $0 + Double($1.magnitude) * largest[input]
      }
    }
  }
}

extension WordFormat {
  fileprivate var largestPositive: Double { Double(maximumRaw) * resolution }
}

extension FixedNetwork {
  /// Whether 64-bit floats compute every word, product and sum of this network exactly.
  ///
  /// Nothing may leave ±2^50, so that a sum and the half step that rounding adds to it fit 53 bits; and no more than 50
  /// places may be cut off.
  var isExactInDouble: Bool {
    func isExact(_ bound: Double, _ fractionBits: Int, _ requantizer: Requantizer) -> Bool {
      let shift = fractionBits - requantizer.format.fractionBits
      return bound * powerOfTwo(max(0, -shift)) < 0x1p50 && shift <= 50
        && requantizer.format.wordLength <= 50
    }
    guard inputFormat.wordLength <= 24 else { return false }
    for product in features.exactProducts(of: architecture.features, input: inputFormat) {
      guard isExact(product.bound, product.fractionBits, product.requantizer) else { return false }
    }
    // The entries of a table of magnitudes.
    guard features.envelopes.allSatisfy({ $0.format.wordLength <= 50 }) else { return false }
    return layers.indices.allSatisfy { index in
      let layer = layers[index]
      let active = powerOfTwo(layer.activeFractionBits - layer.accumulatorFractionBits)
      return bounds(ofLayer: index).allSatisfy {
        isExact($0 * active, layer.activeFractionBits, layer.result)
      }
    }
  }
}
