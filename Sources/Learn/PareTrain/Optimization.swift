import PareNetwork
import PareNumerics

/// One stretch of gradient descent.
struct Descent {
  let stage: TrainingStage
  let steps: Int
  let learningRate: LearningRate
  /// Whether to end with the parameters of the best look at the validation set, the start included.
  var keepsBest = false
}

/// One network on its way through training: the engine, the data, and what has been seen so far.
final class Optimization {
  let recipe: TrainingRecipe
  let engine: TrainingEngine
  let training: TrainingSignal
  let validation: TrainingSignal
  let onProgress: @Sendable (TrainingProgress) -> Void
  private let validationFrames: [Frame]
  var frames: RandomStream
  private(set) var curve: [LearningPoint]
  private(set) var stepsDone: Int
  /// Steps done and to do in the public call that this belongs to.
  private var callSteps = 0
  private let plannedSteps: Int
  var nonZeroCount: Int

  /// - Throws: ``TrainingError`` when the recipe or the data cannot be used.
  init(
    _ recipe: TrainingRecipe, _ architecture: Architecture, on splits: SampleSplits,
    frames: RandomStream, curve: [LearningPoint] = [], stepsDone: Int = 0, plannedSteps: Int,
    onProgress: @escaping @Sendable (TrainingProgress) -> Void
  ) throws(TrainingError) {
    try recipe.validate()
    self.recipe = recipe
    training = try TrainingSignal(splits.training, for: architecture, named: "training")
    validation = try TrainingSignal(splits.validation, for: architecture, named: "validation")
    _ = try TrainingSignal(splits.test, for: architecture, named: "test")
    engine = TrainingEngine(architecture, frameLength: recipe.frameLength)
    validationFrames = validation.allFrames(ofLength: recipe.frameLength)
    self.frames = frames
    self.curve = curve
    self.stepsDone = stepsDone
    self.plannedSteps = plannedSteps
    self.onProgress = onProgress
    nonZeroCount = architecture.weightCount
  }

  /// Error relative to the target's power on the validation set.
  func validationError() -> Double { engine.relativeError(on: validation, validationFrames) }

  /// Runs gradient descent from the engine's parameters with fresh moments, or from where an earlier run was left.
  ///
  /// - Parameter onLook: given the state after each look at the validation set.
  /// - Throws: `CancellationError`, or ``TrainingError`` with code `.diverged`.
  func run(
    _ descent: Descent, from state: DescentState? = nil, onLook: ((DescentState) -> Void)? = nil
  ) throws {
    let settings = AdamSettings(
      beta1: recipe.beta1, beta2: recipe.beta2, epsilon: recipe.epsilon)
    var progress = state ?? start(descent)
    if let state { resume(state) }
    var batch: [Frame] = []
    // Drawn one step ahead, so that their samples are on the way while this step works.
    var next: [Frame] = []
    var random = frames
    draw(into: &next, from: &random)
    for step in progress.step..<descent.steps {
      try Task.checkCancellation()
      swap(&batch, &next)
      frames = random
      draw(into: &next, from: &random)
      engine.batch.prefetch(next, of: training)
      let rate = descent.learningRate.rate(at: step, of: descent.steps)
      let error = engine.computeGradient(on: training, batch)
      try requireUseful(error, descent.stage, rate)
      progress.advance(by: error, recipe)
      engine.step(rate: rate, settings, decay: (progress.decay1, progress.decay2))
      stepsDone += 1
      callSteps += 1
      guard (step + 1) % recipe.validationInterval == 0 || step + 1 == descent.steps else {
        continue
      }
      let seen = validationError()
      try requireUseful(seen, descent.stage, rate)
      if let kept = progress.best, seen < kept.error {
        progress.best = .init(error: seen, parameters: engine.parameters.values)
      }
      report(descent.stage, rate, training: progress.takeMeanError(), validation: seen)
      if let onLook { onLook(captured(progress)) }
    }
    if let best = progress.best { engine.parameters.values = best.parameters }
  }

  /// The frames of one step.
  private func draw(into batch: inout [Frame], from random: inout RandomStream) {
    batch.removeAll(keepingCapacity: true)
    for _ in 0..<recipe.framesPerStep {
      batch.append(training.randomFrame(ofLength: recipe.frameLength, from: &random))
    }
  }

  private func start(_ descent: Descent) -> DescentState {
    engine.forgetMoments()
    var state = DescentState()
    if descent.keepsBest {
      state.best = .init(error: validationError(), parameters: engine.parameters.values)
    }
    return state
  }

  private func captured(_ progress: DescentState) -> DescentState {
    var state = progress
    state.frames = frames
    state.parameters = engine.parameters.values
    state.firstMoment = engine.firstMoment.values
    state.secondMoment = engine.secondMoment.values
    state.curve = curve
    return state
  }

  private func resume(_ state: DescentState) {
    frames = state.frames
    engine.parameters.values = state.parameters
    engine.firstMoment.values = state.firstMoment
    engine.secondMoment.values = state.secondMoment
    curve = state.curve
    stepsDone += state.step
    callSteps += state.step
  }

  private func report(
    _ stage: TrainingStage, _ rate: Double, training: Double, validation: Double
  ) {
    let point = LearningPoint(
      stage: stage, step: stepsDone, learningRate: rate, trainingNMSE: decibels(training),
      validationNMSE: decibels(validation))
    curve.append(point)
    onProgress(
      TrainingProgress(
        stage: stage, step: callSteps, steps: max(plannedSteps, callSteps),
        nonZeroCount: nonZeroCount, latest: point))
  }

  /// Ten thousand times the target's power is beyond any start; from there no run returns.
  private func requireUseful(
    _ error: Double, _ stage: TrainingStage, _ rate: Double
  ) throws(TrainingError) {
    guard error < 1e4 else {
      throw TrainingError(
        .diverged(stage: stage, step: stepsDone, learningRate: rate),
        "the error reached \(error) times the target's power at step \(stepsDone) of \(stage), "
          + "learning rate \(rate)",
        hint: "lower the learning rate, or scale the signals to a magnitude of about 1")
    }
  }
}
