import PareNumerics

/// How the products of a FIR filter are computed.
public enum FIRKernel: String, Hashable, Sendable, Codable, CaseIterable {
  /// Multiplications by constants.
  case multiply
  /// A shift and a sign: every weight is 0 or one signed power of two.
  case pot
  /// At most two shifts and an add: every weight is 0 or has one or two signed digits.
  case apot

  /// The cheapest version that the weights allow.
  init(for weights: [Int64]) {
    let digits = weights.map { Self.digits(of: $0)?.count ?? Int.max }.max() ?? 0
    self = digits <= 1 ? .pot : digits <= 2 ? .apot : .multiply
  }

  func allows(_ weight: Int64) -> Bool {
    switch self {
    case .multiply: true
    case .pot: Self.digits(of: weight).map { $0.count <= 1 } ?? false
    case .apot: Self.digits(of: weight) != nil
    }
  }

  /// The one or two digits of a weight, the larger first; nil when it has more.
  ///
  /// Two digits of one sign where the weight is such a sum, as APoT defines it; else a difference such as 8 - 1.
  static func digits(of weight: Int64) -> [SignedDigit]? {
    let bits = weight.magnitude
    if bits.nonzeroBitCount <= 2 {
      return (0..<64).reversed().filter { bits >> UInt64($0) & 1 == 1 }
        .map { SignedDigit(exponent: $0, isNegative: weight < 0) }
    }
    let digits = canonicalSignedDigits(of: weight)
    return digits.count <= 2 ? Array(digits.reversed()) : nil
  }

  var words: String {
    switch self {
    case .multiply: "regular multiplication"
    case .pot: "PoT: a shift and a sign"
    case .apot: "APoT: two shifts and an add"
    }
  }
}
