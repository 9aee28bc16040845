/// The terms that a polynomial with memory may use: every feature at every delay.
///
/// A feature is a pair of envelope lag and order; it is computed once per sample and shared by all delays, so a dictionary
/// of a thousand terms has a few dozen features.
///
///     let dictionary = PolynomialDictionary.standard
///     let plain = try PolynomialDictionary.memoryPolynomial(orders: 1...6, delays: -10...20)
///
/// - Source: as ``PolynomialTerm``.
public struct PolynomialDictionary: Hashable, Sendable {
  /// Powers of the envelope beside the linear term, rising, without 0.
  public let orders: [Int]
  /// Delays of the signal; the lower bound is negative for samples of the future.
  public let delays: ClosedRange<Int>
  /// Lags of the envelope behind the signal: 0...0 for aligned terms only, negative for leading envelopes.
  public let lags: ClosedRange<Int>

  /// The highest order: an envelope of 1e12, the largest that a data set may hold, stays within the range of a number.
  static let largestOrder = 10
  private static let largestDelay = 1024
  private static let largestTermCount = 8192

  /// - Parameters:
  ///   - orders: powers of the envelope; the linear terms are always there, 0 and repetitions do not count.
  ///   - delays: such as -10...20 for 31 samples of memory of which 10 lie ahead.
  ///   - lags: such as -2...2.
  /// - Throws: ``TrainingError`` with code `.dictionary` when an order or a range is out of bounds, or there would be more
  ///   than 8,192 terms.
  public init(
    orders: some Sequence<Int>, delays: ClosedRange<Int>, lags: ClosedRange<Int>
  ) throws(TrainingError) {
    let orders = Set(orders).sorted().filter { $0 != 0 }
    guard orders.allSatisfy({ (1...Self.largestOrder).contains($0) }) else {
      throw TrainingError(
        .dictionary, "the orders \(orders) leave 1...\(Self.largestOrder)",
        hint: "give powers of the envelope, such as 1 to 4")
    }
    for (name, range) in [("delays", delays), ("lags", lags)] {
      guard range.lowerBound >= -Self.largestDelay, range.upperBound <= Self.largestDelay else {
        throw TrainingError(
          .dictionary, "the \(name) \(range) go beyond \(Self.largestDelay) samples",
          hint: "give a range such as -10...20")
      }
    }
    let count = delays.count * (1 + orders.count * lags.count)
    guard count <= Self.largestTermCount else {
      throw TrainingError(
        .dictionary, "the dictionary would have \(count) terms, more than \(Self.largestTermCount)",
        hint: "give fewer orders, delays or lags")
    }
    self.orders = orders
    self.delays = delays
    self.lags = lags
  }

  /// Aligned terms only: the classic memory polynomial.
  ///
  /// - Throws: as the initializer.
  public static func memoryPolynomial(
    orders: some Sequence<Int>, delays: ClosedRange<Int>
  ) throws(TrainingError) -> PolynomialDictionary {
    try PolynomialDictionary(orders: orders, delays: delays, lags: 0...0)
  }

  /// Orders 1 to 4, 31 delays of which 10 lie ahead, envelopes up to two samples before and after: 651 terms.
  ///
  /// Wide amplifiers echo late: APA_200MHz needs 31 samples of memory. There, orders up to 6 and lags up to 5 gain nothing up
  /// to 60 terms; as a model of the amplifier, aligned terms alone lose 1.6 dB and even orders, which need no square root, 0.9
  /// dB. As an inverse, either does as well as this. `docs/guides/baselines.md` has the figures.
  public static let standard: PolynomialDictionary = {
    do {
      return try PolynomialDictionary(orders: 1...4, delays: -10...20, lags: -2...2)
    } catch {
      preconditionFailure("the standard dictionary is refused: \(error)")
    }
  }()

  /// Samples of the past that an output may depend on.
  public var past: Int {
    max(0, delays.upperBound + (orders.isEmpty ? 0 : max(0, lags.upperBound)))
  }

  /// Samples of the future that an output may depend on.
  public var lookAhead: Int {
    max(0, -(delays.lowerBound + (orders.isEmpty ? 0 : min(0, lags.lowerBound))))
  }

  /// The linear feature, then every lag of every order.
  var features: [PolynomialFeature] {
    [PolynomialFeature(lag: 0, order: 0)]
      + orders.flatMap { order in lags.map { PolynomialFeature(lag: $0, order: order) } }
  }

  /// All terms: feature by feature, delays rising.
  public var terms: [PolynomialTerm] {
    features.flatMap { feature in
      delays.map { PolynomialTerm(delay: $0, lag: feature.lag, order: feature.order) }
    }
  }

  public var termCount: Int { delays.count * (1 + orders.count * lags.count) }

  /// Where a term stands in ``terms``, or nil when it is not part of the dictionary.
  func index(of term: PolynomialTerm) -> Int? {
    guard delays.contains(term.delay) else { return nil }
    let place = term.delay - delays.lowerBound
    guard term.order > 0 else { return place }
    guard let order = orders.firstIndex(of: term.order), lags.contains(term.lag) else { return nil }
    return (1 + order * lags.count + term.lag - lags.lowerBound) * delays.count + place
  }

  /// The outputs of a segment that depend on true samples only.
  func outputsWithTrueContext(of segment: Range<Int>) -> Range<Int> {
    let first = segment.lowerBound + past
    return first..<max(first, segment.upperBound - lookAhead)
  }
}

/// `x[n] |x[n - lag]|^order`, before any delay.
struct PolynomialFeature: Hashable, Sendable {
  let lag: Int
  let order: Int
}

extension PolynomialDictionary: Codable {
  private enum CodingKeys: String, CodingKey { case orders, delays, lags }

  public init(from decoder: any Decoder) throws {
    let values = try decoder.container(keyedBy: CodingKeys.self)
    func range(_ key: CodingKeys) throws -> ClosedRange<Int> {
      let bounds = try values.decode([Int].self, forKey: key)
      guard bounds.count == 2, bounds[0] <= bounds[1] else {
        throw DecodingError.dataCorruptedError(
          forKey: key, in: values, debugDescription: "\(bounds) is not a first and a last value")
      }
      return bounds[0]...bounds[1]
    }
    try self.init(
      orders: values.decode([Int].self, forKey: .orders), delays: range(.delays),
      lags: range(.lags))
  }

  /// Ranges are written as their first and last value.
  public func encode(to encoder: any Encoder) throws {
    var values = encoder.container(keyedBy: CodingKeys.self)
    try values.encode(orders, forKey: .orders)
    try values.encode([delays.lowerBound, delays.upperBound], forKey: .delays)
    try values.encode([lags.lowerBound, lags.upperBound], forKey: .lags)
  }
}
