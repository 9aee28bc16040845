import PareExplore
import PareQoR
import PareSignal
import PareText

/// Brings candidates of a sweep to gates, for the verbs that do.
struct ImplementationWork {
  let plan: QoRPlan
  let tools: QoRTools

  /// Finds the tools.
  ///
  /// - Throws: what is wrong with the plan, or missing, before any work.
  init(_ plan: QoRPlan) async throws {
    self.plan = plan
    tools = try await QoRTools.openSource(for: plan)
  }

  /// What `--json` prints.
  struct Report: Encodable {
    var run: String
    var ledger: String
    var summary: QoRRun.Summary
    var figures: [Ledger.FigureGroup]
  }

  /// Implements what the plan selects, and stores it in the ledger of the run.
  func run(
    _ folder: SweepFolder, _ ledger: Ledger, _ candidates: [CandidateSummary],
    _ settings: Selection.Settings, jobs: Int, retryFailed: Bool, _ progress: ProgressPrinter
  ) async throws -> Report {
    let (synthesized, routed) = try plan.members(of: candidates, settings)
    // Candidates that may be compared are of one data set, which designs are fed with where toggles are counted.
    let origin = try synthesized.first.flatMap { try ledger.candidate($0.key) }
    let work = QoRRun(
      plan, into: ledger, folder: "\(folder.path)/qor", with: tools,
      stimulus: origin.map { "\($0.dataset) (\($0.datasetHash)), \($0.task.rawValue)" },
      generator: "pare \(Pare.version)")
    let summary = try await work.run(
      synthesized, routing: routed, jobs: jobs, retryFailed: retryFailed
    ) { Self.tell($0, plan, progress) }
    return Report(
      run: folder.path, ledger: ledger.path, summary: summary, figures: try ledger.figureGroups())
  }

  private static func tell(_ event: QoRRun.Event, _ plan: QoRPlan, _ progress: ProgressPrinter) {
    switch event {
    case .started(let candidates, let designs, let stages, let done, let failed):
      let routed =
        plan.top > 0 ? ", the best \(plan.top) by \(plan.order) to be routed" : ""
      progress.event(
        "\(candidates) candidates (\(plan.designs.rawValue)), \(designs) different designs\(routed); "
          + "\(stages) stages, \(done) in the ledger already"
          + (failed > 0 ? ", \(failed) of them failed (--retry-failed tries them again)" : ""))
    case .stage(let row, let name, let count, let of, let seconds):
      let place = "[\(count)/\(of)] \(name)  \(row.stage.rawValue) \(row.device)"
      if let reason = row.failure {
        progress.event("\(place)  failed: \(reason)")
      } else {
        progress.event("\(place)  \(figures(row))\(SweepProgress.left(seconds))")
      }
    }
  }

  private static func figures(_ row: Implementation) -> String {
    guard let record = row.record else { return "" }
    func word(_ name: FigureName, _ unit: String, _ scale: Double = 1, _ decimals: Int = 0)
      -> String?
    {
      record.figures[name].flatMap {
        $0.provenance.isRankingOnly
          ? nil
          : ($0.provenance.kind == .estimated ? "~" : "") + ($0.value * scale).fixed(decimals) + " "
            + unit
      }
    }
    return [
      word(.lut, "LUT"), word(.ff, "FF"), record[.dsp] == 0 ? nil : word(.dsp, "DSP"),
      word(.fmaxMHz, "MHz", 1, 1), word(.powerDynamicW, "mW", 1000, 1),
    ].compactMap(\.self).joined(separator: "  ")
  }

  /// A table of what there is, and of what failed.
  static func text(_ report: Report) -> String {
    let summary = report.summary
    var table = TextTable([
      ("stage", .left), ("device", .left), ("candidates", .right), ("failed", .right),
      ("settings", .left), ("", .left),
    ])
    for group in report.figures {
      table.add([
        group.stage.rawValue, group.device, group.candidates.grouped, group.failed.grouped,
        group.settings, group.summary,
      ])
    }
    var lines = [
      table.text, "",
      "\(summary.candidates.grouped) candidates, \(summary.designs.grouped) designs: "
        + "\(summary.finished.grouped) stages done, \(summary.skipped.grouped) were there, "
        + "\(summary.failures.count.grouped) failed",
    ]
    for failure in summary.failures {
      lines.append(
        "failed\(failure.isOld ? " before" : ""): \(failure.name) (\(failure.candidate)) "
          + "\(failure.stage.rawValue) \(failure.device): \(failure.reason)")
    }
    lines.append("next: pare pareto \(report.run) --objectives nmse,lut --stage synthesis")
    return lines.joined(separator: "\n")
  }

  /// - Throws: an error that makes the exit code 1 when a stage failed.
  static func requireNoFailure(_ report: Report) throws {
    let count = report.summary.failures.count
    guard count == 0 else {
      throw ExploreError(
        .file(path: report.ledger), "\(count) stages of implementation failed",
        hint: "pare qor run \(report.run) --retry-failed tries them again", kind: .failed)
    }
  }
}
