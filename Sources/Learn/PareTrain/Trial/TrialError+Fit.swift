import PareNetwork

extension TrialError {
  /// Moves parameters downhill by damped Gauss-Newton steps until none helps; the error, or the sum that it stands in with
  /// what the rounding of activations and of weights adds, never rises in a step.
  ///
  /// - Parameter tolerances: of each parameter the variance of relative errors that it is to bear; nil for none. What such
  ///   errors add to the error on average, `sum of tolerances[i] * curvature[i][i] * w[i]²`, is made small too: weights
  ///   that cancel each other become smaller.
  /// - Source: Marquardt, An Algorithm for Least-Squares Estimation of Nonlinear Parameters, SIAM 1963; the damping is a
  ///   share of the diagonal.
  func fit(
    _ parameters: [TrialParameter], steps: Int, tolerances: [Double]? = nil
  ) throws {
    guard !parameters.isEmpty else { return }
    var damping = 1e-3
    for _ in 0..<steps {
      try Task.checkCancellation()
      let start = parameters.map { value(of: $0) }
      let plain = quadraticModel(of: parameters)
      // The curvature's own change is left to the next step.
      let prices = parameters.indices.map {
        (tolerances?[$0] ?? 0) * plain.curvature[$0 * (plain.count + 1)]
          + (parameters[$0].weightCount > 0 ? roundingPrices[parameters[$0].layer] : 0)
      }
      func price(_ values: [Float]) -> Double {
        zip(prices, values).reduce(0) { $0 + $1.0 * Double($1.1) * Double($1.1) }
      }
      let model = plain.adding(prices, at: start)
      let before = current + price(start)
      var after = before
      while true {
        let step = model.step(damping: damping)
        let values = zip(start, step).map { $0 + Float($1) }
        set(parameters, to: values)
        after = current + price(values)
        if after < before {
          damping = max(damping / 5, 1e-9)
          break
        }
        damping *= 10
        if damping > 1e3 {
          set(parameters, to: start)
          return
        }
      }
      if after > before * (1 - 1e-6) { return }
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
  /// The model with `sum of prices[i] * w[i]²` added.
  func adding(_ prices: [Double], at values: [Float]) -> QuadraticModel {
    var curvature = curvature
    var gradient = gradient
    for index in 0..<count {
      curvature[index * (count + 1)] += prices[index]
      gradient[index] += prices[index] * Double(values[index])
    }
    return QuadraticModel(count: count, gradient: gradient, curvature: curvature)
  }

  /// The step to the least error, damped; not finite, so that it is taken back, when the curvature is not.
  func step(damping: Double) -> [Double] {
    guard let factor = definite(damping: damping)?.factor else {
      return Array(repeating: .nan, count: count)
    }
    let scale = scale
    let scaled = factor.solve(zip(gradient, scale).map { $0 * $1 })
    return zip(scaled, scale).map { -$0 * $1 }
  }
}
