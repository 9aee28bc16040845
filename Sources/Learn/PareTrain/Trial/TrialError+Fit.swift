import PareNetwork

extension TrialError {
  /// Moves parameters downhill by damped Gauss-Newton steps until none helps; the error never rises.
  ///
  /// - Source: Marquardt, An Algorithm for Least-Squares Estimation of Nonlinear Parameters, SIAM 1963; the damping is a
  ///   share of the diagonal.
  func fit(_ parameters: [TrialParameter], steps: Int) throws {
    guard !parameters.isEmpty else { return }
    var damping = 1e-3
    for _ in 0..<steps {
      try Task.checkCancellation()
      let model = quadraticModel(of: parameters)
      let start = parameters.map { value(of: $0) }
      let before = current
      while true {
        let step = model.step(damping: damping)
        set(parameters, to: zip(start, step).map { $0 + Float($1) })
        if current < before {
          damping = max(damping / 5, 1e-9)
          break
        }
        damping *= 10
        if damping > 1e3 {
          set(parameters, to: start)
          return
        }
      }
      if current > before * (1 - 1e-6) { return }
    }
  }

  /// Gives parameters values, and computes everything.
  func set(_ parameters: [TrialParameter], to values: [Float]) {
    for (parameter, value) in zip(parameters, values) {
      for change in parameter.changes(to: value) { assign(change) }
    }
    recompute()
  }
}

extension QuadraticModel {
  /// The step to the least error, damped.
  func step(damping: Double) -> [Double] {
    let inverse = inverse(damping: damping)
    return (0..<count).map { row in
      var sum = 0.0
      for column in 0..<count { sum -= inverse[row * count + column] * gradient[column] }
      return sum
    }
  }
}
