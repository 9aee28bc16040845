import PareExplore
import PareText

/// Says how far a sweep on a cluster is.
struct ClusterProgress: Sendable {
  private let printer: ProgressPrinter
  private let folder: String

  init(_ printer: ProgressPrinter, folder: String) {
    self.printer = printer
    self.folder = folder
  }

  func report(_ event: ClusterSweep.Event) {
    switch event {
    case .planned(let shards, let points):
      printer.event("planned: \(points) points in \(shards) shards")
    case .dropped(let shards):
      printer.event("dropped \(shards) shards of another plan")
    case .submitted(let job, let shards):
      printer.event("submitted: job \(job) with \(shards) tasks")
    case .progress(let progress): printer.event(Self.line(progress))
    case .failed(let shard, let what, let isGivenUp):
      printer.event("shard \(shard): \(what); \(isGivenUp ? "given up" : "submitted again")")
    case .damaged(let shard, let what):
      printer.event("shard \(shard): \(what); worked out anew")
    case .noAnswer(let what): printer.event("Slurm does not answer: \(what)")
    case .leftRunning(let jobs):
      printer.event(
        "left running: \(jobs.joined(separator: ", ")); pare sweep \(folder) goes on, --cancel ends them"
      )
    }
  }

  private static func line(_ progress: ClusterSweep.Progress) -> String {
    var words =
      "[\(progress.pointsDone)/\(progress.points)] shards: \(progress.merged) of \(progress.shards) merged, "
      + "\(progress.running) running, \(progress.pending) waiting"
    if progress.unsubmitted > 0 { words += ", \(progress.unsubmitted) not submitted yet" }
    if progress.failed > 0 { words += ", \(progress.failed) failed" }
    if !progress.reasons.isEmpty { words += " (\(progress.reasons.joined(separator: ", ")))" }
    let best = progress.front.sample(of: 4).map { "\($0.nnz) \($0.nmse.fixed(1))" }
    if !best.isEmpty {
      words += "  front \(progress.front.members.count) (\(best.joined(separator: ", ")))"
    }
    return words + SweepProgress.left(progress.secondsLeft)
  }
}
