import PareNetwork
import PareNumerics

/// The way of one network onto a grid, and the best candidate on it.
struct QuantizationSearch {
  private struct Candidate {
    let network: QuantizedNetwork
    let validationError: Double
    let external: SplitNMSE?
    /// What candidates are compared by: lower is better.
    var rank: Double { external?.validation ?? validationError }
  }

  private let trainer: Trainer
  private let splits: SampleSplits
  private let score: (@Sendable (QuantizedNetwork) throws -> SplitNMSE)?
  private let optimization: Optimization
  private let random: RandomStream
  private let start: TrainedNetwork
  private let scheme: QuantizationScheme

  init(
    _ trainer: Trainer, _ start: TrainedNetwork, _ scheme: QuantizationScheme,
    on splits: SampleSplits, score: (@Sendable (QuantizedNetwork) throws -> SplitNMSE)?,
    onProgress: @escaping @Sendable (TrainingProgress) -> Void
  ) throws {
    self.trainer = trainer
    self.splits = splits
    self.score = score
    self.start = start
    self.scheme = scheme
    let plan = trainer.recipe.quantization
    random = trainer.random.fork("quantize \(scheme)")
    optimization = try Optimization(
      trainer.recipe, start.network.architecture, on: splits, frames: random,
      curve: start.curve, stepsDone: start.steps, plannedSteps: plan.plannedSteps,
      onProgress: onProgress)
    optimization.nonZeroCount = start.network.mask.count
  }

  func run() throws -> TrainedQuantizedNetwork {
    let plan = trainer.recipe.quantization
    let trial = TrialError(
      start.network.architecture, on: optimization.training,
      optimization.training.spreadFrames(
        ofLength: trainer.recipe.frameLength, samples: plan.sweepSamples),
      bearing: trainer.recipe.secondOrder)
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
    func keep(_ freezer: WeightFreezer) throws {
      let next = try candidate(freezer)
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
      externalNMSE: best.external)
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
    let recipe = trainer.recipe.quantization
    try optimization.run(
      Descent(
        stage: .quantize, steps: steps, learningRate: recipe.learningRate, keepsBest: keepsBest))
    trial.load(engine)
  }

  private func candidate(_ freezer: WeightFreezer) throws -> Candidate {
    let network = freezer.quantized()
    freezer.trial.store(into: optimization.engine)
    return Candidate(
      network: network, validationError: optimization.validationError(),
      external: try score?(network))
  }
}
