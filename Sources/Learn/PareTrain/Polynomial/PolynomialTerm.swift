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

  private enum CodingKeys: String, CodingKey { case delay, lag, order }

  public init(from decoder: any Decoder) throws {
    let values = try decoder.container(keyedBy: CodingKeys.self)
    try self.init(
      checkedDelay: values.decode(Int.self, forKey: .delay),
      lag: values.decode(Int.self, forKey: .lag), order: values.decode(Int.self, forKey: .order))
  }

  /// A term of a file.
  ///
  /// - Throws: ``TrainingError`` with code `.dictionary` for numbers that no memory has: a damaged file never traps.
  init(checkedDelay delay: Int, lag: Int, order: Int) throws(TrainingError) {
    let memory = -1_000_000...1_000_000
    guard memory.contains(delay), memory.contains(lag), (0...1_000).contains(order) else {
      throw TrainingError(
        .dictionary, "a term of delay \(delay), lag \(lag), order \(order) is not possible",
        hint: "the file may have been edited; fit the polynomial again")
    }
    self.init(delay: delay, lag: lag, order: order)
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
