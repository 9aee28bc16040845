import PareFixed
import PareNetwork
import PareSignal
import PareText
import PareTrain
import Synchronization

#if canImport(FoundationEssentials)
  import FoundationEssentials
#else
  import Foundation
#endif

/// Where the results of a running sweep come together: seeds become candidates, and the time left is foreseen.
final class SweepDesk: Sendable {
  /// One seed of a parent, with the points that lack it.
  struct Unit: Sendable {
    let parent: SweepTree.Parent
    let seed: UInt64
    let points: [PlannedPoint]
    /// Share of the parent's cost that is still to do.
    let cost: Double
  }

  struct Counts: Sendable {
    var finished = 0
    var failed = 0
  }

  private struct State {
    /// Seeds that a point still lacks.
    var missing: [String: Int] = [:]
    var counts = Counts()
    var front: RunningFront
    var clock = SweepClock()
  }

  let units: [Unit]
  private let sweep: Sweep
  private let plan: [String: PlannedPoint]
  private let total: Int
  /// Points that the ledger had.
  private let skipped: Int
  private let onEvent: @Sendable (Sweep.Event) -> Void
  private let state: Mutex<State>

  init(
    _ sweep: Sweep, _ plan: SweepTree, done: Set<String>, seedsKept: [String: Set<UInt64>],
    front: RunningFront, onEvent: @escaping @Sendable (Sweep.Event) -> Void
  ) {
    self.sweep = sweep
    self.plan = Dictionary(
      plan.points.map { ($0.key, $0) }, uniquingKeysWith: { first, _ in first })
    self.onEvent = onEvent
    total = plan.points.count
    skipped = plan.points.count { done.contains($0.key) }
    var state = State(front: front)
    var units: [Unit] = []
    for parent in plan.parents {
      let wanted = parent.points.filter { !done.contains($0.key) }
      let seeds = wanted.flatMap { sweep.seeds(of: $0) }
      for seed in Set(seeds).sorted() {
        let points = wanted.filter {
          sweep.seeds(of: $0).contains(seed) && !seedsKept[$0.key, default: []].contains(seed)
        }
        guard !points.isEmpty else { continue }
        let share = Double(points.count) / Double(parent.points.count)
        units.append(Unit(parent: parent, seed: seed, points: points, cost: parent.cost * share))
      }
      for point in wanted {
        let kept = seedsKept[point.key, default: []]
        state.missing[point.key] = sweep.seeds(of: point).count { !kept.contains($0) }
      }
    }
    self.units = units
    state.clock.total = units.reduce(0) { $0 + $1.cost }
    self.state = Mutex(state)
  }

  var front: RunningFront { state.withLock { $0.front } }

  var counts: Counts { state.withLock { $0.counts } }

  /// Points whose seeds were all in when an earlier run was stopped.
  func finishComplete() throws {
    let complete = state.withLock { $0.missing.filter { $0.value == 0 }.keys.sorted() }
    for key in complete { try finish(key) }
  }

  func note(_ progress: TrainingProgress, _ unit: Unit) {
    let left = state.withLock { $0.clock.secondsLeft }
    onEvent(
      .progress(
        name: unit.parent.architecture.name, seed: unit.seed, progress, secondsLeft: left))
  }

  /// A seed of a point is in.
  func take(_ result: SeedResult, _ unit: Unit) throws {
    try sweep.ledger.keep(result)
    let isComplete = state.withLock { state in
      state.clock.done += unit.cost / Double(unit.points.count)
      state.missing[result.key]! -= 1
      return state.missing[result.key] == 0
    }
    if isComplete { try finish(result.key) }
  }

  private func finish(_ key: String) throws {
    let planned = plan[key]!
    let candidate = try sweep.finish(planned)
    let event = state.withLock { state in
      if candidate.failure == nil { state.counts.finished += 1 } else { state.counts.failed += 1 }
      state.front.insert(candidate.metrics)
      return Sweep.Event.point(
        candidate, count: skipped + state.counts.finished + state.counts.failed, of: total,
        front: state.front, secondsLeft: state.clock.secondsLeft)
    }
    onEvent(event)
  }
}

/// Foresees how long a sweep will take: what is left costs what its like has cost in this run.
struct SweepClock: Sendable {
  /// Of the whole run, in seconds as ``SweepCost`` expects them.
  var total = 0.0
  var done = 0.0
  private let start = ContinuousClock.now

  /// Nil until there is something to go by.
  var secondsLeft: Double? {
    guard done > 0 else { return nil }
    return start.duration(to: .now).inSeconds * max(0, total - done) / done
  }
}
