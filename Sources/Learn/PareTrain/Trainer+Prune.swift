import PareNetwork
public import PareNumerics

extension Trainer {
  /// Prunes a network to a sparsity: the fraction of all weights, biases not counted, that become zero.
  ///
  /// - Returns: a network with exactly `Mask.targetCount(for:sparsity:)` kept weights, a subset of those kept before.
  /// - Throws: as ``prune(_:toNonZeroCount:on:onProgress:)``.
  @concurrent public func prune(
    _ trained: TrainedNetwork, to sparsity: Double, on splits: SampleSplits,
    onProgress: @escaping @Sendable (TrainingProgress) -> Void = { _ in }
  ) async throws -> TrainedNetwork {
    guard (0..<1).contains(sparsity) else {
      throw TrainingError(
        .sparsity, "sparsity \(sparsity) is not a fraction", hint: "give 0 or more, less than 1")
    }
    return try await prune(
      trained,
      toNonZeroCount: Mask.targetCount(for: trained.network.architecture, sparsity: sparsity),
      on: splits, onProgress: onProgress)
  }

  /// Prunes a network in rounds: drop the least important weights, let the others adapt, repeat.
  ///
  /// Every layer keeps at least one weight, and a pruned weight never comes back. The best network seen on the validation
  /// set after the last drop is kept.
  ///
  /// - Throws: ``TrainingError`` with code `.sparsity` when the network has fewer weights than asked for or fewer than
  ///   one per layer are asked for, `.recipe`, `.data` or `.diverged`; `CancellationError`.
  /// - Source: rounds as in Zhu, Gupta, To Prune, or Not to Prune, 2017; saliency as defined in LeCun, Denker, Solla,
  ///   Optimal Brain Damage, NeurIPS 1989, but measured instead of estimated.
  @concurrent public func prune(
    _ trained: TrainedNetwork, toNonZeroCount target: Int, on splits: SampleSplits,
    onProgress: @escaping @Sendable (TrainingProgress) -> Void = { _ in }
  ) async throws -> TrainedNetwork {
    let architecture = trained.network.architecture
    let available = trained.network.mask.count
    guard (architecture.layerCount...max(architecture.layerCount, available)).contains(target)
    else {
      throw TrainingError(
        .sparsity, "cannot prune from \(available) to \(target) weights",
        hint: "give \(architecture.layerCount) to \(available)")
    }
    let counts = recipe.pruning.counts(from: available, to: target)
    let steps = recipe.pruning.plannedSteps(from: available, to: target)
    let optimization = try Optimization(
      recipe, architecture, on: splits, frames: random.fork("prune to \(target)"),
      curve: trained.curve, stepsDone: trained.steps, plannedSteps: steps, onProgress: onProgress)
    optimization.engine.load(trained.network)
    var pruner = Pruner(trained.network.mask, optimization)
    for count in counts {
      try pruner.drop(to: count)
      optimization.nonZeroCount = count
      let isLast = count == target
      try optimization.run(
        Descent(
          stage: .prune, steps: isLast ? recipe.pruning.finalSteps : recipe.pruning.roundSteps,
          learningRate: recipe.pruning.learningRate, keepsBest: isLast))
    }
    return try outcome(of: optimization, mask: pruner.mask, on: splits)
  }
}

extension PruningRecipe {
  /// Optimizer steps from one number of live weights to a smaller one.
  public func plannedSteps(from available: Int, to target: Int) -> Int {
    max(0, counts(from: available, to: target).count - 1) * roundSteps + finalSteps
  }

  /// Live weights after each round.
  func counts(from available: Int, to target: Int) -> [Int] {
    var counts: [Int] = []
    var live = available
    while live > target {
      let drop = max(1, Int((Double(live) * dropFraction).rounded()))
      live = max(target, live - drop)
      counts.append(live)
    }
    return counts
  }
}
