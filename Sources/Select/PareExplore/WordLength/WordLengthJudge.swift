import PareFixed
import PareNetwork
import PareNumerics
import PareSignal
import PareTrain

/// Scores outputs of a network against a split of a data set: errors per sample, and for a waveform its spectrum.
struct WordLengthJudge: Sendable {
  private let set: SampleSet
  private let architecture: Architecture
  private let reference: IQSignal
  private let plan: BandPlan
  private let segments: [Range<Int>]?
  /// Why EVM and ACLR are not measured.
  let spectrumFault: String?

  init(_ set: SampleSet, of dataset: IQDataset, split: Split, architecture: Architecture) {
    self.set = set
    self.architecture = architecture
    reference = IQSignal(channels: set.target)
    plan = dataset.plan
    segments = dataset.segments(of: split)
    do {
      _ = try MetricsReport(of: reference, against: reference, plan: plan, segments: segments)
      spectrumFault = nil
    } catch {
      spectrumFault = error.message
    }
  }

  func callAsFunction(_ output: [[Double]], withSpectrum: Bool) throws -> OutputFigures {
    var sum = 0.0
    for (a, b) in zip(output, set.target) {
      for n in b.indices {
        let difference = a[n] - Double(b[n])
        sum += difference * difference
      }
    }
    var figures = OutputFigures(
      meanSquaredError: sum / Double(output.count * set.count), roundingError: 0,
      nmse: try nmse(ofOutput: output.map { $0.map(Float.init) }, on: set, for: architecture))
    // An output of zeros has no spectrum; its NMSE of 0 dB says so.
    guard withSpectrum, spectrumFault == nil, output.contains(where: { $0.contains { $0 != 0 } })
    else {
      return figures
    }
    let report = try MetricsReport(
      of: IQSignal(i: output[0], q: output[1]), against: reference, plan: plan,
      segments: segments)
    figures.evm = report.evm
    figures.aclr = max(report.aclrLeft, report.aclrRight)
    return figures
  }
}
