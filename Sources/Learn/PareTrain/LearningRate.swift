/// A learning rate that rises linearly over a warm-up and then follows half a cosine down.
public struct LearningRate: Hashable, Sendable, Codable {
  /// The rate at the end of the warm-up.
  public var peak: Double
  /// The rate at the last step.
  public var final: Double
  /// Steps of the linear rise; 0 starts at the peak.
  public var warmUpSteps: Int

  public init(peak: Double, final: Double, warmUpSteps: Int = 0) {
    self.peak = peak
    self.final = final
    self.warmUpSteps = warmUpSteps
  }

  /// The rate at a step, counted from 0, of a run of `steps`.
  ///
  /// - Source: Loshchilov, Hutter, SGDR, ICLR 2017, equation 5, without restarts.
  public func rate(at step: Int, of steps: Int) -> Double {
    if step < warmUpSteps { return peak * Double(step + 1) / Double(warmUpSteps) }
    let span = steps - 1 - warmUpSteps
    guard span > 0 else { return peak }
    let sine = sineOfQuarterTurns(Double(step - warmUpSteps) / Double(span))
    return peak + (final - peak) * sine * sine
  }
}

/// `sin(u * pi / 2)` for u in 0...1: a Taylor sum of products and sums only, so that no machine's library changes a bit.
private func sineOfQuarterTurns(_ u: Double) -> Double {
  let angle = u * (Double.pi / 2)
  let square = angle * angle
  var term = angle
  var sum = angle
  for n in stride(from: 2.0, through: 20.0, by: 2.0) {
    term *= -square / (n * (n + 1))
    sum += term
  }
  return sum
}
