import PareText

/// One call of sbatch: a job array whose tasks are shards from `offset` on.
struct Submission: Hashable, Sendable {
  /// Shard of task 0.
  let offset: Int
  let tasks: TaskSet
  let jobNamePrefix: String
  let script: String
  /// Receives what the system says before a task's own log begins.
  let log: String
  let workingFolder: String
  /// Of the user, such as `--partition=long`.
  let options: [String]

  var shards: [Int] { tasks.numbers.map { offset + $0 } }

  var arguments: [String] {
    [
      "--parsable", "--array=\(tasks)", "--job-name=\(jobNamePrefix)\(offset)", "--output=\(log)",
      "--open-mode=append", "--requeue", "--chdir=\(workingFolder)",
    ] + options + [script, "\(offset)"]
  }

  /// Splits shards into arrays whose task numbers stay below the cluster's limit.
  ///
  /// - Returns: by rising offset, the offsets multiples of `maxArraySize`; at most `limit` shards in all, the lowest first.
  static func arrays(
    of shards: [Int], maxArraySize: Int, limit: Int
  ) -> [(offset: Int, tasks: TaskSet)] {
    precondition(maxArraySize >= 1, "maxArraySize is \(maxArraySize)")
    let wanted = shards.sorted().prefix(max(0, limit))
    var blocks: [(block: Int, tasks: [Int])] = []
    for shard in wanted {
      let block = shard / maxArraySize
      if blocks.last?.block != block { blocks.append((block, [])) }
      blocks[blocks.count - 1].tasks.append(shard % maxArraySize)
    }
    return blocks.map { ($0.block * maxArraySize, TaskSet($0.tasks)) }
  }

  /// Options of sbatch that are set here and decide what a task does.
  private static let reserved = [
    "--parsable", "--array", "-a", "--job-name", "-J", "--output", "-o", "--open-mode", "--chdir",
    "-D", "--wrap", "--test-only", "--clusters", "-M", "--wait", "-W", "--quiet", "-Q",
  ]

  /// Checks options of the user for sbatch.
  ///
  /// - Throws: ``ExploreError`` naming one that is no option, or that the sweep sets itself.
  static func validate(_ options: [String]) throws(ExploreError) {
    for option in options {
      guard option.hasPrefix("-"), !option.contains(where: \.isNewline) else {
        throw ExploreError(
          .option("--slurm-option"), "--slurm-option '\(option)' is no option of sbatch",
          hint: "write it as one word, as in --slurm-option=--partition=long", kind: .usage)
      }
      let name = option.prefix { $0 != "=" }
      let isReserved = reserved.contains { word in
        word.hasPrefix("--") ? name == word : option.hasPrefix(word) && !option.hasPrefix("--")
      }
      guard !isReserved else {
        throw ExploreError(
          .option("--slurm-option"), "--slurm-option \(option): the sweep sets this itself",
          hint: "leave it out; --partition, --time, --mem, --account and such may be given",
          kind: .usage)
      }
    }
  }
}
