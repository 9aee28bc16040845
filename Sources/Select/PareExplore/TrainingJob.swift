public import PareFixed
import PareNetwork
import PareNumerics
public import PareSignal
public import PareTrain

/// Trains, prunes, quantizes and fixes one design point: from an experiment to a model file.
public struct TrainingJob: Sendable {
  /// The model of the best seed, and what the others reached.
  public struct Result: Sendable {
    public let model: ModelFile
    /// Learning curve of the seed that was kept.
    public let curve: [LearningPoint]
    /// Of every seed, in the order tried, after pruning and quantization, in floats.
    public let scores: [(seed: UInt64, nmse: SplitNMSE)]
  }

  public let experiment: Experiment
  /// Program and version, for the file.
  public let generator: String

  public init(_ experiment: Experiment, generator: String) {
    self.experiment = experiment
    self.generator = generator
  }

  /// - Parameter jobs: seeds trained at a time; the result does not depend on it.
  /// - Throws: `TrainingError`, `FixedError`, `CancellationError`.
  public func run(
    on dataset: IQDataset, jobs: Int,
    onProgress: @escaping @Sendable (_ seed: UInt64, TrainingProgress) -> Void = { _, _ in }
  ) async throws -> Result {
    let splits = dataset.sampleSplits(for: experiment.task)
    let experiment = experiment
    let trainer = Trainer(experiment.recipe, seed: experiment.seed)
    let outcome = try await bestOfSeeds(trainer.seeds, jobs: jobs) { seed in
      let trainer = Trainer(experiment.recipe, seed: seed)
      let report: @Sendable (TrainingProgress) -> Void = { onProgress(seed, $0) }
      var trained = try await trainer.train(
        experiment.architecture, on: splits, onProgress: report)
      if experiment.sparsity > 0 {
        trained = try await trainer.prune(
          trained, to: experiment.sparsity, on: splits, onProgress: report)
      }
      return try await trainer.quantize(
        trained, by: experiment.quantizer, on: splits, onProgress: report)
    }
    let model = try model(of: outcome.best, dataset: dataset, splits: splits)
    return Result(model: model, curve: outcome.best.curve, scores: outcome.scores)
  }

  /// The model file of a trained network: brought to integers and measured again.
  func model(
    of trained: TrainedQuantizedNetwork, dataset: IQDataset, splits: SampleSplits
  ) throws -> ModelFile {
    let fixed = try trained.network.fixed(to: formats(for: trained.network, splits: splits))
    let gain = dataset.leastSquaresGain
    let output = fixed(splits.test.input, segments: splits.test.segments)
    return ModelFile(
      generator: generator,
      task: .init(
        dataset: experiment.dataset, datasetHash: StableHash.hex(dataset.stableHash),
        direction: experiment.task.rawValue, gainI: gain.re, gainQ: gain.im,
        sampleRateHz: dataset.sampleRate, bandwidthHz: dataset.bandwidth),
      training: .init(
        seed: trained.seed, steps: trained.steps, sparsity: experiment.sparsity,
        validationNMSEdB: trained.nmse.validation, testNMSEdB: trained.nmse.test,
        fixedTestNMSEdB: try nmse(
          ofOutput: output.map { $0.map(Float.init) }, on: splits.test, for: experiment.architecture
        )),
      network: trained.network, fixed: fixed)
  }

  private func formats(
    for network: QuantizedNetwork, splits: SampleSplits
  ) throws -> FixedFormats {
    var formats =
      switch experiment.formats {
      case .uniform(let format):
        FixedFormats.uniform(format, for: network.architecture)
      case .observed(let wordLength):
        try FixedFormats.observed(
          network, on: splits.training, wordLength: wordLength, overflow: experiment.overflow)
      }
    formats.tanhTableBits = experiment.tanhTableBits
    formats.rounding = experiment.rounding
    formats.overflow = experiment.overflow
    return formats
  }
}
