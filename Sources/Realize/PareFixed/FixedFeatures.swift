public import PareNetwork
public import PareNumerics

/// How the features of a network are computed from the words of its signal.
///
/// Products are exact, and each is requantized before it is used again, in this one order:
///
///     |x|^2 = x0 * x0 + x1 * x1,   |x|^4 = |x|^2 * |x|^2,   |x|^6 = |x|^4 * |x|^2,   |x|^8 = |x|^6 * |x|^2
///
/// All features share these envelopes. One that is an envelope is its word; one with a carrier is the carrier times the
/// envelope, requantized once more; a channel alone is its word.
public struct FixedFeatures: Hashable, Sendable, Codable {
  /// What `|x|^2`, `|x|^4`, ... are brought to, up to the highest power that a feature has.
  public let envelopes: [Requantizer]
  /// What the products of a channel and an envelope are brought to, in the order of the features that are one.
  public let products: [Requantizer]

  public init(envelopes: [Requantizer] = [], products: [Requantizer] = []) {
    self.envelopes = envelopes
    self.products = products
  }

  /// The format of each feature's words.
  public func formats(of features: [Feature], input: WordFormat) -> [WordFormat] {
    var products = products[...]
    return features.map { feature in
      if feature.envelopePower == 0 { return input }
      guard feature.isProduct else { return envelopes[feature.envelopePower / 2 - 1].format }
      return products.removeFirst().format
    }
  }

  /// Proves that no product, and no sum of squares, leaves ±2^61, nor when it is moved to a finer format.
  func check(_ features: [Feature], input: WordFormat) throws(FixedError) {
    func check(
      _ name: String, _ bound: Double, fractionBits: Int, to requantizer: Requantizer
    ) throws(FixedError) {
      let (_, moved) = try requantizer.proven(bound, fractionBits: fractionBits, tensor: name)
      guard moved < 0x1p61 else {
        throw FixedError(
          .product(feature: name), "the product \(name) could reach \(moved), beyond 2^61",
          hint: "use shorter word lengths for the input or the features")
      }
    }
    let signal = input.largestMagnitude
    for (index, envelope) in envelopes.enumerated() {
      let name = "|x|^\(2 * index + 2)"
      if index == 0 {
        try check(
          name, 2 * signal * signal, fractionBits: 2 * input.fractionBits, to: envelope)
      } else {
        let (a, b) = (envelopes[index - 1].format, envelopes[0].format)
        try check(
          name, a.largestMagnitude * b.largestMagnitude,
          fractionBits: a.fractionBits + b.fractionBits, to: envelope)
      }
    }
    for (feature, product) in zip(features.filter(\.isProduct), products) {
      let envelope = envelopes[feature.envelopePower / 2 - 1].format
      try check(
        feature.description, signal * envelope.largestMagnitude,
        fractionBits: input.fractionBits + envelope.fractionBits, to: product)
    }
  }
}

extension Feature {
  /// Whether the feature is a product of a channel and an envelope.
  package var isProduct: Bool { channel != nil && envelopePower > 0 }
}

extension Architecture {
  /// How many even powers of `|x|` the features need, 2 being the first.
  var envelopeCount: Int { (features.map(\.envelopePower).max() ?? 0) / 2 }
}

extension WordFormat {
  /// Of any raw value.
  var largestMagnitude: Double { max(-Double(minimumRaw), Double(maximumRaw)) }
}

extension Requantizer {
  /// The places by which a value is moved to the right, and a bound of its magnitude that holds before and after a move
  /// to the left.
  ///
  /// - Throws: ``FixedError`` when the formats are so far apart that a word could only be all zeros or all ones.
  func proven(
    _ bound: Double, fractionBits: Int, tensor: String
  ) throws(FixedError) -> (shift: Int, bound: Double) {
    let shift = fractionBits - format.fractionBits
    guard (-60...60).contains(shift) else {
      throw FixedError(
        .format(tensor: tensor),
        "\(tensor) has \(fractionBits) fraction bits before it is brought to \(format)",
        hint: "use formats whose fraction bits differ by at most 60")
    }
    return (shift, bound * powerOfTwo(max(0, -shift)))
  }
}
