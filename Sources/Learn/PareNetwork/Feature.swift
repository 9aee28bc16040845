/// An input channel of the first convolution, computed from the signal sample by sample:
///
///     carrier[n - carrierLag] * envelope[n - envelopeLag]
///
/// The carrier is one channel of the signal, or 1. The envelope is a real number that does not change when the whole signal is
/// turned by an angle: a power of `|x|`, or a correlation of the signal with its own past. `x` is `x0 + j*x1`.
///
/// A network with no hidden layer over `i|x|^p` and `q|x|^p` for p = 0, 2, 4 ... is a memory polynomial; with lags it is a
/// generalized memory polynomial, and correlations add the Volterra terms of three different times.
///
/// One of the two lags is 0, and both are where there is only a carrier or only an envelope: a delay of the whole feature is a
/// tap of the convolution. So every feature is 0 before the first sample of a signal and after its last.
public struct Feature: Hashable, Sendable {
  public enum Part: Int, Hashable, Sendable, Comparable, CaseIterable {
    case real, imaginary

    public static func < (a: Part, b: Part) -> Bool { a.rawValue < b.rawValue }
  }

  public enum Envelope: Hashable, Sendable {
    /// `|x[n]|^p`, p from 1 to 8; 0 stands for no envelope.
    case power(Int)
    /// A part of `x[n] * conj(x[n - lag])`, times `|x[n]|^power`.
    ///
    /// `lag` is 1 to 16, `power` 0 or 2.
    case correlation(lag: Int, part: Part, power: Int)
  }

  /// The signal's channel that is multiplied; nil for the envelope alone.
  public let channel: Int?
  /// Samples by which the carrier is older than the newest sample that the feature sees.
  public let carrierLag: Int
  public let envelope: Envelope
  /// Samples by which the envelope is.
  public let envelopeLag: Int

  /// - Precondition: the parts fit as the properties say, and lags are at most ``largestLag``.
  public init(
    channel: Int?, carrierLag: Int = 0, envelope: Envelope, envelopeLag: Int = 0
  ) {
    let fault = Self.fault(channel, carrierLag, envelope, envelopeLag)
    precondition(
      fault == nil,
      "\(fault ?? ""): channel \(channel ?? -1) -\(carrierLag), \(envelope) -\(envelopeLag)")
    self.channel = channel
    self.carrierLag = carrierLag
    self.envelope = envelope
    self.envelopeLag = envelopeLag
  }

  /// A channel times `|x|^envelopePower`, both of one time.
  ///
  /// - Precondition: the power is 0 to 8, and not 0 without a channel.
  public init(channel: Int?, envelopePower: Int) {
    self.init(channel: channel, envelope: .power(envelopePower))
  }

  /// The largest lag of a carrier or an envelope, in samples.
  public static let largestLag = 4096
  /// The largest distance between the two samples of a correlation.
  public static let largestCorrelationLag = 16

  /// One channel of the signal as it is.
  public static func signal(_ channel: Int) -> Feature {
    Feature(channel: channel, envelopePower: 0)
  }

  /// `|x|²`.
  public static let power = Feature(channel: nil, envelopePower: 2)

  /// The channels of a memory polynomial: I and Q times each even power of the envelope up to `order - 1`.
  ///
  /// - Precondition: the order is odd, 1 to 9.
  public static func memoryPolynomial(order: Int) -> [Feature] {
    precondition([1, 3, 5, 7, 9].contains(order), "order \(order)")
    return stride(from: 0, to: order, by: 2).flatMap { power in
      [0, 1].map { Feature(channel: $0, envelopePower: power) }
    }
  }

  /// Whether there is an envelope, which needs two channels of the signal.
  public var hasEnvelope: Bool { envelope != .power(0) }

  /// Whether a channel is multiplied by an envelope.
  public var isProduct: Bool { channel != nil && hasEnvelope }

  /// Past samples that a value depends on.
  public var pastSamples: Int { max(carrierLag, envelopeLag + envelope.pastSamples) }

  /// What is wrong with the parts of a feature.
  static func fault(
    _ channel: Int?, _ carrierLag: Int, _ envelope: Envelope, _ envelopeLag: Int
  ) -> String? {
    switch envelope {
    case .power(let power):
      guard (0...8).contains(power) else { return "powers of |x| are 1 to 8" }
    case .correlation(let lag, _, let power):
      guard (1...largestCorrelationLag).contains(lag) else {
        return "the two samples of a correlation are 1 to \(largestCorrelationLag) apart"
      }
      guard power == 0 || power == 2 else { return "a correlation stands alone or with |x|^2" }
    }
    guard (channel ?? 0) >= 0 else { return "a channel is 0 or more" }
    guard channel != nil || envelope != .power(0) else { return "neither carrier nor envelope" }
    guard (0...largestLag).contains(carrierLag), (0...largestLag).contains(envelopeLag) else {
      return "lags are 0 to \(largestLag)"
    }
    guard min(carrierLag, envelopeLag) == 0 else { return "carrier and envelope both have a lag" }
    let isAlone = channel == nil || envelope == .power(0)
    guard !isAlone || (carrierLag == 0 && envelopeLag == 0) else {
      return "a carrier or an envelope alone has a lag, which is a tap of the convolution"
    }
    return nil
  }
}
