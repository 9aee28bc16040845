import PareSignal

/// Kinds of amplifier models that are fitted to the benchmark's measured output.
public enum FittedAmplifier: String, Hashable, Sendable, CaseIterable {
  /// A generalized memory polynomial.
  case gmp
  /// The same with third-order terms of three different times.
  case volterra
  /// Odd orders only, with such terms over more samples.
  case oddVolterra = "odd-volterra"

  var terms: [VolterraTerm] {
    switch self {
    case .gmp: VolterraTerm.memoryPolynomial
    case .volterra: VolterraTerm.volterra
    case .oddVolterra: VolterraTerm.oddVolterra
    }
  }
}

extension PredistortionBenchmark {
  /// Fits a model to what the real amplifier put out on the training split; the frozen model has no part in it.
  ///
  /// The capture is limited in band, so the response to weak noise outside the band is held near that of a memoryless
  /// polynomial fitted to the same capture.
  ///
  /// - Parameter priorWeight: of that response's error against the capture's; 1e-3 costs 0.1 dB of fidelity on validation, and
  ///   without it the models lose the drive of a predistorter by tens of dB.
  /// - Throws: ``PredistortionError``; `CancellationError`.
  public func fitted(
    _ kind: FittedAmplifier, priorWeight: Double = 1e-3
  ) throws -> VolterraAmplifier {
    let input = transmitted(self.input(.train))
    let output = measured(.train)
    let margin = calibration.windows[.train]!.metricStart
    let plain = try VolterraAmplifier(
      name: "memoryless",
      terms: (0...6).map { VolterraTerm(carrier: 0, envelope: .power($0), delay: 0) },
      input: input, output: output, margin: margin)
    // A little beyond the band's edge, where the carriers' skirts end.
    let halfBand = 1.05 * calibration.bandwidth / 2 / calibration.sampleRate
    return try VolterraAmplifier(
      name: kind.rawValue, terms: kind.terms, input: input, output: output, margin: margin,
      prior: .init(amplifier: plain, halfBand: halfBand, weight: priorWeight))
  }
}
