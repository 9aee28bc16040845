public import PareSignal

/// A polynomial amplifier with memory, linear in its complex coefficients:
///
///     y(n) = sum over t of c_t x(n - m_t) e_t(n - d_t)
///
/// Computed carrier by carrier: `y(n) = sum over m of x(n - m) w_m(n)`, where `w_m` adds the envelopes of the terms with that
/// carrier.
public struct VolterraAmplifier: DifferentiableAmplifier, Hashable {
  public let name: String
  public let terms: [VolterraTerm]
  public let coefficients: [Complex]

  /// - Precondition: as many coefficients as terms, all finite.
  public init(name: String, terms: [VolterraTerm], coefficients: [Complex]) {
    precondition(
      terms.count == coefficients.count, "\(coefficients.count) coefficients of \(terms.count)")
    precondition(coefficients.allSatisfy { $0.squaredMagnitude.isFinite }, "not finite")
    self.name = name
    self.terms = terms
    self.coefficients = coefficients
  }

  public func amplify(_ input: IQSignal) -> IQSignal {
    let basis = VolterraBasis(terms.map(\.envelope), of: input)
    var output = Accumulator(count: input.count)
    for (carrier, gain) in gains(basis) { output.add(input, delayed: carrier, times: gain) }
    return output.signal
  }

  public func tangent(at input: IQSignal) -> any AmplifierTangent {
    let basis = VolterraBasis(terms.map(\.envelope), of: input)
    let gains = gains(basis)
    var output = Accumulator(count: input.count)
    for (carrier, gain) in gains { output.add(input, delayed: carrier, times: gain) }
    return VolterraTangent(amplifier: self, basis: basis, gains: gains, output: output.signal)
  }

  /// `w_m` of every carrier m, ascending.
  fileprivate func gains(_ basis: VolterraBasis) -> [(carrier: Int, gain: IQSignal)] {
    Set(terms.map(\.carrier)).sorted().map { carrier in
      var sum = Accumulator(count: basis.input.count)
      for (term, coefficient) in zip(terms, coefficients) where term.carrier == carrier {
        sum.add(
          basis.envelope(term.envelope), delayed: term.envelope == .power(0) ? 0 : term.delay,
          times: coefficient)
      }
      return (carrier, sum.signal)
    }
  }
}

/// The derivative of a ``VolterraAmplifier`` at one drive.
private struct VolterraTangent: AmplifierTangent {
  let amplifier: VolterraAmplifier
  let basis: VolterraBasis
  let gains: [(carrier: Int, gain: IQSignal)]
  let output: IQSignal

  func derivative(along direction: IQSignal) -> IQSignal {
    precondition(
      direction.count == output.count, "\(direction.count) samples along \(output.count)")
    let change = VolterraBasis(derivativeOf: basis, along: direction)
    var sum = Accumulator(count: output.count)
    for (own, moved) in zip(gains, amplifier.gains(change)) {
      sum.add(direction, delayed: own.carrier, times: own.gain)
      sum.add(basis.input, delayed: own.carrier, times: moved.gain)
    }
    return sum.signal
  }
}

/// A sum of delayed signals.
private struct Accumulator {
  private var i: [Double]
  private var q: [Double]

  init(count: Int) {
    i = Array(repeating: 0, count: count)
    q = i
  }

  var signal: IQSignal { IQSignal(i: i, q: q) }

  mutating func add(_ x: IQSignal, delayed delay: Int, times factor: Complex) {
    let (re, im) = (factor.re, factor.im)
    loop(delay) { to, from, i, q in
      i[to] += re * x.i[from] - im * x.q[from]
      q[to] += re * x.q[from] + im * x.i[from]
    }
  }

  /// The factor is of the time of the sum.
  mutating func add(_ x: IQSignal, delayed delay: Int, times factor: IQSignal) {
    loop(delay) { to, from, i, q in
      i[to] += factor.i[to] * x.i[from] - factor.q[to] * x.q[from]
      q[to] += factor.i[to] * x.q[from] + factor.q[to] * x.i[from]
    }
  }

  @inline(__always)
  private mutating func loop(
    _ delay: Int, _ body: (Int, Int, inout [Double], inout [Double]) -> Void
  ) {
    let first = max(0, delay)
    for n in first..<max(first, min(i.count, i.count + delay)) { body(n, n - delay, &i, &q) }
  }
}
