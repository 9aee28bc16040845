public import PareNetwork
public import PareNumerics

/// What follows a convolution's accumulator.
public enum FixedActivation: Hashable, Sendable, Codable {
  /// The output layer: nothing.
  case identity
  case relu
  /// An odd table; see ``OddTable``.
  case lookup(OddTable)
}

/// One convolution in integers.
public struct FixedLayer: Hashable, Sendable, Codable {
  public let shape: LayerShape
  /// Integer weights, each `weight * 2^weightFractionBits`.
  ///
  /// - Shape: flat `[out][in][tap]`, tap 0 is the newest sample.
  public let taps: [Int64]
  public let weightFractionBits: Int
  /// In units of the accumulator, `2^-accumulatorFractionBits`.
  ///
  /// - Shape: `[out]`.
  public let biases: [Int64]
  /// Fraction bits of the exact sum: those of the layer's input plus those of its weights.
  public let accumulatorFractionBits: Int
  public let activation: FixedActivation
  /// Format, rounding and overflow of the layer's result.
  public let result: Requantizer

  public init(
    shape: LayerShape, taps: [Int64], weightFractionBits: Int, biases: [Int64],
    accumulatorFractionBits: Int, activation: FixedActivation, result: Requantizer
  ) {
    precondition(
      taps.count == shape.weightCount && biases.count == shape.outputChannels,
      "\(taps.count) taps and \(biases.count) biases for \(shape)")
    self.shape = shape
    self.taps = taps
    self.weightFractionBits = weightFractionBits
    self.biases = biases
    self.accumulatorFractionBits = accumulatorFractionBits
    self.activation = activation
    self.result = result
  }
}

/// A network in integers: the contract line.
///
/// Every floor below this type must give the same bits as ``run(_:segments:)``.
public struct FixedNetwork: Hashable, Sendable, Codable {
  public let architecture: Architecture
  public let inputFormat: WordFormat
  public let layers: [FixedLayer]

  public init(architecture: Architecture, inputFormat: WordFormat, layers: [FixedLayer]) {
    precondition(layers.map(\.shape) == architecture.layerShapes, "layers do not fit")
    var fractionBits = inputFormat.fractionBits
    for layer in layers {
      precondition(
        layer.accumulatorFractionBits == fractionBits + layer.weightFractionBits,
        "accumulator of \(layer.accumulatorFractionBits) fraction bits")
      fractionBits = layer.result.format.fractionBits
    }
    precondition(
      !architecture.hasSkip || layers.last!.accumulatorFractionBits >= inputFormat.fractionBits,
      "the skip needs an accumulator at least as fine as the input")
    self.architecture = architecture
    self.inputFormat = inputFormat
    self.layers = layers
  }

  public var outputFormat: WordFormat { layers.last!.result.format }

  /// Integer weights that are not zero, biases not counted.
  public var nonZeroCount: Int { layers.reduce(0) { $0 + $1.taps.count { $0 != 0 } } }
}
