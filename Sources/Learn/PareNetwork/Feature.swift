import PareText

/// An input channel of the first convolution, computed from the signal sample by sample:
///
///     carrier[n] * |x[n]|^envelopePower,     |x|² = x0² + x1²
///
/// The carrier is one channel of the signal, or 1. A network with no hidden layer over `i|x|^p` and `q|x|^p` for p = 0, 2,
/// 4 ... is a memory polynomial.
public struct Feature: Hashable, Sendable {
  /// The signal's channel that is multiplied; nil for the envelope alone.
  public let channel: Int?
  /// 0, 2, 4, 6 or 8; not 0 without a channel.
  public let envelopePower: Int

  /// - Precondition: as the properties say.
  public init(channel: Int?, envelopePower: Int) {
    precondition(
      [0, 2, 4, 6, 8].contains(envelopePower) && (channel ?? 1) >= 0
        && (channel != nil || envelopePower > 0),
      "channel \(channel ?? -1), power \(envelopePower)")
    self.channel = channel
    self.envelopePower = envelopePower
  }

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

  /// The feature over a signal, in one fixed order of rounded operations: `x0*x0 + x1*x1`, its powers by repeated
  /// multiplication with it, the carrier last.
  ///
  /// - Parameter signal: `[channel][time]`.
  public func callAsFunction(_ signal: [[Float]]) -> [Float] {
    guard envelopePower > 0 else { return signal[channel!] }
    let i = signal[0]
    let q = signal[1]
    return i.indices.map { time in
      let square = i[time] * i[time] + q[time] * q[time]
      var product = square
      for _ in 1..<envelopePower / 2 { product *= square }
      return channel.map { signal[$0][time] * product } ?? product
    }
  }
}

extension Feature: CustomStringConvertible, Codable {
  /// `i`, `q`, `x2` (the third channel), `|x|^2`, `i|x|^2`, `q|x|^4`.
  public var description: String {
    let carrier =
      switch channel {
      case nil: ""
      case 0?: "i"
      case 1?: "q"
      case let channel?: "x\(channel)"
      }
    return carrier + (envelopePower == 0 ? "" : "|x|^\(envelopePower)")
  }

  /// Reads what ``description`` prints.
  ///
  /// - Throws: ``NetworkError`` when the text is no feature.
  public init(parsing text: String) throws(NetworkError) {
    let lower = text.lowercased()
    let parts = lower.split(separator: "|", omittingEmptySubsequences: false).map(String.init)
    let carrier: Int?? =
      switch parts[0] {
      case "": .some(nil)
      case "i", "x0": 0
      case "q", "x1": 1
      default:
        parts[0].first == "x"
          ? Int(parts[0].dropFirst()).flatMap { $0 >= 2 ? .some($0) : nil } : nil
      }
    let power: Int? =
      switch parts.count {
      case 1: 0
      case 3 where parts[1] == "x" && parts[2].first == "^": Int(parts[2].dropFirst())
      default: nil
      }
    guard let carrier, let power, [0, 2, 4, 6, 8].contains(power), carrier != nil || power > 0
    else {
      throw NetworkError(
        .architecture, "'\(text)' is not a feature",
        hint: "known: i, q, |x|^2, i|x|^2, q|x|^2, ... with even powers up to 8")
    }
    self.init(channel: carrier, envelopePower: power)
  }

  public init(from decoder: any Decoder) throws {
    try self.init(parsing: decoder.singleValueContainer().decode(String.self))
  }

  public func encode(to encoder: any Encoder) throws {
    var container = encoder.singleValueContainer()
    try container.encode(description)
  }
}
