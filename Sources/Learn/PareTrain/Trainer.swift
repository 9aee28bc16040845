public import PareNetwork
public import PareNumerics

/// Trains, prunes and quantizes networks.
///
///     let trainer = Trainer(.standard, seed: 7)
///     let dense = try await trainer.train(architecture, on: splits)
///     let sparse = try await trainer.prune(dense, to: 0.65, on: splits)
///     let quantized = try await trainer.quantize(sparse, by: .apot(terms: 2, bits: 4), on: splits)
///
/// Signals should have a magnitude of about 1. Each call is serial and its result depends on its arguments, the recipe and
/// the seed only, bit for bit on every processor; run several seeds or design points side by side for speed. A cancelled
/// task throws `CancellationError` at its next step.
public struct Trainer: Sendable, Hashable {
  public let recipe: TrainingRecipe
  public let seed: UInt64

  public init(_ recipe: TrainingRecipe = .standard, seed: UInt64) {
    self.recipe = recipe
    self.seed = seed
  }

  var random: RandomStream { RandomStream(seed: seed) }

  /// Trains a dense network from random weights and keeps the best one seen on the validation set.
  ///
  /// Optimizer steps first; a network that is small enough for the recipe's second-order part is then refined by it.
  ///
  /// - Parameters:
  ///   - checkpoint: where an earlier run of this very training was stopped.
  ///   - onCheckpoint: given a checkpoint after each look at the validation set; writing them down is the caller's.
  /// - Throws: ``TrainingError`` for a recipe or data that cannot be used and for a run that diverges;
  ///   `CancellationError`.
  @concurrent public func train(
    _ architecture: Architecture, on splits: SampleSplits,
    from checkpoint: TrainingCheckpoint? = nil,
    onProgress: @escaping @Sendable (TrainingProgress) -> Void = { _ in },
    onCheckpoint: (@Sendable (TrainingCheckpoint) -> Void)? = nil
  ) async throws -> TrainedNetwork {
    if let checkpoint {
      guard
        checkpoint.architecture == architecture && checkpoint.seed == seed
          && checkpoint.step <= recipe.steps && checkpoint.isWhole
      else {
        throw TrainingError(
          .checkpoint, "the checkpoint is damaged, or of another training",
          hint: "remove it, and the training starts anew")
      }
    }
    let optimization = try Optimization(
      recipe, architecture, on: splits, frames: random.fork("frames"),
      plannedSteps: recipe.steps, onProgress: onProgress)
    let start = Network(randomized: architecture, from: random.fork("init"))
    optimization.engine.load(start)
    let seed = seed
    try optimization.run(
      Descent(
        stage: .train, steps: recipe.steps, learningRate: recipe.learningRate, keepsBest: true),
      from: checkpoint?.state,
      onLook: onCheckpoint.map { report in
        { report(TrainingCheckpoint(architecture: architecture, seed: seed, state: $0)) }
      })
    let trained = try outcome(of: optimization, mask: start.mask, on: splits)
    guard recipe.secondOrder.suits(trained.network) else { return trained }
    return try await refine(
      trained, by: recipe.secondOrder, on: splits, onProgress: onProgress)
  }

  func outcome(
    of optimization: Optimization, mask: Mask, on splits: SampleSplits
  ) throws(TrainingError) -> TrainedNetwork {
    let network = optimization.engine.network(mask: mask)
    return TrainedNetwork(
      network: network, nmse: try SplitNMSE(of: network, on: splits), curve: optimization.curve,
      seed: seed, steps: optimization.stepsDone)
  }
}

extension SplitNMSE {
  /// Scores a network on all three splits.
  ///
  /// - Throws: ``TrainingError`` with code `.data` when a split does not fit the network.
  public init(of network: Network, on splits: SampleSplits) throws(TrainingError) {
    try self.init(
      training: PareTrain.nmse(of: network, on: splits.training),
      validation: PareTrain.nmse(of: network, on: splits.validation),
      test: PareTrain.nmse(of: network, on: splits.test))
  }
}
