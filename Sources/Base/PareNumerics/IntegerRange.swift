/// A closed interval of integers; what a wire of a datapath can carry.
public struct IntegerRange: Hashable, Sendable, Codable, CustomStringConvertible {
  public let lower: Int64
  public let upper: Int64

  public init(_ lower: Int64, _ upper: Int64) {
    precondition(lower <= upper, "empty range \(lower)...\(upper)")
    self.lower = lower
    self.upper = upper
  }

  public init(_ value: Int64) { self.init(value, value) }

  public var description: String { "[\(lower), \(upper)]" }
  public var isConstant: Bool { lower == upper }

  public func contains(_ value: Int64) -> Bool { lower <= value && value <= upper }
  public func contains(_ other: IntegerRange) -> Bool {
    lower <= other.lower && other.upper <= upper
  }

  /// Bits of the shortest two's complement word that holds every value; at least 1.
  public var signedBits: Int {
    func bits(_ value: Int64) -> Int {
      64 - (value < 0 ? ~value : value).leadingZeroBitCount + 1
    }
    return max(bits(lower), bits(upper))
  }

  /// Smallest range that holds both.
  public func union(_ other: IntegerRange) -> IntegerRange {
    IntegerRange(min(lower, other.lower), max(upper, other.upper))
  }

  /// The sum, or nil when it leaves 64 bits.
  public func adding(_ other: IntegerRange) -> IntegerRange? {
    let (low, lowOverflow) = lower.addingReportingOverflow(other.lower)
    let (high, highOverflow) = upper.addingReportingOverflow(other.upper)
    return lowOverflow || highOverflow ? nil : IntegerRange(low, high)
  }

  /// The product with a constant, or nil when it leaves 64 bits.
  public func scaled(by factor: Int64) -> IntegerRange? {
    multiplied(by: IntegerRange(factor))
  }

  /// The product, or nil when it leaves 64 bits.
  public func multiplied(by other: IntegerRange) -> IntegerRange? {
    var corners: [Int64] = []
    for a in [lower, upper] {
      for b in [other.lower, other.upper] {
        let (product, overflow) = a.multipliedReportingOverflow(by: b)
        if overflow { return nil }
        corners.append(product)
      }
    }
    return IntegerRange(corners.min()!, corners.max()!)
  }

  /// Values limited to `other`, as a clamp does.
  public func clamped(to other: IntegerRange) -> IntegerRange {
    IntegerRange(
      min(max(lower, other.lower), other.upper), min(max(upper, other.lower), other.upper))
  }
}
