import PareNetwork
public import PareNumerics

extension Trainer {
  /// Prunes a network to a sparsity: the fraction of all weights, biases not counted, that become zero.
  ///
  /// - Returns: a network with `Mask.targetCount(for:sparsity:)` kept weights; see
  ///   ``prune(_:toNonZeroCount:on:onProgress:)``.
  /// - Throws: as ``prune(_:toNonZeroCount:on:onProgress:)``.
  @concurrent public func prune(
    _ trained: TrainedNetwork, to sparsity: Double, on splits: SampleSplits,
    onProgress: @escaping @Sendable (TrainingProgress) -> Void = { _ in }
  ) async throws -> TrainedNetwork {
    try await prune(
      trained,
      toNonZeroCount: count(for: sparsity, in: trained.network.architecture), on: splits,
      onProgress: onProgress)
  }

  /// Prunes a network in rounds: drop the least important weights, let the others adapt, repeat.
  ///
  /// Every layer keeps at least one weight. The kept weights are some of those that the given network keeps; a weight that
  /// it has pruned comes back only if the recipe's `regrow` asks for it. The best network seen on the validation set after
  /// the last drop is kept.
  ///
  /// The count is met exactly, unless only tied pairs are left to drop and it is odd: then one more weight stays.
  ///
  /// - Throws: ``TrainingError`` with code `.sparsity` when the network has fewer weights than asked for or fewer than
  ///   one per layer are asked for, `.recipe`, `.data` or `.diverged`; `CancellationError`.
  /// - Source: rounds as in Zhu, Gupta, To Prune, or Not to Prune, 2017; saliency as defined in LeCun, Denker, Solla,
  ///   Optimal Brain Damage, NeurIPS 1989, but measured instead of estimated.
  @concurrent public func prune(
    _ trained: TrainedNetwork, toNonZeroCount target: Int, on splits: SampleSplits,
    onProgress: @escaping @Sendable (TrainingProgress) -> Void = { _ in }
  ) async throws -> TrainedNetwork {
    try await pruneLevel(trained, toNonZeroCount: target, on: splits, onProgress: onProgress)
      .tuned
  }

  func count(
    for sparsity: Double, in architecture: Architecture
  ) throws(TrainingError) -> Int {
    guard (0..<1).contains(sparsity) else {
      throw TrainingError(
        .sparsity, "sparsity \(sparsity) is not a fraction", hint: "give 0 or more, less than 1")
    }
    return Mask.targetCount(for: architecture, sparsity: sparsity)
  }

  func requireReachable(
    _ target: Int, from network: Network
  ) throws(TrainingError) {
    let least = network.architecture.leastNonZeroCount
    let available = network.mask.count
    guard (least...max(least, available)).contains(target) else {
      throw TrainingError(
        .sparsity, "cannot prune from \(available) to \(target) weights",
        hint: "give \(least) to \(available)")
    }
  }
}

extension Architecture {
  /// One weight for each layer; a layer of tied weights keeps two.
  var leastNonZeroCount: Int { layerCount + (ties.isEmpty ? 0 : 1) }
}

extension PruningRecipe {
  /// Optimizer steps from one number of live weights to a smaller one.
  public func plannedSteps(from available: Int, to target: Int) -> Int {
    max(0, counts(from: available, to: target).count - 1) * roundSteps
      + finalRuns * finalSteps
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
