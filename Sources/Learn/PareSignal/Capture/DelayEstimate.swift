/// By how many samples one signal lags another.
///
/// The whole samples come from the peak of the cross-correlation, the fraction from the cross spectrum in band: the
/// shift that brings its phases closest together, each weighted with its magnitude (the peak of the band-limited
/// correlation, found by Newton's method).
enum DelayEstimate {
  /// Longest stretch that is correlated; enough for any delay between two captures of one trigger.
  static let longestStretch = 1 << 21

  /// The lag in whole samples at which `y` resembles `x` most; positive when `y` is late.
  ///
  /// - Complexity: O(n log n).
  static func wholeSamples(of y: IQSignal, behind x: IQSignal) throws -> Int {
    let xCount = min(x.count, longestStretch)
    let yCount = min(y.count, longestStretch)
    let length = FourierTransform.fastCount(atLeast: xCount + yCount)
    let transform = FourierTransform(count: length)
    func spectrum(_ signal: IQSignal, _ count: Int) -> (re: [Double], im: [Double]) {
      let padding = [Double](repeating: 0, count: length - count)
      var re = Array(signal.i[..<count]) + padding
      var im = Array(signal.q[..<count]) + padding
      transform.forward(&re, &im)
      return (re, im)
    }
    let a = spectrum(x, xCount)
    try Task.checkCancellation()
    let b = spectrum(y, yCount)
    var re = [Double](repeating: 0, count: length)
    var im = re
    for k in 0..<length {
      re[k] = a.re[k] * b.re[k] + a.im[k] * b.im[k]
      im[k] = a.re[k] * b.im[k] - a.im[k] * b.re[k]
    }
    try Task.checkCancellation()
    transform.inverse(&re, &im)
    var best = 0
    var bestPower = -1.0
    for lag in 0..<length {
      let power = re[lag] * re[lag] + im[lag] * im[lag]
      if power > bestPower { (best, bestPower) = (lag, power) }
    }
    return best < yCount ? best : best - length
  }

  /// What is left of the delay once the signals are aligned to the sample, within (-1, 1).
  ///
  /// - Parameter band: width in cycles per sample around 0 in which phases count.
  static func fraction(of y: IQSignal, behind x: IQSignal, band: Double) -> Double {
    precondition(x.count == y.count && x.count >= 16, "\(x.count), \(y.count) samples")
    var length = 4096
    while length > x.count { length /= 2 }
    let cross = crossSpectrum(x, y, length: length, band: band)
    // The correlation is smooth on the scale of a sample, so a grid of sixteenths finds the right hill.
    var delay = 0.0
    var bestPower = -1.0
    for step in -16...16 {
      let power = cross.correlation(at: Double(step) / 16).value.squaredMagnitude
      if power > bestPower { (delay, bestPower) = (Double(step) / 16, power) }
    }
    for _ in 0..<20 {
      let (value, slope, bend) = cross.correlation(at: delay)
      let rise = (value.conjugate * slope).re
      let curvature = slope.squaredMagnitude + (value.conjugate * bend).re
      guard curvature < 0 else { break }
      let step = -rise / curvature
      delay += max(-0.0625, min(0.0625, step))
      if abs(step) < 1e-12 { break }
    }
    return delay
  }

  private struct CrossSpectrum {
    /// Cycles per sample and `sum conj(X) * Y` of each bin in band.
    var bins: [(frequency: Double, value: Complex)]

    /// The correlation at a shift, with its first two derivatives.
    func correlation(at delay: Double) -> (value: Complex, slope: Complex, bend: Complex) {
      var (value, slope, bend) = (Complex.zero, Complex.zero, Complex.zero)
      for (frequency, bin) in bins {
        let turned = bin * unitPhasor(turns: frequency * delay)
        let omega = 2 * Double.pi * frequency
        value = value + turned
        slope = slope + Complex(-omega * turned.im, omega * turned.re)
        bend = bend - omega * omega * turned
      }
      return (value, slope, bend)
    }
  }

  private static func crossSpectrum(
    _ x: IQSignal, _ y: IQSignal, length: Int, band: Double
  ) -> CrossSpectrum {
    let transform = FourierTransform(count: length)
    let window = WelchSpectrum.hann(length)
    var re = [Double](repeating: 0, count: length)
    var im = re
    func spectrum(_ signal: IQSignal, _ start: Int) -> (re: [Double], im: [Double]) {
      var re = (0..<length).map { signal.i[start + $0] * window[$0] }
      var im = (0..<length).map { signal.q[start + $0] * window[$0] }
      transform.forward(&re, &im)
      return (re, im)
    }
    for start in stride(from: 0, through: x.count - length, by: length / 2) {
      let a = spectrum(x, start)
      let b = spectrum(y, start)
      for k in 0..<length {
        re[k] += a.re[k] * b.re[k] + a.im[k] * b.im[k]
        im[k] += a.re[k] * b.im[k] - a.im[k] * b.re[k]
      }
    }
    let bins = (0..<length).compactMap { k -> (Double, Complex)? in
      let frequency = Double(k <= length / 2 ? k : k - length) / Double(length)
      return abs(frequency) <= band / 2 ? (frequency, Complex(re[k], im[k])) : nil
    }
    return CrossSpectrum(bins: bins)
  }
}
