public import PareNetwork
public import PareNumerics

/// Pruning by the curvature of the linearized network, with Levenberg-Marquardt in between.
///
/// Round by round: linearize, drop a small group one by one, move the survivors to where the quadratic model has its
/// minimum without them, refine. Of the weights with the least predicted saliency the one is dropped whose absence, the
/// others moved, measures best.
///
/// - Source: Hassibi, Stork, Second Order Derivatives for Network Pruning: Optimal Brain Surgeon, NeurIPS 1992; the damping,
///   the groups and the measured choice are ours.
public struct GaussNewtonPruner: Sendable, Hashable {
  public let recipe: SecondOrderRecipe

  public init(_ recipe: SecondOrderRecipe = SecondOrderRecipe()) { self.recipe = recipe }

  /// Prunes to one count.
  ///
  /// - Throws: as ``path(_:toNonZeroCounts:on:stepsBefore:onProgress:)``.
  public func prune(
    _ network: Network, toNonZeroCount count: Int, on splits: SampleSplits,
    onProgress: @escaping @Sendable (TrainingProgress) -> Void = { _ in }
  ) throws -> Network {
    try path(network, toNonZeroCounts: [count], on: splits, onProgress: onProgress)[0].network
  }

  /// Prunes a dense network through falling counts of kept weights; each level starts from the one before.
  ///
  /// Every layer keeps a weight, and tied weights go together. Each level's network is the best seen on the validation set
  /// in its own refinement.
  ///
  /// - Returns: one refinement per count; its curve and iterations are those since the level before.
  /// - Throws: ``TrainingError`` with code `.sparsity` when counts do not fall, exceed the kept weights, leave a layer
  ///   without one, or would split a tie; else as
  ///   ``LevenbergMarquardt/refine(_:free:on:stage:stepsBefore:onProgress:)``.
  public func path(
    _ network: Network, toNonZeroCounts counts: [Int], on splits: SampleSplits,
    stepsBefore: Int = 0,
    onProgress: @escaping @Sendable (TrainingProgress) -> Void = { _ in }
  ) throws -> [LevenbergMarquardt.Refinement] {
    let live = network.mask.count
    guard
      zip([live] + counts, counts).allSatisfy({ $0 >= $1 }),
      counts.allSatisfy({ $0 >= network.architecture.layerCount })
    else {
      throw TrainingError(
        .sparsity, "cannot prune from \(live) to \(counts) weights",
        hint: "give falling counts from \(live) to \(network.architecture.layerCount)")
    }
    let fit = try SecondOrderFit(
      recipe, network.architecture, on: splits, stage: .prune, stepsBefore: stepsBefore,
      plannedIterations: plannedIterations(live, counts), onProgress: onProgress)
    var current = network
    var levels: [LevenbergMarquardt.Refinement] = []
    var seen = (points: 0, iterations: 0)
    for count in counts {
      while current.mask.count > count {
        let group = max(1, Int((Double(current.mask.count) * recipe.dropFraction).rounded()))
        current = try dropGroup(current, group, downTo: count, fit)
        if current.mask.count > count {
          current = try refined(current, fit, recipe.roundIterations, recipe.pruningSamples, false)
        }
      }
      current = try refined(current, fit, recipe.iterations, recipe.samples, true)
      levels.append(
        LevenbergMarquardt.Refinement(
          network: current, curve: Array(fit.curve[seen.points...]),
          iterations: fit.iterations - seen.iterations))
      seen = (fit.curve.count, fit.iterations)
    }
    return levels
  }

  private func plannedIterations(_ live: Int, _ counts: [Int]) -> Int {
    var (left, rounds) = (live, 0)
    for count in counts {
      while left > count {
        left = max(count, left - max(1, Int((Double(left) * recipe.dropFraction).rounded())))
        rounds += left > count ? 1 : 0
      }
    }
    return rounds * recipe.roundIterations + counts.count * recipe.iterations
  }

  private func refined(
    _ network: Network, _ fit: SecondOrderFit, _ iterations: Int, _ samples: Int,
    _ keepsBest: Bool
  ) throws -> Network {
    let engine = JacobianEngine(network, free: FreeParameters(allOf: network))
    try fit.requireSize(engine)
    try fit.descend(
      engine, iterations: iterations,
      frames: fit.training.spreadFrames(ofLength: engine.blockLength, samples: samples),
      keepsBest: keepsBest)
    return engine.network
  }

  /// Drops `group` weights (one more when a tie ends it) one by one under one linearization, but never below `least`.
  private func dropGroup(
    _ network: Network, _ group: Int, downTo least: Int, _ fit: SecondOrderFit
  ) throws -> Network {
    let engine = JacobianEngine(network, free: FreeParameters(allOf: network))
    try fit.requireSize(engine)
    let frames = fit.training.spreadFrames(
      ofLength: engine.blockLength, samples: recipe.pruningSamples)
    let equations = try fit.linearize(engine, frames)
    let scale = recipe.scale(of: equations)
    guard
      var surgeon = BrainSurgeon(
        equations, engine.values, scale: scale, leastDamping: recipe.pruningDamping)
    else {
      throw TrainingError(
        .diverged(stage: .prune, step: fit.iterations, learningRate: 1e8),
        "the curvature of a network of \(network.mask.count) weights cannot be inverted",
        hint: "scale the signals to a magnitude of about 1")
    }
    var mask = network.mask
    while mask.count > max(least, network.mask.count - group) {
      let order = surgeon.removable(engine.parameters, mask, downTo: least)
      guard !order.isEmpty else {
        throw TrainingError(
          .sparsity, "no weight can go from \(mask.count) on the way to \(least)",
          hint: "tied weights go in pairs and every layer keeps one: give another count")
      }
      var best: (index: Int, error: Double)?
      for candidate in order.prefix(recipe.candidates) {
        try Task.checkCancellation()
        let error = fit.objective(engine, surgeon.values(without: candidate), frames)
        if error < best?.error ?? .infinity { best = (candidate, error) }
      }
      let chosen = best?.index ?? order[0]
      surgeon.remove(chosen)
      mask.remove(engine.parameters[chosen])
    }
    engine.setValues(surgeon.values)
    let moved = engine.network
    return Network(architecture: moved.architecture, layers: moved.layers, mask: mask)
  }
}
