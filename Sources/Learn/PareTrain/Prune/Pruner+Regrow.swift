import PareNetwork

extension Pruner {
  /// Brings dropped weights back, at zero, where the gradient is largest in magnitude.
  ///
  /// - Parameters:
  ///   - count: how many weights at most; half a tie never returns alone.
  ///   - before: the mask whose weights may not return: those that were dropped just now.
  /// - Source: Evci et al., Rigging the Lottery: Making All Tickets Winners, ICML 2020, section 3.
  mutating func regrow(_ count: Int, exceptThoseOf before: Mask) {
    let engine = optimization.engine
    _ = engine.computeGradient(on: optimization.training, trial.memory.frames)
    let candidates = Mask(allOf: architecture).freeWeights(in: architecture).filter {
      !isKept($0) && !before.layers[$0.layer][$0.indices[0]]
    }
    let order = candidates.map { unit in
      let plan = engine.plans[unit.layer]
      return (
        unit: unit,
        slope: engine.gradient[plan.weights.lowerBound + unit.indices[0]].magnitude
      )
    }.sorted { $0.slope > $1.slope }
    var room = count
    for (unit, _) in order where unit.weightCount <= room {
      for index in unit.indices { mask.layers[unit.layer][index] = true }
      room -= unit.weightCount
    }
    engine.allowTraining(of: mask)
  }
}
