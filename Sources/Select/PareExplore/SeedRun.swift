import PareFixed
import PareNetwork
import PareNumerics
import PareSignal
import PareText
import PareTrain
import Synchronization

/// One seed of a design point: dense, pruned, quantized, in integers, each stage kept in a folder.
struct SeedRun: Sendable {
  let job: TrainingJob
  let seed: UInt64
  let dataset: IQDataset
  let splits: SampleSplits
  let folder: RunFolder?
  let onEvent: @Sendable (TrainingJob.Event) -> Void
  let clock: WorkClock

  private var experiment: Experiment { job.experiment }
  private var trainer: Trainer { Trainer(experiment.informedRecipe, seed: seed) }

  func run(of count: Int) async throws -> TrainingJob.Outcome {
    let stage = try await stage("seed-\(seed)/model", key: modelKey) { () -> TrainingJob.Outcome in
      let dense = try await self.stage("seed-\(seed)/dense", key: denseKey, make: trainDense)
      if dense.wasKept { clock.keep(seed, steps: experiment.recipe.steps) }
      var trained = dense.value
      if experiment.sparsity > 0 {
        let pruned = try await self.stage("seed-\(seed)/pruned", key: prunedKey) {
          try await trainer.pruneChain(
            dense.value, to: experiment.ladder + [experiment.sparsity], on: splits,
            onProgress: report
          ).last!.tuned
        }
        if pruned.wasKept { clock.keep(seed, steps: experiment.plannedPruningSteps) }
        trained = pruned.value
      }
      let quantized = try await trainer.quantize(
        trained, by: experiment.quantizer, on: splits,
        judge: { try job.validationScore(of: $0, on: splits) }, onProgress: report)
      return try job.outcome(of: quantized, dataset: dataset, splits: splits)
    }
    let finished = clock.finish(
      seed, steps: experiment.plannedSteps, wasKept: stage.wasKept)
    onEvent(
      .finished(
        stage.value, wasKept: stage.wasKept, count: finished, of: count,
        secondsLeft: clock.secondsLeft))
    return stage.value
  }

  // MARK: - Stages

  private func trainDense() async throws -> TrainedNetwork {
    guard let folder else {
      return try await trainer.train(experiment.architecture, on: splits, onProgress: report)
    }
    let name = "seed-\(seed)/checkpoint"
    let checkpoint: TrainingCheckpoint? = folder.kept(name, key: denseKey, onDamage: note)
    if let checkpoint {
      onEvent(.note("seed \(seed): goes on from step \(checkpoint.step) of the dense training"))
      clock.resume(from: checkpoint.step)
    }
    let writer = CheckpointWriter { try folder.store(name, key: denseKey, $0) }
    let trained: TrainedNetwork
    do {
      trained = try await trainer.train(
        experiment.architecture, on: splits, from: checkpoint, onProgress: report,
        onCheckpoint: { writer.take($0) })
    } catch let error as CancellationError {
      try writer.flush()
      throw error
    }
    try writer.throwIfFailed()
    try folder.remove(name)
    return trained
  }

  private func stage<Value: Codable & Sendable>(
    _ name: String, key: [String], make: () async throws -> Value
  ) async throws -> Stage<Value> {
    guard let folder else {
      return Stage(value: try await make(), seconds: 0, wasKept: false)
    }
    return try await folder.stage(name, key: key, onDamage: note, make: make)
  }

  private var report: @Sendable (TrainingProgress) -> Void {
    { progress in
      clock.note(seed, progress)
      onEvent(.progress(seed: seed, progress, secondsLeft: clock.secondsLeft))
    }
  }

  private func note(_ words: String) { onEvent(.note(words)) }

  // MARK: - Keys: each says all that its stage depends on, and no more

  private var denseKey: [String] {
    [
      "dense", job.generator, StableHash.hex(dataset.stableHash), experiment.task.rawValue,
      JSONText.encode(experiment.architecture),
      JSONText.encode(experiment.informedRecipe.withoutLaterStages), "\(seed)",
    ]
  }

  private var prunedKey: [String] {
    denseKey + ["pruned"] + experiment.recipe.pruningKey
      + ["\(experiment.ladder)", "\(experiment.sparsity)"]
  }

  private var modelKey: [String] {
    prunedKey + ["model"] + experiment.recipe.quantizationKey + [
      "\(experiment.quantizer)",
      experiment.formats.description, "\(experiment.tanhTableBits)", experiment.rounding.rawValue,
      experiment.overflow.rawValue, experiment.dataset,
    ]
  }
}

/// Writes checkpoints down at most twice a second: training looks at its validation set far more often.
private final class CheckpointWriter: Sendable {
  private struct State {
    var pending: TrainingCheckpoint?
    /// Nil before the first, which is written at once.
    var lastWrite: ContinuousClock.Instant?
    var failure: (any Error)?
  }

  private static let interval = Duration.milliseconds(500)
  private let clock = ContinuousClock()
  private let state: Mutex<State>
  private let write: @Sendable (TrainingCheckpoint) throws -> Void

  init(write: @escaping @Sendable (TrainingCheckpoint) throws -> Void) {
    self.write = write
    state = Mutex(State(pending: nil, lastWrite: nil, failure: nil))
  }

  func take(_ checkpoint: TrainingCheckpoint) {
    state.withLock { state in
      state.pending = checkpoint
      if let last = state.lastWrite, clock.now - last < Self.interval { return }
      do {
        try write(checkpoint)
        state.pending = nil
      } catch {
        state.failure = error
      }
      state.lastWrite = clock.now
    }
  }

  /// Writes the last checkpoint: the training stops here.
  func flush() throws {
    let pending = state.withLock { $0.pending }
    if let pending { try write(pending) }
  }

  func throwIfFailed() throws {
    if let failure = state.withLock({ $0.failure }) { throw failure }
  }
}
