import PareFixed
import PareNetwork
import PareNumerics
import PareSignal
import PareTrain

/// The networks of one kernel size and one seed: a dense parent, pruned further and further, each level with every quantizer.
struct DemoChain: Sendable {
  let kernelSize: Int
  let seed: UInt64
  let plan: Demo.Plan

  /// What is kept of a chain: its design points as model files.
  struct Outcome: Codable, Sendable {
    struct Point: Codable, Sendable {
      var kernelSize: Int
      var sparsity: Double
      var quantizer: QuantizationScheme
      var nonZeroCount: Int
      var validationNMSEdB: Double
      var testNMSEdB: Double
      /// The text of `model.json`.
      var model: String
    }

    var points: [Point]
  }

  var architecture: Architecture {
    get throws(NetworkError) {
      try Architecture(
        hiddenChannels: [8], kernelSize: kernelSize, activation: .relu,
        lookAhead: kernelSize / 2)
    }
  }

  func run(
    on dataset: IQDataset, named datasetName: String, _ splits: SampleSplits,
    onProgress: @escaping @Sendable (TrainingProgress) -> Void
  ) async throws -> Outcome {
    let trainer = Trainer(plan.recipe, seed: seed)
    var trained = try await trainer.train(architecture, on: splits, onProgress: onProgress)
    var points = [
      try await point(trained, sparsity: 0, .none, dataset, datasetName, splits, onProgress)
    ]
    for sparsity in plan.sparsities {
      trained = try await trainer.prune(
        trained, to: sparsity, on: splits, onProgress: onProgress)
      for quantizer in plan.quantizers {
        points.append(
          try await point(
            trained, sparsity: sparsity, quantizer, dataset, datasetName, splits, onProgress))
      }
    }
    return Outcome(points: points)
  }

  private func point(
    _ trained: TrainedNetwork, sparsity: Double, _ quantizer: QuantizationScheme,
    _ dataset: IQDataset,
    _ datasetName: String, _ splits: SampleSplits,
    _ onProgress: @escaping @Sendable (TrainingProgress) -> Void
  ) async throws -> Outcome.Point {
    let quantized = try await Trainer(plan.recipe, seed: seed).quantize(
      trained, by: quantizer, on: splits, onProgress: onProgress)
    var experiment = try Experiment(architecture: architecture)
    experiment.dataset = datasetName
    experiment.sparsity = sparsity
    experiment.quantizer = quantizer
    experiment.seed = seed
    experiment.recipe = plan.recipe
    let outcome = try TrainingJob(experiment, generator: plan.generator)
      .outcome(of: quantized, dataset: dataset, splits: splits)
    return Outcome.Point(
      kernelSize: kernelSize, sparsity: sparsity, quantizer: quantizer,
      nonZeroCount: quantized.network.nonZeroCount, validationNMSEdB: quantized.nmse.validation,
      testNMSEdB: quantized.nmse.test, model: outcome.model)
  }
}
