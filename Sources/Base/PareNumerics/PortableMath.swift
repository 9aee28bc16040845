/// `10 log10(ratio)`, the same bits on every machine; a ratio below 1e-40 gives -400 dB, so that reports stay finite.
///
/// Off by at most 3 units in the last place. What is infinite or not a number stays so.
///
/// - Precondition: `ratio` is not negative.
/// - Source: `ln(m 2^e) = e ln 2 + 2 artanh((m - 1) / (m + 1))`, Abramowitz and Stegun, 4.1.27; the first dropped term of
///   the series is below 2^-70 of the sum.
public func decibels(_ ratio: Double) -> Double {
  precondition(!(ratio < 0), "no decibels of \(ratio)")
  guard ratio.isFinite else { return ratio }
  guard ratio > 1e-40 else { return -400 }
  // ratio = significand * 2^exponent with the significand in [sqrt(1/2), sqrt(2)).
  var exponent = Double(ratio.exponent)
  var significand = ratio.significand
  if significand > 1.4142135623730951 {
    significand /= 2
    exponent += 1
  }
  let s = (significand - 1) / (significand + 1)
  let square = s * s
  var series = 0.0
  for n in stride(from: 25, through: 3, by: -2) { series = (series + 1 / Double(n)) * square }
  let naturalLog = exponent * 0.693147180559945309417 + 2 * (s + s * series)
  return naturalLog * (10 * 0.434294481903251827651)
}

/// The hyperbolic tangent, the same bits on every machine.
///
/// Off by at most 3 units in the last place; exactly odd, never beyond ±1, and exactly `x` for the smallest arguments.
///
/// - Source: `tanh x = t / (t + 2)` with `t = exp(2x) - 1`, Abramowitz and Stegun, 4.5.3.
public func portableTanh(_ x: Double) -> Double {
  guard !x.isNaN else { return x }
  let magnitude = abs(x)
  // From 20 on, 1 - tanh is below 2^-56: less than a quarter of the last place below 1.
  guard magnitude < 20 else { return x < 0 ? -1 : 1 }
  // Below 2^-28, x^3 / 3 is less than a quarter of the last place of x; the sign of zero is kept, too.
  guard magnitude >= 0x1p-28 else { return x }
  let t = exponentialMinusOne(2 * magnitude)
  // From 1 on the complement is the small part, whose rounding hardly shows.
  let result = magnitude < 1 ? t / (t + 2) : 1 - 2 / (t + 2)
  return x < 0 ? -result : result
}

/// `exp(y) - 1` for 0 ≤ y ≤ 40, without the cancellation of the difference.
///
/// With `y = k ln 2 + r`, |r| ≤ ln 2 / 2, it is `2^k (exp(r) - 1) + (2^k - 1)`; the first term that the Taylor sum drops
/// is below 2^-67 of it. `ln 2` is split in two so that `k` times its upper 32 bits has no rounding.
private func exponentialMinusOne(_ y: Double) -> Double {
  let k = (y * 1.442695040888963407360).rounded(.toNearestOrEven)
  let r = (y - k * 0x1.62e42feep-1) - k * 0x1.a39ef35793c76p-33
  var tail = 0.0
  for n in stride(from: 15, through: 2, by: -1) { tail = (1 + tail) * (r / Double(n)) }
  let small = r + r * tail
  let power = powerOfTwo(Int(k))
  return power * small + (power - 1)
}
