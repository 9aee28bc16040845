/// One signed digit: `±2^exponent`.
public struct SignedDigit: Hashable, Sendable, Codable {
  public let exponent: Int
  public let isNegative: Bool

  public init(exponent: Int, isNegative: Bool) {
    self.exponent = exponent
    self.isNegative = isNegative
  }

  public var value: Double { isNegative ? -powerOfTwo(exponent) : powerOfTwo(exponent) }
}

/// The canonical signed-digit form of an integer: no two neighbouring digits, so the fewest possible.
///
/// - Returns: digits from the lowest exponent up; empty for 0. Their sum is `value`.
/// - Complexity: O(number of bits).
/// - Source: Reitwiesner, Binary Arithmetic, Advances in Computers 1, 1960.
public func canonicalSignedDigits(of value: Int64) -> [SignedDigit] {
  precondition(value.magnitude < 1 << 62, "\(value) is too large for signed digits")
  var digits: [SignedDigit] = []
  var rest = value
  var exponent = 0
  while rest != 0 {
    if rest & 1 == 1 {
      // Rest mod 4 is 1 or 3; taking +1 or -1 makes the next bit 0.
      let digit: Int64 = rest & 3 == 1 ? 1 : -1
      digits.append(SignedDigit(exponent: exponent, isNegative: digit < 0))
      rest -= digit
    }
    rest >>= 1
    exponent += 1
  }
  return digits
}
