import PareFixed
import PareNetwork
import PareNumerics
import PareSignal
import PareText
import PareTrain

/// One seed of one dense parent: trained once, pruned level by level, each level quantized for every point that wants it.
///
/// Every state and every result goes to the ledger at once; what is there already is not done again.
struct ChainRun: Sendable {
  let parent: SweepTree.Parent
  let seed: UInt64
  let sweep: Sweep
  let onProgress: @Sendable (TrainingProgress) -> Void
  let onResult: @Sendable (SeedResult) throws -> Void

  /// What this run knows of the chain's states, by their keys.
  private struct Memory {
    /// The state that was worked on last.
    var last: (key: String, level: PrunedLevel)?
    /// States that cannot be had; all that would go on from them fails alike.
    var failures: [String: any PareError] = [:]
  }

  /// - Parameter points: those of the parent that lack this seed.
  func run(_ points: [PlannedPoint]) async throws {
    var memory = Memory()
    let ordered = points.sorted { order($0).lexicographicallyPrecedes(order($1)) }
    for planned in ordered {
      try Task.checkCancellation()
      var start = ContinuousClock.now
      let result: SeedResult
      do {
        let trained = try await state(of: planned, levels: levels(of: planned), in: &memory)
        // What points share is nobody's own time.
        start = ContinuousClock.now
        let outcome = try await quantized(trained.tuned, planned)
        result = SeedResult(
          key: planned.key,
          score: .init(
            seed: seed, nmse: outcome.fixedNMSE.validation, testNMSE: outcome.fixedNMSE.test,
            nnz: outcome.nonZeroCount),
          floatNMSE: outcome.nmse.validation, floatTestNMSE: outcome.nmse.test,
          model: outcome.model, seconds: start.duration(to: .now).inSeconds)
      } catch let error as any PareError where !(error is ExploreError) {
        // What the ledger itself throws ends the sweep; what training and conversion throw belongs to the point.
        result = SeedResult(
          key: planned.key,
          score: .init(seed: seed, nmse: nil, testNMSE: nil, nnz: nil, failure: error.message),
          floatNMSE: nil, floatTestNMSE: nil, model: nil,
          seconds: start.duration(to: .now).inSeconds)
      }
      try onResult(result)
    }
  }

  private func levels(of planned: PlannedPoint) -> ArraySlice<Double> {
    (planned.point.sparsity > 0 ? planned.point.ladder + [planned.point.sparsity] : [])[...]
  }

  /// Sorts a level's points before those of the levels that go on from it.
  private func order(_ planned: PlannedPoint) -> [String] {
    [planned.recipeHash] + levels(of: planned).map { "\($0)" }
      + ["", planned.point.quantizer.description, planned.key]
  }

  /// The network at the end of a chain: at hand, in the ledger, or made from the one before.
  private func state(
    of planned: PlannedPoint, levels: ArraySlice<Double>, in memory: inout Memory
  ) async throws -> PrunedLevel {
    let key = sweep.context.stateKey(of: planned, levels: levels, seed: seed)
    if let last = memory.last, last.key == key { return last.level }
    if let failure = memory.failures[key] { throw failure }
    let level: PrunedLevel
    if let kept = try keptState(key) {
      level = kept
    } else {
      do {
        level = try await made(planned, levels, &memory)
      } catch let error as any PareError where !(error is ExploreError) {
        memory.failures[key] = error
        throw error
      }
      try sweep.ledger.keepState(JSONText.encode(level), key: key, group: group)
    }
    memory.last = (key, level)
    return level
  }

  /// A state that cannot be read is made again, as if it were not there.
  private func keptState(_ key: String) throws -> PrunedLevel? {
    guard let text = try sweep.ledger.state(key) else { return nil }
    do {
      return try JSONText.decode(PrunedLevel.self, from: text, file: sweep.ledger.path)
    } catch is JSONTextError {
      return nil
    }
  }

  private func made(
    _ planned: PlannedPoint, _ levels: ArraySlice<Double>, _ memory: inout Memory
  ) async throws -> PrunedLevel {
    let trainer = trainer(for: planned)
    guard let sparsity = levels.last else {
      let dense = try await trainer.train(
        planned.point.architecture, on: sweep.splits, onProgress: onProgress)
      return PrunedLevel(tuned: dense, next: dense)
    }
    let start = try await state(of: planned, levels: levels.dropLast(), in: &memory)
    return try await trainer.pruneChain(
      start.next, to: [sparsity], on: sweep.splits, onProgress: onProgress)[0]
  }

  private func quantized(
    _ trained: TrainedNetwork, _ planned: PlannedPoint
  ) async throws -> TrainingJob.Outcome {
    let job = TrainingJob(
      sweep.context.experiment(of: planned), generator: sweep.context.key.generator)
    let splits = sweep.splits
    let quantized = try await trainer(for: planned).quantize(
      trained, by: planned.point.quantizer, on: splits,
      judge: { try job.validationScore(of: $0, on: splits) }, onProgress: onProgress)
    return try job.outcome(of: quantized, dataset: sweep.dataset, splits: splits)
  }

  private func trainer(for planned: PlannedPoint) -> Trainer {
    Trainer(sweep.context.experiment(of: planned).informedRecipe, seed: seed)
  }

  /// Under which the ledger keeps this chain's states.
  private var group: String { Self.group(parent, seed) }

  static func group(_ parent: SweepTree.Parent, _ seed: UInt64) -> String {
    "\(parent.key)-\(seed)"
  }
}
