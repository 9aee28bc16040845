public import PareNetwork
import PareQoR
import PareSignal
import PareText
public import PareTools

/// The paper's second table from our own runs: its six networks as shared shifts and adds, each beside its unoptimized twin and
/// beside the smallest network of a design space that is no worse.
///
/// Every stage leaves its result in the folder, so that a run that was stopped goes on where it was; the ledger in it is that of
/// an ordinary sweep.
public struct TableTwo: Sendable {
  public struct Plan: Sendable, Hashable {
    /// The sweep that all networks come from, those of the table and those that may do better, as YAML.
    public var experiment = "space:\n  preset: \(SpacePreset.table2.rawValue)\n"
    /// Of the six networks; the space must have it. The paper does not name its own.
    public var activation = Activation.relu
    /// The parts that all designs are for; the first one is the table's.
    public var devices = ["zcu104"]
    /// That designs are pipelined for, and that power is for.
    public var clockMHz = 200.0
    /// Samples of the deployed waveform on which each netlist is compared with its integers, and toggles are counted.
    public var checkedSamples = 100_000
    /// For parts that can be routed.
    public var routingSeeds = [1, 2, 3]
    public var generator: String

    public init(generator: String) { self.generator = generator }

    /// The six networks and little else, one seed each: enough to see that everything works.
    public static func quick(generator: String) -> Plan {
      var plan = Plan(generator: generator)
      plan.experiment = """
        recipe:
          seedCount: 1
        space:
          preset: \(SpacePreset.table2.rawValue)
          architecture:
            activation: relu
            channels: 4
          sparsity: [0, 0.30, 0.95, 0.99]
          quantizer: [none, apot]

        """
      plan.checkedSamples = 10_000
      return plan
    }
  }

  /// Something to tell the user.
  public enum Event: Sendable {
    /// Worth a line of its own.
    case note(String)
    /// Of the sweep.
    case sweep(Sweep.Event)
    /// Of a tool.
    case tool(ToolProgress)
  }

  let plan: Plan
  let folder: SweepFolder
  let jobs: Int
  let onEvent: @Sendable (Event) -> Void

  public init(
    _ plan: Plan, in folder: String, jobs: Int, onEvent: @escaping @Sendable (Event) -> Void
  ) {
    self.plan = plan
    self.folder = SweepFolder(folder)
    self.jobs = jobs
    self.onEvent = onEvent
  }

  /// - Throws: `ToolError` before any work when a tool is missing; otherwise what the stages throw.
  public func run() async throws -> TableTwoReport {
    let hardware = try await TableTwoHardware(plan, in: folder.path, jobs: jobs, onEvent: onEvent)
    let experiment = try SweepExperiment(yaml: plan.experiment, file: "the plan of table2")
    return try await folder.locked {
      let (dataset, ledger) = try await sweep(experiment)
      let networks = try TableTwoNetworks(
        among: ledger.candidates(), activation: plan.activation, ledger: ledger.path)
      func build(_ candidate: CandidateSummary) async throws -> TableTwoReport.Design {
        try await hardware.build(
          candidate, ledger.modelFile(of: candidate.key), as: .optimized, on: dataset)
      }
      /// The twin's weights, in the words that every twin has.
      func twin(of row: TableTwoNetworks.Row) async throws -> TableTwoReport.Design {
        let twin = try UnoptimizedTwin(
          of: ledger.modelFile(of: row.network.key), dense: ledger.modelFile(of: row.twin.key),
          origin: .ledger(path: ledger.path, key: row.twin.key), name: row.twin.name)
        return try await hardware.build(row.twin, twin.model, as: .twin, on: dataset)
      }
      var rows: [TableTwoReport.Row] = []
      for row in networks.rows {
        rows.append(
          TableTwoReport.Row(
            paper: row.paper, isPruned: row.paper.sparsity > 0,
            optimized: try await build(row.network),
            twin: try await twin(of: row),
            best: try await build(row.best)))
      }
      let report = TableTwoReport(
        dataset: experiment.dataset, device: plan.devices[0], clockMHz: plan.clockMHz,
        activation: plan.activation.rawValue, candidates: networks.candidateCount, rows: rows,
        folder: folder.path)
      try TextFile.write(JSONText.encode(report), to: "\(folder.path)/table2.json")
      try TextFile.write(report.markdown, to: "\(folder.path)/table2.md")
      return report
    }
  }

  private func sweep(_ experiment: SweepExperiment) async throws -> (IQDataset, Ledger) {
    let dataset = try await DatasetSource.load(experiment.dataset) { onEvent(.tool($0)) }
    let context = SweepContext(experiment, on: dataset, generator: plan.generator)
    let ledger = try Ledger(at: folder.ledgerFile)
    try folder.keep(plan.experiment, on: dataset, context)
    let summary = try await Sweep(context, on: dataset, into: ledger)
      .run(experiment, jobs: jobs) { onEvent(.sweep($0)) }
    guard summary.failed + summary.skippedFailed == 0 else {
      throw ExploreError(
        .file(path: ledger.path),
        "\(summary.failed + summary.skippedFailed) of \(summary.points) points failed",
        hint: "pare ledger show \(folder.path) says why", kind: .failed)
    }
    return (dataset, ledger)
  }
}
