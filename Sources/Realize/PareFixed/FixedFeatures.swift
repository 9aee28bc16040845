public import PareNetwork
public import PareNumerics

/// How the features of a network are computed from the words of its signal.
///
/// Products, and sums of two products, are exact, and each is requantized before it is used again. The envelopes are those of
/// `[Feature].envelopes`, each made as `Feature.Envelope.Origin` says; `|x|` is looked up in a table over the words of `|x|^2`.
/// All features share them. A feature that is an envelope is its word; one with a carrier is the carrier times the envelope,
/// either of them delayed, requantized once more; a channel alone is its word. Words before the first sample are 0.
public struct FixedFeatures: Hashable, Sendable, Codable {
  /// What each envelope is brought to, in the order of `[Feature].envelopes`.
  public let envelopes: [Requantizer]
  /// What the products of a channel and an envelope are brought to, in the order of the features that are one.
  public let products: [Requantizer]
  /// From the words of `|x|^2` to those of `|x|`; nil where no feature needs that. Its first entry is 0.
  public let magnitude: OddTable?

  public init(
    envelopes: [Requantizer] = [], products: [Requantizer] = [], magnitude: OddTable? = nil
  ) {
    precondition(
      magnitude.map { $0.values[0] == 0 } ?? true, "a signal of zeros would have a magnitude")
    self.envelopes = envelopes
    self.products = products
    self.magnitude = magnitude
  }

  /// Whether there is a requantizer for every envelope and product, and a table if one is needed.
  func fit(_ architecture: Architecture) -> Bool {
    let needed = architecture.features.envelopes
    return envelopes.count == needed.count
      && products.count == architecture.features.count(where: \.isProduct)
      && (magnitude != nil) == needed.contains(.power(1))
  }

  /// The format of each feature's words.
  public func formats(of features: [Feature], input: WordFormat) -> [WordFormat] {
    let envelopes = formats(ofEnvelopes: features)
    var products = products[...]
    return features.map { feature in
      if !feature.hasEnvelope { return input }
      guard feature.isProduct else { return envelopes[feature.envelope]! }
      return products.removeFirst().format
    }
  }

  /// The format of the words of each envelope that the features need.
  package func formats(ofEnvelopes features: [Feature]) -> [Feature.Envelope: WordFormat] {
    Dictionary(uniqueKeysWithValues: zip(features.envelopes, envelopes.map(\.format)))
  }

  /// An exact result that is brought to a format.
  struct Product {
    let name: String
    /// Of its magnitude, in units of `2^-fractionBits`.
    let bound: Double
    let fractionBits: Int
    let requantizer: Requantizer
  }

  /// All products and sums of two products, in the order in which they are computed.
  func exactProducts(of features: [Feature], input: WordFormat) -> [Product] {
    let formats = formats(ofEnvelopes: features)
    func product(
      _ name: String, _ count: Double, _ a: WordFormat, _ b: WordFormat, _ requantizer: Requantizer
    ) -> Product {
      Product(
        name: name, bound: count * a.largestMagnitude * b.largestMagnitude,
        fractionBits: a.fractionBits + b.fractionBits, requantizer: requantizer)
    }
    var list = zip(features.envelopes, envelopes).compactMap { envelope, requantizer in
      let name = envelope.description
      return switch envelope.origin {
      case .squares, .correlation: product(name, 2, input, input, requantizer)
      case .product(let a, let b): product(name, 1, formats[a]!, formats[b]!, requantizer)
      case .root: nil as Product?
      }
    }
    list += zip(features.filter(\.isProduct), products).map { feature, requantizer in
      product(feature.description, 1, input, formats[feature.envelope]!, requantizer)
    }
    return list
  }

  /// Proves that no product, and no sum of two, leaves ±2^61, nor when it is moved to a finer format.
  func check(_ features: [Feature], input: WordFormat) throws(FixedError) {
    for product in exactProducts(of: features, input: input) {
      let moved = try product.requantizer.proven(
        product.bound, fractionBits: product.fractionBits, tensor: product.name
      ).bound
      guard moved < 0x1p61 else {
        throw FixedError(
          .product(feature: product.name),
          "the product \(product.name) could reach \(moved), beyond 2^61",
          hint: "use shorter word lengths for the input or the features")
      }
    }
    let formats = formats(ofEnvelopes: features)
    if let square = features.envelopes.firstIndex(of: .power(2)), let root = formats[.power(1)],
      !root.isSigned, envelopes[square].overflow == .wrap, envelopes[square].format.isSigned
    {
      throw FixedError(
        .format(tensor: "|x|^1"),
        "|x|^2 may wrap to a negative word, whose root \(root) does not hold",
        hint: "let it saturate, or make the format of |x|^1 signed")
    }
  }
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
