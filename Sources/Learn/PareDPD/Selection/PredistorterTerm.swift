/// One real coefficient of a predistorter: a channel, delayed, into one part of the drive.
public struct PredistorterTerm: Hashable, Sendable, Comparable {
  public let channel: FeatureChannel
  /// Delay of the channel in samples; negative looks ahead.
  public let delay: Int
  public let output: FeatureChannel.Part

  public init(channel: FeatureChannel, delay: Int, output: FeatureChannel.Part) {
    self.channel = channel
    self.delay = delay
    self.output = output
  }

  public static func < (a: Self, b: Self) -> Bool {
    (a.channel, a.delay, a.output.rawValue) < (b.channel, b.delay, b.output.rawValue)
  }
}

/// The terms that a selection may choose from.
public struct TermDictionary: Hashable, Sendable {
  public var linearDelays = -17...31
  /// Exponents of the envelopes `|x|^k`.
  public var exponents = 1...4
  public var powerLags = -4...4
  public var powerDelays = -9...13
  public var carrierDelays = -2...3
  public var correlationLags = 1...4
  public var correlationDelays = -6...8
  /// Delays of the three-lag terms times `|x|^2`; nil leaves them out.
  public var poweredDelays: ClosedRange<Int>?

  public init() {}

  /// In a fixed order.
  public var terms: [PredistorterTerm] {
    var pairs: [(FeatureChannel.Envelope, Int, ClosedRange<Int>)] = [(.one, 0, linearDelays)]
    for exponent in exponents {
      for lag in powerLags {
        pairs.append((.power(exponent: exponent, lag: lag), 0, powerDelays))
      }
    }
    for timesPower in [false, true] {
      guard let delays = timesPower ? poweredDelays : correlationDelays else { continue }
      for lag in correlationLags {
        for part in FeatureChannel.Part.allCases {
          for carrier in carrierDelays {
            pairs.append(
              (.correlation(lag: lag, part: part, timesPower: timesPower), carrier, delays))
          }
        }
      }
    }
    return pairs.flatMap { envelope, carrier, delays in
      FeatureChannel.Part.allCases.flatMap { part in
        delays.flatMap { delay in
          FeatureChannel.Part.allCases.map {
            PredistorterTerm(
              channel: FeatureChannel(delay: carrier, part: part, envelope: envelope),
              delay: delay, output: $0)
          }
        }
      }
    }
  }
}
