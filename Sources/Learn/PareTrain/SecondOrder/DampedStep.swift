/// A damped Gauss-Newton step.
struct DampedStep {
  let values: [Double]
  /// How much the linearized sum of squares falls.
  let predictedGain: Double

  /// Nil when the damped equations are not positive definite.
  init?(_ equations: LinearizedError, _ scale: [Double], _ damping: Double) {
    let added = scale.map { $0 * damping }
    guard let factor = Cholesky(equations.matrix, count: equations.count, adding: added) else {
      return nil
    }
    values = factor.solve(equations.gradient).map { -$0 }
    guard values.allSatisfy(\.isFinite) else { return nil }
    var gain = 0.0
    for n in values.indices {
      gain += added[n] * values[n] * values[n] - equations.gradient[n] * values[n]
    }
    predictedGain = gain
  }
}
