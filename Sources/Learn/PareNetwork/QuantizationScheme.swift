import PareText

/// How widely one power-of-two scale is shared.
public enum ScaleGranularity: String, Hashable, Sendable, Codable, CaseIterable {
  /// One scale for a layer.
  case layer
  /// One for each output channel of a layer; a complex branch has one for all the same.
  case channel
}

/// The quantizer of every layer and how its scale is shared.
///
///     QuantizationScheme.apot(terms: 2, bits: 4)
///     try QuantizationScheme(parsing: "pot,apot/channel")    // pot in the first layer, apot in the second
public struct QuantizationScheme: Hashable, Sendable {
  /// One for all layers, or one for each in the order of ``Architecture/layerShapes``.
  public let quantizers: [Quantizer]
  public let scale: ScaleGranularity

  /// - Precondition: at least one quantizer.
  public init(_ quantizers: [Quantizer], scale: ScaleGranularity = .layer) {
    precondition(!quantizers.isEmpty, "no quantizer")
    self.quantizers = Set(quantizers).count == 1 ? [quantizers[0]] : quantizers
    self.scale = scale
  }

  public init(_ quantizer: Quantizer, scale: ScaleGranularity = .layer) {
    self.init([quantizer], scale: scale)
  }

  public static let none = QuantizationScheme(Quantizer.none)

  public static func pot(bits: Int = 4) -> QuantizationScheme { Self(.pot(bits: bits)) }

  public static func apot(terms: Int = 2, bits: Int = 4) -> QuantizationScheme {
    Self(.apot(terms: terms, bits: bits))
  }

  public static func digits(_ count: Int) -> QuantizationScheme { Self(.digits(count)) }

  public static func fixed(wordLength: Int) -> QuantizationScheme {
    Self(.fixed(wordLength: wordLength))
  }

  /// The quantizer of a layer.
  public func quantizer(ofLayer layer: Int) -> Quantizer {
    quantizers.count == 1 ? quantizers[0] : quantizers[layer]
  }

  /// Whether no layer has a quantizer.
  public var isNone: Bool { quantizers == [.none] }

  /// - Throws: ``NetworkError`` when the list is neither one quantizer nor one for each layer.
  public func validate(for architecture: Architecture) throws(NetworkError) {
    guard quantizers.count == 1 || quantizers.count == architecture.layerCount else {
      throw NetworkError(
        .quantizer, "\(quantizers.count) quantizers for \(architecture.layerCount) layers",
        hint: "give one for all, or one for each layer"
          + (architecture.branch == nil ? "" : ", the branch last"))
    }
  }
}

extension QuantizationScheme: CustomStringConvertible, Codable {
  public static let spellings =
    "one of \(Quantizer.spellings), or a list with one for each layer; /channel for a scale per channel"

  /// `apot:2:4`, `pot:4,apot:2:4`, `digits:2/channel`.
  public var description: String {
    quantizers.map(\.description).joined(separator: ",") + (scale == .channel ? "/channel" : "")
  }

  /// Reads what ``description`` prints.
  ///
  /// - Throws: ``NetworkError`` when a part is no quantizer or no granularity.
  public init(parsing text: String) throws(NetworkError) {
    let parts = text.split(separator: "/", omittingEmptySubsequences: false).map(String.init)
    guard parts.count <= 2,
      let scale = ScaleGranularity(rawValue: parts.count == 2 ? parts[1] : "layer")
    else {
      let near = nearestWord(to: parts[1], among: ScaleGranularity.allCases.map(\.rawValue))
      throw NetworkError(
        .quantizer, "'\(text)' does not end in a granularity of the scale",
        hint: (near.map { "did you mean '/\($0)'? " } ?? "") + "write /layer or /channel")
    }
    var quantizers: [Quantizer] = []
    for part in parts[0].split(separator: ",", omittingEmptySubsequences: false) {
      quantizers.append(try Quantizer(parsing: String(part)))
    }
    self.init(quantizers, scale: scale)
  }

  public init(from decoder: any Decoder) throws {
    try self.init(parsing: decoder.singleValueContainer().decode(String.self))
  }

  public func encode(to encoder: any Encoder) throws {
    var container = encoder.singleValueContainer()
    try container.encode(description)
  }
}
