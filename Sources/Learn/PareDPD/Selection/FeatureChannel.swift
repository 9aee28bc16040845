/// One real signal that a predistorter computes once per sample: a part of a delayed input times a real envelope.
///
/// `x` with `power 2 at l` is `x(n)|x(n-l)|^2`; with a correlation it is the three-lag term `x(n-d) Re(x(n) conj x(n-l))`.
public struct FeatureChannel: Hashable, Sendable, Comparable, CustomStringConvertible {
  public enum Part: Int, Hashable, Sendable, CaseIterable {
    case inPhase, quadrature
  }

  /// The real factor.
  public enum Envelope: Hashable, Sendable {
    case one
    /// `|x(n - lag)|^exponent`, exponent 1 to 4.
    case power(exponent: Int, lag: Int)
    /// Real or imaginary part of `x(n) conj x(n - lag)`, times `|x(n)|^2` if wanted.
    case correlation(lag: Int, part: Part, timesPower: Bool)
  }

  /// Delay of the carrier `x` in samples; negative looks ahead.
  public let delay: Int
  public let part: Part
  public let envelope: Envelope

  public init(delay: Int, part: Part, envelope: Envelope) {
    self.delay = delay
    self.part = part
    self.envelope = envelope
  }

  /// A signal that is computed on the way, shared by all channels that use it.
  enum Node: Hashable {
    case power(exponent: Int)
    case correlation(lag: Int, part: Int)
    case poweredCorrelation(lag: Int, part: Int)
    case channel(FeatureChannel)

    /// Orders nodes so that what one needs comes before it.
    var rank: Int {
      switch self {
      case .power(2): 0
      case .power(let exponent): exponent
      case .correlation: 5
      case .poweredCorrelation: 6
      case .channel: 7
      }
    }

    /// Multiplications of two signals.
    var products: Int {
      switch self {
      case .power(2): 2
      // The root is a table.
      case .power(1): 0
      case .power: 1
      case .correlation: 2
      case .poweredCorrelation, .channel: 1
      }
    }

    /// Two-input additions.
    var adders: Int {
      switch self {
      case .power(2): 1
      case .power: 0
      case .correlation: 1
      case .poweredCorrelation, .channel: 0
      }
    }
  }

  /// What must be computed for the channel, itself included; nothing for a plain delay.
  var nodes: [Node] {
    switch envelope {
    case .one: []
    case .power(let exponent, _): Self.powers(of: exponent) + [.channel(self)]
    case .correlation(let lag, let part, false):
      [.correlation(lag: lag, part: part.rawValue), .channel(self)]
    case .correlation(let lag, let part, true):
      [
        .power(exponent: 2), .correlation(lag: lag, part: part.rawValue),
        .poweredCorrelation(lag: lag, part: part.rawValue), .channel(self),
      ]
    }
  }

  /// `|x|^2` first; `|x|` is its root, `|x|^3` and `|x|^4` are products of it with `|x|` and with itself.
  private static func powers(of exponent: Int) -> [Node] {
    switch exponent {
    case 2: [.power(exponent: 2)]
    case 3: [.power(exponent: 2), .power(exponent: 1), .power(exponent: 3)]
    default: [.power(exponent: 2), .power(exponent: exponent)]
    }
  }

  public var description: String {
    let carrier = (part == .inPhase ? "i" : "q") + (delay == 0 ? "" : "[\(-delay)]")
    return switch envelope {
    case .one: carrier
    case .power(let exponent, let lag):
      "\(carrier)|x\(lag == 0 ? "" : "[\(-lag)]")|^\(exponent)"
    case .correlation(let lag, let part, let timesPower):
      "\(carrier) \(part == .inPhase ? "Re" : "Im")(x x*[\(-lag)])\(timesPower ? "|x|^2" : "")"
    }
  }

  public static func < (a: Self, b: Self) -> Bool { a.order.lexicographicallyPrecedes(b.order) }

  private var order: [Int] {
    switch envelope {
    case .one: [0, 0, 0, 0, delay, part.rawValue]
    case .power(let exponent, let lag): [1, exponent, lag, 0, delay, part.rawValue]
    case .correlation(let lag, let envelopePart, let timesPower):
      [2, timesPower ? 1 : 0, lag, envelopePart.rawValue, delay, part.rawValue]
    }
  }
}

/// Multiplications, additions and tables of the features of a set of channels.
public struct FeatureCost: Hashable, Sendable {
  /// Multiplications of two signals per sample.
  public let products: Int
  /// Two-input additions inside the features.
  public let adders: Int
  /// Square roots by table.
  public let tables: Int

  public init(of channels: [FeatureChannel]) {
    let nodes = Set(channels.flatMap(\.nodes))
    products = nodes.reduce(0) { $0 + $1.products }
    adders = nodes.reduce(0) { $0 + $1.adders }
    tables = nodes.contains(.power(exponent: 1)) ? 1 : 0
  }
}
