import PareNumerics
import PareSignal
import PareText
public import PareTools

#if canImport(FoundationEssentials)
  import FoundationEssentials
#else
  import Foundation
#endif

/// Works out one shard of a run: what a task of the cluster does.
public struct ShardWorker: Sendable {
  /// What came of it.
  public enum Outcome: Hashable, Sendable {
    case complete(Sweep.Summary)
    /// Nothing was to be done, and why.
    case idle(String)
  }

  public let number: Int
  let shards: ShardFolder
  /// Program and version.
  let generator: String

  public init(_ number: Int, in run: SweepFolder, generator: String) {
    self.number = number
    self.generator = generator
    shards = ShardFolder(of: run)
  }

  /// Fills the shard's own ledger, going on where an earlier task stopped, and gives it its name once it is complete.
  ///
  /// - Parameter onNote: told what a person who reads the task's log should know.
  /// - Throws: ``ExploreError`` when the plan cannot be read or was made by another pare, when the data set differs from the
  ///   planned one, when a file cannot be written; what loading a data set throws; `CancellationError`.
  public func run(
    jobs: Int, onTool: ToolProgressHandler? = nil,
    onNote: @escaping @Sendable (String) -> Void = { _ in },
    onEvent: @escaping @Sendable (Sweep.Event) -> Void = { _ in }
  ) async throws -> Outcome {
    guard TextFile.exists(shards.planFile(number)) else {
      return .idle("shard \(number) is not planned, or merged already")
    }
    let outcome = try await ShardLock.holding(shards.lockFile(number)) {
      try await work(jobs, onTool, onNote, onEvent)
    }
    return outcome
      ?? .idle("another task works on shard \(number); \(shards.lockFile(number)) is locked")
  }

  private func work(
    _ jobs: Int, _ onTool: ToolProgressHandler?, _ onNote: @Sendable (String) -> Void,
    _ onEvent: @escaping @Sendable (Sweep.Event) -> Void
  ) async throws -> Outcome {
    if TextFile.exists(shards.completeFile(number)) {
      return .idle("shard \(number) is complete")
    }
    let shard = try shards.plan(number)
    let file = shards.planFile(number)
    guard shard.generator == generator else {
      throw ExploreError(
        .file(path: file), "\(file): planned by \(shard.generator), this is \(generator)",
        hint: "run pare sweep again: it plans anew", kind: .failed)
    }
    let points = try shard.plannedPoints(file: file)
    let dataset = try await DatasetSource.load(shard.dataset, onProgress: onTool)
    guard StableHash.hex(dataset.stableHash) == shard.datasetHash else {
      throw ExploreError(
        .dataset(shard.dataset),
        "\(shard.dataset): not the data that the sweep was planned with",
        hint: "let all nodes see one cache (PARE_CACHE), or name a folder that all nodes share")
    }
    let context = SweepContext(dataset: shard.dataset, key: shard.key, host: Self.nodeName)
    let summary = try await fill(context, dataset, points, jobs, onNote, onEvent)
    if TextFile.exists(file) {
      try shards.move(shards.partFile(number), to: shards.completeFile(number))
    } else {
      // Nobody waits for it any more.
      try shards.forgetPart(number)
    }
    try shards.remove(shards.lockFile(number))
    return .complete(summary)
  }

  /// The ledger is closed when this returns.
  private func fill(
    _ context: SweepContext, _ dataset: IQDataset, _ points: [PlannedPoint], _ jobs: Int,
    _ onNote: (String) -> Void, _ onEvent: @escaping @Sendable (Sweep.Event) -> Void
  ) async throws -> Sweep.Summary {
    let sweep = Sweep(context, on: dataset, into: try ledger(onNote))
    return try await sweep.run(points, jobs: jobs, onEvent: onEvent)
  }

  private func ledger(_ onNote: (String) -> Void) throws -> Ledger {
    let file = shards.partFile(number)
    do {
      return try Ledger(at: file)
    } catch let error as ExploreError where error.kind == .badData {
      try shards.setAside(file, of: number)
      onNote("\(error.message); kept as \(shards.damagedFile(number)), the shard begins anew")
      return try Ledger(at: file)
    }
  }

  /// What Slurm calls the machine, else what it calls itself.
  static var nodeName: String {
    ProcessInfo.processInfo.environment["SLURMD_NODENAME"] ?? RunEnvironment.hostName
  }
}
