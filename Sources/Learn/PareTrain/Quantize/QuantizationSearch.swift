import PareNetwork
import PareNumerics

/// The way of one network onto a grid, and the best candidate on it.
struct QuantizationSearch {
  private struct Candidate {
    let network: QuantizedNetwork
    /// What candidates are compared by: lower is better.
    let rank: Double
    let external: SplitNMSE?
  }

  private let trainer: Trainer
  /// The trainer's, as the size of the network asks for.
  private let recipe: TrainingRecipe
  private let splits: SampleSplits
  /// Judges candidates in the validation error's place.
  private let judge: (@Sendable (QuantizedNetwork) throws -> Double)?
  private let score: (@Sendable (QuantizedNetwork) throws -> SplitNMSE)?
  private let optimization: Optimization
  private let random: RandomStream
  private let start: TrainedNetwork
  private let scheme: QuantizationScheme

  init(
    _ trainer: Trainer, _ start: TrainedNetwork, _ scheme: QuantizationScheme,
    on splits: SampleSplits, judge: (@Sendable (QuantizedNetwork) throws -> Double)?,
    score: (@Sendable (QuantizedNetwork) throws -> SplitNMSE)?,
    onProgress: @escaping @Sendable (TrainingProgress) -> Void
  ) throws {
    self.trainer = trainer
    self.splits = splits
    self.judge = judge
    self.score = score
    self.start = start
    self.scheme = scheme
    recipe = trainer.recipe.sized(for: start.network.mask.count)
    random = trainer.random.fork("quantize \(scheme)")
    optimization = try Optimization(
      recipe, start.network.architecture, on: splits, frames: random, curve: start.curve,
      stepsDone: start.steps, plannedSteps: recipe.quantization.plannedSteps,
      onProgress: onProgress)
    optimization.nonZeroCount = start.network.mask.count
  }

  func run() throws -> TrainedQuantizedNetwork {
    let plan = recipe.quantization
    let trial = TrialError(
      start.network.architecture, on: optimization.training,
      optimization.training.spreadFrames(
        ofLength: recipe.frameLength, samples: plan.sweepSamples),
      bearing: recipe.secondOrder)
    var freezer = WeightFreezer(start.network, scheme, plan, trial)
    switch plan.method {
    case .nearest: freezer.freezeAll()
    case .straightThrough: try freezer.trainStraightThrough(optimization)
    case .freezing:
      let all = freezer.units + freezer.floats
      let bearing = freezer
      try trial.fit(all, steps: plan.toleranceFits, tolerances: freezer.tolerances(of: all))
      try freezer.freezeInStages(plan.stages) { parameters in
        try descend(trial, parameters, steps: plan.stageSteps, keepsBest: false)
        try trial.fit(
          parameters, steps: plan.stageFits, tolerances: bearing.tolerances(of: parameters))
      }
    }
    try freezer.fitFloats()
    try descend(trial, freezer.floats, steps: plan.biasSteps, keepsBest: true)
    var best = try candidate(freezer)
    var last = best
    func keep(_ freezer: WeightFreezer) throws {
      // Nothing has moved: judging it again would say the same.
      if freezer.quantized() == last.network { return }
      let next = try candidate(freezer)
      last = next
      if next.rank < best.rank { best = next }
    }
    func sweep(_ freezer: inout WeightFreezer) throws {
      for _ in 0..<plan.sweeps {
        let hasMoved = try freezer.descendOnce()
        try freezer.fitFloats()
        try keep(freezer)
        if !hasMoved { return }
      }
    }
    try sweep(&freezer)
    if plan.searchesScales, try freezer.searchScales() { try sweep(&freezer) }
    var choices = random.fork("refreeze")
    try freezer.refreeze(tries: plan.refreezes, from: &choices)
    try keep(freezer)
    if try freezer.descendInPairs(tries: plan.pairs) { try sweep(&freezer) }
    try descend(trial, freezer.floats, steps: plan.biasSteps, keepsBest: true)
    try keep(freezer)
    if plan.biasFractionBits >= 0 {
      // Only rounded biases count from here on.
      freezer = WeightFreezer(best.network, freezer)
      try freezer.roundBiases(toFractionBits: plan.biasFractionBits, sweeps: max(1, plan.sweeps))
      best = try candidate(freezer)
    }
    return TrainedQuantizedNetwork(
      network: best.network, nmse: try SplitNMSE(of: best.network.network, on: splits),
      curve: optimization.curve, seed: trainer.seed, steps: optimization.stepsDone,
      externalNMSE: try best.external ?? score?(best.network))
  }

  /// Lets parameters adapt by gradient descent, the others staying.
  private func descend(
    _ trial: TrialError, _ parameters: [TrialParameter], steps: Int, keepsBest: Bool
  ) throws {
    guard steps > 0, !parameters.isEmpty else { return }
    let engine = optimization.engine
    trial.store(into: engine)
    engine.trainable.zero()
    for parameter in parameters {
      let plan = engine.plans[parameter.layer]
      switch parameter.place {
      case .weight:
        for index in parameter.indices { engine.trainable[plan.weights.lowerBound + index] = 1 }
      case .bias(let channel): engine.trainable[plan.biases.lowerBound + channel] = 1
      }
    }
    try optimization.run(
      Descent(
        stage: .quantize, steps: steps, learningRate: recipe.quantization.learningRate,
        keepsBest: keepsBest))
    trial.load(engine)
  }

  private func candidate(_ freezer: WeightFreezer) throws -> Candidate {
    let network = freezer.quantized()
    if let judge { return Candidate(network: network, rank: try judge(network), external: nil) }
    if let score {
      let external = try score(network)
      return Candidate(network: network, rank: external.validation, external: external)
    }
    freezer.trial.store(into: optimization.engine)
    return Candidate(network: network, rank: optimization.validationError(), external: nil)
  }
}
