/// The angle of the point `(x, y)` in radians, -π...π, the same bits on every machine.
///
/// Off by at most 3 units in the last place. Signs of zero count as in IEEE 754: the angle of `(-1, -0)` is -π. Not a number
/// if either argument is.
///
/// - Source: `atan t = atan c + atan((t - c) / (1 + t c))`, Abramowitz and Stegun, 4.4.34, with `c` the nearest eighth; then
///   the Taylor series, 4.4.42, whose first dropped term is below 2^-67 of the sum for |argument| ≤ 1/16.
public func portableArctangent(y: Double, x: Double) -> Double {
  guard !x.isNaN, !y.isNaN else { return .nan }
  let (rise, run) = (abs(y), abs(x))
  var angle: Double
  if rise == run {
    // The origin, the diagonals, and both infinite.
    angle = rise == 0 ? 0 : .pi / 4
  } else if rise < run {
    angle = arctangent(rise / run)
  } else {
    angle = .pi / 2 - arctangent(run / rise)
  }
  if x.sign == .minus { angle = .pi - angle }
  return y.sign == .minus ? -angle : angle
}

/// The arctangent of 0...1.
private func arctangent(_ t: Double) -> Double {
  let eighth = Int((t * 8).rounded(.toNearestOrEven))
  let center = Double(eighth) / 8
  let rest = eighth == 0 ? t : (t - center) / (1 + t * center)
  let square = rest * rest
  var series = 0.0
  for n in stride(from: 15, through: 3, by: -2) { series = (1 / Double(n) - series) * square }
  // Leaving the large part out of the series keeps its rounding small.
  return arctangentsOfEighths[eighth] + (rest - rest * series)
}

/// `atan(k / 8)` to the nearest number.
private let arctangentsOfEighths = [
  0.0, 0.1243549945467614350314, 0.2449786631268641541721,
  0.3587706702705722203959, 0.4636476090008061162143, 0.5585993153435624359715,
  0.6435011087932843868028, 0.718829999621624505417, 0.7853981633974483096157,
]
