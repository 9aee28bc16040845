/// `exp(2πi * turns)`, the same bits on every machine.
///
/// The fraction of a turn is reduced without rounding, so that large arguments lose nothing; sine and cosine are then
/// Taylor sums on at most an eighth of a turn, where the first dropped term is below half a unit in the last place.
public func unitPhasor(turns: Double) -> Complex {
  let fraction = turns - turns.rounded(.toNearestOrEven)  // exact, in [-1/2, 1/2]
  let quarter = (fraction * 4).rounded(.toNearestOrEven)
  let (cosine, sine) = shortArc((fraction - quarter * 0.25) * (2 * Double.pi))
  return switch Int(quarter) {
  case 0: Complex(cosine, sine)
  case 1: Complex(-sine, cosine)
  case -1: Complex(sine, -cosine)
  default: Complex(-cosine, -sine)
  }
}

/// `exp(-2πi * numerator / denominator)`, reduced with integers first: the twiddle factors of a Fourier transform.
func rootOfUnity(_ numerator: Int, of denominator: Int) -> Complex {
  let reduced = numerator % denominator
  // Whole eighths of a turn are taken off as integers, so that the remaining arc is correctly rounded.
  let quarter = (8 * reduced + denominator) / (2 * denominator)
  let rest = 4 * reduced - quarter * denominator
  let arc = Double(rest) / Double(denominator) * (Double.pi / 2)
  let (cosine, sine) = shortArc(arc)
  return switch quarter % 4 {
  case 0: Complex(cosine, -sine)
  case 1: Complex(-sine, -cosine)
  case 2: Complex(-cosine, sine)
  default: Complex(sine, cosine)
  }
}

/// Cosine and sine of an angle of magnitude at most π/4 (a little more does no harm).
private func shortArc(_ x: Double) -> (cosine: Double, sine: Double) {
  let square = x * x
  var cosine = 0.0
  var sine = 0.0
  for n in stride(from: 18, through: 2, by: -2) {
    cosine = (1 - cosine) * square / Double(n * (n - 1))
    sine = (1 - sine) * square / Double(n * (n + 1))
  }
  return (1 - cosine, x - x * sine)
}

/// `10 log10(ratio)`, the same bits on every machine; a ratio below 1e-40 gives -400 dB, so that reports stay finite.
///
/// - Precondition: `ratio` is not negative and finite.
public func decibels(_ ratio: Double) -> Double {
  precondition(ratio >= 0 && ratio.isFinite, "no decibels of \(ratio)")
  guard ratio > 1e-40 else { return -400 }
  // ratio = significand * 2^exponent with the significand in [sqrt(1/2), sqrt(2)).
  var exponent = Double(ratio.exponent)
  var significand = ratio.significand
  if significand > 1.4142135623730951 {
    significand /= 2
    exponent += 1
  }
  // ln m = 2 artanh((m - 1) / (m + 1)).
  let s = (significand - 1) / (significand + 1)
  let square = s * s
  var series = 0.0
  for n in stride(from: 25, through: 3, by: -2) { series = (series + 1 / Double(n)) * square }
  let naturalLog = exponent * 0.693147180559945309417 + 2 * (s + s * series)
  return naturalLog * (10 * 0.434294481903251827651)
}
