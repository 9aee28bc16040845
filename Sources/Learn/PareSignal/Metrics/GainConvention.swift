import PareNumerics

/// What a measured output is compared with: which linear amplifier counts as ideal.
///
/// No figure of distortion means anything without it: on APA_200MHz the uncorrected output has an NMSE of -19.6 dB against
/// the least-squares gain and -13.8 dB against the peak gain.
public enum GainConvention: String, Hashable, Sendable, Codable, CaseIterable {
  /// The complex factor that brings the input closest to the output; small-signal and compressed parts balance.
  case leastSquares
  /// Largest output magnitude over largest input magnitude, real: the linear amplifier that just reaches the peak.
  case peak
  /// 1: output and input are compared as they are.
  case none
}

/// A gain with the convention that it was computed by.
public struct ReferenceGain: Hashable, Sendable, Codable {
  public let convention: GainConvention
  public let value: Complex

  public init(_ convention: GainConvention, value: Complex) {
    self.convention = convention
    self.value = value
  }

  /// The gain of an output over an input.
  ///
  /// - Throws: ``SignalError`` when lengths differ, or a signal is empty, silent, or unrelated to the other.
  public init(
    _ convention: GainConvention, from input: IQSignal, to output: IQSignal
  ) throws(SignalError) {
    try requirePair(input, output)
    switch convention {
    case .leastSquares:
      let gain = leastSquaresGain(from: input, to: output)
      guard gain.squaredMagnitude > 0 else {
        throw SignalError(.uncorrelated(correlation: 0, conjugateCorrelation: 0))
      }
      self.init(.leastSquares, value: gain)
    case .peak: self.init(.peak, value: Complex(output.peak / input.peak))
    case .none: self.init(.none, value: .one)
    }
  }

  /// Magnitude in dB.
  public var decibels: Double { PareNumerics.decibels(value.squaredMagnitude) }

  /// Angle in degrees.
  public var degrees: Double { angle(of: value) }
}

extension IQDataset {
  /// The amplifier's gain over the training split, by a convention.
  public func gain(_ convention: GainConvention) -> ReferenceGain {
    switch convention {
    case .leastSquares: ReferenceGain(.leastSquares, value: leastSquaresGain)
    case .peak: ReferenceGain(.peak, value: Complex(peakGain))
    case .none: ReferenceGain(.none, value: .one)
    }
  }

  /// Measures a signal of a split's length against the split's input times the training split's gain by a convention.
  ///
  /// - Throws: ``SignalError`` as ``MetricsReport``.
  public func metrics(
    of output: IQSignal, on split: Split, by convention: GainConvention,
    profile: MetricProfile = .spectral
  ) throws(SignalError) -> MetricsReport {
    let gain = gain(convention)
    return try metrics(of: output, on: split, gain: gain.value, profile: profile).naming(gain)
  }
}

/// In degrees, -180...180; 0 for the origin.
func angle(of value: Complex) -> Double {
  portableArctangent(y: value.im, x: value.re) * (180 / .pi)
}

/// - Throws: ``SignalError`` unless both have one length, samples, and energy.
func requirePair(_ input: IQSignal, _ output: IQSignal) throws(SignalError) {
  guard input.count == output.count else {
    throw SignalError(
      .unequalLengths(
        first: "the input", firstCount: input.count, second: "the output",
        secondCount: output.count))
  }
  guard !input.isEmpty else { throw SignalError(.noSamples(path: "the input")) }
  for (what, signal) in [("the input", input), ("the output", output)] {
    guard signal.peak > 0 else { throw SignalError(.silent(what: what)) }
    // Outside these limits a product of four samples may leave the range of a number.
    guard (1e-50...1e20).contains(signal.peak) else {
      throw SignalError(
        .badCapture(path: what, reason: "a peak of \(signal.peak) cannot be measured"))
    }
  }
}
