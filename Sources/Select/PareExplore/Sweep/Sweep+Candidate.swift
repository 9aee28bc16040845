import PareFixed
import PareNetwork
import PareSignal
import PareText
import PareTrain

#if canImport(FoundationEssentials)
  import FoundationEssentials
#else
  import Foundation
#endif

extension Sweep {
  /// The seeds that a point is worked out with, first to last.
  func seeds(of planned: PlannedPoint) -> [UInt64] {
    Trainer(planned.recipe, seed: context.key.seed).seeds
  }

  /// Makes the row of a point whose seeds are all in.
  ///
  /// A network that cannot be compiled has failed like one that cannot be trained.
  func finish(_ planned: PlannedPoint) throws -> Candidate {
    let kept = try ledger.seedResults(of: planned.key)
    let results = seeds(of: planned).compactMap { seed in kept.first { $0.score.seed == seed } }
    precondition(!results.isEmpty, "no seed of \(planned.key) is in the ledger")
    let succeeded = results.filter { $0.model != nil }
    let best = succeeded.min { $0.score.nmse! < $1.score.nmse! }
    guard let best else {
      return try keep(planned, results, failure: results[0].score.failure)
    }
    do {
      let model = try modelText(of: best, beside: succeeded)
      let metrics = try metrics(of: planned, best, model)
      return try keep(planned, results, best, metrics, model)
    } catch let error as any PareError where !(error is ExploreError) {
      return try keep(planned, results, failure: error.message)
    }
  }

  private func keep(
    _ planned: PlannedPoint, _ results: [SeedResult], _ best: SeedResult? = nil,
    _ metrics: Metrics? = nil, _ model: ModelFile? = nil, failure: String? = nil
  ) throws -> Candidate {
    let candidate = Candidate(
      key: planned.key, point: planned.point, dataset: context.dataset,
      datasetHash: context.key.datasetHash, task: context.key.task, recipeHash: planned.recipeHash,
      seeds: results.map(\.score), bestSeed: best?.score.seed,
      metrics: metrics ?? Metrics(ofShape: planned.point), failure: failure,
      generator: context.key.generator, host: context.host, finishedAt: Date.now.ISO8601Format(),
      seconds: results.reduce(0) { $0 + $1.seconds })
    try ledger.finish(candidate, recipe: planned.recipe, model: model?.json)
    return candidate
  }

  /// The best seed's model, with the scores of all.
  private func modelText(
    of best: SeedResult, beside results: [SeedResult]
  ) throws -> ModelFile {
    var model = try ModelFile(json: best.model!, file: ledger.path)
    model.training?.seeds = results.map {
      .init(
        seed: $0.score.seed, validationNMSEdB: $0.floatNMSE!, testNMSEdB: $0.floatTestNMSE!,
        fixedValidationNMSEdB: $0.score.nmse!, fixedTestNMSEdB: $0.score.testNMSE!)
    }
    return model
  }

  private func metrics(
    of planned: PlannedPoint, _ best: SeedResult, _ model: ModelFile
  ) throws -> Metrics {
    var metrics = try Metrics(of: model, stimulus: stimulus)
    metrics[.nmse] = best.score.nmse
    metrics[.testNMSE] = best.score.testNMSE
    metrics[.floatNMSE] = best.floatNMSE
    metrics[.floatTestNMSE] = best.floatTestNMSE
    metrics[.sparsity] = planned.point.sparsity
    return metrics
  }
}

extension Metrics {
  /// What is known of a point that failed.
  init(ofShape point: DesignPoint) {
    self.init()
    self[.weights] = Double(point.architecture.weightCount)
    self[.channels] = Double(point.architecture.hiddenChannels.max() ?? 0)
    self[.convolutions] = Double(point.architecture.convolutions)
    self[.kernelSize] = Double(point.architecture.kernelSize)
    self[.sparsity] = point.sparsity
  }
}
