/// What `squeue` says of the jobs of one run.
struct SlurmQueue: Hashable, Sendable {
  /// A line of `squeue`: one running task, or all tasks of an array that wait.
  struct Entry: Hashable, Sendable {
    /// Of the array.
    let job: String
    let tasks: TaskSet
    /// Compact, such as `R` or `PD`.
    let state: String
    /// Added to the number of a task, gives the shard.
    let offset: Int
    /// Why it waits, such as `Resources`; `None` when it does not.
    let reason: String

    var isPending: Bool { ["PD", "RH", "RQ", "RF", "SE"].contains(state) }
  }

  let entries: [Entry]

  static let format = "%i|%t|%j|%r"

  /// States in which a job is over although `squeue` may list it for a while.
  private static let over: Set<String> = [
    "BF", "CA", "CD", "DL", "F", "NF", "OOM", "PR", "RV", "TO",
  ]

  /// Reads what `squeue --noheader --format` printed.
  ///
  /// - Parameters:
  ///   - prefix: how the names of the run's jobs begin; the shard offset follows it. Lines of other jobs are passed over.
  init(parsing text: String, jobNamePrefix prefix: String) {
    entries = text.split(separator: "\n").compactMap { line in
      let fields = line.split(separator: "|", omittingEmptySubsequences: false)
      guard fields.count >= 4, fields[2].hasPrefix(prefix),
        let offset = Int(fields[2].dropFirst(prefix.count)), !Self.over.contains(String(fields[1]))
      else { return nil }
      let identity = fields[0].split(separator: "_", maxSplits: 1)
      guard identity.count == 2, let tasks = TaskSet(parsing: identity[1]) else { return nil }
      return Entry(
        job: String(identity[0]), tasks: tasks, state: String(fields[1]), offset: offset,
        reason: fields[3...].joined(separator: "|"))
    }
  }

  /// Shards that Slurm has, running or waiting.
  ///
  /// - Parameter submitted: what was given to an array, which stands for a list that Slurm cut short.
  func shards(submitted: (_ job: String) -> [Int]) -> (running: Set<Int>, pending: Set<Int>) {
    var running: Set<Int> = []
    var pending: Set<Int> = []
    for entry in entries {
      let named = entry.tasks.numbers.map { entry.offset + $0 }
      let shards = entry.tasks.isWhole ? named : named + submitted(entry.job)
      if entry.isPending { pending.formUnion(shards) } else { running.formUnion(shards) }
    }
    return (running, pending.subtracting(running))
  }

  var jobs: [String] { Set(entries.map(\.job)).sorted { ($0.count, $0) < ($1.count, $1) } }

  /// Why tasks wait, each reason once, in the order of the queue.
  var reasons: [String] {
    var seen: Set<String> = []
    return entries.filter { $0.isPending && !["None", ""].contains($0.reason) }
      .map(\.reason).filter { seen.insert($0).inserted }
  }
}
