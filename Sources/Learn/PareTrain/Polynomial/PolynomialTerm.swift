/// One complex basis signal of a polynomial with memory: `x[n - delay] |x[n - delay - lag]|^order`.
///
/// A positive lag takes the envelope of an older sample (lagging), a negative one that of a newer sample (leading), and 0
/// the sample's own (aligned, the only kind of a plain memory polynomial). Order 0 is the linear term `x[n - delay]`.
///
/// - Source: Morgan, Ma, Kim, Zierdt, Pastalan, A Generalized Memory Polynomial Model for Digital Predistortion of RF
///   Power Amplifiers, IEEE Transactions on Signal Processing 54 (10), 2006, doi:10.1109/TSP.2006.879264, equation 24.
public struct PolynomialTerm: Hashable, Sendable, Codable, CustomStringConvertible {
  /// Samples by which the signal is late; negative for samples of the future.
  public let delay: Int
  /// Samples by which the envelope is older than the signal; 0 for a linear term.
  public let lag: Int
  /// Power of the envelope.
  public let order: Int

  /// - Precondition: `order` is not negative.
  public init(delay: Int, lag: Int = 0, order: Int = 0) {
    precondition(order >= 0, "order \(order)")
    self.delay = delay
    self.lag = order == 0 ? 0 : lag
    self.order = order
  }

  /// Such as `x[n-3]|x[n-4]|^2`.
  public var description: String {
    let signal = "x\(Self.place(delay))"
    return order == 0 ? signal : "\(signal)|x\(Self.place(delay + lag))|^\(order)"
  }

  private static func place(_ delay: Int) -> String {
    delay == 0 ? "[n]" : delay > 0 ? "[n-\(delay)]" : "[n+\(-delay)]"
  }
}
