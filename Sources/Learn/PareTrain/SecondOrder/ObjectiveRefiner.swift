public import PareNetwork
import PareNumerics

/// Levenberg-Marquardt and pruning by the curvature, for any sum of squares of a network's parameters.
///
/// Same input, same bits. The error, prices included, never rises from one iteration to the next; pruning raises it.
///
/// - Source: as ``LevenbergMarquardt`` and ``GaussNewtonPruner``, whose steps these are.
public struct ObjectiveRefiner<Objective: NetworkObjective> {
  /// Where a refinement stands.
  public struct Progress: Sendable {
    public let stage: TrainingStage
    /// Linearizations done.
    public let iteration: Int
    public let nonZeroCount: Int
    /// Of the objective, prices left out.
    public let error: Double
    /// Of the objective; nil between the groups of a pruning, where it is not looked at.
    public let score: Double?
  }

  public let objective: Objective
  /// Of which the damping, the ridge, the rounding of activations, the tolerance, the dropped share, the candidates and the
  /// numbers of iterations count.
  public let recipe: SecondOrderRecipe
  private let onProgress: (Progress) -> Void
  private var iterations = 0

  /// - Throws: ``TrainingError`` with code `.recipe`.
  public init(
    _ objective: Objective, _ recipe: SecondOrderRecipe = SecondOrderRecipe(),
    onProgress: @escaping (Progress) -> Void = { _ in }
  ) throws {
    try recipe.validate()
    self.objective = objective
    self.recipe = recipe
    self.onProgress = onProgress
  }

  /// Adapts every kept weight and every bias.
  ///
  /// - Returns: the network of the best score seen, the one given included.
  /// - Throws: ``TrainingError`` with code `.recipe` for too many parameters, `.diverged` for an error that is not finite or
  ///   cannot be made smaller by any damping; what the objective throws; `CancellationError`.
  public mutating func refine(_ network: Network) throws -> Network {
    try descend(network, recipe.iterations, .refine, keepsBest: true)
  }

  /// Prunes to a number of kept weights, some at a time, and refines in between and at the end.
  ///
  /// - Returns: the network of the best score seen with so many weights.
  /// - Throws: as ``refine(_:)``; ``TrainingError`` with code `.sparsity` for a count that cannot be reached.
  public mutating func prune(_ network: Network, toNonZeroCount count: Int) throws -> Network {
    let least = network.architecture.layerCount
    guard (least...max(least, network.mask.count)).contains(count) else {
      throw TrainingError(
        .sparsity, "cannot prune from \(network.mask.count) to \(count) weights",
        hint: "give \(least) to \(network.mask.count)")
    }
    var current = network
    while current.mask.count > count {
      let group = max(1, Int((Double(current.mask.count) * recipe.dropFraction).rounded()))
      current = try dropGroup(current, group, downTo: count)
      if current.mask.count > count {
        current = try descend(current, recipe.roundIterations, .prune, keepsBest: false)
      }
    }
    return try descend(current, recipe.iterations, .prune, keepsBest: true)
  }

  /// What the error grows by with the square of each parameter.
  private func prices(_ parameters: [FreeParameter], of architecture: Architecture) -> [Double] {
    let rounding = recipe.activationRounding
    let noise = rounding > 0 ? rounding * rounding * objective.noiseError : 0
    return parameters.map { parameter in
      let readsActivations =
        !parameter.place.isBias && (1..<architecture.convolutions).contains(parameter.place.layer)
      return recipe.ridge + (readsActivations ? noise : 0)
    }
  }

  private func linearize(
    _ network: Network, _ parameters: [FreeParameter], _ prices: [Double]
  ) throws -> LinearizedError {
    try Task.checkCancellation()
    var equations = try objective.linearized(around: network)
    precondition(equations.count == parameters.count, "\(equations.count) unknowns")
    guard equations.isFinite else { throw diverged("the Jacobian is not finite") }
    for (n, value) in network.values(of: parameters).enumerated() {
      equations.matrix[n * equations.count + n] += prices[n]
      equations.gradient[n] += prices[n] * value
      equations.squaredError += prices[n] * value * value
    }
    return equations
  }

  /// - Source: Madsen, Nielsen, Tingleff, Methods for Non-Linear Least Squares Problems, 2004, algorithm 3.16.
  private mutating func descend(
    _ start: Network, _ limit: Int, _ stage: TrainingStage, keepsBest: Bool
  ) throws -> Network {
    let parameters = FreeParameters(allOf: start).list(for: start)
    guard parameters.count <= recipe.maximumParameters else {
      throw TrainingError(
        .recipe("secondOrder.maximumParameters"),
        "\(parameters.count) free parameters, second-order training is meant for "
          + "\(recipe.maximumParameters)",
        hint: "give a smaller network, or prune it first")
    }
    let prices = prices(parameters, of: start.architecture)
    func price(_ values: [Double]) -> Double {
      zip(prices, values).reduce(0) { $0 + $1.0 * $1.1 * $1.1 }
    }
    var (network, values) = (start, start.values(of: parameters))
    var plain = try objective.error(of: network)
    var error = plain + price(values)
    guard error.isFinite else { throw diverged("the error is not finite") }
    var best = keepsBest ? (score: try objective.score(of: network), network: network) : nil
    onProgress(progress(stage, network, plain, best?.score))
    var (damping, growth, smallGains) = (recipe.damping, 2.0, 0)
    for _ in 0..<limit {
      let equations = try linearize(network, parameters, prices)
      let scale = recipe.scale(of: equations)
      iterations += 1
      var isAccepted = false
      // Beyond any useful damping a step is below the rounding of the parameters: a minimum.
      while !isAccepted, damping < 1e8 {
        try Task.checkCancellation()
        if let step = DampedStep(equations, scale, damping) {
          let trial = network.with(zip(values, step.values).map { $0 + $1 }, of: parameters)
          let moved = trial.values(of: parameters)
          let reached = try objective.error(of: trial)
          let after = reached + price(moved)
          if after.isFinite, after < error {
            isAccepted = true
            smallGains = error - after < recipe.tolerance * error ? smallGains + 1 : 0
            let bend = 2 * (error - after) / step.predictedGain - 1
            damping = max(1e-15, damping * max(1.0 / 3, 1 - bend * bend * bend))
            growth = 2
            (network, values, plain, error) = (trial, moved, reached, after)
            continue
          }
        }
        damping *= growth
        growth *= 2
      }
      let score = keepsBest ? try objective.score(of: network) : nil
      if let score, let kept = best, score < kept.score { best = (score, network) }
      onProgress(progress(stage, network, plain, score))
      if !isAccepted || smallGains == 3 { break }
    }
    return best?.network ?? network
  }

  /// Drops weights one by one under one linearization, the others moved to where it has its minimum without them.
  private func dropGroup(_ network: Network, _ group: Int, downTo least: Int) throws -> Network {
    let parameters = FreeParameters(allOf: network).list(for: network)
    let equations = try linearize(
      network, parameters, prices(parameters, of: network.architecture))
    guard
      var surgeon = BrainSurgeon(
        equations, network.values(of: parameters), scale: recipe.scale(of: equations),
        leastDamping: recipe.pruningDamping)
    else {
      throw diverged("the curvature of \(network.mask.count) weights cannot be inverted")
    }
    var mask = network.mask
    while mask.count > max(least, network.mask.count - group) {
      let order = surgeon.removable(parameters, mask, downTo: least)
      guard let cheapest = order.first else {
        throw TrainingError(
          .sparsity, "no weight can go from \(mask.count) on the way to \(least)",
          hint: "tied weights go in pairs and every layer keeps one: give another count")
      }
      var best = (index: cheapest, error: Double.infinity)
      for candidate in order.prefix(recipe.candidates) where recipe.candidates > 1 {
        try Task.checkCancellation()
        let trial = network.with(surgeon.values(without: candidate), of: parameters)
        let error = try objective.error(of: trial)
        if error < best.error { best = (candidate, error) }
      }
      surgeon.remove(best.index)
      mask.remove(parameters[best.index])
    }
    return network.with(surgeon.values, of: parameters, mask: mask)
  }

  private func progress(
    _ stage: TrainingStage, _ network: Network, _ error: Double, _ score: Double?
  ) -> Progress {
    Progress(
      stage: stage, iteration: iterations, nonZeroCount: network.mask.count, error: error,
      score: score)
  }

  private func diverged(_ message: String) -> TrainingError {
    TrainingError(
      .diverged(stage: .refine, step: iterations, learningRate: recipe.damping),
      "\(message) at iteration \(iterations)",
      hint: "scale the signals to a magnitude of about 1, or raise secondOrder.damping")
  }
}
