/// What Vitis HLS made of a project; a step that was not asked for has no report.
public struct VitisResult: Sendable, Hashable, Codable {
  public let schemaVersion: Int
  public let top: String
  public let toolVersion: String
  public let csynth: CSynthReport?
  public let cosim: CosimReport?
  /// Of Vivado, started by Vitis HLS.
  public let export: ExportReport?
  public let warnings: [String]
  public let seconds: Double
  public let log: String
}

/// Runs Vitis HLS on a folder that has `run_hls.tcl` and `hls_config.cfg`.
///
/// The script road serves all versions: `vitis_hls -f run_hls.tcl`, from 2023.2 on `vitis-run --mode hls --tcl run_hls.tcl`. The
/// configuration road, from 2023.2 on, starts each step by itself: `v++ -c --mode hls`, then `vitis-run --mode hls --cosim` and
/// so on, with `project` as the working folder.
public struct VitisHLS: Sendable {
  public enum Step: String, Sendable, Hashable, Codable, CaseIterable, Comparable {
    /// C simulation.
    case csim
    /// C synthesis.
    case csynth
    /// The C program and the hardware side by side.
    case cosim
    /// Packed for Vivado, no report.
    case export
    /// Synthesis, placement and routing by Vivado.
    case implementation = "impl"

    public static func < (one: Step, other: Step) -> Bool {
      allCases.firstIndex(of: one) ?? 0 < allCases.firstIndex(of: other) ?? 0
    }
  }

  public enum Road: String, Sendable, Hashable, Codable {
    case script
    case configuration
  }

  public let tool: Tool
  private let timeLimit: Duration?
  private let runner: VendorRun

  public static let script = "run_hls.tcl"
  public static let configuration = "hls_config.cfg"
  /// The variable that tells the script which steps to run, separated by blanks.
  public static let stepsVariable = "PARE_HLS_STEPS"

  /// Folders of a solution: of the script, of the configuration.
  private static let roots = ["project/solution1", "project/hls"]

  /// - Parameter timeLimit: for each start of the tool; nil for none.
  /// - Throws: ``ToolError`` with code `toolMissing`.
  public init(_ locator: ToolLocator = ToolLocator(), timeLimit: Duration? = nil) async throws {
    self.init(tool: try await locator.find(.vitisHLS), timeLimit: timeLimit)
  }

  public init(tool: Tool, timeLimit: Duration? = nil) {
    self.tool = tool
    self.timeLimit = timeLimit
    runner = VendorRun(program: tool.path.isVitisRun ? "vitis-run" : "vitis_hls")
  }

  /// Runs steps in the folder and reads the reports that they write.
  ///
  /// - Parameters:
  ///   - top: the function that becomes hardware.
  ///   - folder: has the scripts and the sources; gets `project` and the logs. What an earlier run left there is replaced by the
  ///     tool, and only reports of this run are read.
  /// - Throws: ``ToolError`` with code `fileFailed` for a folder without the script, `vendorToolFailed` or `timedOut`;
  ///   ``VendorReportError`` for a report that is cut short.
  public func run(
    _ steps: Set<Step> = [.csim, .csynth, .cosim, .implementation], top: String, in folder: Folder,
    by road: Road = .script, onProgress: ToolProgressHandler? = nil
  ) async throws -> VitisResult {
    precondition(!steps.isEmpty, "no step to run")
    let needed = road == .script ? Self.script : Self.configuration
    guard folder.has(needed) else {
      throw ToolError(
        .fileFailed(path: folder.file(needed), reason: "no such file"),
        hint: "make the folder with 'pare compile --language hls'")
    }
    guard road == .script || tool.path.isVitisRun else {
      throw ToolError(
        .designRejected(reason: "\(tool.path) \(tool.version) takes no \(Self.configuration)"),
        hint: "use the script, or Vitis 2023.2 or newer")
    }
    // A report of an earlier run must not stand for one that this run failed to write.
    for root in Self.roots {
      for part in ["syn", "sim", "impl"] { try folder.folder("\(root)/\(part)/report").remove() }
    }
    let commands = try commands(sorted: steps.sorted(), in: folder, by: road)
    var seconds = 0.0
    for (name, command) in commands {
      onProgress?(
        ToolProgress(stage: "\(runner.program) \(tool.version)", detail: "\(top): \(name)"))
      seconds += try await runner.run(command).seconds
    }
    guard let last = commands.last?.command else { preconditionFailure("no command") }
    func read(_ kind: VendorReport.Kind, _ step: Step, _ places: [String]) throws -> VendorReport? {
      guard steps.contains(step) else { return nil }
      return try runner.report(
        kind, at: Self.roots.flatMap { root in places.map { "\(root)/\($0)" } }, in: folder,
        of: last)
    }
    let csynth = try read(.csynth, .csynth, ["syn/report/csynth.xml"])
    let cosim = try read(.cosim, .cosim, ["sim/report/\(top)_cosim.rpt"])
    let export = try read(
      .export, .implementation,
      ["verilog", "vhdl"].flatMap { language in
        [
          "impl/report/\(language)/export_impl.xml", "impl/report/\(language)/export_impl.rpt",
          "impl/report/\(language)/\(top)_export.xml", "impl/report/\(language)/\(top)_export.rpt",
        ]
      })
    if let report = cosim?.cosimReport, !report.passed {
      throw ToolError(
        .vendorToolFailed(
          VendorFailure(
            .mismatch, last, program: runner.program,
            lines: report.runs.map { "\($0.language): \($0.status)" })))
    }
    return VitisResult(
      schemaVersion: 1, top: top,
      toolVersion: csynth?.csynthReport?.source.version ?? tool.version,
      csynth: csynth?.csynthReport, cosim: cosim?.cosimReport, export: export?.exportReport,
      warnings: tool.warning.map { [$0] } ?? [], seconds: seconds, log: last.log)
  }

  /// The runs of the tool, in order.
  private func commands(sorted steps: [Step], in folder: Folder, by road: Road) throws
    -> [(name: String, command: ToolCommand)]
  {
    let names = steps.map(\.rawValue).joined(separator: " ")
    switch road {
    case .script:
      let arguments =
        tool.path.isVitisRun ? ["--mode", "hls", "--tcl", Self.script] : ["-f", Self.script]
      return [
        (
          names,
          tool.run(
            arguments, environment: [Self.stepsVariable: names], in: folder, log: "vitis.log",
            timeLimit: timeLimit)
        )
      ]
    case .configuration:
      let options = ["--config", Self.configuration, "--work_dir", "project"]
      return steps.map { step in
        let log = "vitis_\(step.rawValue).log"
        guard step == .csynth else {
          let option = step == .export ? "--package" : "--\(step.rawValue)"
          return (
            step.rawValue,
            tool.run(
              ["--mode", "hls", option] + options, in: folder, log: log, timeLimit: timeLimit)
          )
        }
        // The compiler lies beside the program that runs it.
        let compiler = Folder(tool.path).parent.file("v++")
        return (
          step.rawValue,
          ToolCommand(
            [compiler, "-c", "--mode", "hls"] + options, environment: tool.environment,
            in: folder.path, log: folder.file(log), timeLimit: timeLimit)
        )
      }
    }
  }
}

extension VendorReport {
  var csynthReport: CSynthReport? { if case .csynth(let report) = self { report } else { nil } }
  var cosimReport: CosimReport? { if case .cosim(let report) = self { report } else { nil } }
  var exportReport: ExportReport? { if case .export(let report) = self { report } else { nil } }
}
