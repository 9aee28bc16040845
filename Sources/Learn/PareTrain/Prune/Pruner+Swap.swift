import PareNetwork

extension Pruner {
  /// Exchanges kept weights for dropped ones as long as that lowers the measured error, at most `tries` times.
  ///
  /// Each try brings back the weights that promise most, fits, drops as many, and fits again; what does not help is undone.
  /// A weight that an earlier pruning dropped never returns.
  /// Blocks come first, single weights once blocks fail.
  mutating func swap(tries: Int) throws {
    guard tries > 0, !exchangeable.isEmpty else { return }
    let target = mask.count
    trial.load(optimization.engine)
    try trial.fit(live, steps: Self.fits)
    var best = (
      error: trial.current + trial.roundingError, mask: mask, parameters: trial.parameters
    )
    var size = max(1, target / 8)
    var skipped = 0
    var promises: [TrialParameter]?
    for _ in 0..<tries {
      try Task.checkCancellation()
      let candidates = try promises ?? mostPromising()
      promises = candidates
      guard skipped < candidates.count else { break }
      for unit in candidates.dropFirst(skipped).prefix(size) { restore(unit) }
      try trial.fit(live, steps: Self.fits)
      try dropCompensated(to: target)
      try trial.fit(live, steps: Self.fits)
      let error = trial.current + trial.roundingError
      if mask.count <= target && error < best.error * (1 - 1e-4) {
        best = (error, mask, trial.parameters)
        promises = nil
        skipped = 0
        continue
      }
      mask = best.mask
      trial.parameters = best.parameters
      if size > 1 { size /= 2 } else { skipped += 1 }
    }
    mask = best.mask
    trial.parameters = best.parameters
    trial.store(into: optimization.engine)
    optimization.engine.allowTraining(of: mask)
  }

  /// Gauss-Newton steps before and after a drop.
  private static var fits: Int { 4 }

  private var live: [TrialParameter] {
    mask.freeWeights(in: architecture) + architecture.freeBiases
  }

  private mutating func restore(_ unit: TrialParameter) {
    for index in unit.indices { mask.layers[unit.layer][index] = true }
  }

  /// Dropped weights whose return would lower the error, the kept ones adapting, to second order: the largest gain first.
  ///
  /// With the kept parameters `k` at their optimum and `A` the inverse of their curvature, weight `j` gains
  /// `g[j]² / (H[j][j] - H[j][k] A H[k][j])`.
  private func mostPromising() throws(TrainingError) -> [TrialParameter] {
    let kept = live
    let dropped = exchangeable
    let model = trial.quadraticModel(of: kept + dropped)
    let inner = QuadraticModel(
      count: kept.count, gradient: Array(model.gradient.prefix(kept.count)),
      curvature: (0..<kept.count).flatMap { row in
        model.curvature[row * model.count..<row * model.count + kept.count]
      })
    let inverse = try inner.inverse(damping: 1e-4)
    var gains: [(unit: TrialParameter, gain: Double)] = []
    for (offset, unit) in dropped.enumerated() {
      let row = (kept.count + offset) * model.count
      let diagonal = model.curvature[row + kept.count + offset]
      var explained = 0.0
      for first in 0..<kept.count {
        var sum = 0.0
        for second in 0..<kept.count {
          sum += inverse[first * kept.count + second] * model.curvature[row + second]
        }
        explained += sum * model.curvature[row + first]
      }
      // What the others can do as well is no promise; a share of the diagonal keeps the quotient from rounding noise.
      let own = max(diagonal - explained, 1e-3 * diagonal)
      let slope = model.gradient[kept.count + offset]
      if own > 0 { gains.append((unit, slope * slope / own)) }
    }
    return gains.sorted { $0.gain > $1.gain }.map(\.unit)
  }
}
