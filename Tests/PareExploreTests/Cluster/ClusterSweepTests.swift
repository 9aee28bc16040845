import Foundation
import PareNetwork
import PareNumerics
import PareSignal
import PareText
import PareTools
import PareTrain
import Synchronization
import Testing

@testable import PareExplore

/// A run on a cluster of stand-in commands. What a task finds out is made up here, but for the test that trains.
@Suite struct ClusterSweepTests {
  private struct Run {
    let path: String
    let run: SweepFolder
    let shards: ShardFolder
    let cluster: StandInSlurm
    let context: SweepContext
    let points: [PlannedPoint]
    let ledger: Ledger
    let events = EventLog()

    /// Five parents of two points each, so five shards.
    init(_ folder: String, maxArraySize: Int = 1001, runsTasks: Bool = false) throws {
      path = folder
      run = SweepFolder(folder + "/run with 'quotes'")
      shards = ShardFolder(of: run)
      cluster = try StandInSlurm(
        in: folder + "/slurm", maxArraySize: maxArraySize, runsTasks: runsTasks)
      let key = PointKey(datasetHash: "0", task: .inverse, seed: 1, generator: "pare test")
      context = SweepContext(dataset: "synthetic", key: key, host: "here")
      points = try (1...5).flatMap { channels in
        try [QuantizationScheme.none, .apot()].map { quantizer in
          var point = DesignPoint(
            architecture: try Architecture(
              hiddenChannels: [channels], kernelSize: 3, activation: .relu))
          point.quantizer = quantizer
          return PlannedPoint(point, .quick, by: key)
        }
      }
      try TextFile.makeFolder(run.path)
      ledger = try Ledger(at: run.ledgerFile)
    }

    func sweep(
      program: String = "/bin/false", key: PointKey? = nil, settings: ClusterSettings? = nil
    ) throws -> ClusterSweep {
      ClusterSweep(
        key.map { SweepContext(dataset: "synthetic", key: $0, host: "here") } ?? context, in: run,
        into: ledger, on: try cluster.slurm(),
        settings: settings ?? ClusterSettings(shardMinutes: 1e-6), program: program,
        pace: .init(first: .milliseconds(10), longest: .milliseconds(20)))
    }

    func go(waits: Bool = false, program: String = "/bin/false") async throws
      -> ClusterSweep.Summary
    {
      try await sweep(program: program).run(points, waits: waits) { events.add($0) }
    }

    /// A ledger such as a task leaves.
    func write(_ shard: Int, to file: String, leaving out: Int = 0) throws {
      let ledger = try Ledger(at: file)
      for entry in try shards.plan(shard).points.dropFirst(out) {
        try ledger.finish(
          Candidate(
            key: entry.key, point: entry.point, dataset: "synthetic", datasetHash: "0",
            task: .inverse, recipeHash: entry.recipe, seeds: [], bestSeed: nil, metrics: Metrics(),
            failure: "made up", generator: "pare test", host: "n\(shard)",
            finishedAt: "2026-01-01T00:00:00Z", seconds: 1),
          recipe: .quick, model: nil)
      }
    }

    var prefix: String { ClusterSweep.jobNamePrefix(of: shards) }

    func complete(_ shard: Int) throws { try write(shard, to: shards.completeFile(shard)) }
  }

  private final class EventLog: Sendable {
    private let log = Mutex<[ClusterSweep.Event]>([])
    func add(_ event: ClusterSweep.Event) { log.withLock { $0.append(event) } }
    var events: [ClusterSweep.Event] { log.withLock { $0 } }
    var failures: [String] {
      events.compactMap { if case .failed(_, let what, _) = $0 { what } else { nil } }
    }
    var damages: [String] {
      events.compactMap { if case .damaged(_, let what) = $0 { what } else { nil } }
    }
  }

  @Test func `plans every missing point once and submits within the limit of arrays`() async throws
  {
    try await withTemporaryFolder { folder in
      let run = try Run(folder, maxArraySize: 2)
      let summary = try await run.go()
      #expect(summary.progress.shards == 5)
      #expect(summary.progress.pending == 5)
      #expect(!summary.isComplete)
      #expect(summary.jobs == ["101", "102", "103"])
      let keys = try (0..<5).flatMap { try run.shards.plan($0).points.map(\.key) }
      #expect(keys.sorted() == run.points.map(\.key).sorted())
      let arrays = try run.cluster.calls.map { call in
        call.split(separator: " ").first { $0.hasPrefix("--array=") }! + " "
          + call.split(separator: " ").last!
      }
      #expect(arrays == ["--array=0-1 0", "--array=0-1 2", "--array=0 4"])
      #expect(try ClusterSweep.isUnderWay(in: run.run))

      // Another look plans nothing again and submits nothing that waits.
      let again = try await run.go()
      #expect(again.progress.shards == 5)
      #expect(again.progress.pending == 5)
      #expect(again.progress.reasons == ["Resources"])
      #expect(try run.cluster.calls.count == 3)
    }
  }

  @Test
  func `merges what is complete, clears it away, and resubmits what has neither job nor result`()
    async throws
  {
    try await withTemporaryFolder { folder in
      let run = try Run(folder)
      _ = try await run.go()
      try run.cluster.folder.write("101_1|R|\(run.prefix)0|None\n", to: "queue")
      for shard in [0, 3] { try run.complete(shard) }
      let summary = try await run.go()
      #expect(summary.progress.merged == 2)
      #expect(summary.progress.pointsDone == 4)
      #expect(summary.failedPoints == 4)
      #expect(summary.progress.running == 1)
      #expect(summary.progress.pending == 2)
      #expect(try run.cluster.calls.last?.contains("--array=2,4 ") == true)
      #expect(run.events.failures.count == 2)
      #expect(run.events.failures[0].contains("JobState=FAILED"))
      #expect(try run.shards.contents().planned == [1, 2, 4])
      #expect(try run.shards.contents().complete == [])
      for shard in [1, 2, 4] { try run.complete(shard) }
      let last = try await run.go()
      #expect(last.isComplete)
      #expect(try run.ledger.failedKeys() == Set(run.points.map(\.key)))
      #expect(try !ClusterSweep.isUnderWay(in: run.run))
    }
  }

  @Test func `waits until tasks of a node have worked out all`() async throws {
    try await withTemporaryFolder { folder in
      let run = try Run(folder)
      // Results are there before the program is asked for them: planned by a look, kept aside, brought by the tasks.
      _ = try await run.go()
      for shard in 0..<5 { try run.write(shard, to: "\(folder)/\(shard).sqlite") }
      try run.cluster.folder.write("", to: "queue")
      try run.cluster.folder.write("", to: "runs")
      try run.cluster.script(
        "program", "[ \"$1\" = sweep ] && cp '\(folder)'/$4.sqlite \"$2\"/shards/$4.sqlite")
      let summary = try await run.go(waits: true, program: run.cluster.folder.file("program"))
      #expect(summary.isComplete)
      #expect(summary.progress.pointsDone == 10)
      #expect(run.shards.logTail(4)?.first?.hasPrefix("# shard 4: job 102_4") == true)
    }
  }

  @Test func `tasks that fail again and again end the wait with their log`() async throws {
    try await withTemporaryFolder { folder in
      let run = try Run(folder, runsTasks: true)
      try run.cluster.script("program", "echo 'error: no such data set'; exit 65")
      let error = await #expect(throws: ExploreError.self) {
        try await run.go(waits: true, program: run.cluster.folder.file("program"))
      }
      #expect(error?.message.contains("5 of 5 shards failed 3 times") == true)
      #expect(error?.message.contains("error: no such data set") == true)
      #expect(error?.hint.contains(run.shards.logFile(0)) == true)
      #expect(run.events.failures.count == 15)
    }
  }

  @Test func `tasks that leave no trace are told apart: the nodes may not see the folder`()
    async throws
  {
    try await withTemporaryFolder { folder in
      let run = try Run(folder, runsTasks: true)
      let sbatch = String(decoding: try run.cluster.folder.read("sbatch"), as: UTF8.self)
      try run.cluster.folder.write(
        sbatch.replacing("bash \"$script\" \"$offset\"", with: "true"), to: "sbatch")
      try FileManager.default.setAttributes(
        [.posixPermissions: 0o755], ofItemAtPath: run.cluster.folder.file("sbatch"))
      let error = await #expect(throws: ExploreError.self) { try await run.go(waits: true) }
      #expect(error?.message.contains("none of their tasks left a log") == true)
      #expect(error?.hint.contains("do the nodes see \(run.shards.runPath)?") == true)
    }
  }

  @Test(arguments: [false, true])
  func `a complete file that is damaged or lacks a point is named, kept and redone`(
    lacksPoint: Bool
  ) async throws {
    try await withTemporaryFolder { folder in
      let run = try Run(folder)
      _ = try await run.go()
      let file = run.shards.completeFile(2)
      if lacksPoint {
        try run.write(2, to: file, leaving: 1)
      } else {
        try TextFile.write(
          "not a data base, but as long as one may expect one to be".padding(
            toLength: 9_000, withPad: ".", startingAt: 0), to: file)
      }
      try run.cluster.folder.write("", to: "queue")
      let summary = try await run.go()
      #expect(summary.progress.merged == 0)
      #expect(summary.progress.pending == 5)
      #expect(run.events.damages.count == 1)
      #expect(run.events.damages[0].contains(file))
      #expect(TextFile.exists(run.shards.damagedFile(2)))
      #expect(!TextFile.exists(file))
      #expect(try run.ledger.failedKeys().isEmpty)
    }
  }

  @Test func `a cluster that takes few jobs at a time gets the rest later`() async throws {
    try await withTemporaryFolder { folder in
      let run = try Run(folder)
      try run.cluster.folder.write("2\n", to: "limit")
      let summary = try await run.go()
      #expect(summary.progress.pending == 2)
      #expect(summary.progress.unsubmitted == 3)
      for shard in [0, 1] { try run.complete(shard) }
      try run.cluster.folder.write("", to: "queue")
      #expect(try await run.go().progress.unsubmitted == 2)
    }
  }

  @Test func `a limit below the one of the configuration is found by halving`() async throws {
    try await withTemporaryFolder { folder in
      let run = try Run(folder, maxArraySize: 2)
      try run.cluster.script("scontrol", "exit 1")
      let summary = try await run.go()
      #expect(summary.progress.pending == 5)
    }
  }

  @Test func `while Slurm does not answer nothing is submitted, and results are merged`()
    async throws
  {
    try await withTemporaryFolder { folder in
      let run = try Run(folder)
      _ = try await run.go()
      try run.complete(1)
      try run.cluster.folder.write("", to: "away")
      let summary = try await run.go()
      #expect(summary.progress.merged == 1)
      #expect(try run.cluster.calls.count == 1)
      #expect(run.events.events.contains { if case .noAnswer = $0 { true } else { false } })
    }
  }

  @Test func `stopping the wait leaves the jobs, cancel ends them`() async throws {
    try await withTemporaryFolder { folder in
      let run = try Run(folder)
      let work = Task { try await run.go(waits: true) }
      while try run.cluster.calls.isEmpty { try await Task.sleep(for: .milliseconds(10)) }
      // Until it has seen its jobs in the queue.
      while run.events.events.count(where: { if case .progress = $0 { true } else { false } }) < 2 {
        try await Task.sleep(for: .milliseconds(10))
      }
      work.cancel()
      await #expect(throws: CancellationError.self) { try await work.value }
      guard case .leftRunning(let jobs) = run.events.events.last else {
        Issue.record("no word of the jobs")
        return
      }
      #expect(jobs == ["101"])
      #expect(try run.cluster.calls.count == 1)
      #expect(try await ClusterSweep.cancel(run.run, on: run.cluster.slurm()) == ["101"])
      #expect(try run.cluster.calls.last == "scancel 101")
    }
  }

  @Test func `plans of another data set are dropped, and their numbers not used again`()
    async throws
  {
    try await withTemporaryFolder { folder in
      let run = try Run(folder)
      _ = try await run.go()
      let key = PointKey(datasetHash: "1", task: .inverse, seed: 1, generator: "pare test")
      let points = run.points.map { PlannedPoint($0.point, $0.recipe, by: key) }
      let summary = try await run.sweep(key: key).run(points, waits: false)
      #expect(summary.progress.shards == 10)
      #expect(try run.shards.contents().planned == [5, 6, 7, 8, 9])
      // What a task of the old plan still brings is not taken.
      try run.write(5, to: run.shards.completeFile(0))
      _ = try await run.sweep(key: key).run(points, waits: false)
      #expect(try run.ledger.failedKeys().isEmpty)
      #expect(!TextFile.exists(run.shards.completeFile(0)))
    }
  }

  @Test func `a plan that was edited is refused`() async throws {
    try await withTemporaryFolder { folder in
      let run = try Run(folder)
      _ = try await run.go()
      let file = run.shards.planFile(0)
      let text = try TextFile.read(file)
      let edited = text.replacing("\"kernelSize\":3", with: "\"kernelSize\":5")
      #expect(edited != text)
      let shard = try Shard(json: edited, file: file)
      #expect(throws: ExploreError.self) { try shard.plannedPoints(file: file) }
      #expect(try Shard(json: text, file: file).plannedPoints(file: file).count == 2)
      #expect(throws: ExploreError.self) {
        try Shard(
          json: text.replacing("\"schemaVersion\":1", with: "\"schemaVersion\":2"), file: file)
      }
    }
  }

  @Test func `tasks give the rows of a sweep at home, also after a damaged start`() async throws {
    try await withTemporaryFolder { folder in
      let data = folder + "/data"
      try SweepTests.dataset.write(to: data)
      let dataset = try IQDataset(contentsOf: data)
      var recipe = SweepTests.recipe
      recipe.steps = 20
      recipe.seedCount = 1
      let context = SweepContext(
        dataset: data,
        key: PointKey(
          datasetHash: StableHash.hex(dataset.stableHash), task: .inverse, seed: 1,
          generator: "pare test"),
        host: "here")
      let points = try SweepTests.points(recipe).filter { $0.point.sparsity < 0.5 }.map {
        PlannedPoint($0.point, recipe, by: context.key)
      }
      let home = try Ledger(at: folder + "/home.sqlite")
      _ = try await Sweep(context, on: dataset, into: home).run(points, jobs: 1)

      let run = SweepFolder(folder + "/run")
      try TextFile.makeFolder(run.path)
      let away = try Ledger(at: run.ledgerFile)
      let cluster = try StandInSlurm(in: folder + "/slurm")
      let sweep = ClusterSweep(
        context, in: run, into: away, on: try cluster.slurm(),
        settings: ClusterSettings(shardMinutes: 1e-6), program: "/bin/false", pace: .init())
      #expect(try await sweep.run(points, waits: false).progress.shards == 2)
      let shards = ShardFolder(of: run)
      try TextFile.write(String(repeating: "damaged ", count: 2_000), to: shards.partFile(0))
      let notes = Mutex<[String]>([])
      for number in [0, 1] {
        let worker = ShardWorker(number, in: run, generator: "pare test")
        let other = try await ShardLock.holding(shards.lockFile(number)) {
          try await worker.run(jobs: 1)
        }
        guard case .idle = other else {
          Issue.record("two tasks worked on one shard")
          return
        }
        let outcome = try await worker.run(
          jobs: 1, onNote: { note in notes.withLock { $0.append(note) } })
        guard case .complete(let summary) = outcome else {
          Issue.record("shard \(number): \(outcome)")
          return
        }
        #expect(summary.finished == 4)
        guard case .idle = try await worker.run(jobs: 1) else {
          Issue.record("a complete shard was worked on again")
          return
        }
      }
      #expect(notes.withLock { $0.count } == 1)
      await #expect(throws: ExploreError.self) {
        try TextFile.write(TextFile.read(shards.planFile(1)), to: shards.planFile(7))
        return try await ShardWorker(7, in: run, generator: "pare other").run(jobs: 1)
      }
      try shards.forget(7)
      #expect(try await sweep.run(points, waits: true).isComplete)
      #expect(try SweepTests.content(away) == SweepTests.content(home))
    }
  }
}
