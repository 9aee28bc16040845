import PareNumerics
import PareText

/// Figures of a predistorter that were obtained through a model of the amplifier and not on the amplifier itself.
///
/// The name and the fidelity of the model travel with the figures, and ``description`` says so.
public struct SimulatedScore: Hashable, Sendable, Codable, CustomStringConvertible {
  /// The predistorted amplifier's output against the linear target, with the gain of the target named.
  public let metrics: MetricsReport
  /// Name of the model.
  public let model: String
  public let fidelity: ModelFidelity
  /// Largest magnitude that the predistorter drives the model with.
  public let drivePeak: Double
  /// Largest magnitude that the model was trained on.
  public let trainedPeak: Double
  /// Samples that drive the model beyond what it was trained on.
  public let samplesBeyondTraining: Int

  /// Whether the error is below that of the model itself; what it is below by says nothing about the amplifier.
  public var isBeyondFidelity: Bool { metrics.nmse < fidelity.nmse }

  /// The figures, how they came about, and what they are worth.
  public var description: String {
    let gain = metrics.gain.map { ", \($0.convention.rawValue) gain" } ?? ""
    var text =
      "NMSE \(metrics.nmse.fixed(2)) dB, EVM \(metrics.evm.fixed(2)) dB, "
      + "ACLR \(metrics.aclrLeft.fixed(2)) / \(metrics.aclrRight.fixed(2)) dBc"
    if let left = metrics.acprLeft, let right = metrics.acprRight {
      text += ", ACPR \(left.fixed(2)) / \(right.fixed(2)) dBc"
    }
    text +=
      " (\(metrics.profile.rawValue) profile\(gain)); "
      + "simulated through the amplifier model '\(model)' of \(fidelity)"
    if isBeyondFidelity {
      text += "; the error is below the model's own, so the difference is no evidence"
    }
    if samplesBeyondTraining > 0 {
      text +=
        "; \(samplesBeyondTraining) samples drive the model up to \(drivePeak.fixed(3)), "
        + "beyond its training at \(trainedPeak.fixed(3))"
    }
    return text
  }
}

extension AmplifierModel {
  /// Sends a waveform through a predistorter and this model, and measures the result against the linear target.
  ///
  /// The wanted output, in the model's convention (divided by its gain `g`), is `r = x G / g` with `G` the target gain; the
  /// predistorter takes `r` and gives the drive `u`, as one that was trained on the inverse task does; the model's output
  /// for `u` is compared with `r`.
  ///
  /// - Parameters:
  ///   - waveform: `x`.
  ///   - target: `G`; the model's own gain when absent, so that `r` is `x`.
  ///   - segments: unrelated stretches; predistorter and model start from zero state in each, and no spectral window
  ///     crosses a joint.
  ///   - margin: samples at both ends of every segment that do not count for the NMSE, because filters see zeros there:
  ///     the memory of predistorter and model together.
  ///   - predistorter: `[2][time]` to the same; `{ $0 }` for the amplifier without predistortion.
  /// - Throws: ``SignalError`` as ``MetricsReport`` and ``output(for:segments:)``; what the predistorter throws.
  public func score(
    of waveform: IQSignal, target: ReferenceGain? = nil, plan: BandPlan,
    segments: [Range<Int>]? = nil, margin: Int = 0, profile: MetricProfile = .spectral,
    predistorter: ([[Float]]) throws -> [[Float]]
  ) throws -> SimulatedScore {
    let target = target ?? ReferenceGain(.leastSquares, value: gain)
    let segments = segments ?? [0..<waveform.count]
    let wanted = waveform.scaled(by: target.value * gain.reciprocal)
    let drive = try runModel(
      predistorter, named: "the predistorter", on: wanted, segments: segments)
    let output = try output(for: drive, segments: segments)
    let report = try MetricsReport(
      of: output, against: wanted, plan: plan, segments: segments, profile: profile)
    // The legacy profile averages decibels over its own segments, margins included.
    let nmse =
      profile == .legacy
      ? report.nmse
      : PareSignal.nmse(
        output, against: wanted, in: try innerRanges(of: segments, margin: margin, of: wanted))
    // The network's single precision may put a sample a rounding above the peak that it copies.
    let limit = nominalPeak * (1 + 1e-6)
    return SimulatedScore(
      metrics: report.naming(target, nmse: nmse), model: name, fidelity: fidelity,
      drivePeak: drive.peak, trainedPeak: nominalPeak,
      samplesBeyondTraining: (0..<drive.count).count { drive[$0].magnitude > limit })
  }
}

extension IQDataset {
  /// Scores a predistorter on a split's input through a model of this data set's amplifier.
  ///
  ///     let before = try dataset.score(through: model) { $0 }
  ///     let after = try dataset.score(through: model, margin: 64) { predistorter($0) }
  ///
  /// - Throws: as ``AmplifierModel/score(of:target:plan:segments:margin:profile:predistorter:)``.
  public func score(
    through model: AmplifierModel, on split: Split = .test,
    by convention: GainConvention = .leastSquares, margin: Int = 0,
    profile: MetricProfile = .spectral, predistorter: ([[Float]]) throws -> [[Float]]
  ) throws -> SimulatedScore {
    try model.score(
      of: self[split].input, target: gain(convention), plan: plan, segments: segments(of: split),
      margin: margin, profile: profile, predistorter: predistorter)
  }
}
