import PareText

/// What a run has submitted, and how: `jobs.json`.
struct JobRecord: Codable, Sendable {
  struct Array: Codable, Sendable {
    /// As sbatch told it.
    let id: String
    /// Shard of task 0.
    let offset: Int
    let tasks: String
    /// ISO 8601, UTC.
    let submittedAt: String

    var shards: [Int] { (TaskSet(parsing: tasks[...])?.numbers ?? []).map { offset + $0 } }
    /// Without the name of the cluster.
    var number: Substring { id.prefix { $0 != ";" } }
  }

  private(set) var schemaVersion = 1
  var settings: ClusterSettings
  /// Shards are numbered from 0, and no number is used twice.
  var nextShard = 0
  var arrays: [Array] = []

  init(settings: ClusterSettings) { self.settings = settings }

  /// The last array that a shard was part of.
  func array(of shard: Int) -> Array? { arrays.last { $0.shards.contains(shard) } }

  func shards(ofJob number: String) -> [Int] {
    arrays.filter { $0.number == number }.flatMap(\.shards)
  }
}

/// How the tasks of a run are made; kept in the run, so that its folder alone can be gone on with.
public struct ClusterSettings: Hashable, Sendable, Codable {
  /// Passed to sbatch, each one word such as `--partition=long`.
  public var slurmOptions: [String]
  /// Expected minutes of a task on one core; nil leaves it to the size of the sweep.
  public var shardMinutes: Double?

  public init(slurmOptions: [String] = [], shardMinutes: Double? = nil) {
    self.slurmOptions = slurmOptions
    self.shardMinutes = shardMinutes
  }

  /// - Throws: ``ExploreError`` for an option that sbatch cannot be given, and for a length that is no time.
  public func validate() throws(ExploreError) {
    try Submission.validate(slurmOptions)
    if let shardMinutes, !(shardMinutes > 0 && shardMinutes.isFinite) {
      throw ExploreError(
        .option("--shard-minutes"), "--shard-minutes \(shardMinutes) is no length of time",
        hint: "give the minutes that a task may take, such as 20", kind: .usage)
    }
  }
}
