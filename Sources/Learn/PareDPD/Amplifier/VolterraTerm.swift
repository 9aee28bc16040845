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
  public static let memoryPolynomial =
    filter + envelopes(carriers: -2...7, exponents: [1, 2, 3, 4])

  /// A memory polynomial and all third-order terms of three different times within a few samples.
  public static let volterra =
    memoryPolynomial + threeTimes(carriers: -1...4, first: -1...3, last: 5, turned: true)

  /// Odd orders only, as the Volterra series of a bandpass system has them, over more samples.
  public static let oddVolterra =
    filter + envelopes(carriers: -2...7, exponents: [2, 4, 6])
    + threeTimes(carriers: -2...6, first: -2...4, last: 6, turned: false)

  private static let filter = (-8...24).map { linear($0) }

  private static func envelopes(
    carriers: ClosedRange<Int>, exponents: [Int]
  ) -> [VolterraTerm] {
    carriers.flatMap { carrier in
      exponents.flatMap { exponent in
        (-2...2).map {
          VolterraTerm(carrier: carrier, envelope: .power(exponent), delay: carrier + $0)
        }
      }
    }
  }

  /// `x(n-m) x(n-m-a) conj x(n-m-b)` for a < b, and with a and b exchanged where the terms are to be turned too; without those
  /// that are envelopes.
  private static func threeTimes(
    carriers: ClosedRange<Int>, first: ClosedRange<Int>, last: Int, turned: Bool
  ) -> [VolterraTerm] {
    var terms: [VolterraTerm] = []
    for carrier in carriers {
      for a in first {
        for b in a + 1...last {
          func term(_ delay: Int, _ lag: Int) -> VolterraTerm {
            VolterraTerm(
              carrier: carrier, envelope: .correlation(lag: lag, power: 0), delay: carrier + delay)
          }
          if b != 0 { terms.append(term(a, b - a)) }
          if turned, a != 0 { terms.append(term(b, a - b)) }
        }
      }
    }
    return terms
  }
}

/// The factor of a ``VolterraTerm`` beside its carrier.
public enum VolterraEnvelope: Hashable, Sendable, Codable {
  /// `|x(n)|^exponent`, 0 to 8; 0 is 1.
  case power(Int)
  /// `x(n) conj x(n - lag) |x(n)|^power`, the power even.
  case correlation(lag: Int, power: Int)
}
