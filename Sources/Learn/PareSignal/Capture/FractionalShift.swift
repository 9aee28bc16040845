/// Reads a signal between its samples: `out[n] = signal(n + shift)`, by a windowed sinc.
///
/// Nothing wraps around: where the filter would need samples from outside, there is no output.
///
/// - Source: Laakso et al., Splitting the Unit Delay, IEEE Signal Processing Magazine, 1996 (windowed sinc); Kaiser
///   window with beta 10, about 100 dB from 0 to 93 % of half the sample rate.
struct FractionalShift {
  static let halfWidth = 48

  /// Whole part, nearest to the shift.
  let whole: Int
  /// Coefficients for `signal[n + whole - halfWidth ... n + whole + halfWidth]`, or nil when the shift is whole.
  private let taps: [Double]?

  /// - Parameter shift: in samples; positive looks ahead, which undoes a delay.
  init(by shift: Double) {
    let rounded = shift.rounded(.toNearestOrEven)
    whole = Int(rounded)
    let fraction = shift - rounded
    guard abs(fraction) > 1e-9 else {
      taps = nil
      return
    }
    let half = Self.halfWidth
    // sin(pi (k - f)) differs between the taps in sign only.
    let sine = unitPhasor(turns: fraction / 2).im
    let raw = (-half...half).map { k -> Double in
      let distance = Double(k) - fraction
      let sinc = (k & 1 == 0 ? -sine : sine) / (Double.pi * distance)
      let ratio = distance / Double(half + 1)
      return sinc * besselI0(10 * (1 - ratio * ratio).squareRoot())
    }
    let sum = raw.reduce(0, +)
    taps = raw.map { $0 / sum }
  }

  /// The indices of `out` that exist for a signal of a length; may be empty, may start below 0.
  func range(forCount count: Int) -> Range<Int> {
    let margin = taps == nil ? 0 : Self.halfWidth
    let lower = margin - whole
    return lower..<max(lower, count - whole - margin)
  }

  /// - Precondition: `range` lies within ``range(forCount:)`` of the signal.
  func callAsFunction(_ signal: IQSignal, _ range: Range<Int>) throws -> IQSignal {
    guard let taps else { return signal[range.lowerBound + whole..<range.upperBound + whole] }
    var i = [Double](repeating: 0, count: range.count)
    var q = i
    for (index, n) in range.enumerated() {
      if index & 0xFFFF == 0 { try Task.checkCancellation() }
      let start = n + whole - Self.halfWidth
      var (sumI, sumQ) = (0.0, 0.0)
      for k in taps.indices {
        sumI += taps[k] * signal.i[start + k]
        sumQ += taps[k] * signal.q[start + k]
      }
      i[index] = sumI
      q[index] = sumQ
    }
    return IQSignal(i: i, q: q)
  }
}

/// The modified Bessel function of order 0 by its power series.
private func besselI0(_ x: Double) -> Double {
  let quarter = x * x / 4
  var (sum, term) = (1.0, 1.0)
  for k in 1...60 {
    term *= quarter / Double(k * k)
    sum += term
  }
  return sum
}
