import PareNetwork
public import PareNumerics

/// One level of a pruning chain.
public struct PrunedLevel: TrainingOutcome, Hashable, Codable {
  /// The level's network after its final tuning.
  public let tuned: TrainedNetwork
  /// What the next level starts from: the same, or the network before its final tuning.
  public let next: TrainedNetwork

  public var nmse: SplitNMSE { tuned.nmse }

  public init(tuned: TrainedNetwork, next: TrainedNetwork) {
    self.tuned = tuned
    self.next = next
  }
}

extension Trainer {
  /// Prunes one network to several sparsities, each level going on from the one before.
  ///
  /// A chain is its steps: ``pruneLevel(_:toNonZeroCount:on:onProgress:)`` on each level's `next` gives the same bits, so
  /// that an interrupted chain goes on from the last level that was written down.
  ///
  /// - Parameters:
  ///   - sparsities: rising.
  ///   - onLevel: given each level as soon as it is done.
  /// - Throws: as ``prune(_:toNonZeroCount:on:onProgress:)``, and code `.sparsity` when the levels do not rise.
  @concurrent public func pruneChain(
    _ dense: TrainedNetwork, to sparsities: [Double], on splits: SampleSplits,
    onLevel: @Sendable (_ index: Int, PrunedLevel) throws -> Void = { _, _ in },
    onProgress: @escaping @Sendable (TrainingProgress) -> Void = { _ in }
  ) async throws -> [PrunedLevel] {
    let counts = try sparsities.map { try count(for: $0, in: dense.network.architecture) }
    return try await pruneChain(
      dense, toNonZeroCounts: counts, on: splits, onLevel: onLevel, onProgress: onProgress)
  }

  /// The same for numbers of kept weights, falling.
  @concurrent public func pruneChain(
    _ dense: TrainedNetwork, toNonZeroCounts counts: [Int], on splits: SampleSplits,
    onLevel: @Sendable (_ index: Int, PrunedLevel) throws -> Void = { _, _ in },
    onProgress: @escaping @Sendable (TrainingProgress) -> Void = { _ in }
  ) async throws -> [PrunedLevel] {
    for (more, fewer) in zip(counts, counts.dropFirst()) where more < fewer {
      throw TrainingError(
        .sparsity, "\(fewer) weights come after \(more) in the chain",
        hint: "sort the levels from dense to sparse")
    }
    var levels: [PrunedLevel] = []
    for (index, count) in counts.enumerated() {
      let level = try await pruneLevel(
        levels.last?.next ?? dense, toNonZeroCount: count, on: splits, onProgress: onProgress)
      try onLevel(index, level)
      levels.append(level)
    }
    return levels
  }

  /// One step of a chain.
  ///
  /// - Throws: as ``prune(_:toNonZeroCount:on:onProgress:)``.
  @concurrent public func pruneLevel(
    _ start: TrainedNetwork, toNonZeroCount target: Int, on splits: SampleSplits,
    onProgress: @escaping @Sendable (TrainingProgress) -> Void = { _ in }
  ) async throws -> PrunedLevel {
    try requireReachable(target, from: start.network)
    guard target < start.network.mask.count else {
      try recipe.validate()
      return PrunedLevel(tuned: start, next: start)
    }
    let available = start.network.mask.count
    let middle = max(target, recipe.large.weights)
    guard available > middle, middle > target else {
      return try reduce(start, to: target, by: recipe.sized(for: available), splits, onProgress)
    }
    let middling = try reduce(
      start, to: middle, by: recipe.sized(for: available), splits, onProgress)
    return try reduce(middling.next, to: target, by: recipe, splits, onProgress)
  }

  /// Prunes by one recipe, whatever the size.
  private func reduce(
    _ start: TrainedNetwork, to target: Int, by recipe: TrainingRecipe, _ splits: SampleSplits,
    _ onProgress: @escaping @Sendable (TrainingProgress) -> Void
  ) throws -> PrunedLevel {
    let plan = recipe.pruning
    let counts = plan.counts(from: start.network.mask.count, to: target)
    let optimization = try Optimization(
      recipe, start.network.architecture, on: splits, frames: random.fork("prune to \(target)"),
      curve: start.curve, stepsDone: start.steps,
      plannedSteps: (counts.count - 1) * plan.roundSteps + plan.finalRuns * plan.finalSteps,
      onProgress: onProgress)
    optimization.engine.load(start.network)
    var pruner = Pruner(start.network.mask, optimization)
    let tuner = PruningTuner(optimization, rough: pruner.trial)
    for count in counts {
      if pruner.mask.count <= count { continue }
      if usesCurvature(pruner, recipe) {
        try dropByCurvature(&pruner, to: target, on: splits, onProgress)
        break
      }
      try pruner.replace(to: count, floor: target)
      optimization.nonZeroCount = pruner.mask.count
      if pruner.mask.count > target, count > target { try tuner.tuneRound(pruner.mask) }
    }
    optimization.nonZeroCount = pruner.mask.count
    try pruner.swap(tries: plan.swaps)
    let before =
      plan.chainsTuned ? nil : try outcome(of: optimization, mask: pruner.mask, on: splits)
    try tuner.tuneFinally(pruner.mask, random.fork("tune at \(target)"))
    let tuned = try outcome(of: optimization, mask: pruner.mask, on: splits)
    return PrunedLevel(tuned: tuned, next: before ?? tuned)
  }

  /// Whether the present network goes on to its target by the Gauss-Newton pruner.
  private func usesCurvature(_ pruner: Pruner, _ recipe: TrainingRecipe) -> Bool {
    let plan = recipe.pruning
    guard plan.unit == .weight, plan.regrow == 0 else { return false }
    switch plan.method {
    case .curvature: break
    case .automatic: if pruner.architecture.isSmooth { return false }
    case .magnitude, .saliency, .surgeon: return false
    }
    return recipe.secondOrder.suits(pruner.optimization.engine.network(mask: pruner.mask))
  }

  private func dropByCurvature(
    _ pruner: inout Pruner, to target: Int, on splits: SampleSplits,
    _ onProgress: @escaping @Sendable (TrainingProgress) -> Void
  ) throws {
    let network = pruner.optimization.engine.network(mask: pruner.mask)
    let pruned = try GaussNewtonPruner(recipe.secondOrder).prune(
      network, toNonZeroCount: target, on: splits, onProgress: onProgress)
    pruner.optimization.engine.load(pruned)
    pruner.mask = pruned.mask
  }
}
