import PareText

/// The nonlinearity between two convolutions; the last convolution has none.
public enum Activation: Hashable, Sendable {
  /// `max(x, 0)`.
  case relu
  /// `x` where it is positive, else `x * 2^-shift`; 1 to 8.
  case leakyReLU(shift: Int)
  /// `x` limited to -1...1.
  case hardTanh
  case tanh

  /// The names that ``init(parsing:)`` reads.
  public static let spellings = "relu, leaky[:SHIFT], hardtanh, tanh"

  /// Reads what ``rawValue`` prints; `leaky` is `leaky:3`, a slope of one eighth.
  ///
  /// - Throws: ``NetworkError`` when the name or the shift is not one.
  public init(parsing text: String) throws(NetworkError) {
    let parts = text.lowercased().split(separator: ":", omittingEmptySubsequences: false)
    switch (parts[0], parts.count) {
    case ("relu", 1): self = .relu
    case ("hardtanh", 1): self = .hardTanh
    case ("tanh", 1): self = .tanh
    case ("leaky", 1): self = .leakyReLU(shift: 3)
    case ("leaky", 2):
      guard let shift = Int(parts[1]), (1...8).contains(shift) else {
        throw NetworkError(
          .architecture, "'\(text)' has no slope 2^-SHIFT", hint: "give a shift from 1 to 8")
      }
      self = .leakyReLU(shift: shift)
    default:
      let near = nearestWord(to: String(parts[0]), among: ["relu", "leaky", "hardtanh", "tanh"])
      throw NetworkError(
        .architecture, "'\(text)' is not an activation",
        hint: (near.map { $0 == parts[0] ? "" : "did you mean '\($0)'? " } ?? "")
          + "known: \(Activation.spellings)")
    }
  }
}

extension Activation: RawRepresentable, Codable {
  /// `relu`, `leaky:3`, `hardtanh`, `tanh`.
  public var rawValue: String {
    switch self {
    case .relu: "relu"
    case .leakyReLU(let shift): "leaky:\(shift)"
    case .hardTanh: "hardtanh"
    case .tanh: "tanh"
    }
  }

  public init?(rawValue: String) {
    guard let value = try? Activation(parsing: rawValue) else { return nil }
    self = value
  }

  public init(from decoder: any Decoder) throws {
    try self.init(parsing: decoder.singleValueContainer().decode(String.self))
  }

  public func encode(to encoder: any Encoder) throws {
    var container = encoder.singleValueContainer()
    try container.encode(rawValue)
  }
}
