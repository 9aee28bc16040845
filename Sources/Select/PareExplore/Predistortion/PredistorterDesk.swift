public import PareDPD
public import PareFixed
import PareNetwork
import PareNumerics
import PareSignal

#if canImport(FoundationEssentials)
  import FoundationEssentials
#else
  import Foundation
#endif

/// Enters predistorters of any kind into a ledger, where they stand beside each other on one front.
///
/// Their NMSE is that of the amplifier's output, through the judges; the data set of their rows names the judges too, so that
/// they are never compared with rows of a sweep, whose NMSE is that of a network's own output.
public struct PredistorterDesk: Sendable {
  private let benchmark: PredistortionBenchmark
  private let judges: [Judge]
  private let generator: String
  private let hash: String

  /// What `dataset` says of such a row.
  public var origin: String {
    "\(benchmark.name) through \(judges.map(\.name).joined(separator: "+"))"
  }

  public init(
    _ benchmark: PredistortionBenchmark, through judges: [Judge], generator: String
  ) {
    self.benchmark = benchmark
    self.judges = judges
    self.generator = generator
    var hash = StableHash()
    for split in BenchmarkSplit.allCases {
      for channel in benchmark.target(split).channels { hash.combine(channel) }
    }
    // A judge is what it makes of a signal, whatever file or name it has.
    for judge in judges {
      for channel in judge.amplifier.amplify(benchmark.input(.validation)).channels {
        hash.combine(channel)
      }
    }
    self.hash = hash.hex
  }

  /// The key of a model's row.
  public func key(of model: ModelFile) -> String {
    var hash = StableHash()
    for text in ["predistorter", model.json, self.hash, generator] { hash.combine(text) }
    return hash.hex
  }

  /// Enters a model with its scores and what the compiler makes of it; a row with a result stays as it is.
  ///
  /// - Throws: `DatapathError` when the network cannot be compiled; ``ExploreError`` when the ledger cannot be written.
  @discardableResult
  public func enter(
    _ model: ModelFile, named name: String, _ scores: PredistorterScores, seconds: Double,
    into ledger: Ledger
  ) throws -> Candidate {
    var metrics = try Metrics(
      of: model, stimulus: ActivityStimulus(benchmark.input(.validation).channels))
    metrics[.nmse] = scores.validation.minimum.drive.nmseDB
    metrics[.testNMSE] = scores.test.minimum.drive.nmseDB
    metrics[.floatNMSE] = scores.floatValidation.minimum.drive.nmseDB
    metrics[.floatTestNMSE] = scores.floatTest.minimum.drive.nmseDB
    metrics[.quality] = scores.validation.minimum.qualityDB
    metrics[.testQuality] = scores.test.minimum.qualityDB
    var point = DesignPoint(architecture: model.network.architecture)
    point.sparsity =
      1 - Double(model.network.nonZeroCount) / Double(max(1, point.architecture.weightCount))
    point.quantizer = model.network.scheme
    point.formats = .uniform(model.fixed.inputFormat)
    metrics[.sparsity] = point.sparsity
    let candidate = Candidate(
      key: key(of: model), name: name, point: point, dataset: origin, datasetHash: hash,
      task: .inverse, recipeHash: "none", seeds: [], bestSeed: nil, metrics: metrics,
      generator: generator, host: RunEnvironment.hostName, finishedAt: Date.now.ISO8601Format(),
      seconds: seconds)
    try ledger.finish(candidate, recipe: nil, model: model.json)
    return candidate
  }
}
