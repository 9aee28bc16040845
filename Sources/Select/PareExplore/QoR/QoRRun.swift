import PareDatapath
import PareNetwork
import PareNumerics
public import PareQoR
import PareText
import PareTrain
import Synchronization

#if canImport(FoundationEssentials)
  import FoundationEssentials
#else
  import Foundation
#endif

/// Implements candidates of a ledger and stores what comes of it there.
///
/// A stage that is done is a row: work that was stopped, in whatever way, goes on with what is missing. Candidates whose
/// hardware is the same are implemented once. A design that fails is recorded with its error, and the others go on.
public struct QoRRun: Sendable {
  public let plan: QoRPlan
  public let ledger: Ledger
  /// Where design folders are made, each named after a hash of its datapath and of what it is compiled with.
  public let folder: String
  public let tools: QoRTools
  /// What designs are fed with where toggles are counted.
  public let stimulus: String?
  /// Program and version.
  public let generator: String
  let host = RunEnvironment.hostName

  /// What happens on the way.
  public enum Event: Sendable {
    /// Before the work. Stages that the ledger has, and those of them that failed.
    case started(candidates: Int, designs: Int, stages: Int, done: Int, failed: Int)
    /// A stage of a design is in, `count` of `of`.
    case stage(Implementation, name: String, count: Int, of: Int, secondsLeft: Double?)
  }

  /// What a run did; a stage is that of one design on one device.
  public struct Summary: Hashable, Sendable, Encodable {
    public var candidates = 0
    /// Different designs among these.
    public var designs = 0
    public var finished = 0
    /// Found in the ledger.
    public var skipped = 0
    /// All stages that failed, now or before.
    public var failures: [Failure] = []
  }

  public struct Failure: Hashable, Sendable, Encodable {
    public let name: String
    public let candidate: String
    public let stage: QoRStage
    public let device: String
    public let reason: String
    /// Whether an earlier run found it.
    public let isOld: Bool
  }

  public init(
    _ plan: QoRPlan, into ledger: Ledger, folder: String, with tools: QoRTools,
    stimulus: String? = nil, generator: String
  ) {
    self.plan = plan
    self.ledger = ledger
    self.folder = folder
    self.tools = tools
    self.stimulus = stimulus
    self.generator = generator
  }

  /// Implements candidates on the plan's devices.
  ///
  /// - Parameters:
  ///   - synthesized: candidates to bring to a netlist, in this order.
  ///   - routed: candidates of these to place and route, in this order.
  ///   - jobs: designs worked on at a time.
  ///   - retryFailed: whether failed stages are tried again.
  /// - Throws: ``ExploreError`` when the ledger cannot be read or written; `CancellationError`.
  public func run(
    _ synthesized: [CandidateSummary], routing routed: [CandidateSummary], jobs: Int,
    retryFailed: Bool = false, onEvent: @escaping @Sendable (Event) -> Void = { _ in }
  ) async throws -> Summary {
    if retryFailed { _ = try ledger.forgetFailedImplementations() }
    let devices = try plan.deviceList()
    var designs = QoRDesigns(self)
    for candidate in synthesized { try designs.add(candidate, devices, .synthesis) }
    for candidate in routed {
      try designs.add(candidate, devices.filter { $0.ecp5 != nil }, .placeAndRoute)
    }
    let kept = try designs.tasks.map { task in
      try task.keys(self).map { try ledger.implementation($0) }
    }
    var summary = Summary()
    summary.candidates = synthesized.count
    summary.designs = designs.count
    for (task, rows) in zip(designs.tasks, kept) {
      for row in rows.compactMap(\.self) {
        // The same hardware, and maybe other candidates.
        try ledger.keep(row, of: task.candidates)
        if let reason = row.failure {
          summary.failures.append(task.failure(row, reason, isOld: true))
        } else {
          summary.skipped += 1
        }
      }
    }
    let open = zip(designs.tasks, kept).map { task, rows in
      task.limited(to: zip(task.devices, rows).filter { $0.1 == nil }.map(\.0))
    }.filter { !$0.devices.isEmpty }
    let stageCount = designs.tasks.reduce(0) { $0 + $1.devices.count }
    onEvent(
      .started(
        candidates: summary.candidates, designs: summary.designs, stages: stageCount,
        done: summary.skipped + summary.failures.count, failed: summary.failures.count))
    let desk = QoRDesk(
      total: open.reduce(0) { $0 + $1.devices.count }, jobs: jobs, onEvent: onEvent)
    // Netlists first, so that a run that is stopped has figures of as many designs as can be.
    for reach in [QoRStage.synthesis, .placeAndRoute] {
      let rows = try await boundedMap(open.filter { $0.stage == reach }, jobs: jobs) { task in
        try await task.run(self, desk)
      }
      for (task, row) in rows.joined() {
        if let reason = row.failure {
          summary.failures.append(task.failure(row, reason, isOld: false))
        } else {
          summary.finished += 1
        }
      }
    }
    return summary
  }
}

/// Counts what is done and foresees the rest.
final class QoRDesk: Sendable {
  private let total: Int
  private let jobs: Int
  private let onEvent: @Sendable (QoRRun.Event) -> Void
  private let start = ContinuousClock.now
  private let count = Mutex(0)

  init(total: Int, jobs: Int, onEvent: @escaping @Sendable (QoRRun.Event) -> Void) {
    self.total = total
    self.jobs = jobs
    self.onEvent = onEvent
  }

  func take(_ row: Implementation, name: String) {
    // Told inside the lock, so that lines come in the order of their numbers.
    count.withLock { count in
      count += 1
      let elapsed = (ContinuousClock.now - start) / .seconds(1)
      onEvent(
        .stage(
          row, name: name, count: count, of: total,
          secondsLeft: count < total ? elapsed / Double(count) * Double(total - count) : nil))
    }
  }
}
