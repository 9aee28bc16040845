import PareNetwork

extension WeightFreezer {
  /// Trains floats through their rounded values, which the loss sees in their stead, then freezes them.
  ///
  /// - Source: Bengio, Léonard, Courville, Estimating or Propagating Gradients Through Stochastic Neurons for Conditional
  ///   Computation, 2013, section 4.
  mutating func trainStraightThrough(_ optimization: Optimization) throws {
    let engine = optimization.engine
    trial.store(into: engine)
    engine.allowTraining(of: mask)
    let settings = AdamSettings(
      beta1: optimization.recipe.beta1, beta2: optimization.recipe.beta2,
      epsilon: optimization.recipe.epsilon)
    var decay = (1.0, 1.0)
    for step in 0..<recipe.straightThroughSteps {
      try Task.checkCancellation()
      let floats = engine.parameters.values
      round(engine)
      let batch = (0..<optimization.recipe.framesPerStep).map { _ in
        optimization.training.randomFrame(
          ofLength: optimization.recipe.frameLength, from: &optimization.frames)
      }
      let error = engine.computeGradient(on: optimization.training, batch)
      let rate = recipe.learningRate.rate(at: step, of: recipe.straightThroughSteps)
      guard error < 1e4 else {
        throw TrainingError(
          .diverged(stage: .quantize, step: step, learningRate: rate),
          "the error reached \(error) times the target's power at step \(step) of quantization, "
            + "learning rate \(rate)",
          hint: "lower quantization.learningRate")
      }
      engine.parameters.values = floats
      decay = (decay.0 * optimization.recipe.beta1, decay.1 * optimization.recipe.beta2)
      engine.step(rate: rate, settings, decay: decay)
    }
    trial.load(engine)
    freezeAll()
  }

  private func round(_ engine: TrainingEngine) {
    for unit in units {
      let first = engine.plans[unit.layer].weights.lowerBound
      let level = nearest(unit, to: engine.parameters[first + unit.indices[0]])
      for change in unit.changes(to: Float(level.value)) {
        if case .weight(let index) = change.place {
          engine.parameters[first + index] = change.value
        }
      }
    }
  }
}
