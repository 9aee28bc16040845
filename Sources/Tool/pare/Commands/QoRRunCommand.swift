import ArgumentParser
import PareDatapath
import PareExplore
import PareText

/// `pare qor run`: candidates of a sweep brought to gates, figures kept in its ledger.
struct QoRRunCommand: AsyncParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "run",
    abstract: "Implement candidates of a sweep and keep their figures in its ledger.",
    discussion: """
      RUN is the folder of a sweep, or of predistorters. The section 'qor' of its experiment.yaml says what is done, options replace what it says; \
      docs/guides/pareto.md. Designs lie in RUN/qor. Equal hardware is implemented once; a stage that is in the ledger is not \
      done again. A design that fails is recorded, the others go on, and the exit code is 1.
      """)

  @Argument(help: "The folder of a sweep.")
  var run: String

  @Option(
    help: """
      What is synthesized: final (the front after the exclusion rules), merged (before them), fronts (of every quantizer), or all.
      """)
  var designs: QoRPlan.Designs?

  @Option(help: "Device; may be repeated; zcu104 unless given.")
  var device: [String] = []

  @Option(help: "Place and route this many of them, the best by --order; ECP5 devices.")
  var top: Int?

  @Option(parsing: .unconditional, help: "A metric with its direction; nmse unless given.")
  var order: String?

  @Option(
    name: .customLong("clock"),
    help: "MHz to pipeline and route for; a register behind every row of adders unless given.")
  var clockMHz: Double?

  @Option(help: "How hard adders are shared: fast, normal, high.")
  var effort: Effort?

  @Flag(help: "Try failed stages again.")
  var retryFailed = false

  @OptionGroup(title: "Selection") var selection: SelectionOptions
  @OptionGroup var jobs: JobsOption
  @OptionGroup var common: CommonOptions

  func validate() throws {
    if let top, top < 0 { throw ValidationError("--top is \(top); give 0 or more") }
    if let clockMHz, !(clockMHz > 0 && clockMHz <= 2000) {
      throw ValidationError("--clock is \(clockMHz) MHz; give more than 0, at most 2000")
    }
  }

  func run() async throws {
    let folder = SweepFolder(try folder())
    let work = try await ImplementationWork(plan(startingFrom: section(of: folder)))
    try await folder.locked {
      let ledger = try Ledger(at: folder.ledgerFile)
      let report = try await work.run(
        folder, ledger, selection.candidates(in: ledger), selection.settings(),
        jobs: jobs.count, retryFailed: retryFailed, common.progress)
      Console.result(common.json ? JSONText.encode(report) : ImplementationWork.text(report))
      try ImplementationWork.requireNoFailure(report)
    }
  }

  private func folder() throws -> String {
    guard TextFile.isFolder(run) else {
      throw ExploreError(
        .file(path: run), "\(run): not the folder of a sweep",
        hint: "give the folder; designs are put beside its ledger", kind: .usage)
    }
    guard TextFile.exists(Ledger.path(ofRun: run)) else {
      throw ExploreError(
        .file(path: run), "\(run) has no ledger.sqlite",
        hint: "pare sweep and pare dpd design make one")
    }
    return run.count > 1 && run.hasSuffix("/") ? String(run.dropLast()) : run
  }

  /// What the experiment says; predistorters have none.
  private func section(of folder: SweepFolder) throws -> QoRPlan {
    guard TextFile.exists(folder.experimentFile) else { return QoRPlan() }
    let source = try SweepSource(
      experiment: folder.path, preset: nil, changes: PresetOptions.parse([]), out: nil)
    return try source.experiment().qor ?? QoRPlan()
  }

  private func plan(startingFrom section: QoRPlan) throws -> QoRPlan {
    var plan = section
    if let designs { plan.designs = designs }
    if !device.isEmpty { plan.devices = device }
    if let top { plan.top = top }
    if let order {
      plan.order = try Objective(parsing: order)
      if plan.order.metric.isImplemented {
        throw ValidationError(
          "--order \(order): known of implemented designs alone; give a figure of the ledger")
      }
    }
    if let clockMHz { plan.clockMHz = clockMHz }
    if let effort { plan.effort = effort }
    return plan
  }
}
