import PareNumerics
import PareText
import PareTools

#if canImport(FoundationEssentials)
  import FoundationEssentials
#else
  import Foundation
#endif

/// A sweep on a Slurm cluster: plans shards, submits them as job arrays, merges what comes back, submits again what failed.
///
/// Files in the run's folder decide what is done; what Slurm says of its jobs only decides what to submit. The command that
/// runs this may be stopped and started at any time, on any machine that sees the folder and has Slurm's commands.
public struct ClusterSweep: Sendable {
  public let context: SweepContext
  let shards: ShardFolder
  let ledger: Ledger
  let slurm: Slurm
  let program: String
  let settings: ClusterSettings?
  let pace: Pace

  /// How often to look.
  struct Pace: Sendable {
    var first = Duration.seconds(1)
    var longest = Duration.seconds(20)
  }

  /// How far a run is.
  public struct Progress: Hashable, Sendable {
    /// Of the run, merged ones included.
    public var shards = 0
    public var merged = 0
    public var running = 0
    public var pending = 0
    /// Tasks that ended without a result since this command began, each time counted.
    public var failed = 0
    /// Shards that the cluster has not taken yet, as it limits how many jobs may wait.
    public var unsubmitted = 0
    /// Why tasks wait, as Slurm says it.
    public var reasons: [String] = []
    public var points = 0
    /// In the ledger, failed ones included.
    public var pointsDone = 0
    public var front = RunningFront()
    public var secondsLeft: Double?
  }

  public enum Event: Sendable {
    case planned(shards: Int, points: Int)
    /// Plans of another version, seed or data set were dropped.
    case dropped(shards: Int)
    case submitted(job: String, shards: Int)
    case progress(Progress)
    /// A task ended without a result; its shard is submitted again, or given up.
    case failed(shard: Int, what: String, isGivenUp: Bool)
    /// A file that should be complete cannot be read; its shard is worked out anew.
    case damaged(shard: Int, what: String)
    /// Slurm does not answer; the jobs go on, nothing is submitted.
    case noAnswer(String)
    /// The command was stopped; the jobs go on.
    case leftRunning(jobs: [String])
  }

  /// What a run did.
  public struct Summary: Hashable, Sendable {
    public var progress: Progress
    /// Job arrays that Slurm has now.
    public var jobs: [String]
    public var failedPoints: Int

    public var isComplete: Bool { progress.merged == progress.shards }
  }

  /// - Parameters:
  ///   - settings: nil goes on with those of the run's folder.
  ///   - program: path of the program that tasks run; the running one unless given.
  public init(
    _ context: SweepContext, in run: SweepFolder, into ledger: Ledger, on slurm: Slurm,
    settings: ClusterSettings? = nil, program: String? = nil
  ) {
    self.init(
      context, in: run, into: ledger, on: slurm, settings: settings,
      program: program ?? RunningProgram.path, pace: Pace())
  }

  init(
    _ context: SweepContext, in run: SweepFolder, into ledger: Ledger, on slurm: Slurm,
    settings: ClusterSettings?, program: String, pace: Pace
  ) {
    self.context = context
    self.ledger = ledger
    self.slurm = slurm
    self.settings = settings
    self.program = program
    self.pace = pace
    shards = ShardFolder(of: run)
  }

  /// Whether a run has work on a cluster that is not merged.
  public static func isUnderWay(in run: SweepFolder) throws -> Bool {
    let shards = ShardFolder(of: run)
    guard TextFile.isFolder(shards.path) else { return false }
    return try !shards.contents().planned.isEmpty
  }

  /// Has the cluster work out all points that the ledger lacks.
  ///
  /// - Parameter waits: true returns when all is in the ledger; false after one look, with the jobs submitted.
  /// - Throws: `ToolError` when sbatch fails; ``ExploreError`` when shards failed again and again, and when files cannot be
  ///   written; `CancellationError`, after the event ``Event/leftRunning(jobs:)``.
  public func run(
    _ points: [PlannedPoint], waits: Bool,
    onEvent: @escaping @Sendable (Event) -> Void = { _ in }
  ) async throws -> Summary {
    try TextFile.makeFolder(shards.logFolder)
    var desk = try ClusterDesk(self, points, onEvent)
    do {
      try desk.plan()
      return try await desk.work(waits: waits)
    } catch is CancellationError {
      onEvent(.leftRunning(jobs: desk.jobs))
      throw CancellationError()
    }
  }

  /// Ends all jobs of a run; what its tasks have finished stays.
  ///
  /// - Returns: the job arrays that were ended.
  public static func cancel(_ run: SweepFolder, on slurm: Slurm) async throws -> [String] {
    let shards = ShardFolder(of: run)
    guard TextFile.isFolder(shards.logFolder) else { return [] }
    let jobs = try await slurm.queue(
      jobNamePrefix: jobNamePrefix(of: shards), log: shards.commandLog("squeue")
    ).jobs
    if !jobs.isEmpty { try await slurm.cancel(jobs, log: shards.commandLog("scancel")) }
    return jobs
  }

  /// By it a run knows its jobs again: a hash of the folder's path.
  static func jobNamePrefix(of shards: ShardFolder) -> String {
    var hash = StableHash()
    hash.combine(shards.runPath)
    return "pare-\(hash.hex.prefix(8))-"
  }
}

/// The program that runs.
enum RunningProgram {
  /// Absolute, with links followed.
  static var path: String {
    if let link = try? FileManager.default.destinationOfSymbolicLink(atPath: "/proc/self/exe") {
      return link
    }
    let first = ProcessInfo.processInfo.arguments.first ?? "pare"
    return URL(filePath: first).resolvingSymlinksInPath().path
  }
}
