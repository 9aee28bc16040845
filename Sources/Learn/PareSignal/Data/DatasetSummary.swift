import PareNumerics
import PareText

/// What `pare dataset inspect` shows of a data set.
public struct DatasetSummary: Hashable, Sendable, Codable {
  /// The figures of one split.
  public struct Part: Hashable, Sendable, Codable {
    public let split: Split
    public let sampleCount: Int
    public let segmentCount: Int
    public let inputRMS: Double
    public let outputRMS: Double
    /// Peak-to-average power ratio in dB.
    public let inputPAPR: Double
    public let outputPAPR: Double
    /// NMSE of the output against the input times the best gain of this very split, in dB.
    public let nmseOwnGain: Double
    /// The same with the least-squares gain of the training split: what a network that does nothing reaches.
    public let nmseTrainingGain: Double
    /// The same with the peak gain of the training split.
    public let nmsePeakGain: Double
    /// ACLR of the output, `spectral` profile, in dBc; absent when no segment holds a window.
    public let outputACLRLeft: Double?
    public let outputACLRRight: Double?

    private enum CodingKeys: String, CodingKey {
      case split, sampleCount, segmentCount, inputRMS, outputRMS
      case inputPAPR = "inputPAPRDB"
      case outputPAPR = "outputPAPRDB"
      case nmseOwnGain = "nmseOwnGainDB"
      case nmseTrainingGain = "nmseTrainingGainDB"
      case nmsePeakGain = "nmsePeakGainDB"
      case outputACLRLeft = "outputACLRLeftDBc"
      case outputACLRRight = "outputACLRRightDBc"
    }
  }

  public let name: String
  public let about: String
  public let plan: BandPlan
  public let segmentsAreIndependent: Bool
  /// Least-squares gain of the training split.
  public let gain: Complex
  /// Peak gain of the training split.
  public let peakGain: Double
  /// Samples by which the training output lags its input; the amplifier's group delay and what alignment left over.
  public let residualDelay: Double
  public let parts: [Part]
  /// ``IQDataset/stableHash`` as text.
  public let hash: String

  private enum CodingKeys: String, CodingKey {
    case name, about, plan, segmentsAreIndependent, gain, peakGain
    case residualDelay = "residualDelaySamples"
    case parts, hash
  }
}

extension IQDataset {
  /// Counts, rates, gains, delay, crest factors, and errors without any model.
  ///
  /// - Throws: ``SignalError`` when a split cannot be measured (silent or unrelated, or no room beside the main channel).
  public func summary() throws(SignalError) -> DatasetSummary {
    DatasetSummary(
      name: name, about: about, plan: plan, segmentsAreIndependent: segmentsAreIndependent,
      gain: leastSquaresGain, peakGain: peakGain, residualDelay: residualDelay,
      parts: [try part(.training), try part(.validation), try part(.test)],
      hash: StableHash.hex(stableHash))
  }

  /// Fractional delay of the training output behind its input, for captures that are aligned to the sample.
  public var residualDelay: Double {
    guard training.count >= 16 else { return 0 }
    return DelayEstimate.fraction(
      of: training.output, behind: training.input, band: min(1, bandwidth / sampleRate))
  }

  private func part(_ split: Split) throws(SignalError) -> DatasetSummary.Part {
    let pair = self[split]
    guard pair.input.peak > 0 else {
      throw SignalError(.silent(what: "the \(split.rawValue) input"))
    }
    guard pair.output.peak > 0 else {
      throw SignalError(.silent(what: "the \(split.rawValue) output"))
    }
    guard correlation(pair.input, pair.output) > 1e-6 else {
      throw SignalError(
        .badDataset(name: name, reason: "\(split.rawValue) input and output are unrelated"))
    }
    func error(_ gain: Complex) -> Double {
      nmse(pair.output, against: pair.input.scaled(by: gain))
    }
    let segments = segments(of: split)
    let isMeasurable = segments.contains { $0.count >= segmentLength }
    let spectral = isMeasurable ? try metrics(of: pair.output, on: split) : nil
    return DatasetSummary.Part(
      split: split, sampleCount: pair.count, segmentCount: segments.count,
      inputRMS: pair.input.rms, outputRMS: pair.output.rms,
      inputPAPR: pair.input.peakToAverage, outputPAPR: pair.output.peakToAverage,
      nmseOwnGain: error(PareSignal.leastSquaresGain(from: pair.input, to: pair.output)),
      nmseTrainingGain: error(leastSquaresGain), nmsePeakGain: error(Complex(peakGain)),
      outputACLRLeft: spectral?.aclrLeft, outputACLRRight: spectral?.aclrRight)
  }
}

extension DatasetSummary {
  /// The text that the command line prints.
  public var text: String {
    let sign = gain.im < 0 ? "-" : "+"
    let lines = [
      about.isEmpty ? name : "\(name): \(about)",
      "\(plan.sampleRate / 1e6) MHz sample rate, \(plan.bandwidth / 1e6) MHz in "
        + "\(plan.subChannelCount) sub-channels, windows of \(plan.segmentLength) samples"
        + (segmentsAreIndependent ? ", each an independent segment" : ""),
      "gain \(gain.re.fixed(5))\(sign)\(abs(gain.im).fixed(5))j (least squares, train), "
        + "\(peakGain.fixed(6)) (peak); residual delay \(residualDelay.fixed(3)) samples",
    ]
    var table = TextTable([
      ("split", .left), ("samples", .right), ("segments", .right), ("rms in", .right),
      ("rms out", .right), ("papr in", .right), ("papr out", .right), ("nmse own", .right),
      ("nmse train", .right), ("nmse peak", .right), ("aclr left", .right), ("aclr right", .right),
    ])
    for part in parts {
      table.add(
        [
          part.split.rawValue, part.sampleCount.grouped, "\(part.segmentCount)",
          part.inputRMS.fixed(4), part.outputRMS.fixed(4),
        ]
          + [
            part.inputPAPR, part.outputPAPR, part.nmseOwnGain, part.nmseTrainingGain,
            part.nmsePeakGain,
          ].map { $0.fixed(2) }
          + [part.outputACLRLeft, part.outputACLRRight].map { $0?.fixed(2) ?? "-" })
    }
    return (lines + ["", table.text, "", Self.legend]).joined(separator: "\n")
  }

  private static let legend =
    "papr and nmse in dB, aclr in dBc. nmse: output against gain x input, the gain by least squares\n"
    + "over the split itself (own) or over train, or the peak gain of train."
}
