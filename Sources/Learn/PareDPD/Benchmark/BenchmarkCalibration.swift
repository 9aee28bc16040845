#if canImport(FoundationEssentials)
  import FoundationEssentials
#else
  import Foundation
#endif
import PareSignal

/// The rules of a predistortion benchmark that belong to its data: splits, target, receiver.
///
/// - Source: `calibration-v6-apa-b.json` of OpenDPD 2.4.2, whose keys these are.
public struct BenchmarkCalibration: Sendable {
  /// One receiver of a carrier.
  public struct Carrier: Hashable, Sendable, Decodable {
    /// By how many Hz the capture is shifted to bring the carrier to 0.
    public let frequencyShift: Double
    /// Half the width of the receiver's brick wall in Hz.
    public let halfBandwidth: Double
    /// Where in the capture the transforms start, in samples.
    public let starts: [Int]
    /// Places of the transform that carry symbols.
    public let occupiedBins: [Int]

    private enum CodingKeys: String, CodingKey {
      case frequencyShift = "frequency_shift_hz"
      case halfBandwidth = "filter_half_bandwidth_hz"
      case starts = "fft_starts"
      case occupiedBins = "occupied_bins"
    }
  }

  /// Samples of the capture in a split, and of the split in the score.
  public struct Window: Hashable, Sendable, Decodable {
    public let sourceStart: Int
    public let sourceStop: Int
    public let metricStart: Int
    public let metricStop: Int

    private enum CodingKeys: String, CodingKey {
      case sourceStart = "source_start"
      case sourceStop = "source_stop"
      case metricStart = "metric_start"
      case metricStop = "metric_stop"
    }
  }

  /// The wanted gain: target = gain times input.
  public let gain: Double
  /// Magnitude at which the transmitter clips.
  public let peak: Double
  public let sampleRate: Double
  public let bandwidth: Double
  public let carrierCount: Int
  /// Window of the power spectrum, in samples.
  public let spectrumLength: Int
  /// Samples of the receivers' transforms.
  public let symbolLength: Int
  public let carriers: [Carrier]
  public let windows: [BenchmarkSplit: Window]
  /// Files of the public benchmark; nil for a capture of one's own.
  let assets: Assets?

  struct Assets: Hashable, Sendable {
    let dataFile: String
    let amplifierFile: String
  }

  /// - Throws: ``PredistortionError``.
  public init(contentsOf path: String, condition: String = "apa-200mhz-b")
    throws(PredistortionError)
  {
    let data: Data
    do {
      data = try Data(contentsOf: URL(filePath: path))
    } catch {
      throw PredistortionError(.unreadable(path: path, reason: "no such file, or not permitted"))
    }
    let document: Document
    do {
      let all = try JSONDecoder().decode([String: Document].self, from: data)
      guard let found = all[condition] else {
        throw PredistortionError(.badCalibration(path: path, reason: "no condition '\(condition)'"))
      }
      document = found
    } catch let error as PredistortionError {
      throw error
    } catch {
      throw PredistortionError(.badCalibration(path: path, reason: "\(error)"))
    }
    gain = document.reference_gain
    peak = document.peak_limit
    sampleRate = document.signal.sample_rate_hz
    bandwidth = document.signal.bandwidth_hz
    carrierCount = document.signal.n_sub_ch
    spectrumLength = document.signal.nperseg
    symbolLength = document.evm_grid.useful_samples
    carriers = document.evm_grid.carriers
    let splits = document.stimuli.splits
    windows = [.train: splits.train, .validation: splits.val, .test: splits.test]
    assets = Assets(dataFile: document.data_file, amplifierFile: document.teacher.file)
    let isSound =
      gain > 0 && peak > 0 && sampleRate > 0 && bandwidth > 0 && carrierCount > 0
      && spectrumLength > 1 && symbolLength > 1
      && carriers.allSatisfy { $0.occupiedBins.allSatisfy { (0..<symbolLength).contains($0) } }
    guard isSound else {
      throw PredistortionError(.badCalibration(path: path, reason: "a size or rate makes no sense"))
    }
  }

  /// The rules of a capture without known symbols: no receivers, hence no EVM.
  ///
  /// - Parameter counts: samples of each split; ``margin`` of them at each end do not count in the score.
  init(
    gain: Double, peak: Double, plan: BandPlan, counts: [BenchmarkSplit: Int]
  ) {
    self.gain = gain
    self.peak = peak
    sampleRate = plan.sampleRate
    bandwidth = plan.bandwidth
    carrierCount = plan.subChannelCount
    spectrumLength = plan.segmentLength
    symbolLength = 0
    carriers = []
    windows = counts.mapValues {
      Window(
        sourceStart: 0, sourceStop: $0, metricStart: Self.margin, metricStop: $0 - Self.margin)
    }
    assets = nil
  }

  /// Samples at each end of a split that the public benchmark leaves out, so that no score depends on what came before.
  static let margin = 200

  private struct Document: Decodable {
    struct Signal: Decodable {
      let sample_rate_hz: Double
      let bandwidth_hz: Double
      let n_sub_ch: Int
      let nperseg: Int
    }
    struct Grid: Decodable {
      let carriers: [Carrier]
      let useful_samples: Int
    }
    struct Splits: Decodable {
      let train: Window
      let val: Window
      let test: Window
    }
    struct Stimuli: Decodable { let splits: Splits }
    struct Teacher: Decodable { let file: String }
    let reference_gain: Double
    let peak_limit: Double
    let signal: Signal
    let evm_grid: Grid
    let stimuli: Stimuli
    let teacher: Teacher
    let data_file: String
  }
}

/// The parts of a benchmark's capture.
public enum BenchmarkSplit: String, Hashable, Sendable, CaseIterable {
  case train
  case validation = "val"
  case test
}
