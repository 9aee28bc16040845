public import PareText

/// Simulates VHDL-2008 with GHDL.
public struct GHDLSimulator: Simulator {
  public let tool: Tool
  private let runner = ProcessRunner()

  /// - Throws: ``ToolError`` with code `toolMissing`.
  public init(_ locator: ToolLocator = ToolLocator()) async throws {
    tool = try await locator.find(.ghdl)
  }

  public func simulate(
    _ bundle: SourceBundle, testbench: String?, in folder: Folder, onProgress: ToolProgressHandler?
  ) async throws -> SimulationResult {
    let top = testbench ?? "tb_" + bundle.top
    return try await folder.replace { work in
      try work.write(bundle.files)
      onProgress?(ToolProgress(stage: "simulation", detail: "build"))
      let build = try await runner.runChecked(
        tool.run(
          ["-a", Self.standard] + bundle.vhdl, in: work, log: "build.log", timeLimit: .seconds(600))
      )
      onProgress?(ToolProgress(stage: "simulation", detail: "run"))
      // Before the first reset bits are unknown, of which arithmetic would warn at time 0.
      let run = try await runner.run(
        tool.run(
          ["--elab-run", Self.standard, top, "--ieee-asserts=disable-at-0"], in: work,
          log: "simulate.log", timeLimit: .seconds(7200)))
      let text = String(decoding: try work.read("simulate.log"), as: UTF8.self)
      let report = try SimulationReport(parsing: text, from: run.log)
      guard run.isSuccess || !report.passed else {
        throw ToolError(
          .reportUnreadable(path: run.log, reason: "PASS, but the program ended with \(run.status)")
        )
      }
      return SimulationResult(
        report: report, tool: tool, buildSeconds: build.seconds, runSeconds: run.seconds,
        log: folder.file("simulate.log"))
    }
  }

  private static let standard = "--std=08"
}
