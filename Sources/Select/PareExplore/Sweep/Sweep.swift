import PareFixed
import PareNumerics
public import PareSignal
import PareText
public import PareTrain
import Synchronization

/// Fills a ledger with what comes of design points.
///
/// Every dense parent is trained once per seed; all its pruning levels and quantizers go on from it. The results depend on the
/// points alone: not on the number of jobs, nor on which points are asked for together, nor on how often the work is
/// interrupted.
public struct Sweep: Sendable {
  public let context: SweepContext
  public let dataset: IQDataset
  public let ledger: Ledger
  let splits: SampleSplits
  /// On which activity is counted.
  let stimulus: ActivityStimulus

  /// What happens on the way.
  public enum Event: Sendable {
    /// Before the work: points in all, those that the ledger has, and those of them that failed.
    case started(total: Int, finished: Int, failed: Int)
    /// An evolutionary search goes on.
    case generation(Int, of: Int, points: Int)
    case progress(name: String, seed: UInt64, TrainingProgress, secondsLeft: Double?)
    /// All seeds of a point are in.
    case point(Candidate, count: Int, of: Int, front: RunningFront, secondsLeft: Double?)
  }

  /// What a run did.
  public struct Summary: Hashable, Sendable {
    public var points = 0
    /// Found in the ledger.
    public var skipped = 0
    /// Those of them that have failed.
    public var skippedFailed = 0
    public var finished = 0
    public var failed = 0
    /// Of all these points.
    public var front = RunningFront()

    mutating func add(_ other: Summary) {
      points += other.points
      skipped += other.skipped
      skippedFailed += other.skippedFailed
      finished += other.finished
      failed += other.failed
    }
  }

  public init(_ context: SweepContext, on dataset: IQDataset, into ledger: Ledger) {
    self.init(
      context, on: dataset, into: ledger, stimulus: ActivityStimulus(deployedIn: dataset))
  }

  init(
    _ context: SweepContext, on dataset: IQDataset, into ledger: Ledger,
    stimulus: ActivityStimulus
  ) {
    self.context = context
    self.dataset = dataset
    self.ledger = ledger
    self.stimulus = stimulus
    splits = dataset.sampleSplits(for: context.key.task)
  }

  /// Works out all points that the ledger lacks.
  ///
  /// A point that fails is recorded with its error, and the others go on.
  ///
  /// - Parameters:
  ///   - jobs: chains worked on at a time.
  ///   - keepsStates: whether the ledger keeps dense networks and levels of finished chains, for points to come.
  /// - Throws: `ExploreError` when the ledger cannot be written; `CancellationError`.
  public func run(
    _ points: [PlannedPoint], jobs: Int, keepsStates: Bool = false,
    onEvent: @escaping @Sendable (Event) -> Void = { _ in }
  ) async throws -> Summary {
    let plan = SweepTree(points, of: context)
    let finished = try ledger.finishedKeys()
    let failed = try ledger.failedKeys()
    let desk = SweepDesk(
      self, plan, done: finished.union(failed), seedsKept: try ledger.seedsKept(),
      front: try ledger.front(of: points), onEvent: onEvent)
    let skipped = points.count { finished.contains($0.key) }
    let skippedFailed = points.count { failed.contains($0.key) }
    onEvent(.started(total: points.count, finished: skipped, failed: skippedFailed))
    try desk.finishComplete()
    let units = desk.units
    do {
      _ = try await boundedMap(units, jobs: jobs) { unit in
        let run = ChainRun(
          parent: unit.parent, seed: unit.seed, sweep: self,
          onProgress: { desk.note($0, unit) }, onResult: { try desk.take($0, unit) })
        try await run.run(unit.points)
        if !keepsStates { try ledger.forgetStates(group: ChainRun.group(unit.parent, unit.seed)) }
      }
    } catch {
      // What waits to be written is good, whatever stopped the work.
      try ledger.flush()
      throw error
    }
    try ledger.flush()
    if !keepsStates { try ledger.forgetStates() }
    return Summary(
      points: points.count, skipped: skipped + skippedFailed, skippedFailed: skippedFailed,
      finished: desk.counts.finished,
      failed: desk.counts.failed, front: desk.front)
  }
}

extension Sweep {
  /// Works out the points of an experiment, whatever its strategy.
  ///
  /// - Throws: as ``run(_:jobs:keepsStates:onEvent:)``, and what the strategy finds wrong with the space.
  public func run(
    _ experiment: SweepExperiment, jobs: Int,
    onEvent: @escaping @Sendable (Event) -> Void = { _ in }
  ) async throws -> Summary {
    guard var search = EvolutionarySearch(experiment) else {
      let points = try experiment.plannedPoints(by: context.key)
      return try await run(points, jobs: jobs, onEvent: onEvent)
    }
    var all: [PlannedPoint] = []
    var total = Summary()
    while !search.isOver {
      let points = search.proposals.map { $0.planned(by: context.key) }
      all += points
      onEvent(
        .generation(
          search.generation + 1, of: search.settings.generations, points: points.count))
      // Later generations may go on from networks of this one.
      total.add(try await run(points, jobs: jobs, keepsStates: true, onEvent: onEvent))
      var metrics: [String: Metrics] = [:]
      for summary in try ledger.summaries() { metrics[summary.key] = summary.metrics }
      search.advance { metrics[$0.planned(by: context.key).key] }
    }
    try ledger.forgetStates()
    total.front = try ledger.front(of: all)
    return total
  }
}
