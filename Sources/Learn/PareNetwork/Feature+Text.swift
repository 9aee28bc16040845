import PareText

extension Feature: CustomStringConvertible, Codable {
  /// `i`, `q`, `x2` (the third channel); `|x|^2`, `i|x|^3`; with lags `i[-2]|x|^2` and `i|x[-3]|^2`; correlations
  /// `re(x x[-2]*)`, `q im(x x[-2]*)|x|^2`, `i[-1] re(x x[-2]*)`, `i re(x[-3] x[-5]*)|x[-3]|^2`.
  public var description: String {
    let carrier =
      switch channel {
      case nil: ""
      case 0?: "i"
      case 1?: "q"
      case let channel?: "x\(channel)"
      }
    let text = carrier + Self.lagged(carrierLag)
    guard hasEnvelope else { return text }
    return switch envelope {
    case .power: text + envelope.text(lag: envelopeLag)
    case .correlation: text + (channel == nil ? "" : " ") + envelope.text(lag: envelopeLag)
    }
  }

  fileprivate static func lagged(_ lag: Int) -> String { lag == 0 ? "" : "[-\(lag)]" }

  /// Reads what ``description`` prints; `x0` is `i`, `x1` is `q`, and capitals are small letters.
  ///
  /// - Throws: ``NetworkError`` when the text is no feature.
  public init(parsing text: String) throws(NetworkError) {
    let lower = text.lowercased()
    guard let match = lower.wholeMatch(of: Self.pattern) else {
      throw Self.error(text, hint: "known: \(Self.spellings)")
    }
    let (_, carrier, carrierLag, powerLag, power, space, part, newest, oldest, squareLag, square) =
      match.output
    let channel: Int? =
      switch carrier {
      case "i": 0
      case "q": 1
      default: carrier.flatMap { Int($0.dropFirst()) }
      }
    // Numbers that no integer holds are beyond every limit.
    func number(_ digits: Substring?) -> Int { digits.map { Int($0) ?? .max } ?? 0 }
    let lags = (number(carrierLag), number(powerLag ?? newest))
    let envelope: Envelope
    if let part {
      let distance = number(oldest).subtractingReportingOverflow(lags.1).partialValue
      guard square == nil || number(squareLag) == lags.1 else {
        throw Self.error(text, hint: "the power has the time of the first factor")
      }
      envelope = .correlation(
        lag: distance, part: part == "re" ? .real : .imaginary, power: square == nil ? 0 : 2)
    } else {
      envelope = .power(number(power))
      guard power == nil || envelope != .power(0) else {
        throw Self.error(text, hint: "powers of |x| are 1 to 8")
      }
    }
    guard carrier == nil || channel != nil, part == nil || (carrier == nil) == (space == nil) else {
      throw Self.error(text, hint: "known: \(Self.spellings)")
    }
    if let fault = Self.fault(channel, lags.0, envelope, lags.1) {
      throw Self.error(text, hint: fault)
    }
    self.init(channel: channel, carrierLag: lags.0, envelope: envelope, envelopeLag: lags.1)
  }

  /// Carrier and its lag; a power with its lag and exponent, or a correlation: part, lags of its factors, and the square's.
  private static var pattern:
    Regex<
      (
        Substring, Substring?, Substring?, Substring?, Substring?, Substring?, Substring?,
        Substring?,
        Substring?, Substring?, Substring?
      )
    >
  {
    #/
    (i|q|x(?:0|[1-9][0-9]*))? (?:\[-([1-9][0-9]*)\])?
    (?:
      \|x (?:\[-([1-9][0-9]*)\])? \|\^([0-9])
    |
      (\ )? (re|im) \(x (?:\[-([1-9][0-9]*)\])? \ x\[-([1-9][0-9]*)\]\*\)
      (?: \|x (?:\[-([1-9][0-9]*)\])? \|\^(2) )?
    )?
    /#
  }

  private static let spellings =
    "i, q, |x|^2, i|x|^3, q[-1]|x|^2, i|x[-3]|^2, q re(x x[-2]*), i im(x x[-1]*)|x|^2"

  private static func error(_ text: String, hint: String) -> NetworkError {
    NetworkError(.architecture, "'\(text)' is not a feature", hint: hint)
  }

  public init(from decoder: any Decoder) throws {
    try self.init(parsing: decoder.singleValueContainer().decode(String.self))
  }

  public func encode(to encoder: any Encoder) throws {
    var container = encoder.singleValueContainer()
    try container.encode(description)
  }
}

extension Feature.Envelope: CustomStringConvertible {
  /// `|x|^2`, `im(x x[-2]*)|x|^2`.
  public var description: String { text(lag: 0) }

  fileprivate func text(lag: Int) -> String {
    let time = Feature.lagged(lag)
    switch self {
    case .power(let power): return "|x\(time)|^\(power)"
    case .correlation(let distance, let part, let power):
      return "\(part == .real ? "re" : "im")(x\(time) x[-\(lag + distance)]*)"
        + (power == 0 ? "" : "|x\(time)|^\(power)")
    }
  }
}
