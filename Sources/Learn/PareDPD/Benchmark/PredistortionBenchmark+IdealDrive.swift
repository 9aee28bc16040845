import PareSignal

extension PredistortionBenchmark {
  /// The drive that makes an amplifier give the target of a split.
  ///
  /// - Parameters:
  ///   - amplifier: the frozen one when nil, which a data set does not have.
  ///   - seed: of the noise that measures the response.
  /// - Throws: ``PredistortionError`` with code `.diverged`; `CancellationError`.
  public func idealDrive(
    on split: BenchmarkSplit, through amplifier: (any DifferentiableAmplifier)? = nil,
    seed: UInt64 = 1
  ) throws -> IdealDrive {
    var settings = IdealDrive.Settings()
    settings.peak = calibration.peak
    settings.margin = calibration.windows[split]!.metricStart
    return try IdealDrive(
      for: judge(amplifier), target: target(split),
      start: input(split).scaled(by: baselineScale(through: amplifier)), seed: seed, settings)
  }
}
