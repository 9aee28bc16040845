public import PareNetwork
public import PareNumerics

/// The word formats that a network is brought to: one per tensor.
public struct FixedFormats: Hashable, Sendable, Codable {
  public var input: WordFormat
  /// One per envelope that the features need, in the order of `[Feature].envelopes`; see ``FixedFeatures``.
  public var envelopes: [WordFormat]
  /// Of the features that are a product of a channel and an envelope, in their order.
  public var products: [WordFormat]
  /// One per hidden convolution: what its activation is rounded to.
  public var activations: [WordFormat]
  public var output: WordFormat
  /// One per layer, the branch last. For weights without a quantizer only; signed digits are exact as they are.
  public var weights: [WordFormat]
  /// One per convolution. Empty: biases are as fine as the sums that they join, where they cost least.
  public var biases: [WordFormat]
  public var rounding: Rounding
  public var overflow: Overflow
  /// A tanh table has `2^tanhTableBits` entries for one sign.
  public var tanhTableBits: Int
  /// A table from `|x|^2` to `|x|` has at most `2^magnitudeTableBits` entries; 11 hold every word of 12 bits.
  public var magnitudeTableBits: Int

  public init(
    input: WordFormat, envelopes: [WordFormat] = [], products: [WordFormat] = [],
    activations: [WordFormat], output: WordFormat, weights: [WordFormat],
    biases: [WordFormat] = [], rounding: Rounding = .nearest, overflow: Overflow = .saturate,
    tanhTableBits: Int = 10, magnitudeTableBits: Int = 11
  ) {
    precondition((2...14).contains(tanhTableBits), "tanh table of 2^\(tanhTableBits) entries")
    precondition(
      (2...14).contains(magnitudeTableBits), "magnitudes of 2^\(magnitudeTableBits) entries")
    self.input = input
    self.envelopes = envelopes
    self.products = products
    self.activations = activations
    self.output = output
    self.weights = weights
    self.biases = biases
    self.rounding = rounding
    self.overflow = overflow
    self.tanhTableBits = tanhTableBits
    self.magnitudeTableBits = magnitudeTableBits
  }

  /// One format everywhere; `<16,6>` is the paper's choice.
  public static func uniform(
    _ format: WordFormat = .paper, for architecture: Architecture
  ) -> FixedFormats {
    func list(_ count: Int) -> [WordFormat] { Array(repeating: format, count: count) }
    return FixedFormats(
      input: format, envelopes: list(architecture.features.envelopes.count),
      products: list(architecture.features.count(where: \.isProduct)),
      activations: list(architecture.hiddenChannels.count), output: format,
      weights: list(architecture.layerCount))
  }

  /// - Precondition: as many formats as the architecture has tensors.
  func requireFit(_ architecture: Architecture) {
    let expected = FixedFormats.uniform(for: architecture)
    for (name, own, other) in [
      ("envelopes", envelopes, expected.envelopes), ("products", products, expected.products),
      ("activations", activations, expected.activations), ("weights", weights, expected.weights),
    ] {
      precondition(own.count == other.count, "\(own.count) formats for \(other.count) \(name)")
    }
    precondition(
      biases.isEmpty || biases.count == architecture.convolutions,
      "\(biases.count) formats for the biases of \(architecture.convolutions) convolutions")
  }
}

extension FixedFormats {
  /// Standard deviation of what the integers take from the hidden activations of the coarsest layer: the rounding to its
  /// format, and for tanh the steps of its table. 0 without hidden layers.
  ///
  /// Errors that are uniform over a step have a variance of a twelfth of its square.
  public func activationRounding(of activation: Activation) -> Double {
    let steps = activations.map { format in
      switch activation {
      case .relu, .leakyReLU, .hardTanh: format.resolution
      case .tanh:
        max(
          format.resolution,
          powerOfTwo(-OddTable.requiredFractionBits(bits: tanhTableBits, result: format)))
      }
    }
    return (steps.max() ?? 0) / 12.0.squareRoot()
  }
}
