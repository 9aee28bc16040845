public import PareNumerics
public import PareSignal

/// Word lengths of a predistorter, all signed.
public struct PredistorterWords: Hashable, Sendable, Encodable {
  /// Input and output words have magnitudes below 1.
  public var input = 12
  /// Envelopes: the real factors `|x|^2` and the correlations.
  public var envelope = 12
  /// Channels, each in units of a power of two above its largest value.
  public var feature = 12
  public var output = 12
  public init() {}
}

/// A predistorter in exact integers: channels by multiplications, then two sums of shifted words.
///
/// Every product is rounded half up to its word and saturated; the two sums are exact and are rounded once, at the output.
public struct IntegerPredistorter: Sendable {
  public let terms: [PredistorterTerm]
  /// Signed digits of each term's coefficient, for its channel in units of `2^exponent`.
  public let digits: [[SignedDigit]]
  public let words: PredistorterWords
  /// Powers of two above the largest values, by signal.
  let exponents: [FeatureChannel.Node: Int]

  /// - Parameter calibration: a waveform whose largest values decide the words' units.
  init(
    terms: [PredistorterTerm], digits: [[SignedDigit]], words: PredistorterWords,
    bank: FeatureBank, calibration x: IQSignal
  ) {
    self.terms = terms
    self.digits = digits
    self.words = words
    var exponents: [FeatureChannel.Node: Int] = [:]
    for (place, channel) in bank.channels.enumerated() {
      for node in channel.nodes where exponents[node] == nil {
        exponents[node] =
          node == .channel(channel) ? bank.exponents[place] : Self.exponent(of: node, x)
      }
    }
    self.exponents = exponents
  }

  public var coefficientCount: Int { digits.count { !$0.isEmpty } }
  public var digitCount: Int { digits.reduce(0) { $0 + $1.count } }
  /// Multiplications of two signals per sample.
  public var productCount: Int { FeatureCost(of: terms.map(\.channel)).products }
  /// Square roots by table.
  public var tableCount: Int { FeatureCost(of: terms.map(\.channel)).tables }
  /// Two-input additions: one fewer than digits in each of the two sums, and those inside the features.
  public var adderCount: Int {
    var perOutput = [0, 0]
    for (term, digits) in zip(terms, digits) { perOutput[term.output.rawValue] += digits.count }
    return perOutput.reduce(0) { $0 + max($1 - 1, 0) }
      + FeatureCost(of: terms.map(\.channel)).adders
  }

  /// The drive for an input; the past and the future beyond its ends are zero.
  public func predistort(_ x: IQSignal) -> IQSignal {
    let words = outputWords(for: x)
    let unit = powerOfTwo(1 - self.words.output)
    return IQSignal(i: words.i.map { Double($0) * unit }, q: words.q.map { Double($0) * unit })
  }

  /// The same as output words.
  public func outputWords(for x: IQSignal) -> (i: [Int64], q: [Int64]) {
    let input = [x.i, x.q].map { part in
      part.map {
        Self.saturated(Int64(($0 * powerOfTwo(words.input - 1) + 0.5).rounded(.down)), words.input)
      }
    }
    var signals: [FeatureChannel.Node: [Int64]] = [:]
    for node in Set(terms.flatMap(\.channel.nodes)).sorted(by: { $0.rank < $1.rank }) {
      signals[node] = values(of: node, input, signals)
    }
    let lowest = digits.joined().map(\.exponent).min() ?? 0
    let widest = max(words.input, words.feature)
    // The sums count units of 2^(lowest - widest + 1).
    var sums = [[Int64]](repeating: [Int64](repeating: 0, count: x.count), count: 2)
    for (term, digits) in zip(terms, digits) {
      let signal: [Int64]
      let shift: Int
      if term.channel.envelope == .one {
        signal = input[term.channel.part.rawValue]
        shift = widest - words.input
      } else {
        signal = signals[.channel(term.channel)]!
        shift = widest - words.feature
      }
      let delay = term.delay + (term.channel.envelope == .one ? term.channel.delay : 0)
      var factor: Int64 = 0
      for digit in digits {
        let value = Int64(1) << (digit.exponent - lowest + shift)
        factor += digit.isNegative ? -value : value
      }
      for n in max(0, delay)..<max(max(0, delay), min(x.count, x.count + delay)) {
        sums[term.output.rawValue][n] += factor * signal[n - delay]
      }
    }
    let fraction = widest - 1 - lowest
    let result = sums.map { sum in
      sum.map { Self.saturated(Self.scaled($0, by: words.output - 1 - fraction), words.output) }
    }
    return (result[0], result[1])
  }

  private func values(
    of node: FeatureChannel.Node, _ x: [[Int64]], _ known: [FeatureChannel.Node: [Int64]]
  ) -> [Int64] {
    let count = x[0].count
    let two = 2 * (words.input - 1)
    let envelopeFraction = words.envelope - 1
    func at(_ signal: [Int64], _ n: Int) -> Int64 { n >= 0 && n < count ? signal[n] : 0 }
    func exponent(_ node: FeatureChannel.Node) -> Int { exponents[node]! }
    /// A product of so many fraction bits, as a word of the node.
    func word(_ value: Int64, fraction: Int, length: Int) -> Int64 {
      Self.saturated(Self.scaled(value, by: length - 1 - exponent(node) - fraction), length)
    }
    switch node {
    case .power(2):
      return (0..<count).map {
        word(x[0][$0] * x[0][$0] + x[1][$0] * x[1][$0], fraction: two, length: words.envelope)
      }
    case .power(1):
      // A table in hardware: the root of every word of the square, rounded half up.
      let unit = powerOfTwo(exponent(.power(exponent: 2)) - envelopeFraction)
      let scale = powerOfTwo(envelopeFraction - exponent(node))
      return known[.power(exponent: 2)]!.map {
        let root = (Double($0) * unit).squareRoot() * scale
        return Self.saturated(Int64((root + 0.5).rounded(.down)), words.envelope)
      }
    case .power(let power):
      let square = FeatureChannel.Node.power(exponent: 2)
      let other = FeatureChannel.Node.power(exponent: power - 2)
      let fraction = 2 * envelopeFraction - exponent(square) - exponent(other)
      return zip(known[square]!, known[other]!).map {
        word($0 * $1, fraction: fraction, length: words.envelope)
      }
    case .correlation(let lag, let part):
      return (0..<count).map { n in
        let (i, q, pastI, pastQ) = (x[0][n], x[1][n], at(x[0], n - lag), at(x[1], n - lag))
        let value = part == 0 ? i * pastI + q * pastQ : q * pastI - i * pastQ
        return word(value, fraction: two, length: words.envelope)
      }
    case .poweredCorrelation(let lag, let part):
      let (square, other) = (
        FeatureChannel.Node.power(exponent: 2),
        FeatureChannel.Node.correlation(lag: lag, part: part)
      )
      let fraction = 2 * envelopeFraction - exponent(square) - exponent(other)
      return zip(known[square]!, known[other]!).map {
        word($0 * $1, fraction: fraction, length: words.envelope)
      }
    case .channel(let channel):
      let envelope: FeatureChannel.Node
      var envelopeDelay = 0
      switch channel.envelope {
      case .one: preconditionFailure("a plain delay is not computed")
      case .power(let exponent, let lag):
        envelope = .power(exponent: exponent)
        envelopeDelay = lag
      case .correlation(let lag, let part, let timesPower):
        envelope =
          timesPower
          ? .poweredCorrelation(lag: lag, part: part.rawValue)
          : .correlation(lag: lag, part: part.rawValue)
      }
      let (carrier, factor) = (x[channel.part.rawValue], known[envelope]!)
      let fraction = words.input - 1 + envelopeFraction - exponent(envelope)
      return (0..<count).map { n in
        word(
          at(carrier, n - channel.delay) * at(factor, n - envelopeDelay), fraction: fraction,
          length: words.feature)
      }
    }
  }

  private static func exponent(of node: FeatureChannel.Node, _ x: IQSignal) -> Int {
    var peak = 0.0
    for n in 0..<x.count {
      let (i, q) = (x.i[n], x.q[n])
      let square = i * i + q * q
      func correlation(_ lag: Int, _ part: Int) -> Double {
        guard n >= lag else { return 0 }
        let (pastI, pastQ) = (x.i[n - lag], x.q[n - lag])
        return part == 0 ? i * pastI + q * pastQ : q * pastI - i * pastQ
      }
      switch node {
      case .power(let exponent): peak = max(peak, envelopePower(exponent, of: square))
      case .correlation(let lag, let part): peak = max(peak, abs(correlation(lag, part)))
      case .poweredCorrelation(let lag, let part):
        peak = max(peak, abs(square * correlation(lag, part)))
      case .channel: preconditionFailure("channels take their unit from the bank")
      }
    }
    return peak > 0 ? Int(peak.exponent) + 1 : 0
  }

  /// `value * 2^shift`, rounded half up.
  static func scaled(_ value: Int64, by shift: Int) -> Int64 {
    if shift >= 0 { return value << Int64(shift) }
    return (value + (1 << Int64(-shift - 1))) >> Int64(-shift)
  }

  static func saturated(_ value: Int64, _ length: Int) -> Int64 {
    let limit = Int64(1) << Int64(length - 1)
    return min(max(value, -limit), limit - 1)
  }
}
