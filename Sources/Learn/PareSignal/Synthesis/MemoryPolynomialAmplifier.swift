/// An amplifier whose output sums odd powers of the present and the two previous samples.
///
/// `y[n] = sum over k = 1, 3, 5 and q = 0, 1, 2 of c[k, q] * x[n - q] * |x[n - q]|^(k - 1)`.
///
/// - Source: Ding, Zhou, Morgan, Ma, Kenney, Kim, Giardina, A Robust Digital Baseband Predistorter Constructed Using
///   Memory Polynomials, IEEE Transactions on Communications 52 (1), 2004, doi:10.1109/TCOMM.2003.822188, equations 11
///   and 12.
public struct MemoryPolynomialAmplifier: PowerAmplifier, Hashable {
  /// `[delay][power]` for the powers 1, 3, 5.
  let coefficients: [[Complex]] = [
    [Complex(1.0513, 0.0904), Complex(-0.0542, -0.2900), Complex(-0.9657, -0.7028)],
    [Complex(-0.0680, -0.0023), Complex(0.2234, 0.2317), Complex(-0.2451, -0.3735)],
    [Complex(0.0289, -0.0054), Complex(-0.0621, -0.0932), Complex(0.1229, 0.1508)],
  ]

  public init() {}

  public var name: String { "memory-polynomial" }
  public var about: String { "memory polynomial of Ding et al., IEEE Trans. Commun. 52 (2004)" }
  public var nominalPeak: Double { 0.8 }
  public var groupDelay: Int { 0 }

  public func amplify(_ input: IQSignal) -> IQSignal {
    IQSignal(
      (0..<input.count).map { n in
        var sum = Complex.zero
        for (delay, powers) in coefficients.enumerated() where n >= delay {
          let x = input[n - delay]
          sum = sum + oddPolynomial(powers, at: x.squaredMagnitude) * x
        }
        return sum
      })
  }
}

/// `c[0] + c[1] s + c[2] s² ...`, the complex gain at a squared magnitude.
func oddPolynomial(_ coefficients: [Complex], at squaredMagnitude: Double) -> Complex {
  coefficients.reversed().reduce(Complex.zero) { squaredMagnitude * $0 + $1 }
}
