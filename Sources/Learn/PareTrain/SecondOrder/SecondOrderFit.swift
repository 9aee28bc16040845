import PareNetwork
import PareNumerics

/// The data of a second-order run and what has been seen so far; works on one engine after another.
final class SecondOrderFit {
  let recipe: SecondOrderRecipe
  let stage: TrainingStage
  let training: TrainingSignal
  private let validation: TrainingSignal
  private let onProgress: @Sendable (TrainingProgress) -> Void
  private(set) var curve: [LearningPoint] = []
  /// Linearizations done.
  private(set) var iterations = 0
  private let stepsBefore: Int
  private let plannedIterations: Int

  init(
    _ recipe: SecondOrderRecipe, _ architecture: Architecture, on splits: SampleSplits,
    stage: TrainingStage, stepsBefore: Int, plannedIterations: Int,
    onProgress: @escaping @Sendable (TrainingProgress) -> Void
  ) throws(TrainingError) {
    try recipe.validate()
    self.recipe = recipe
    self.stage = stage
    self.stepsBefore = stepsBefore
    self.plannedIterations = plannedIterations
    self.onProgress = onProgress
    training = try TrainingSignal(splits.training, for: architecture, named: "training")
    validation = try TrainingSignal(splits.validation, for: architecture, named: "validation")
  }

  func requireSize(_ engine: JacobianEngine) throws(TrainingError) {
    let count = engine.parameters.count
    guard count <= recipe.maximumParameters else {
      throw TrainingError(
        .recipe("secondOrder.maximumParameters"),
        "\(count) free parameters, second-order training is meant for "
          + "\(recipe.maximumParameters)",
        hint: "raise secondOrder.maximumParameters, or train by gradient descent")
    }
  }

  /// Error relative to the target's power, weight decay and the rounding of activations included.
  func objective(_ engine: JacobianEngine, _ values: [Double], _ frames: [Frame]) -> Double {
    engine.setValues(values)
    return engine.squaredError(on: training, frames) / power(frames) + price(engine)
  }

  /// What weight decay and the rounding of activations add to the error.
  private func price(_ engine: JacobianEngine) -> Double {
    zip(prices(engine), engine.values).reduce(0) { $0 + $1.0 * $1.1 * $1.1 }
  }

  /// Of the square of each parameter.
  private func prices(_ engine: JacobianEngine) -> [Double] {
    engine.parameters.map { parameter in
      let rounding =
        parameter.place.isBias
        ? 0
        : recipe.roundingPrice(
          ofLayer: parameter.place.layer, in: engine.architecture,
          targetPower: training.targetPower)
      return recipe.ridge + rounding
    }
  }

  func validationError(_ engine: JacobianEngine) -> Double {
    let frames = validation.allFrames(ofLength: engine.blockLength)
    let outputs = frames.reduce(0) { $0 + $1.count } * engine.architecture.outputChannels
    return engine.squaredError(on: validation, frames)
      / (Double(outputs) * validation.targetPower)
  }

  /// By which the best look is chosen.
  private func validationObjective(_ engine: JacobianEngine) -> Double {
    validationError(engine) + price(engine)
  }

  /// The normal equations of ``objective(_:_:_:)`` at the engine's values.
  func linearize(_ engine: JacobianEngine, _ frames: [Frame]) throws -> LinearizedError {
    try Task.checkCancellation()
    var equations = engine.linearizedError(on: training, frames)
    guard equations.isFinite else { throw diverged("the Jacobian is not finite", 0) }
    let power = power(frames)
    for (n, (price, value)) in zip(prices(engine), engine.values).enumerated() where price > 0 {
      equations.matrix[n * equations.count + n] += price * power
      equations.gradient[n] += price * power * value
    }
    return equations
  }

  /// Lowers the engine's training error; every accepted step does.
  ///
  /// - Parameter keepsBest: whether to end with the values of the best look at the validation set, the start included.
  /// - Source: Madsen, Nielsen, Tingleff, Methods for Non-Linear Least Squares Problems, 2004, algorithm 3.16.
  func descend(
    _ engine: JacobianEngine, iterations limit: Int, frames: [Frame], keepsBest: Bool
  ) throws {
    guard !engine.parameters.isEmpty, limit > 0 else { return }
    var values = engine.values
    var error = objective(engine, values, frames)
    guard error.isFinite else { throw diverged("the error is not finite", 0) }
    var best = keepsBest ? (validationObjective(engine), values) : nil
    var damping = recipe.damping
    var growth = 2.0
    var smallGains = 0
    for _ in 0..<limit {
      let equations = try linearize(engine, frames)
      let scale = recipe.scale(of: equations)
      iterations += 1
      var isAccepted = false
      var failures = 0
      while !isAccepted {
        try Task.checkCancellation()
        guard let step = DampedStep(equations, scale, damping) else {
          failures += 1
          guard failures < 60 else {
            engine.setValues(values)
            throw diverged("the normal equations cannot be factored", damping)
          }
          damping *= growth
          growth *= 2
          continue
        }
        let trial = zip(values, step.values).map { $0 + $1 }
        let after = objective(engine, trial, frames)
        let gain = (error - after) * power(frames) / step.predictedGain
        if after.isFinite, after < error {
          isAccepted = true
          smallGains = error - after < recipe.tolerance * error ? smallGains + 1 : 0
          (values, error) = (engine.values, after)
          let bend = 2 * gain - 1
          damping = max(1e-15, damping * max(1.0 / 3, 1 - bend * bend * bend))
          growth = 2
        } else {
          // Beyond any useful damping a step is below the rounding of the parameters: a minimum.
          guard damping < 1e8 else { break }
          damping *= growth
          growth *= 2
        }
      }
      engine.setValues(values)
      let seen = validationError(engine)
      let judged = seen + price(engine)
      if let kept = best, judged < kept.0 { best = (judged, values) }
      report(engine, damping, training: error, validation: seen)
      if !isAccepted || smallGains == 3 { break }
    }
    if let best { engine.setValues(best.1) }
  }

  /// The target's summed power over frames.
  private func power(_ frames: [Frame]) -> Double {
    let channels = training.target.count / training.stride
    return Double(frames.reduce(0) { $0 + $1.count } * channels) * training.targetPower
  }

  private func report(
    _ engine: JacobianEngine, _ damping: Double, training: Double, validation: Double
  ) {
    let point = LearningPoint(
      stage: stage, step: stepsBefore + iterations, learningRate: damping,
      trainingNMSE: decibels(training), validationNMSE: decibels(validation))
    curve.append(point)
    onProgress(
      TrainingProgress(
        stage: stage, step: iterations, steps: max(plannedIterations, iterations),
        nonZeroCount: engine.liveCount, latest: point))
  }

  private func diverged(_ message: String, _ damping: Double) -> TrainingError {
    TrainingError(
      .diverged(stage: stage, step: stepsBefore + iterations, learningRate: damping),
      "\(message) at step \(stepsBefore + iterations) of \(stage)",
      hint: "scale the signals to a magnitude of about 1, or raise secondOrder.damping")
  }
}

extension SecondOrderRecipe {
  /// What damping 1 adds to the diagonal; never below a millionth of its mean, so that idle parameters stay put.
  func scale(of equations: LinearizedError) -> [Double] {
    let diagonal = equations.diagonal
    let mean = diagonal.reduce(0, +) / Double(max(1, diagonal.count))
    let least = max(mean * 1e-6, .leastNormalMagnitude)
    return switch dampingScale {
    case .diagonal: diagonal.map { max($0, least) }
    case .identity: diagonal.map { _ in max(mean, least) }
    }
  }
}
