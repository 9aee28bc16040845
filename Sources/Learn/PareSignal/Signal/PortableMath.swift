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
