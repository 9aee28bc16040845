import PareNumerics

extension Network {
  /// Rounds every weight to the nearest level of a quantizer.
  ///
  /// The scale `2^s` of a layer is the one with the least sum of squared rounding errors over its kept weights; of equal
  /// ones the smallest. Biases stay as they are. Pruned weights stay 0, and a small kept one may round to 0.
  public func quantized(by quantizer: Quantizer) -> QuantizedNetwork {
    guard let grid = quantizer.grid else {
      return QuantizedNetwork(
        architecture: architecture, quantizer: quantizer,
        layers: layers.map {
          QuantizedLayer(
            shape: $0.shape, scaleExponent: 0, digits: nil, weights: $0.weights, biases: $0.biases)
        }, mask: mask)
    }
    return QuantizedNetwork(
      architecture: architecture, quantizer: quantizer,
      layers: layers.map { layer in
        let scale = grid.bestScaleExponent(for: layer.weights)
        return QuantizedLayer(
          shape: layer.shape, scaleExponent: scale,
          values: layer.weights.map { grid.nearest(to: Double($0), scaleExponent: scale) },
          biases: layer.biases)
      }, mask: mask)
  }
}

extension QuantizedLayer {
  /// A layer made of quantized values.
  public init(
    shape: LayerShape, scaleExponent: Int, values: [QuantizedValue], biases: [Float]
  ) {
    self.init(
      shape: shape, scaleExponent: scaleExponent, digits: values.map(\.digits),
      weights: values.map { Float($0.value) }, biases: biases)
  }
}

extension QuantizerGrid {
  /// `s` with the least sum of squared rounding errors; of equal ones the smallest. 0 when all weights are 0.
  ///
  /// Looks at scales whose largest level lies between an eighth of the largest weight and four times it: below, clipping
  /// that weight alone costs more than any scale above; from twice it on, a coarser scale is no better than a finer one.
  public func bestScaleExponent(for weights: [Float]) -> Int {
    let live = weights.filter { $0 != 0 }.map(Double.init)
    guard let peak = live.map(\.magnitude).max() else { return 0 }
    let center = (peak / largest).exponent
    let errors = (Int(center) - 2...Int(center) + 2).map { scale in
      (
        scale,
        live.reduce(0.0) {
          let error = nearest(to: $1, scaleExponent: scale).value - $1
          return $0 + error * error
        }
      )
    }
    return errors.min { $0.1 < $1.1 }!.0
  }
}
