public import PareText

/// Simulates with Icarus Verilog: starts at once, runs hundreds of times slower than Verilator.
public struct IcarusSimulator: Simulator {
  public let tool: Tool
  private let runner = ProcessRunner()

  /// - Throws: ``ToolError`` with code `toolMissing`.
  public init(_ locator: ToolLocator = ToolLocator()) async throws {
    tool = try await locator.find(.iverilog)
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
          ["-g2005-sv", "-s", top, "-o", "simulate.vvp"] + bundle.verilog, in: work,
          log: "build.log", timeLimit: .seconds(600)))
      onProgress?(ToolProgress(stage: "simulation", detail: "run"))
      // The compiled file names its interpreter in its first line; -n makes $stop end the run.
      let interpreter =
        tool.command[0].hasSuffix("/iverilog")
        ? String(tool.command[0].dropLast("iverilog".count)) + "vvp" : "vvp"
      let run = try await runner.run(
        ToolCommand(
          [interpreter, "-n", "simulate.vvp"], in: work.path, log: work.file("simulate.log"),
          timeLimit: .seconds(7200)))
      let text = String(decoding: try work.read("simulate.log"), as: UTF8.self)
      let report = try SimulationReport(parsing: text, from: run.log)
      return SimulationResult(
        report: report, tool: tool, buildSeconds: build.seconds, runSeconds: run.seconds,
        log: folder.file("simulate.log"))
    }
  }
}
