extension Feature.Envelope {
  /// How an envelope is computed from the signal, or from envelopes that are simpler.
  ///
  /// Floats, integers and hardware all follow this one table, so that they agree in what is rounded when:
  ///
  /// | envelope | computed as |
  /// |---|---|
  /// | `\|x\|^2` | `x0*x0 + x1*x1` |
  /// | `\|x\|^4`, `\|x\|^6`, `\|x\|^8` | the even power before it, times `\|x\|^2` |
  /// | `\|x\|` | the square root of `\|x\|^2` |
  /// | `\|x\|^3`, `\|x\|^5`, `\|x\|^7` | the even power before it, times `\|x\|` |
  /// | `re(x x[-l]*)` | `x0[n]*x0[n-l] + x1[n]*x1[n-l]` |
  /// | `im(x x[-l]*)` | `x1[n]*x0[n-l] - x0[n]*x1[n-l]` |
  /// | a correlation times `\|x\|^2` | that correlation, times `\|x\|^2` |
  public enum Origin: Hashable, Sendable {
    /// `x0*x0 + x1*x1`.
    case squares
    /// The square root of `|x|^2`.
    case root
    /// The real or imaginary part of `x[n] * conj(x[n - lag])`.
    case correlation(lag: Int, part: Feature.Part)
    /// The product of two other envelopes.
    case product(Feature.Envelope, Feature.Envelope)
  }

  /// - Precondition: the envelope is not `.power(0)`, which is none.
  public var origin: Origin {
    switch self {
    case .power(0): preconditionFailure("no envelope has no origin")
    case .power(1): .root
    case .power(2): .squares
    case .power(let power):
      power % 2 == 0
        ? .product(.power(power - 2), .power(2)) : .product(.power(power - 1), .power(1))
    case .correlation(let lag, let part, 0): .correlation(lag: lag, part: part)
    case .correlation(let lag, let part, _):
      .product(.correlation(lag: lag, part: part, power: 0), .power(2))
    }
  }

  /// Past samples that a value depends on.
  public var pastSamples: Int {
    switch self {
    case .power: 0
    case .correlation(let lag, _, _): lag
    }
  }

  /// The envelopes that this one is computed from.
  fileprivate var sources: [Feature.Envelope] {
    switch origin {
    case .squares, .correlation: []
    case .root: [.power(2)]
    case .product(let a, let b): [a, b]
    }
  }

  /// Even powers, odd powers, correlations, correlations times `|x|^2`; within each from low to high.
  fileprivate var rank: [Int] {
    switch self {
    case .power(let power): [power % 2, power]
    case .correlation(let lag, let part, let power): [2 + power, lag, part.rawValue]
    }
  }
}

extension [Feature] {
  /// Every envelope that these features need, those that others are computed from included, in the order in which they are
  /// computed.
  ///
  /// Even powers of `|x|` up to the highest; odd powers, `|x|` first; correlations by lag, the real part first; the same times
  /// `|x|^2`. Word formats are listed in this order.
  public var envelopes: [Feature.Envelope] {
    var found: [Feature.Envelope] = []
    func find(_ envelope: Feature.Envelope) {
      guard !found.contains(envelope) else { return }
      found.append(envelope)
      envelope.sources.forEach(find)
    }
    for feature in self where feature.hasEnvelope { find(feature.envelope) }
    return found.sorted { $0.rank.lexicographicallyPrecedes($1.rank) }
  }
}
