public import PareNumerics

/// One convolution whose weights lie on a quantizer's grid.
public struct QuantizedLayer: Hashable, Sendable, Codable {
  public let shape: LayerShape
  public let quantizer: Quantizer
  /// `s` of each output channel: its weights are levels of the quantizer times `2^s`. 0 without a quantizer.
  public let scaleExponents: [Int]
  /// Signed digits of each weight with absolute exponents (the scale included), highest first; nil without a quantizer.
  ///
  /// - Shape: flat `[out][in][tap]`.
  public let digits: [[SignedDigit]]?
  /// The values; exactly the sums of the digits when there are digits.
  public let weights: [Float]
  public let biases: [Float]

  public init(
    shape: LayerShape, quantizer: Quantizer, scaleExponents: [Int], digits: [[SignedDigit]]?,
    weights: [Float], biases: [Float]
  ) {
    precondition(
      weights.count == shape.weightCount && biases.count == shape.outputChannels,
      "\(weights.count) weights and \(biases.count) biases for \(shape)")
    precondition(
      scaleExponents.count == shape.outputChannels,
      "\(scaleExponents.count) scales for \(shape.outputChannels) output channels")
    precondition((digits == nil) == (quantizer == .none), "\(quantizer) and digits disagree")
    if let digits {
      precondition(digits.count == weights.count, "\(digits.count) digit lists")
      for (list, weight) in zip(digits, weights) {
        precondition(
          list.reduce(0.0) { $0 + $1.value } == Double(weight), "digits \(list) are not \(weight)")
      }
    }
    self.shape = shape
    self.quantizer = quantizer
    self.scaleExponents = scaleExponents
    self.digits = digits
    self.weights = weights
    self.biases = biases
  }
}

/// A network whose weights all lie on the grids of its layers' quantizers; biases are still floats.
public struct QuantizedNetwork: Hashable, Sendable {
  public let architecture: Architecture
  public let scheme: QuantizationScheme
  /// In the order of ``Architecture/layerShapes``.
  public let layers: [QuantizedLayer]
  /// Which weights pruning kept; a kept one may still have been quantized to 0.
  public let mask: Mask

  /// - Parameter mask: the weights that are not zero when absent.
  /// - Precondition: layers have the shapes of the architecture and the quantizers of the scheme, masked weights are 0,
  ///   tied weights agree, and biases that the architecture does not have are 0.
  public init(
    architecture: Architecture, scheme: QuantizationScheme, layers: [QuantizedLayer],
    mask: Mask? = nil
  ) {
    precondition(layers.map(\.shape) == architecture.layerShapes, "layers do not fit")
    precondition(
      layers.indices.allSatisfy { layers[$0].quantizer == scheme.quantizer(ofLayer: $0) },
      "layers of \(layers.map(\.quantizer)) for \(scheme)")
    architecture.requireTies(layers.map(\.weights), biases: layers.map(\.biases))
    let mask = mask ?? Mask(layers: layers.map { $0.weights.map { $0 != 0 } })
    precondition(
      mask.layers.map(\.count) == layers.map(\.weights.count), "the mask does not fit the layers")
    for (layer, kept) in zip(layers, mask.layers) {
      precondition(
        zip(layer.weights, kept).allSatisfy { $1 || $0 == 0 }, "a pruned weight is not zero")
    }
    self.architecture = architecture
    self.scheme = scheme
    self.layers = layers
    self.mask = mask
  }

  /// Weights that are not zero, biases not counted; at most the mask's count.
  public var nonZeroCount: Int {
    layers.reduce(0) { $0 + $1.weights.count { $0 != 0 } }
  }

  /// The same weights and mask as a float network.
  public var network: Network {
    Network(
      architecture: architecture,
      layers: layers.map { Layer(shape: $0.shape, weights: $0.weights, biases: $0.biases) },
      mask: mask)
  }
}
