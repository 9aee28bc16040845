public import PareFixed
import PareNetwork
import PareNumerics
public import PareSignal
import PareText
public import PareTrain

/// Trains, prunes, quantizes and fixes one design point: from an experiment to a model file.
public struct TrainingJob: Sendable {
  /// One seed's way to integers.
  public struct Outcome: Sendable, Codable {
    public let seed: UInt64
    /// In floats, after pruning and quantization.
    public let nmse: SplitNMSE
    /// Of the same network in integers; the validation score of the seeds decides.
    public let fixedNMSE: SplitNMSE
    public let curve: [LearningPoint]
    /// Integer weights that are not 0.
    public let nonZeroCount: Int
    /// The text of `model.json`.
    let model: String
  }

  /// The model of the best seed, and what the others reached.
  public struct Result: Sendable {
    public let model: ModelFile
    /// Of every seed, in the order tried.
    public let outcomes: [Outcome]
    public let best: Int
  }

  /// What happens on the way.
  public enum Event: Sendable {
    case progress(seed: UInt64, TrainingProgress, secondsLeft: Double?)
    /// A seed has its model; `wasKept` when an earlier run made it.
    case finished(Outcome, wasKept: Bool, count: Int, of: Int, secondsLeft: Double?)
    case note(String)
  }

  public let experiment: Experiment
  /// Program and version, for the file.
  public let generator: String

  public init(_ experiment: Experiment, generator: String) {
    self.experiment = experiment
    self.generator = generator
  }

  /// - Parameters:
  ///   - jobs: seeds trained at a time; the result does not depend on it.
  ///   - folder: where finished stages and checkpoints are kept, so that a killed run goes on; nil for nowhere.
  /// - Throws: `TrainingError`, `FixedError`, `NetworkError`, `ExploreError`, `CancellationError`.
  public func run(
    on dataset: IQDataset, jobs: Int, folder: RunFolder? = nil,
    onEvent: @escaping @Sendable (Event) -> Void = { _ in }
  ) async throws -> Result {
    try experiment.quantizer.validate(for: experiment.architecture)
    try experiment.recipe.validate()
    let splits = dataset.sampleSplits(for: experiment.task)
    let seeds = Trainer(experiment.recipe, seed: experiment.seed).seeds
    let clock = WorkClock(total: seeds.count * experiment.plannedSteps)
    let outcomes = try await boundedMap(seeds, jobs: jobs) { seed in
      let chain = SeedRun(
        job: self, seed: seed, dataset: dataset, splits: splits, folder: folder,
        onEvent: onEvent, clock: clock)
      return try await chain.run(of: seeds.count)
    }
    let best = outcomes.indices.min {
      outcomes[$0].fixedNMSE.validation < outcomes[$1].fixedNMSE.validation
    }!
    var model = try ModelFile(json: outcomes[best].model, file: "model.json")
    model.training?.seeds = outcomes.map {
      .init(
        seed: $0.seed, validationNMSEdB: $0.nmse.validation, testNMSEdB: $0.nmse.test,
        fixedValidationNMSEdB: $0.fixedNMSE.validation, fixedTestNMSEdB: $0.fixedNMSE.test)
    }
    return Result(model: model, outcomes: outcomes, best: best)
  }

  /// The model file of a trained network: brought to integers and measured again.
  func outcome(
    of trained: TrainedQuantizedNetwork, dataset: IQDataset, splits: SampleSplits
  ) throws -> Outcome {
    let fixed = try trained.network.fixed(to: formats(for: trained.network, splits: splits))
    let gain = dataset.leastSquaresGain
    let fixedNMSE = try SplitNMSE(of: fixed, on: splits)
    let model = ModelFile(
      generator: generator,
      task: .init(
        dataset: experiment.dataset, datasetHash: StableHash.hex(dataset.stableHash),
        direction: experiment.task.rawValue, gainI: gain.re, gainQ: gain.im,
        sampleRateHz: dataset.sampleRate, bandwidthHz: dataset.bandwidth),
      training: .init(
        seed: trained.seed, steps: trained.steps, sparsity: experiment.sparsity,
        trainingNMSEdB: trained.nmse.training, validationNMSEdB: trained.nmse.validation,
        testNMSEdB: trained.nmse.test, fixedValidationNMSEdB: fixedNMSE.validation,
        fixedTestNMSEdB: fixedNMSE.test),
      network: trained.network, fixed: fixed)
    return Outcome(
      seed: trained.seed, nmse: trained.nmse, fixedNMSE: fixedNMSE, curve: trained.curve,
      nonZeroCount: fixed.nonZeroCount, model: model.json)
  }

  /// What a quantized network reaches in integers on the validation split, in decibels.
  func validationScore(of network: QuantizedNetwork, on splits: SampleSplits) throws -> Double {
    try nmse(
      ofIntegers: network.fixed(to: formats(for: network, splits: splits)), on: splits.validation)
  }

  func formats(for network: QuantizedNetwork, splits: SampleSplits) throws -> FixedFormats {
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

extension SplitNMSE {
  /// Scores an integer network on all three splits.
  init(of fixed: FixedNetwork, on splits: SampleSplits) throws {
    try self.init(
      training: nmse(ofIntegers: fixed, on: splits.training),
      validation: nmse(ofIntegers: fixed, on: splits.validation),
      test: nmse(ofIntegers: fixed, on: splits.test))
  }
}

private func nmse(ofIntegers fixed: FixedNetwork, on set: SampleSet) throws -> Double {
  let output = fixed(set.input, segments: set.segments)
  return try nmse(ofOutput: output.map { $0.map(Float.init) }, on: set, for: fixed.architecture)
}
