/// What Vivado made of a design.
public struct VivadoResult: Sendable, Hashable, Codable {
  public let schemaVersion: Int
  public let top: String
  public let part: String
  public let clockMHz: Double
  public let toolVersion: String
  /// After synthesis.
  public let synthesis: UtilizationReport
  public let synthesisTiming: TimingSummaryReport
  /// After routing.
  public let utilization: UtilizationReport
  public let timing: TimingSummaryReport
  public let power: PowerReport
  public let warnings: [String]
  public let seconds: Double
  public let log: String
}

/// Runs Vivado in batch mode.
public struct Vivado: Sendable {
  public let tool: Tool
  private let timeLimit: Duration?
  private let run = VendorRun(program: "vivado")

  /// - Parameter timeLimit: the run is ended after it; nil for none.
  /// - Throws: ``ToolError`` with code `toolMissing`.
  public init(_ locator: ToolLocator = ToolLocator(), timeLimit: Duration? = nil) async throws {
    self.init(tool: try await locator.find(.vivado), timeLimit: timeLimit)
  }

  public init(tool: Tool, timeLimit: Duration? = nil) {
    self.tool = tool
    self.timeLimit = timeLimit
  }

  /// Synthesizes, places and routes a design, and reads the reports.
  ///
  /// - Parameter folder: filled whole or not at all; what it held before is replaced.
  /// - Throws: ``ToolError`` with code `vendorToolFailed` or `timedOut`; ``VendorReportError`` for a report that is cut short.
  public func implement(
    _ project: VivadoProject, in folder: Folder, onProgress: ToolProgressHandler? = nil
  ) async throws -> VivadoResult {
    onProgress?(
      ToolProgress(stage: "implementation on \(project.part)", detail: "vivado \(tool.version)"))
    return try await folder.replace { work in
      try work.write(project.files)
      let command = tool.run(
        [
          "-mode", "batch", "-nojournal", "-notrace", "-log", "vivado.log", "-source",
          VivadoProject.script,
        ], in: work, log: "output.log", timeLimit: timeLimit)
      let exit = try await run.run(command)
      func read(_ kind: VendorReport.Kind, _ place: String) throws -> VendorReport {
        try run.report(kind, at: [place], in: work, of: command)
      }
      typealias Report = VivadoProject.Report
      guard
        case .utilization(let synthesis) = try read(.utilization, Report.synthesisUtilization),
        case .timingSummary(let synthesisTiming) = try read(
          .timingSummary, Report.synthesisTiming),
        case .utilization(let utilization) = try read(.utilization, Report.utilization),
        case .timingSummary(let timing) = try read(.timingSummary, Report.timing),
        case .power(let power) = try read(.power, Report.power)
      else { preconditionFailure("a report of another kind than asked for") }
      return VivadoResult(
        schemaVersion: 1, top: project.top, part: project.part, clockMHz: project.clockMHz,
        toolVersion: timing.source.version ?? tool.version, synthesis: synthesis,
        synthesisTiming: synthesisTiming, utilization: utilization, timing: timing, power: power,
        warnings: tool.warning.map { [$0] } ?? [], seconds: exit.seconds,
        log: folder.file("output.log"))
    }
  }
}
