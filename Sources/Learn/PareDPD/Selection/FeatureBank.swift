import PareNumerics
import PareSignal

/// Channels evaluated in double precision over one waveform.
struct FeatureBank: Sendable {
  let channels: [FeatureChannel]
  /// `[channel][sample]`
  let values: [[Double]]
  /// The smallest power of two above every magnitude of a channel.
  let exponents: [Int]

  init(_ channels: [FeatureChannel], of x: IQSignal) {
    self.channels = channels
    values = channels.map { Self.values(of: $0, x) }
    exponents = zip(channels, values).map { channel, signal in
      // A plain delay is an input word, whose unit is 1 whatever its peak.
      guard channel.envelope != .one else { return 0 }
      let peak = signal.reduce(0) { max($0, abs($1)) }
      return peak > 0 ? Int(peak.exponent) + 1 : 0
    }
  }

  private static func values(of channel: FeatureChannel, _ x: IQSignal) -> [Double] {
    let count = x.count
    func at(_ signal: [Double], _ n: Int) -> Double { n >= 0 && n < count ? signal[n] : 0 }
    let carrier = channel.part == .inPhase ? x.i : x.q
    return (0..<count).map { n in
      let value = at(carrier, n - channel.delay)
      switch channel.envelope {
      case .one: return value
      case .power(let exponent, let lag):
        let (i, q) = (at(x.i, n - lag), at(x.q, n - lag))
        return value * envelopePower(exponent, of: i * i + q * q)
      case .correlation(let lag, let part, let timesPower):
        let (i, q) = (x.i[n], x.q[n])
        let (pastI, pastQ) = (at(x.i, n - lag), at(x.q, n - lag))
        let envelope = part == .inPhase ? i * pastI + q * pastQ : q * pastI - i * pastQ
        return value * envelope * (timesPower ? i * i + q * q : 1)
      }
    }
  }

  /// Power of two of a term's channel.
  func exponent(of term: PredistorterTerm) -> Int {
    exponents[channels.firstIndex(of: term.channel)!]
  }

  /// The drive of some terms.
  func drive(_ terms: [PredistorterTerm], _ coefficients: [Double]) -> IQSignal {
    let places = Dictionary(uniqueKeysWithValues: channels.enumerated().map { ($1, $0) })
    let count = values.first?.count ?? 0
    var parts = [[Double](repeating: 0, count: count), [Double](repeating: 0, count: count)]
    for (term, coefficient) in zip(terms, coefficients) {
      let signal = values[places[term.channel]!]
      for n in max(0, term.delay)..<min(count, count + term.delay) {
        parts[term.output.rawValue][n] += coefficient * signal[n - term.delay]
      }
    }
    return IQSignal(i: parts[0], q: parts[1])
  }
}

/// `|x|^exponent` from `|x|^2`.
func envelopePower(_ exponent: Int, of square: Double) -> Double {
  switch exponent {
  case 1: square.squareRoot()
  case 2: square
  case 3: square * square.squareRoot()
  case 4: square * square
  default: preconditionFailure("|x|^\(exponent)")
  }
}
