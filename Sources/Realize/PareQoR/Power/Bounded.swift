/// A figure that is known within a range.
public struct Bounded: Hashable, Sendable, Codable {
  public let low: Double
  public let typical: Double
  public let high: Double

  /// - Precondition: low <= typical <= high, all finite.
  public init(low: Double, typical: Double, high: Double) {
    precondition(
      low <= typical && typical <= high && low.isFinite && high.isFinite,
      "a range of \(low), \(typical), \(high)")
    self.low = low
    self.typical = typical
    self.high = high
  }

  public static let zero = Bounded(low: 0, typical: 0, high: 0)

  /// Ends are added to ends: as if all errors had the same sign, which is the widest that the sum can be.
  public static func + (a: Bounded, b: Bounded) -> Bounded {
    Bounded(low: a.low + b.low, typical: a.typical + b.typical, high: a.high + b.high)
  }

  /// - Precondition: the factor is not negative.
  public static func * (a: Bounded, factor: Double) -> Bounded {
    precondition(factor >= 0, "a range times \(factor)")
    return Bounded(low: a.low * factor, typical: a.typical * factor, high: a.high * factor)
  }
}
