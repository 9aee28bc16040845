import PareTrain
import Synchronization

/// Foresees how long a number of trainings will take, from the steps done so far.
///
/// Steps of all stages count alike, so the figure is an estimate; work that was found done does not make it faster.
final class WorkClock: Sendable {
  private struct Run {
    /// Steps of the stages behind the present one.
    var behind = 0
    var stage: TrainingStage?
    /// Of the present stage.
    var step = 0
  }

  private struct State {
    var finishedSteps = 0
    var finishedRuns = 0
    /// Steps among all these that an earlier process did.
    var keptSteps = 0
    var running: [UInt64: Run] = [:]
  }

  private let total: Int
  private let clock = ContinuousClock()
  private let start: ContinuousClock.Instant
  private let state = Mutex(State())

  init(total: Int) {
    self.total = total
    start = clock.now
  }

  func note(_ seed: UInt64, _ progress: TrainingProgress) {
    state.withLock { state in
      var run = state.running[seed, default: Run()]
      if run.stage != progress.stage {
        run = Run(behind: run.behind + run.step, stage: progress.stage)
      }
      run.step = progress.step
      state.running[seed] = run
    }
  }

  /// A stage of a seed was found done.
  func keep(_ seed: UInt64, steps: Int) {
    state.withLock { state in
      state.running[seed, default: Run()].behind += steps
      state.keptSteps += steps
    }
  }

  /// A stage goes on from a step that an earlier process reached.
  func resume(from step: Int) { state.withLock { $0.keptSteps += step } }

  /// A seed has its model.
  ///
  /// - Returns: how many have.
  func finish(_ seed: UInt64, steps: Int, wasKept: Bool) -> Int {
    state.withLock { state in
      state.running[seed] = nil
      state.finishedSteps += steps
      if wasKept { state.keptSteps += steps }
      state.finishedRuns += 1
      return state.finishedRuns
    }
  }

  /// Nil until there is something to go by.
  var secondsLeft: Double? {
    state.withLock { state in
      let reached =
        state.finishedSteps + state.running.values.reduce(0) { $0 + $1.behind + $1.step }
      let done = reached - state.keptSteps
      guard done > 0 else { return nil }
      let seconds = start.duration(to: clock.now).inSeconds
      return seconds * Double(max(0, total - reached)) / Double(done)
    }
  }
}
