/// Which set of definitions a metric follows; `docs/guides/datasets.md` gives the formulas.
public enum MetricProfile: String, Hashable, Sendable, Codable, CaseIterable {
  /// Pooled NMSE; Welch density with half-overlapping Hann windows that never cross a joint.
  case spectral
  /// As OpenDPD version 1 reports: decibels averaged over segments of `segmentLength`.
  case legacy
}

/// How far an amplifier's output is from a reference, in one named profile.
///
/// - Units: `nmse` and `evm` in dB, `aclr` and `acpr` in dBc (negative is good); -400 stands for no error at all.
public struct MetricsReport: Hashable, Sendable, Codable {
  public let profile: MetricProfile
  /// Normalized mean squared error.
  public let nmse: Double
  /// In-band error ratio; not a constellation measurement.
  public let evm: Double
  /// Power in one sub-channel width below (left of) the main channel over the strongest sub-channel.
  public let aclrLeft: Double
  /// The same above the main channel.
  public let aclrRight: Double
  /// Power in the whole adjacent bandwidth below over the main channel; absent in `legacy`, or when the sample rate is
  /// under three bandwidths.
  public let acprLeft: Double?
  /// The same above the main channel.
  public let acprRight: Double?
  /// By which gain the reference was made from the input; absent when the caller brought a reference of its own.
  public let gain: ReferenceGain?

  private enum CodingKeys: String, CodingKey {
    case profile
    case nmse = "nmseDB"
    case evm = "evmDB"
    case aclrLeft = "aclrLeftDBc"
    case aclrRight = "aclrRightDBc"
    case acprLeft = "acprLeftDBc"
    case acprRight = "acprRightDBc"
    case gain = "referenceGain"
  }

  init(
    profile: MetricProfile, nmse: Double, evm: Double, aclr: (left: Double, right: Double),
    acpr: (left: Double, right: Double)?, gain: ReferenceGain? = nil
  ) {
    self.profile = profile
    self.nmse = nmse
    self.evm = evm
    (aclrLeft, aclrRight) = aclr
    (acprLeft, acprRight) = (acpr?.left, acpr?.right)
    self.gain = gain
  }

  /// The same figures with the reference's gain named, and perhaps an NMSE over other samples.
  func naming(_ gain: ReferenceGain, nmse: Double? = nil) -> MetricsReport {
    var acpr: (left: Double, right: Double)?
    if let acprLeft, let acprRight { acpr = (acprLeft, acprRight) }
    return MetricsReport(
      profile: profile, nmse: nmse ?? self.nmse, evm: evm, aclr: (aclrLeft, aclrRight), acpr: acpr,
      gain: gain)
  }

  /// Measures an output against a reference of the same length.
  ///
  /// - Parameters:
  ///   - segments: unrelated stretches; no window of the `spectral` profile crosses a joint. The whole when absent. The
  ///     `legacy` profile always cuts at multiples of `plan.segmentLength`, as its source does.
  /// - Throws: ``SignalError`` when lengths differ, a signal is silent in band, a segment is too short, or the sample
  ///   rate leaves no room beside the main channel.
  public init(
    of output: IQSignal, against reference: IQSignal, plan: BandPlan,
    segments: [Range<Int>]? = nil, profile: MetricProfile = .spectral
  ) throws(SignalError) {
    guard output.count == reference.count else {
      throw SignalError(
        .unequalLengths(
          first: "the output", firstCount: output.count, second: "the reference",
          secondCount: reference.count))
    }
    guard !reference.isEmpty else { throw SignalError(.noSamples(path: "the reference")) }
    guard reference.peak > 0 else { throw SignalError(.silent(what: "the reference")) }
    guard output.peak > 0 else { throw SignalError(.silent(what: "the output")) }
    // Outside these limits a ratio of powers may leave the range of a number.
    for (what, signal) in [("the reference", reference), ("the output", output)] {
      guard (1e-100...1e20).contains(signal.peak) else {
        throw SignalError(
          .badCapture(path: what, reason: "a peak of \(signal.peak) cannot be measured"))
      }
    }
    switch profile {
    case .spectral:
      self = try .spectral(of: output, against: reference, plan: plan, segments: segments)
    case .legacy:
      self = try .legacy(of: output, against: reference, plan: plan)
    }
  }
}

extension IQDataset {
  /// Measures a signal of a split's length against the split's input times a gain.
  ///
  ///     let before = try dataset.metrics(of: dataset.test.output, on: .test)
  ///
  /// - Parameters:
  ///   - gain: what the ideal amplifier would multiply by; the peak gain when absent.
  ///   - acrossJoins: lets spectral windows cross joints of unrelated segments, only to compare with tools that do.
  /// - Throws: ``SignalError`` as ``MetricsReport``.
  public func metrics(
    of output: IQSignal, on split: Split, gain: Complex? = nil, profile: MetricProfile = .spectral,
    acrossJoins: Bool = false
  ) throws(SignalError) -> MetricsReport {
    let report = try MetricsReport(
      of: output, against: self[split].input.scaled(by: gain ?? Complex(peakGain)), plan: plan,
      segments: acrossJoins ? nil : segments(of: split), profile: profile)
    return gain == nil ? report.naming(self.gain(.peak)) : report
  }
}
