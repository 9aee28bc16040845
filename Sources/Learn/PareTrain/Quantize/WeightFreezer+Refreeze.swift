import PareNetwork
import PareNumerics

extension WeightFreezer {
  /// Sets some weights free, lets them and the floats adapt, freezes them again, and keeps what lowers the error.
  ///
  /// - Parameters:
  ///   - tries: how often.
  ///   - random: chooses the weights: a quarter of all, at least two.
  /// - Source: large neighbourhood search, Shaw, Using Constraint Programming and Local Search Methods to Solve Vehicle
  ///   Routing Problems, CP 1998.
  mutating func refreeze(tries: Int, from random: inout RandomStream) throws {
    let (trial, fits, bearing) = (trial, recipe.stageFits, self)
    for _ in 0..<tries {
      let before = state
      var order = Array(units.indices)
      for place in order.indices {
        order.swapAt(place, place + random.index(below: order.count - place))
      }
      for index in order.prefix(max(2, units.count / 4)) { levels[index] = nil }
      try trial.fit(
        units.indices.filter { levels[$0] == nil }.map { units[$0] } + floats, steps: fits)
      try freezeInStages(max(2, recipe.stages / 2)) {
        try trial.fit($0, steps: fits, tolerances: bearing.tolerances(of: $0))
      }
      _ = try descendOnce()
      try fitFloats()
      if !(trial.current < before.error) { state = before }
    }
  }
}
