public import PareNetwork
public import PareNumerics

/// Levenberg-Marquardt training of a network with at most about a thousand free parameters.
///
///     let tuned = try LevenbergMarquardt().refine(network, on: splits).network
///     let rested = try LevenbergMarquardt().refine(network, free: .init(biasesOf: network), on: splits)
///
/// Minimizes the squared error pooled over the training set, not over random frames of it, with the full curvature of the
/// linearized network; the training error never rises. Same input, same bits, on every processor.
public struct LevenbergMarquardt: Sendable, Hashable {
  public struct Refinement: Sendable, Hashable {
    /// The best network seen on the validation set, the one given included.
    public let network: Network
    /// One point per linearization; `learningRate` is the damping.
    public let curve: [LearningPoint]
    /// Linearizations done.
    public let iterations: Int
  }

  public let recipe: SecondOrderRecipe

  public init(_ recipe: SecondOrderRecipe = SecondOrderRecipe()) { self.recipe = recipe }

  /// Adapts the free parameters of a network; pruned weights stay zero, tied ones tied, fixed ones as they are.
  ///
  /// - Parameters:
  ///   - free: every kept weight and every bias when nil.
  ///   - stage: what progress is reported as.
  ///   - stepsBefore: steps that the reported ones are counted from.
  /// - Throws: ``TrainingError`` with code `.recipe` when a knob is out of range or there are too many free parameters,
  ///   `.data`, or `.diverged` when the error is not finite or no damping makes the equations solvable;
  ///   `CancellationError`.
  /// - Complexity: O(samples × parameters²) for each linearization.
  public func refine(
    _ network: Network, free: FreeParameters? = nil, on splits: SampleSplits,
    stage: TrainingStage = .train, stepsBefore: Int = 0,
    onProgress: @escaping @Sendable (TrainingProgress) -> Void = { _ in }
  ) throws -> Refinement {
    let fit = try SecondOrderFit(
      recipe, network.architecture, on: splits, stage: stage, stepsBefore: stepsBefore,
      plannedIterations: recipe.iterations, onProgress: onProgress)
    let engine = JacobianEngine(network, free: free ?? FreeParameters(allOf: network))
    try fit.requireSize(engine)
    let frames = fit.training.spreadFrames(
      ofLength: engine.blockLength, samples: recipe.samples)
    try fit.descend(engine, iterations: recipe.iterations, frames: frames, keepsBest: true)
    return Refinement(network: engine.network, curve: fit.curve, iterations: fit.iterations)
  }
}

extension Trainer {
  /// Refines a trained network by Levenberg-Marquardt; a network with too many parameters is an error, see
  /// ``SecondOrderRecipe/maximumParameters``.
  ///
  /// - Throws: as ``LevenbergMarquardt/refine(_:free:on:stage:stepsBefore:onProgress:)``.
  @concurrent public func refine(
    _ trained: TrainedNetwork, by recipe: SecondOrderRecipe = SecondOrderRecipe(),
    on splits: SampleSplits,
    onProgress: @escaping @Sendable (TrainingProgress) -> Void = { _ in }
  ) async throws -> TrainedNetwork {
    let refined = try LevenbergMarquardt(recipe).refine(
      trained.network, on: splits, stage: .refine, stepsBefore: trained.steps,
      onProgress: onProgress)
    return TrainedNetwork(
      network: refined.network, nmse: try SplitNMSE(of: refined.network, on: splits),
      curve: trained.curve + refined.curve, seed: trained.seed,
      steps: trained.steps + refined.iterations)
  }
}
