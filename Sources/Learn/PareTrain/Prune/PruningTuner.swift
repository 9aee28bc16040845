import PareNetwork
import PareNumerics

/// Lets the weights that are left adapt.
struct PruningTuner {
  private let optimization: Optimization
  /// The error that rounds fit, on few samples.
  private let rough: TrialError
  /// The error that the final tuning fits.
  private let fine: TrialError?

  init(_ optimization: Optimization, rough: TrialError) {
    self.optimization = optimization
    self.rough = rough
    let recipe = optimization.recipe
    fine =
      recipe.pruning.finalFits == 0
      ? nil
      : TrialError(
        optimization.engine.architecture, on: optimization.training,
        optimization.training.spreadFrames(
          ofLength: recipe.frameLength, samples: recipe.pruning.fitSamples),
        bearing: recipe.secondOrder)
  }

  /// After a round that is not the last.
  func tuneRound(_ mask: Mask) throws {
    let recipe = optimization.recipe.pruning
    if recipe.roundSteps > 0 {
      try optimization.run(
        Descent(stage: .prune, steps: recipe.roundSteps, learningRate: recipe.learningRate))
    }
    try fit(rough, mask, steps: recipe.roundFits)
  }

  /// After the last round; ends with the best seen on the validation set.
  func tuneFinally(_ mask: Mask, _ random: RandomStream) throws {
    let recipe = optimization.recipe.pruning
    let engine = optimization.engine
    let start = engine.parameters.values
    var best = (error: judgedError(), parameters: start)
    for run in 0..<recipe.finalRuns {
      engine.parameters.values = start
      if run > 0 { optimization.frames = random.fork("run \(run)") }
      try optimization.run(
        Descent(
          stage: .prune, steps: recipe.finalSteps, learningRate: recipe.learningRate,
          keepsBest: true))
      for isFitted in [false, true] {
        if isFitted, let fine { try fit(fine, mask, steps: recipe.finalFits) }
        let error = judgedError()
        if error < best.error { best = (error, engine.parameters.values) }
      }
    }
    engine.parameters.values = best.parameters
  }

  /// On the validation set, with what rounding will add.
  private func judgedError() -> Double {
    rough.load(optimization.engine)
    return optimization.validationError() + rough.roundingError
  }

  private func fit(_ trial: TrialError, _ mask: Mask, steps: Int) throws {
    guard steps > 0 else { return }
    let architecture = optimization.engine.architecture
    trial.load(optimization.engine)
    let parameters = mask.freeWeights(in: architecture) + architecture.freeBiases
    let tolerance = optimization.recipe.pruning.tolerance
    try trial.fit(
      parameters, steps: steps,
      tolerances: parameters.map { $0.weightCount == 0 ? 0 : tolerance })
    trial.store(into: optimization.engine)
  }
}
