import PareNetwork

/// Chooses what to drop, drops it, and keeps the mask.
struct Pruner {
  var mask: Mask { didSet { keptCounts = mask.layers.map { $0.count(where: \.self) } } }
  /// Kept weights of each layer.
  private var keptCounts: [Int]
  /// What the pruning started from: an exchange brings back nothing else.
  private let start: Mask
  let optimization: Optimization
  /// The error on the samples on which saliency is measured; the same in all rounds.
  let trial: TrialError
  private let ties: [WeightTie]

  init(_ mask: Mask, _ optimization: Optimization) {
    self.mask = mask
    start = mask
    keptCounts = mask.layers.map { $0.count(where: \.self) }
    self.optimization = optimization
    let recipe = optimization.recipe
    let architecture = optimization.engine.architecture
    ties = architecture.ties
    trial = TrialError(
      architecture, on: optimization.training,
      optimization.training.spreadFrames(
        ofLength: recipe.frameLength, samples: recipe.pruning.saliencySamples),
      bearing: recipe.secondOrder)
  }

  /// Weights that an exchange may bring back: dropped, but not before this pruning.
  var exchangeable: [TrialParameter] {
    start.freeWeights(in: architecture).filter { !isKept($0) }
  }

  var architecture: Architecture { optimization.engine.architecture }
  var recipe: PruningRecipe { optimization.recipe.pruning }

  /// Drops the least important weights, each layer keeping one, until `count` are left; a pair of tied weights goes
  /// together, so that one more may be left.
  ///
  /// Weights that no longer reach the output, or that nothing reaches, go first.
  mutating func drop(to count: Int, floor: Int? = nil) throws {
    switch recipe.unit {
    case .weight: try dropWeights(to: count)
    case .channel: try dropChannels(to: count, floor: floor ?? count)
    }
    optimization.engine.allowTraining(of: mask)
  }

  /// Drops to a count; with `regrow`, more than that and then brings others back.
  ///
  /// - Parameter floor: what a whole channel may take the count below the round's own.
  mutating func replace(to count: Int, floor: Int) throws {
    let extra = min(
      Int((Double(count) * recipe.regrow).rounded()), count - architecture.leastNonZeroCount,
      architecture.weightCount - mask.count)
    let before = mask
    try drop(to: count - extra, floor: floor - extra)
    if extra > 0 { regrow(max(0, count - mask.count), exceptThoseOf: before) }
  }

  mutating func dropWeights(to count: Int) throws {
    // Only one half of a tie would fit.
    guard canDrop(to: count) else { return }
    trial.load(optimization.engine)
    switch recipe.method {
    case .magnitude: drop(to: count, inOrderOf: magnitudes())
    case .saliency: drop(to: count, inOrderOf: try saliencies())
    case .surgeon: try dropCompensated(to: count)
    case .automatic where architecture.isSmooth: try dropCompensated(to: count)
    case .curvature, .automatic: drop(to: count, inOrderOf: try saliencies())
    }
  }

  private func canDrop(to count: Int) -> Bool {
    mask.freeWeights(in: architecture).contains { keptCount - $0.weightCount >= count }
  }

  /// Whether a unit may go without taking its layer's last weight or too many in all.
  func allows(_ unit: TrialParameter, downTo count: Int) -> Bool {
    keptCount - unit.weightCount >= count && keptCounts[unit.layer] > unit.weightCount
  }

  private var keptCount: Int { keptCounts.reduce(0, +) }

  func isKept(_ unit: TrialParameter) -> Bool { mask.layers[unit.layer][unit.indices[0]] }

  func isDead(_ unit: TrialParameter, _ dead: [[Bool]]) -> Bool {
    unit.indices.allSatisfy { dead[unit.layer][$0] }
  }

  mutating func remove(_ unit: TrialParameter) {
    let plan = optimization.engine.plans[unit.layer]
    for index in unit.indices {
      mask.layers[unit.layer][index] = false
      optimization.engine.parameters[plan.weights.lowerBound + index] = 0
    }
  }

  private mutating func drop(
    to count: Int, inOrderOf scores: [(unit: TrialParameter, score: Double)]
  ) {
    let order = scores.sorted { $0.score < $1.score }.map(\.unit)
    while keptCount > count {
      let dead = mask.deadWeights(in: architecture)
      func isCandidate(_ unit: TrialParameter) -> Bool {
        isKept(unit) && allows(unit, downTo: count)
      }
      let mayBeDead = dead.contains { $0.contains(true) }
      guard
        let next = (mayBeDead ? order.first { isCandidate($0) && isDead($0, dead) } : nil)
          ?? order.first(where: isCandidate)
      else { return }
      remove(next)
    }
  }

  private func magnitudes() -> [(unit: TrialParameter, score: Double)] {
    let units = mask.freeWeights(in: architecture)
    let sizes = units.map { Double(trial.value(of: $0).magnitude) }
    let layers = architecture.layerShapes.indices
    switch recipe.scope {
    case .global:
      return Array(zip(units, sizes)).map { (unit: $0, score: $1) }
    case .scaled:
      let power = layers.map { layer in
        var (sum, count) = (0.0, 0)
        for (unit, size) in zip(units, sizes) where unit.layer == layer {
          sum += size * size
          count += 1
        }
        return sum > 0 ? (sum / Double(count)).squareRoot() : 1
      }
      return zip(units, sizes).map { (unit: $0, score: $1 / power[$0.layer]) }
    case .layer:
      // A rank as a share of the layer: equal shares of all layers go together.
      var scores = Array(repeating: 0.0, count: units.count)
      for layer in layers {
        let mine = units.indices.filter { units[$0].layer == layer }.sorted {
          sizes[$0] < sizes[$1]
        }
        for (rank, index) in mine.enumerated() {
          scores[index] = (Double(rank) + 1) / Double(mine.count)
        }
      }
      return zip(units, scores).map { (unit: $0, score: $1) }
    }
  }

  private func saliencies() throws -> [(unit: TrialParameter, score: Double)] {
    try mask.freeWeights(in: architecture).map { unit in
      try Task.checkCancellation()
      return (unit: unit, score: trial.error(with: unit.changes(to: 0)))
    }
  }
}

extension Architecture {
  /// Whether second derivatives tell the whole story: no activation has a kink.
  var isSmooth: Bool { activation == .tanh || hiddenChannels.isEmpty }
}
