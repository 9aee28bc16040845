import PareNetwork

extension WeightFreezer {
  /// Tries, weight by weight, the neighbouring levels, and keeps each that lowers the error.
  ///
  /// - Parameter indices: all units when nil.
  /// - Returns: whether any weight moved.
  mutating func descendOnce(over indices: [Int]? = nil) throws -> Bool {
    var hasMoved = false
    for index in indices ?? Array(units.indices) {
      try Task.checkCancellation()
      var best: (error: Double, level: QuantizedValue)?
      for level in neighbours(index) {
        let error = trial.error(
          with: units[index].changes(to: Float(level.value)),
          limit: best?.error ?? trial.current)
        if error < best?.error ?? trial.current { best = (error, level) }
      }
      guard let best else { continue }
      move([(index, best.level)])
      hasMoved = true
    }
    // Moves add up their roundings; a full pass does not.
    if hasMoved { trial.recompute() }
    return hasMoved
  }

  mutating func move(_ moves: [(index: Int, level: QuantizedValue)]) {
    for (index, level) in moves { levels[index] = level }
    trial.apply(moves.flatMap { units[$0.index].changes(to: Float($0.level.value)) })
  }

  /// Tries pairs of moves, the floats adapting to each, in the order that the error's second order promises; keeps each
  /// that truly lowers the error.
  ///
  /// - Parameter tries: how many at most.
  /// - Returns: whether any pair moved.
  mutating func descendInPairs(tries: Int) throws -> Bool {
    guard tries > 0, units.count > 1 else { return false }
    let moves = units.indices.flatMap { index in
      neighbours(index).map { (index: index, level: $0) }
    }
    let distances = moves.map { $0.level.value - level($0.index).value }
    let model = try trial.quadraticModel(of: units + floats)
      .eliminating(last: floats.count)
    let own = moves.indices.map { move in
      let index = moves[move].index
      return model.gradient[index] * distances[move] * 2
        + model.curvature[index * model.count + index] * distances[move] * distances[move]
    }
    var promises: [(first: Int, second: Int, gain: Double)] = []
    for first in moves.indices {
      let row = moves[first].index * model.count
      for second in first + 1..<moves.count where moves[second].index != moves[first].index {
        let change =
          own[first] + own[second] + 2 * distances[first] * distances[second]
          * model.curvature[row + moves[second].index]
        if change < 0 { promises.append((first, second, -change)) }
      }
    }
    promises.sort { ($0.gain, $1.first, $1.second) > ($1.gain, $0.first, $0.second) }
    var moved = Set<Int>()
    for (first, second, _) in promises.prefix(tries) {
      try Task.checkCancellation()
      let pair = [moves[first], moves[second]]
      // A move was promised from where the weight stood.
      guard moved.isDisjoint(with: pair.map(\.index)) else { continue }
      let before = state
      move(pair)
      try fitFloats()
      if trial.current < before.error {
        moved.formUnion(pair.map(\.index))
      } else {
        state = before
      }
    }
    return !moved.isEmpty
  }
}

extension QuadraticModel {
  /// The model of the first parameters alone, the last ones always at their best.
  func eliminating(last: Int) throws(TrainingError) -> QuadraticModel {
    let kept = count - last
    let tail = QuadraticModel(
      count: last, gradient: Array(gradient.suffix(last)),
      curvature: (kept..<count).flatMap { row in
        curvature[row * count + kept..<(row + 1) * count]
      })
    let inverse = try tail.inverse(damping: 1e-6)
    // coupling = H[kept][tail] inverse
    var coupling = Array(repeating: 0.0, count: kept * last)
    for row in 0..<kept {
      for inner in 0..<last {
        let factor = curvature[row * count + kept + inner]
        for column in 0..<last {
          coupling[row * last + column] += factor * inverse[inner * last + column]
        }
      }
    }
    var gradient = Array(self.gradient.prefix(kept))
    var reduced = (0..<kept).flatMap { row in curvature[row * count..<row * count + kept] }
    for row in 0..<kept {
      for inner in 0..<last {
        let factor = coupling[row * last + inner]
        gradient[row] -= factor * tail.gradient[inner]
        for column in 0..<kept {
          reduced[row * kept + column] -= factor * curvature[column * count + kept + inner]
        }
      }
    }
    return QuadraticModel(count: kept, gradient: gradient, curvature: reduced)
  }
}
