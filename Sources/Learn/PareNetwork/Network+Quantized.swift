import PareNumerics

extension Network {
  /// Rounds every weight to the nearest level of its layer's quantizer.
  ///
  /// A scale `2^s` is the one with the least sum of squared rounding errors over the kept weights that share it; of equal
  /// ones the smallest. Biases stay as they are. Pruned weights stay 0, and a small kept one may round to 0.
  ///
  /// - Precondition: the scheme fits the architecture; see ``QuantizationScheme/validate(for:)``.
  public func quantized(by scheme: QuantizationScheme) -> QuantizedNetwork {
    QuantizedNetwork(
      architecture: architecture, scheme: scheme,
      layers: layers.enumerated().map { index, layer in
        let quantizer = scheme.quantizer(ofLayer: index)
        guard let grid = quantizer.grid else {
          return QuantizedLayer(
            shape: layer.shape, quantizer: quantizer,
            scaleExponents: Array(repeating: 0, count: layer.shape.outputChannels), digits: nil,
            weights: layer.weights, biases: layer.biases)
        }
        let scales = scaleExponents(ofLayer: index, for: grid, scheme.scale)
        let row = layer.shape.inputChannels * layer.shape.kernelSize
        return QuantizedLayer(
          shape: layer.shape, quantizer: quantizer, scaleExponents: scales,
          values: layer.weights.enumerated().map { position, weight in
            grid.nearest(to: Double(weight), scaleExponent: scales[position / row])
          },
          biases: layer.biases)
      }, mask: mask)
  }

  /// The scale exponent of each output channel of a layer that rounds its weights best.
  public func scaleExponents(
    ofLayer index: Int, for grid: QuantizerGrid, _ granularity: ScaleGranularity
  ) -> [Int] {
    let layer = layers[index]
    let channels = layer.shape.outputChannels
    let isTied = index == architecture.branchLayer && architecture.branch?.structure == .complex
    if granularity == .layer || isTied {
      return Array(repeating: grid.bestScaleExponent(for: layer.weights), count: channels)
    }
    let row = layer.shape.inputChannels * layer.shape.kernelSize
    return (0..<channels).map { channel in
      grid.bestScaleExponent(for: Array(layer.weights[(channel * row)..<(channel + 1) * row]))
    }
  }
}

extension QuantizedLayer {
  /// A layer made of quantized values.
  public init(
    shape: LayerShape, quantizer: Quantizer, scaleExponents: [Int], values: [QuantizedValue],
    biases: [Float]
  ) {
    self.init(
      shape: shape, quantizer: quantizer, scaleExponents: scaleExponents,
      digits: values.map(\.digits), weights: values.map { Float($0.value) }, biases: biases)
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
