/// One term of a polynomial amplifier with memory: `x(n - carrier) * e(n - delay)`.
///
/// The envelope `e` is `|x|^k`, or `x(n) conj x(n - lag)` times an even power of `|x(n)|`; with it the product is a term of the
/// Volterra series of three different times.
public struct VolterraTerm: Hashable, Sendable, Codable {
  /// Delay of the carrier in samples; negative looks ahead.
  public let carrier: Int
  public let envelope: VolterraEnvelope
  /// Delay of the envelope in samples.
  public let delay: Int

  public init(carrier: Int, envelope: VolterraEnvelope, delay: Int) {
    self.carrier = carrier
    self.envelope = envelope
    self.delay = delay
  }

  /// A tap of a linear filter.
  public static func linear(_ carrier: Int) -> VolterraTerm {
    VolterraTerm(carrier: carrier, envelope: .power(0), delay: 0)
  }

  /// A generalized memory polynomial: a linear filter, and carriers times powers of the magnitude around them.
  ///
  /// - Source: Morgan, Ma, Kim, Zierdt, Pastalan, A Generalized Memory Polynomial Model for Digital Predistortion of RF Power
  ///   Amplifiers, 2006.
  public static let memoryPolynomial: [VolterraTerm] =
    (-8...24).map { linear($0) }
    + (-2...7).flatMap { carrier in
      (1...4).flatMap { power in
        (-2...2).map {
          VolterraTerm(carrier: carrier, envelope: .power(power), delay: carrier + $0)
        }
      }
    }

  /// Third and fifth order terms of up to three different times within a few samples.
  public static let threeTimes: [VolterraTerm] = {
    var terms = (-8...24).map { linear($0) }
    for power in [2, 4] {
      for carrier in -1...5 {
        for lag in -2...2 {
          terms.append(
            VolterraTerm(carrier: carrier, envelope: .power(power), delay: carrier + lag))
        }
      }
    }
    for power in [0, 2] {
      for carrier in -1...4 {
        for lag in 1...(power == 0 ? 4 : 2) {
          for delay in -1...2 where carrier != delay + lag {
            terms.append(
              VolterraTerm(
                carrier: carrier, envelope: .correlation(lag: lag, power: power), delay: delay))
          }
        }
      }
    }
    return terms
  }()
}

/// The factor of a ``VolterraTerm`` beside its carrier.
public enum VolterraEnvelope: Hashable, Sendable, Codable {
  /// `|x(n)|^exponent`, 0 to 8; 0 is 1.
  case power(Int)
  /// `x(n) conj x(n - lag) |x(n)|^power`, the power even.
  case correlation(lag: Int, power: Int)
}
