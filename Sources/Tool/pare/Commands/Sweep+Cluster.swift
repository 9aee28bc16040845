import ArgumentParser
import PareExplore
import PareText

extension Sweep {
  /// What a task of a job array does.
  func work(on shard: Int, of folder: SweepFolder) async throws {
    let progress = common.progress
    let lines = SweepProgress(progress)
    let outcome = try await ShardWorker(shard, in: folder, generator: "pare \(Pare.version)").run(
      jobs: jobs.count, onTool: common.toolProgress, onNote: { progress.event($0) },
      onEvent: { lines.report($0) })
    switch outcome {
    case .complete(let summary):
      progress.event(
        "shard \(shard): \(summary.finished) points done, \(summary.failed) failed, "
          + "\(summary.skipped) were there")
    case .idle(let words): progress.event(words)
    }
  }

  func cancel(_ folder: SweepFolder) async throws {
    let jobs = try await ClusterSweep.cancel(folder, on: Slurm())
    common.progress.event(
      jobs.isEmpty
        ? "no job of \(folder.path) is in the queue" : "ended: \(jobs.joined(separator: ", "))")
  }

  func wait(for work: ClusterSweep, _ points: [PlannedPoint], _ folder: SweepFolder) async throws {
    let lines = ClusterProgress(common.progress, folder: folder.path)
    let summary = try await work.run(points, waits: !cluster.noWait) { lines.report($0) }
    let report = ClusterReport(
      run: folder.path, ledger: folder.ledgerFile, points: summary.progress.points,
      done: summary.progress.pointsDone, failed: summary.failedPoints,
      shards: summary.progress.shards, merged: summary.progress.merged, jobs: summary.jobs,
      isComplete: summary.isComplete, front: summary.progress.front.members)
    Console.result(common.json ? JSONText.encode(report) : report.text)
  }

  /// What `--json` prints of a run on a cluster.
  struct ClusterReport: Encodable {
    var run: String
    var ledger: String
    var points: Int
    var done: Int
    var failed: Int
    var shards: Int
    var merged: Int
    var jobs: [String]
    var isComplete: Bool
    var front: [RunningFront.Member]

    var text: String {
      var table = TextTable([("nnz", .right), ("validation NMSE dB, integers", .right)])
      for member in front { table.add(["\(member.nnz)", member.nmse.fixed(2)]) }
      let state =
        isComplete
        ? "next: pare pareto \(run), pare report \(run)"
        : "under way: \(jobs.joined(separator: ", ")); pare sweep \(run) shows how far, and merges"
      let failures = failed > 0 ? ", \(failed) of them failed" : ""
      return """
        \(table.text)

        \(done) of \(points) points in \(ledger)\(failures); \(merged) of \(shards) shards merged
        \(state)
        """
    }
  }
}

/// How a sweep runs on a cluster.
struct ClusterOptions: ParsableArguments {
  @Option(
    name: .customLong("slurm-option"), parsing: .unconditionalSingleValue,
    help: "Passed to sbatch, one word such as --partition=long; may be repeated.")
  var slurmOptions: [String] = []

  @Option(help: "Minutes of one core that a task is meant to take.")
  var shardMinutes: Double?

  @Flag(help: "Submit and merge what can be, and return.")
  var noWait = false

  @Flag(help: "End the jobs of the sweep; what its tasks have finished stays.")
  var cancel = false

  /// Nil when nothing was said: the run's own are kept.
  var settings: ClusterSettings? {
    slurmOptions.isEmpty && shardMinutes == nil
      ? nil : ClusterSettings(slurmOptions: slurmOptions, shardMinutes: shardMinutes)
  }

  func requireNone() throws {
    if settings != nil || noWait {
      throw ValidationError(
        "--slurm-option, --shard-minutes and --no-wait need --executor slurm")
    }
  }
}
