/// An amplifier made of a filter, a memoryless polynomial, and another filter.
///
/// `H(z) = (1 + 0.5 z^-2) / (1 - 0.2 z^-1)`, then `w = b1 v + b3 v |v|² + b5 v |v|^4` (taken from a class AB amplifier),
/// then `G(z) = (1 - 0.1 z^-2) / (1 - 0.4 z^-1)`.
///
/// - Source: Ding, Zhou, Morgan, Ma, Kenney, Kim, Giardina, A Robust Digital Baseband Predistorter Constructed Using
///   Memory Polynomials, IEEE Transactions on Communications 52 (1), 2004, doi:10.1109/TCOMM.2003.822188, equations 8
///   to 10.
public struct WienerHammersteinAmplifier: PowerAmplifier, Hashable {
  let polynomial = [Complex(1.0108, 0.0858), Complex(0.0879, -0.1583), Complex(-1.0992, -0.8891)]

  public init() {}

  public var name: String { "wiener-hammerstein" }
  public var about: String {
    "Wiener-Hammerstein system of Ding et al., IEEE Trans. Commun. 52 (2004)"
  }
  /// The first filter passes slow signals with a gain of 1.875.
  public var nominalPeak: Double { 0.45 }
  /// Both filters together lag by 1.36 samples at 0 Hz, a little less away from it.
  public var groupDelay: Int { 1 }

  public func amplify(_ input: IQSignal) -> IQSignal {
    let samples = (0..<input.count).map { input[$0] }
    let filtered = filter(samples, second: 0.5, feedback: 0.2)
    let bent = filtered.map { oddPolynomial(polynomial, at: $0.squaredMagnitude) * $0 }
    return IQSignal(filter(bent, second: -0.1, feedback: 0.4))
  }

  /// `(1 + second z^-2) / (1 - feedback z^-1)`.
  private func filter(_ x: [Complex], second: Double, feedback: Double) -> [Complex] {
    var previous = Complex.zero
    return x.indices.map { n in
      let forward = n >= 2 ? x[n] + second * x[n - 2] : x[n]
      previous = forward + feedback * previous
      return previous
    }
  }
}
