import PareText
import PareTools

#if canImport(FoundationEssentials)
  import FoundationEssentials
#else
  import Foundation
#endif

/// Where the shards of a run are kept count of while one command works on it.
struct ClusterDesk {
  private let sweep: ClusterSweep
  private let points: [PlannedPoint]
  private let onEvent: @Sendable (ClusterSweep.Event) -> Void
  private var record: JobRecord
  private var limits = SlurmLimits.defaults
  /// Tasks that may be in the queue at a time; falls when the cluster refuses some.
  private var largestQueue = 1
  private var queue = SlurmQueue(parsing: "", jobNamePrefix: "")
  /// Why Slurm does not answer; nil when it does.
  private var silence: (any PareError)?
  private var hasAnswered = false
  /// Planned and not merged: expected seconds of each.
  private var open: [Int: Double] = [:]
  private var attempts = ShardAttempts()
  private var progress = ClusterSweep.Progress()
  private var clock = SweepClock()

  private var shards: ShardFolder { sweep.shards }
  private var prefix: String { ClusterSweep.jobNamePrefix(of: shards) }

  /// Submitted since Slurm was last asked.
  private var newJobs: [String] = []

  /// Of this run, as Slurm named them when it was last asked, and those that it got since.
  var jobs: [String] { queue.jobs + newJobs }

  init(
    _ sweep: ClusterSweep, _ points: [PlannedPoint],
    _ onEvent: @escaping @Sendable (ClusterSweep.Event) -> Void
  ) throws {
    self.sweep = sweep
    self.points = points
    self.onEvent = onEvent
    let file = sweep.shards.jobsFile
    record =
      TextFile.exists(file)
      ? try JSONText.decode(JobRecord.self, from: TextFile.read(file), file: file)
      : JobRecord(settings: ClusterSettings())
    if let settings = sweep.settings {
      try settings.validate()
      record.settings = settings
    }
  }

  // MARK: Planning

  /// Writes plans for the points that neither the ledger nor a plan has.
  mutating func plan() throws {
    try merge()
    var known = try sweep.ledger.finishedKeys().union(sweep.ledger.failedKeys())
    progress.points = points.count
    progress.pointsDone = points.count { known.contains($0.key) }
    progress.front = try sweep.ledger.front(of: points)
    var dropped = 0
    for number in try shards.contents().planned {
      try Task.checkCancellation()
      guard let shard = try usablePlan(number) else {
        try shards.forget(number)
        dropped += 1
        continue
      }
      let keys = shard.points.map(\.key)
      guard !keys.allSatisfy(known.contains) else {
        try shards.forget(number)
        continue
      }
      known.formUnion(keys)
      open[number] = shard.cost
    }
    if dropped > 0 { onEvent(.dropped(shards: dropped)) }
    try planMissing(points.filter { !known.contains($0.key) })
    try keepRecord()
    // What an earlier command submitted may have failed since; it gets as many tries as what is new.
    for shard in Set(record.arrays.flatMap(\.shards)).intersection(open.keys) {
      attempts.begin(shard, mark: "of an earlier command")
    }
    progress.shards = record.nextShard
    clock.total = open.values.reduce(0, +)
  }

  /// Nil for one that means nothing any more.
  private func usablePlan(_ number: Int) throws -> Shard? {
    do {
      let shard = try shards.plan(number)
      return shard.belongs(to: sweep.context) ? shard : nil
    } catch let error as any PareError where error.kind == .badData {
      onEvent(.damaged(shard: number, what: error.message))
      return nil
    }
  }

  private mutating func planMissing(_ missing: [PlannedPoint]) throws {
    guard !missing.isEmpty else { return }
    let parents = SweepTree(missing, of: sweep.context).parents
    let costs = parents.map(\.costOfAllSeeds)
    let target = ShardGrouping.target(
      total: costs.reduce(0, +), minutes: record.settings.shardMinutes)
    let ranges = ShardGrouping.ranges(of: costs, target: target)
    // Numbers first: a number whose plan was begun is never given to another.
    let first = record.nextShard
    record.nextShard += ranges.count
    try keepRecord()
    for (index, range) in ranges.enumerated() {
      try Task.checkCancellation()
      let shard = Shard(first + index, parents[range], of: sweep.context)
      try TextFile.write(shard.json, to: shards.planFile(shard.number))
      open[shard.number] = shard.cost
    }
    onEvent(.planned(shards: ranges.count, points: missing.count))
  }

  private func keepRecord() throws {
    try TextFile.write(JSONText.encode(record), to: shards.jobsFile)
  }

  // MARK: Working

  mutating func work(waits: Bool) async throws -> ClusterSweep.Summary {
    try TextFile.write(
      TaskScript(shards: shards, program: sweep.program).text, to: shards.scriptFile)
    limits = await sweep.slurm.limits(log: shards.commandLog("scontrol"))
    largestQueue = limits.maxQueued
    guard limits.maxArraySize > 0 else {
      throw ExploreError(
        .file(path: shards.path), "this cluster runs no job arrays (its MaxArraySize is 0)",
        hint: "ask its administrator, or use --executor local", kind: .failed)
    }
    var pause = sweep.pace.first
    while true {
      let before = [progress.merged, progress.running, progress.pending]
      let hasAnswer = await look()
      // After the look: what was running then and is merged now is not taken for lost.
      try merge()
      if hasAnswer, !open.isEmpty { try await submitIdle() }
      progress.merged = record.nextShard - open.count
      progress.secondsLeft = clock.secondsLeft
      onEvent(.progress(progress))
      guard waits, !open.isEmpty else { break }
      // To wait for what has never answered is no use.
      if let silence, !hasAnswered { throw silence }
      try requireHope()
      let after = [progress.merged, progress.running, progress.pending]
      pause = after == before ? min(pause * 3 / 2, sweep.pace.longest) : sweep.pace.first
      try await Task.sleep(for: pause)
    }
    let failures = try sweep.ledger.failedKeys()
    return ClusterSweep.Summary(
      progress: progress, jobs: jobs, failedPoints: points.count { failures.contains($0.key) })
  }

  /// Asks Slurm for the run's jobs; false when it does not answer.
  private mutating func look() async -> Bool {
    do {
      queue = try await sweep.slurm.queue(
        jobNamePrefix: prefix, log: shards.commandLog("squeue"))
      newJobs = []
      silence = nil
      hasAnswered = true
      return true
    } catch let error as any PareError {
      // Once for each reason, however long it lasts.
      if silence?.message != error.message { onEvent(.noAnswer(error.message)) }
      silence = error
    } catch {
      // The task was cancelled; the next sleep says so.
    }
    return false
  }

  /// Submits open shards that no job has.
  private mutating func submitIdle() async throws {
    var (running, pending) = queue.shards { record.shards(ofJob: $0) }
    let idle = open.keys.filter { !running.contains($0) && !pending.contains($0) }.sorted()
    let ended = idle.filter { attempts.isOut($0) }
    for (index, shard) in ended.enumerated() {
      await noteFailure(shard, asksWhy: index < Self.longestInquiry)
    }
    let wanted = idle.filter { !attempts.isGivenUp($0) }
    let taken = try await submit(wanted, alive: running.count + pending.count)
    pending.formUnion(taken)
    progress.running = running.intersection(open.keys).count
    progress.pending = pending.intersection(open.keys).count
    progress.unsubmitted = wanted.count - taken.count
    progress.reasons = queue.reasons
  }

  /// Failures at one look whose cause the controller is asked for; of the rest their logs tell.
  private static let longestInquiry = 10

  /// A shard that was submitted, has no job and no result.
  private mutating func noteFailure(_ shard: Int, asksWhy: Bool) async {
    attempts.end(shard, mark: shards.mark(of: shard))
    progress.failed += 1
    let isGivenUp = attempts.isGivenUp(shard)
    onEvent(
      .failed(
        shard: shard, what: await explanation(of: shard, asksWhy: asksWhy), isGivenUp: isGivenUp))
  }

  private func explanation(of shard: Int, asksWhy: Bool) async -> String {
    var parts: [String] = []
    if let array = record.array(of: shard) {
      let task = shard - array.offset
      parts.append("job \(array.number)_\(task)")
      if asksWhy,
        let fate = await sweep.slurm.fate(
          of: String(array.number), task: task, log: shards.commandLog("scontrol"))
      {
        parts.append(fate)
      }
    }
    if let tail = shards.logTail(shard) {
      parts.append(
        (["\(shards.logFile(shard)):"] + tail.map { "  | \($0)" }).joined(separator: "\n"))
    } else {
      parts.append(
        "it left no log: it was cancelled before it began, or its node does not see \(shards.runPath)"
      )
    }
    return parts.joined(separator: ", ")
  }

  /// - Parameter alive: tasks that Slurm has.
  /// - Returns: the shards that Slurm took.
  private mutating func submit(_ wanted: [Int], alive: Int) async throws -> Set<Int> {
    var taken: Set<Int> = []
    var left = wanted
    while !left.isEmpty, alive + taken.count < largestQueue {
      try Task.checkCancellation()
      let (offset, tasks) = Submission.arrays(
        of: left, maxArraySize: limits.maxArraySize, limit: largestQueue - alive - taken.count)[0]
      let submission = Submission(
        offset: offset, tasks: tasks, jobNamePrefix: prefix, script: shards.scriptFile,
        log: shards.logFolder + "/slurm-%A.log",
        workingFolder: FileManager.default.currentDirectoryPath,
        options: record.settings.slurmOptions)
      let count = tasks.numbers.count
      do {
        let id = try await sweep.slurm.submit(submission, log: shards.commandLog("sbatch"))
        try noteSubmission(submission, id)
        taken.formUnion(submission.shards)
        left.removeAll { taken.contains($0) }
      } catch let error as ToolError where error.isArrayLimit && limits.maxArraySize > 1 {
        limits.maxArraySize /= 2
      } catch let error as ToolError
        where error.isJobLimit && (count > 1 || alive + taken.count > 0)
      {
        largestQueue = alive + taken.count + count / 2
      }
    }
    return taken
  }

  private mutating func noteSubmission(_ submission: Submission, _ id: String) throws {
    record.arrays.append(
      .init(
        id: id, offset: submission.offset, tasks: "\(submission.tasks)",
        submittedAt: Date.now.ISO8601Format()))
    try keepRecord()
    newJobs.append(String(id.prefix { $0 != ";" }))
    for shard in submission.shards { attempts.begin(shard, mark: shards.mark(of: shard)) }
    onEvent(.submitted(job: id, shards: submission.tasks.numbers.count))
  }

  /// Stops waiting when what is left cannot come.
  private func requireHope() throws {
    let lost = open.keys.filter { attempts.isGivenUp($0) }.sorted()
    guard !lost.isEmpty else { return }
    let othersGoOn = lost.count < open.count && (progress.merged > 0 || progress.running > 0)
    guard !othersGoOn else { return }
    let tail = lost.compactMap { shard in shards.logTail(shard, lines: 20).map { (shard, $0) } }
      .first
    let message =
      "\(lost.count) of \(progress.shards) shards failed \(ShardAttempts.limit) times without getting on"
    if let (shard, lines) = tail {
      throw ExploreError(
        .file(path: shards.logFile(shard)),
        ([message + "; shard \(shard):"] + lines.map { "  | \($0)" }).joined(separator: "\n"),
        hint: "see \(shards.logFile(shard)); the same command tries again", kind: .failed)
    }
    throw ExploreError(
      .file(path: shards.path), "\(message), and none of their tasks left a log",
      hint: "do the nodes see \(shards.runPath)? put --out on a file system that all nodes share",
      kind: .failed)
  }

  // MARK: Merging

  private mutating func merge() throws {
    for number in try shards.contents().complete {
      try Task.checkCancellation()
      guard TextFile.exists(shards.planFile(number)) else {
        // Merged by a command that was killed before it could clear away, or planned for what is no longer wanted.
        try shards.forget(number)
        continue
      }
      guard try merge(number) else { continue }
      try shards.forget(number)
      clock.done += open.removeValue(forKey: number) ?? 0
    }
  }

  /// False when the file is damaged; it is then out of the way.
  private mutating func merge(_ number: Int) throws -> Bool {
    let file = shards.completeFile(number)
    do {
      let wanted = try shards.plan(number).points.map(\.key)
      let summaries = try readShard(file, wanted, number)
      _ = try sweep.ledger.merge(file)
      progress.pointsDone += wanted.count
      for summary in summaries { progress.front.insert(summary.metrics) }
      return true
    } catch let error as any PareError where error.kind == .badData {
      try shards.setAside(file, of: number)
      onEvent(
        .damaged(shard: number, what: "\(error.message); kept as \(shards.damagedFile(number))"))
      return false
    }
  }

  /// - Throws: ``ExploreError`` when the shard is damaged or lacks a point.
  private func readShard(
    _ file: String, _ wanted: [String], _ number: Int
  ) throws -> [CandidateSummary] {
    let shard = try Ledger(reading: file)
    let has = try shard.finishedKeys().union(shard.failedKeys())
    if let missing = wanted.first(where: { !has.contains($0) }) {
      throw ExploreError(
        .file(path: file), "\(file): complete by its name, but lacks point \(missing)", hint: "")
    }
    return try shard.summaries()
  }
}

/// How often shards were submitted without getting on.
struct ShardAttempts {
  /// Tries without progress after which a shard is given up, until the command is run again.
  static let limit = 3

  private struct Attempt {
    var count = 0
    var mark: String?
    var isOut = false
  }

  private var attempts: [Int: Attempt] = [:]

  /// - Parameter mark: changes when the shard gets on.
  mutating func begin(_ shard: Int, mark: String?) {
    attempts[shard, default: Attempt()].isOut = true
    attempts[shard]!.mark = mark
  }

  mutating func end(_ shard: Int, mark: String?) {
    var attempt = attempts[shard] ?? Attempt()
    attempt.isOut = false
    attempt.count = mark == attempt.mark ? attempt.count + 1 : 0
    attempts[shard] = attempt
  }

  /// Whether it was submitted, and its end not noted yet.
  func isOut(_ shard: Int) -> Bool { attempts[shard]?.isOut ?? false }

  func isGivenUp(_ shard: Int) -> Bool { (attempts[shard]?.count ?? 0) >= Self.limit }
}
