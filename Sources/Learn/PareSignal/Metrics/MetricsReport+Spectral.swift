import PareNumerics

extension MetricsReport {
  static func spectral(
    of output: IQSignal, against reference: IQSignal, plan: BandPlan, segments: [Range<Int>]?
  ) throws(SignalError) -> MetricsReport {
    func spectrum(_ signal: IQSignal) throws(SignalError) -> WelchSpectrum {
      try WelchSpectrum(
        of: signal, sampleRate: plan.sampleRate, windowLength: plan.segmentLength,
        segments: segments)
    }
    let binWidth = plan.sampleRate / Double(plan.segmentLength)
    guard binWidth <= plan.subChannelWidth else {
      throw SignalError(
        .badPlan(
          reason: "windows of \(plan.segmentLength) samples have bins of \(binWidth) Hz, too wide "
            + "for sub-channels of \(plan.subChannelWidth) Hz"))
    }
    let density = try spectrum(output)
    let half = plan.bandwidth / 2
    guard let leakage = leakage(in: density, plan: plan, width: plan.subChannelWidth) else {
      throw SignalError(
        .badPlan(
          reason: "a sample rate of \(plan.sampleRate) Hz leaves no sub-channel of "
            + "\(plan.subChannelWidth) Hz beside the main channel of \(plan.bandwidth) Hz"))
    }
    let carriers = (0..<plan.subChannelCount).map { carrier in
      let lower = -half + Double(carrier) * plan.subChannelWidth
      return density.power(from: lower, to: lower + plan.subChannelWidth) ?? 0
    }
    let strongest = carriers.max() ?? 0
    let main = density.power(from: -half, to: half) ?? 0
    let wanted = try spectrum(reference).power(from: -half, to: half) ?? 0
    guard strongest > 0 else { throw SignalError(.silent(what: "the output in its main channel")) }
    guard wanted > 0 else { throw SignalError(.silent(what: "the reference in its main channel")) }
    let error = try spectrum(output - reference).power(from: -half, to: half) ?? 0
    let adjacent = Self.leakage(in: density, plan: plan, width: plan.bandwidth)
    return MetricsReport(
      profile: .spectral, nmse: PareSignal.nmse(output, against: reference),
      evm: decibels(error / wanted),
      aclr: (decibels(leakage.left / strongest), decibels(leakage.right / strongest)),
      acpr: adjacent.map { (decibels($0.left / main), decibels($0.right / main)) })
  }

  /// Power in a width on either side of the main channel, or nil when it would leave the spectrum.
  private static func leakage(
    in density: WelchSpectrum, plan: BandPlan, width: Double
  ) -> (left: Double, right: Double)? {
    let half = plan.bandwidth / 2
    guard let left = density.power(from: -half - width, to: -half),
      let right = density.power(from: half, to: half + width)
    else { return nil }
    return (left, right)
  }
}
