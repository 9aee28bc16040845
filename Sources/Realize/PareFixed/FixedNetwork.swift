public import PareNetwork
public import PareNumerics

/// What follows a convolution's accumulator.
public enum FixedActivation: Hashable, Sendable, Codable {
  /// The output layer: nothing.
  case identity
  case relu
  /// `b` is read with `shift` more fraction bits: as `b * 2^shift` where it is positive, else as `b`, which is `b * 2^-shift`.
  case leakyReLU(shift: Int)
  /// The accumulator limited to -1...1, that is to `±2^accumulatorFractionBits`. If the layer's format does not hold 1, the
  /// saturation that follows makes it the largest word.
  case hardTanh
  /// An odd table; see ``OddTable``.
  case lookup(OddTable)
}

/// One convolution of the stack in integers.
public struct FixedLayer: Hashable, Sendable, Codable {
  public let shape: LayerShape
  /// Integer weights, each `weight * 2^(accumulatorFractionBits - f)` where `f` are the fraction bits of its input channel:
  /// products of channels in different formats meet in units of the accumulator.
  ///
  /// - Shape: flat `[out][in][tap]`, tap 0 is the newest sample.
  public let taps: [Int64]
  /// In units of the accumulator, `2^-accumulatorFractionBits`.
  ///
  /// - Shape: `[out]`.
  public let biases: [Int64]
  /// Fraction bits of the exact sum.
  public let accumulatorFractionBits: Int
  public let activation: FixedActivation
  /// Format, rounding and overflow of the layer's result.
  public let result: Requantizer

  public init(
    shape: LayerShape, taps: [Int64], biases: [Int64], accumulatorFractionBits: Int,
    activation: FixedActivation, result: Requantizer
  ) {
    precondition(
      taps.count == shape.weightCount && biases.count == shape.outputChannels,
      "\(taps.count) taps and \(biases.count) biases for \(shape)")
    self.shape = shape
    self.taps = taps
    self.biases = biases
    self.accumulatorFractionBits = accumulatorFractionBits
    self.activation = activation
    self.result = result
  }

  /// Fraction bits that the activation gives its result before it is requantized.
  package var activeFractionBits: Int {
    switch activation {
    case .leakyReLU(let shift): accumulatorFractionBits + shift
    case .identity, .relu, .hardTanh, .lookup: accumulatorFractionBits
    }
  }

  /// Whether zeros in give zeros out.
  var isQuiet: Bool {
    let rests = if case .lookup(let table) = activation { table.values[0] == 0 } else { true }
    return rests && biases.allSatisfy { $0 == 0 }
  }
}

/// The linear branch in integers; its sums join those of the output layer before the one requantization.
public struct FixedBranch: Hashable, Sendable, Codable {
  public let shape: LayerShape
  /// In units of the output layer's accumulator per word of the input.
  ///
  /// - Shape: flat `[out][in][tap]`.
  public let taps: [Int64]

  public init(shape: LayerShape, taps: [Int64]) {
    precondition(taps.count == shape.weightCount, "\(taps.count) taps for \(shape)")
    self.shape = shape
    self.taps = taps
  }
}

/// A network in integers: the contract line.
///
/// Every floor below this type must give the same bits as ``run(_:segments:)``.
public struct FixedNetwork: Hashable, Sendable, Codable {
  public let architecture: Architecture
  public let inputFormat: WordFormat
  public let features: FixedFeatures
  /// The stack's convolutions from input to output.
  public let layers: [FixedLayer]
  public let branch: FixedBranch?

  public init(
    architecture: Architecture, inputFormat: WordFormat, features: FixedFeatures,
    layers: [FixedLayer], branch: FixedBranch? = nil
  ) {
    precondition(
      layers.map(\.shape) + (branch.map { [$0.shape] } ?? []) == architecture.layerShapes,
      "layers do not fit")
    precondition(features.fit(architecture), "formats do not fit the features")
    precondition(
      !architecture.hasSkip || layers.last!.accumulatorFractionBits >= inputFormat.fractionBits,
      "the skip needs an accumulator at least as fine as the input")
    self.architecture = architecture
    self.inputFormat = inputFormat
    self.features = features
    self.layers = layers
    self.branch = branch
  }

  public var outputFormat: WordFormat { layers.last!.result.format }

  /// The format of each input channel of a convolution.
  public func inputFormats(ofLayer index: Int) -> [WordFormat] {
    index == 0
      ? features.formats(of: architecture.features, input: inputFormat)
      : Array(
        repeating: layers[index - 1].result.format, count: layers[index].shape.inputChannels)
  }

  /// Integer weights that are not zero, biases not counted.
  public var nonZeroCount: Int {
    (layers.map(\.taps) + (branch.map { [$0.taps] } ?? []))
      .reduce(0) { $0 + $1.count { $0 != 0 } }
  }

  /// What a word of the input is multiplied by to be added to the output's accumulator.
  var skipTap: Int64 {
    Int64(1) << Int64(layers.last!.accumulatorFractionBits - inputFormat.fractionBits)
  }

  /// Samples by which the stack's output must wait for the branch's future.
  package var stackLag: Int { architecture.futureSamples - architecture.lookAhead }

  /// Delay of the branch's newest tap against the signal as it comes in.
  package var branchLag: Int { architecture.futureSamples - (architecture.branch?.lookAhead ?? 0) }
}
