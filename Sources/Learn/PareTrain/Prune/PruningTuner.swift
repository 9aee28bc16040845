import PareNetwork
import PareNumerics

/// Lets the weights that are left adapt.
struct PruningTuner {
  private let optimization: Optimization
  private let trial: TrialError?

  init(_ optimization: Optimization) {
    self.optimization = optimization
    let recipe = optimization.recipe
    trial =
      recipe.pruning.roundFits + recipe.pruning.finalFits == 0
      ? nil
      : TrialError(
        optimization.engine.architecture, on: optimization.training,
        optimization.training.spreadFrames(
          ofLength: recipe.frameLength, samples: recipe.pruning.fitSamples))
  }

  /// After a round that is not the last.
  func tuneRound(_ mask: Mask) throws {
    let recipe = optimization.recipe.pruning
    if recipe.roundSteps > 0 {
      try optimization.run(
        Descent(stage: .prune, steps: recipe.roundSteps, learningRate: recipe.learningRate))
    }
    try fit(mask, steps: recipe.roundFits)
  }

  /// After the last round; ends with the best seen on the validation set.
  func tuneFinally(_ mask: Mask, _ random: RandomStream) throws {
    let recipe = optimization.recipe.pruning
    let engine = optimization.engine
    let start = engine.parameters.values
    var best = (error: optimization.validationError(), parameters: start)
    for run in 0..<recipe.finalRuns {
      engine.parameters.values = start
      if run > 0 { optimization.frames = random.fork("run \(run)") }
      try optimization.run(
        Descent(
          stage: .prune, steps: recipe.finalSteps, learningRate: recipe.learningRate,
          keepsBest: true))
      for isFitted in [false, true] {
        if isFitted { try fit(mask, steps: recipe.finalFits) }
        let error = optimization.validationError()
        if error < best.error { best = (error, engine.parameters.values) }
      }
    }
    engine.parameters.values = best.parameters
  }

  private func fit(_ mask: Mask, steps: Int) throws {
    guard let trial, steps > 0 else { return }
    let architecture = optimization.engine.architecture
    trial.load(optimization.engine)
    try trial.fit(mask.freeWeights(in: architecture) + architecture.freeBiases, steps: steps)
    trial.store(into: optimization.engine)
  }
}
