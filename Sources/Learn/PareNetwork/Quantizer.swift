import PareText

/// The set of values that a weight may take, up to one power-of-two scale `2^s` per layer.
///
/// Exponents run over `0, -1, ..., -(2^(bits-1) - 1)`: one bit for the sign, the rest for the exponent; zero is what the
/// mask prunes, or an absent term.
public enum Quantizer: Hashable, Sendable {
  /// Any float.
  case none
  /// 0 or `± 2^s * 2^-e`.
  case pot(bits: Int)
  /// `± 2^s * (t_0 + ... + t_(terms-1))` with one common sign; term `i` is 0 or a power whose `e` leaves the remainder `i`
  /// when divided by `terms` (so that every term has a set of its own: `{1, 2^-2, ...}` and `{2^-1, 2^-3, ...}` for two).
  case apot(terms: Int, bits: Int)
  /// The sum of at most `count` signed digits `± 2^s * 2^-e` with distinct `e` in 0...7.
  case digits(Int)
  /// A signed integer of `wordLength` bits times `2^s`.
  case fixed(wordLength: Int)

  /// The names that ``init(parsing:)`` reads.
  public static let spellings = "none, pot[:BITS], apot[:TERMS[:BITS]], digits:N, fixed:W"
}

extension Quantizer: CustomStringConvertible, Codable {
  /// `none`, `pot:4`, `apot:2:4`, `digits:2`, `fixed:8`.
  public var description: String {
    switch self {
    case .none: "none"
    case .pot(let bits): "pot:\(bits)"
    case .apot(let terms, let bits): "apot:\(terms):\(bits)"
    case .digits(let count): "digits:\(count)"
    case .fixed(let wordLength): "fixed:\(wordLength)"
    }
  }

  /// Reads what ``description`` prints; `pot` is `pot:4`, `apot` is `apot:2:4`.
  ///
  /// - Throws: ``NetworkError`` when the name or a number is not one.
  public init(parsing text: String) throws(NetworkError) {
    let parts = text.split(separator: ":", omittingEmptySubsequences: false).map(String.init)
    let numbers = parts.dropFirst().map { Int($0) ?? -1 }
    func number(_ index: Int, or standard: Int?, in range: ClosedRange<Int>) -> Int? {
      let value = index < numbers.count ? numbers[index] : standard
      return value.flatMap { range.contains($0) ? $0 : nil }
    }
    let parsed: Quantizer? =
      switch (parts.first?.lowercased() ?? "", numbers.count) {
      case ("none", 0): Quantizer.none
      case ("pot", 0...1): number(0, or: 4, in: 2...5).map { .pot(bits: $0) }
      case ("apot", 0...2):
        number(0, or: 2, in: 2...4).flatMap { terms in
          number(1, or: 4, in: 2...5).map { .apot(terms: terms, bits: $0) }
        }
      case ("digits", 1): number(0, or: nil, in: 1...8).map { .digits($0) }
      case ("fixed", 1): number(0, or: nil, in: 2...24).map { .fixed(wordLength: $0) }
      default: nil
      }
    guard let parsed else {
      let near = nearestWord(
        to: parts.first ?? "", among: ["none", "pot", "apot", "digits", "fixed"])
      throw NetworkError(
        .quantizer, "'\(text)' is not a quantizer",
        hint: (near.map { $0 == parts.first ? "" : "did you mean \($0)? " } ?? "")
          + "known: \(Quantizer.spellings)")
    }
    self = parsed
  }

  public init(from decoder: any Decoder) throws {
    try self.init(parsing: decoder.singleValueContainer().decode(String.self))
  }

  public func encode(to encoder: any Encoder) throws {
    var container = encoder.singleValueContainer()
    try container.encode(description)
  }
}
