import PareNetwork

extension Pruner {
  /// Drops weights one by one while all others, biases included, move to make up for each to second order.
  ///
  /// With the inverse curvature `A`, dropping `w[q]` costs `w[q]² / A[q][q]`, moves the others by
  /// `-w[q] / A[q][q] * A[q]`, and takes `A[q] A[q]ᵀ / A[q][q]` from `A`.
  ///
  /// - Source: Hassibi, Stork, Second Order Derivatives for Network Pruning: Optimal Brain Surgeon, NeurIPS 1992,
  ///   equations 5 and 8.
  mutating func dropCompensated(to count: Int) throws {
    try Task.checkCancellation()
    let units = mask.freeWeights(in: architecture)
    let parameters = units + architecture.freeBiases
    let size = parameters.count
    var inverse = try trial.quadraticModel(of: parameters).inverse(damping: Self.damping)
    let start = parameters.map { trial.value(of: $0) }
    var values = start.map(Double.init)
    var isLive = Array(repeating: true, count: units.count)
    while mask.count > count {
      let dead = mask.deadWeights(in: architecture)
      var best: (index: Int, cost: Double)?
      for (index, unit) in units.enumerated() where isLive[index] && allows(unit, downTo: count) {
        let diagonal = inverse[index * size + index]
        let isFree = diagonal <= 0 || isDead(unit, dead)
        let cost = isFree ? 0 : values[index] * values[index] / diagonal
        if cost < best?.cost ?? .infinity { best = (index, cost) }
      }
      guard let index = best?.index else { break }
      isLive[index] = false
      remove(units[index])
      eliminate(index, &inverse, &values, size)
    }
    // The second order holds nearby only: as much of the movement as truly helps, none of it if it leads nowhere.
    let dropped = units.indices.filter { !isLive[$0] }
    var chosen = start
    for index in dropped { chosen[index] = 0 }
    trial.set(parameters, to: chosen)
    var least = trial.current
    for share in [1, 0.5] {
      var moved = zip(start, values).map { $0 + Float(share * ($1 - Double($0))) }
      for index in dropped { moved[index] = 0 }
      trial.set(parameters, to: moved)
      if trial.current < least { (least, chosen) = (trial.current, moved) }
    }
    trial.set(parameters, to: chosen)
    trial.store(into: optimization.engine)
  }

  /// Share of the diagonal that is added to the curvature before it is inverted.
  private static var damping: Double { 1e-5 }

  private func eliminate(
    _ index: Int, _ inverse: inout [Double], _ values: inout [Double], _ size: Int
  ) {
    let diagonal = inverse[index * size + index]
    if diagonal > 0 {
      let column = Array(inverse[index * size..<(index + 1) * size])
      let factor = values[index] / diagonal
      for other in 0..<size { values[other] -= factor * column[other] }
      for row in 0..<size {
        let share = column[row] / diagonal
        for other in 0..<size { inverse[row * size + other] -= share * column[other] }
      }
      for other in 0..<size {
        inverse[index * size + other] = 0
        inverse[other * size + index] = 0
      }
    }
    values[index] = 0
  }
}
