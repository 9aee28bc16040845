public import PareNumerics

/// Coefficients as few signed digits, chosen on the quadratic error.
///
/// A digit has a price; what is minimized is `error + price * digits`. For a falling row of prices the coefficients are
/// rounded one after the other, the others refitted exactly, and then moved alone and in pairs while the sum falls.
public struct DigitBudget: Hashable, Sendable {
  /// Signed digits, the largest first; none for a coefficient of 0.
  public let digits: [[SignedDigit]]
  /// Least error without digits, and the error with them.
  public let leastError: Double
  public let error: Double

  public var digitCount: Int { digits.reduce(0) { $0 + $1.count } }
  public var coefficients: [Double] { digits.map { $0.reduce(0) { $0 + $1.value } } }

  /// Digits of one coefficient at most.
  static let most = 6

  /// - Parameters:
  ///   - excess: the fewest digits with an error of at most `1 + excess` times the least are taken, if they keep the limit.
  ///   - limit: most digits in all.
  ///   - lowestExponent: of the smallest digit.
  /// - Throws: ``PredistortionError``; `CancellationError`.
  init(
    _ quadratic: QuadraticError, excess: Double, limit: Int = .max, lowestExponent: Int = -14
  ) throws {
    let free = try quadratic.solution()
    let inverse = try quadratic.inverse()
    let least = quadratic.error(of: free)
    let partners = PricedRounding.partners(in: quadratic)
    var best: (values: [Double], digits: Int, error: Double)?
    var last: PricedRounding?
    // From half the least error for each digit, which leaves one or two for a coefficient, in steps of 1.5 dB.
    var price = 0.5 * least
    for _ in 0..<30 {
      try Task.checkCancellation()
      defer { price *= 0.7 }
      var fresh = PricedRounding(
        quadratic, price: price, lowest: lowestExponent, partners: partners)
      fresh.round(free, inverse)
      fresh.descend()
      if var warm = last {
        warm.price = price
        warm.descend()
        if warm.total < fresh.total { fresh = warm }
      }
      last = fresh
      if fresh.digitCount > limit { fresh.thin(to: limit) }
      let found = (fresh.values, fresh.digitCount, quadratic.error(of: fresh.values))
      guard found.1 <= limit else { continue }
      if found.2 < best?.error ?? .infinity { best = found }
      if found.2 <= least * (1 + excess) { break }
      // Many more than may be kept: lower prices only buy more that must go again.
      if last!.digitCount - limit > limit / 8 { break }
    }
    guard let best else {
      throw PredistortionError(
        .badRequest(reason: "\(quadratic.count) coefficients do not fit into \(limit) digits"))
    }
    digits = best.values.map { Self.digits(of: $0, lowest: lowestExponent) }
    leastError = least
    error = best.error
  }

  /// A value near `value` with at most so many signed digits: the nearest power again and again.
  static func nearest(_ value: Double, digits: Int, lowest: Int) -> Double {
    var sum = 0.0
    for _ in 0..<digits {
      guard let digit = digit(near: value - sum, lowest: lowest) else { break }
      sum += digit
    }
    return sum
  }

  /// The power of two, with a sign, that is nearest; nil where 0 is nearer.
  static func digit(near value: Double, lowest: Int) -> Double? {
    let size = abs(value)
    guard size >= powerOfTwo(lowest - 1) else { return nil }
    let below = max(Int(size.exponent), lowest)
    let exponent = size > 1.5 * powerOfTwo(below) ? below + 1 : below
    return value < 0 ? -powerOfTwo(exponent) : powerOfTwo(exponent)
  }

  static func digits(of value: Double, lowest: Int) -> [SignedDigit] {
    canonicalSignedDigits(of: Int64(value * powerOfTwo(-lowest))).reversed()
      .map { SignedDigit(exponent: $0.exponent + lowest, isNegative: $0.isNegative) }
  }
}
