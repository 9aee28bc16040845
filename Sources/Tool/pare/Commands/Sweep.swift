import ArgumentParser
import PareExplore
import PareSignal
import PareText
import PareTrain

/// `pare sweep`: all points of a design space, from data to the ledger.
struct Sweep: AsyncParsableCommand {
  static let configuration = CommandConfiguration(
    abstract: "Work out the points of a design space and keep what comes of them in a ledger.",
    discussion: """
      EXPERIMENT is an experiment.yaml with a section 'space' (pare init --sweep writes one), or the folder of a sweep, which
      then goes on. A sweep that was stopped, in whatever way, goes on where it was; points that the ledger has are skipped.
      A section 'qor' has the front implemented once the points are in, as pare qor run does.
      """)

  @Argument(help: "experiment.yaml, or the folder of a sweep.")
  var experiment: String?

  @Option(
    help:
      "A named design space in the place of a file: \(SpacePreset.allCases.map(\.rawValue).joined(separator: ", "))."
  )
  var preset: SpacePreset?

  @OptionGroup(title: "With --preset") var changes: PresetOptions

  @Option(help: "Folder of the sweep; runs/NAME when left out.")
  var out: String?

  @Flag(help: "Print what would be done, and how long it may take.")
  var dryRun = false

  @Flag(help: "Try failed points again.")
  var retryFailed = false

  @Option(help: "local, or slurm: job arrays on a cluster.")
  var executor: Executor?

  @OptionGroup(title: "With --executor slurm") var cluster: ClusterOptions

  @Option(help: .hidden)
  var shard: Int?

  @OptionGroup var jobs: JobsOption
  @OptionGroup var common: CommonOptions

  enum Executor: String, ExpressibleByArgument, CaseIterable {
    case local, slurm
  }

  /// What `--json` prints at the end.
  struct Report: Encodable {
    var run: String
    var ledger: String
    var points: Int
    var skipped: Int
    var skippedFailed: Int
    var finished: Int
    var failed: Int
    var seconds: Double
    var front: [RunningFront.Member]
    /// Of the section 'qor'.
    var qor: ImplementationWork.Report?
  }

  func run() async throws {
    let source = try SweepSource(experiment: experiment, preset: preset, changes: changes, out: out)
    if let shard { return try await work(on: shard, of: source.folder) }
    if cluster.cancel { return try await cancel(source.folder) }
    let plan = try source.experiment()
    if dryRun {
      let dryRun = try SweepPlan(plan)
      Console.result(
        common.json
          ? JSONText.encode(dryRun.report(jobs: jobs.count)) : dryRun.text(jobs: jobs.count))
      return
    }
    let isOnCluster = try executor == .slurm || goesOnWithCluster(source.folder)
    if !isOnCluster { try cluster.requireNone() }
    let slurm = isOnCluster ? try Slurm() : nil
    // Before any data is loaded: a cluster works on points that are known beforehand.
    if isOnCluster, case .evolution = plan.strategy {
      throw ExploreError(
        .option("--executor"), "an evolutionary search does not run on a cluster",
        hint:
          "each generation waits for the one before; use --executor local, or the strategy random",
        kind: .usage)
    }
    let progress = common.progress
    // Tools are found before hours of training.
    let work = try await isOnCluster ? nil : implementation(plan)
    if isOnCluster, plan.qor != nil {
      progress.event("section qor: left to pare qor run \(source.folder.path)")
    }
    let dataset = try await DatasetSource.load(plan.dataset, onProgress: common.toolProgress)
    let start = ContinuousClock.now
    try await source.folder.locked {
      let context = SweepContext(plan, on: dataset, generator: "pare \(Pare.version)")
      let ledger = try Ledger(at: source.folder.ledgerFile)
      try source.folder.keep(source.text, on: dataset, context)
      if retryFailed {
        progress.event("failed points to be tried again: \(try ledger.forgetFailures())")
      }
      if let slurm {
        let work = ClusterSweep(
          context, in: source.folder, into: ledger, on: slurm, settings: cluster.settings)
        try await wait(for: work, plan.plannedPoints(by: context.key), source.folder)
        return
      }
      let lines = SweepProgress(progress)
      let summary = try await PareExplore.Sweep(context, on: dataset, into: ledger)
        .run(plan, jobs: jobs.count) { lines.report($0) }
      var report = Report(
        run: source.folder.path, ledger: ledger.path, points: summary.points,
        skipped: summary.skipped, skippedFailed: summary.skippedFailed, finished: summary.finished,
        failed: summary.failed,
        seconds: (ContinuousClock.now - start) / .seconds(1), front: summary.front.members)
      if let work {
        report.qor = try await work.run(
          source.folder, ledger,
          ledger.comparable(dataset: context.key.datasetHash, task: plan.task),
          Selection.Settings(), jobs: jobs.count,
          retryFailed: retryFailed, progress)
      }
      Console.result(common.json ? JSONText.encode(report) : Self.table(report))
      if let qor = report.qor { try ImplementationWork.requireNoFailure(qor) }
    }
  }

  private func implementation(_ plan: SweepExperiment) async throws -> ImplementationWork? {
    guard let qor = plan.qor else { return nil }
    return try await ImplementationWork(qor)
  }

  /// A run that was begun on a cluster goes on there unless told otherwise.
  private func goesOnWithCluster(_ folder: SweepFolder) throws -> Bool {
    try executor == nil && ClusterSweep.isUnderWay(in: folder)
  }

  static func table(_ report: Report) -> String {
    var table = TextTable([("nnz", .right), ("validation NMSE dB, integers", .right)])
    for member in report.front { table.add(["\(member.nnz)", member.nmse.fixed(2)]) }
    let failures =
      report.failed + report.skippedFailed > 0
      ? "\n\(report.failed + report.skippedFailed) points failed: pare ledger show \(report.run); --retry-failed tries them again"
      : ""
    return """
      \(table.text)

      \(report.points) points in \(report.ledger): \(report.finished) done in \(report.seconds.fixed(1)) s, \
      \(report.skipped) were there\(failures)
      next: pare pareto \(report.run), pare report \(report.run)
      """ + (report.qor.map { "\n\n" + ImplementationWork.text($0) } ?? "")
  }
}

/// What may be said beside a preset; an experiment says it itself.
struct PresetOptions: ParsableArguments {
  @Option(help: "A name from 'pare dataset list', or a folder.")
  var dataset: String?

  @Option(help: "inverse (a predistorter) or forward (a model of the amplifier).")
  var task: LearningTask?

  @Option(help: "Seed of the first run of every point.")
  var seed: UInt64?

  @Option(help: "Neighbouring seeds of every point; the best on the validation split is kept.")
  var tries: Int?

  /// The experiment of a preset with these changes, as YAML.
  func yaml(_ preset: SpacePreset) throws -> String {
    if let tries, !(1...10_000).contains(tries) {
      throw ValidationError("--tries is \(tries); give 1 to 10000")
    }
    var lines: [String] = []
    if let dataset { lines.append("dataset: \(Self.quoted(dataset))") }
    if let task { lines.append("task: \(task.rawValue)") }
    if let seed { lines.append("seed: \(seed)") }
    if let tries { lines += ["recipe:", "  seedCount: \(tries)"] }
    return (lines + ["space:", "  preset: \(preset.rawValue)", ""]).joined(separator: "\n")
  }

  var isEmpty: Bool { dataset == nil && task == nil && seed == nil && tries == nil }

  private static func quoted(_ text: String) -> String {
    "\"\(text.replacing("\\", with: "\\\\").replacing("\"", with: "\\\""))\""
  }
}
