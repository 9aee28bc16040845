public import PareText

/// Compiles HLS C++ with the system's compiler and runs its test bench.
///
/// The bundle has the layout of PareHLS: sources in `src/`, `tb/tb_<top>.cpp` with `tb/vectors.txt`, and a header of our own
/// in `pare_ap/`.
public struct CxxSimulator: Simulator {
  /// Whose fixed-point numbers the design is compiled with.
  public enum Headers: Sendable, Hashable {
    /// The small header that comes with the design.
    case own
    case xilinx(XilinxHeaders)

    public var name: String {
      switch self {
      case .own: "pare_ap"
      case .xilinx(let headers): "ap_types of \(headers.version)"
      }
    }
  }

  public let tool: Tool
  public let headers: Headers
  private let runLimit: Duration
  private let runner = ProcessRunner()

  /// - Parameter runLimit: for the program; compilers have ten minutes.
  /// - Throws: ``ToolError`` with code `toolMissing`.
  public init(
    _ locator: ToolLocator = ToolLocator(), headers: Headers = .own,
    runLimit: Duration = .seconds(3600)
  ) async throws {
    tool = try await locator.find(.compiler)
    self.headers = headers
    self.runLimit = runLimit
  }

  /// C++14 is what the older of the vendor's tools read.
  private static let standard = ["-std=c++14", "-O1", "-Wall", "-Wextra", "-Wno-unknown-pragmas"]

  /// What makes the numbers known to the compiler. The vendor's are read as system headers, which are not ours to warn
  /// about, and leave fresh numbers without a value.
  private var include: [String] {
    switch headers {
    case .own: ["-Ipare_ap"]
    case .xilinx(let headers): ["-Wno-uninitialized", "-isystem", headers.folder.path]
    }
  }

  /// What the bench wrote, a line per sample with the words of all outputs.
  public static let resultsFile = "actual.txt"
  /// The warnings of the compiler; empty when there are none.
  public static let buildLog = "build.log"

  public func simulate(
    _ bundle: SourceBundle, testbench: String?, in folder: Folder, onProgress: ToolProgressHandler?
  ) async throws -> SimulationResult {
    let bench = "tb/\(testbench ?? "tb_" + bundle.top).cpp"
    return try await folder.replace { work in
      try work.write(bundle.files)
      onProgress?(ToolProgress(stage: "C simulation", detail: "build with \(headers.name)"))
      let sources = bundle.design.map(\.path).filter { $0.hasSuffix(".cpp") } + [bench]
      let build = try await runner.runChecked(
        tool.run(
          Self.standard + include + ["-Isrc", "-Itb"] + sources + ["-o", "simulate"], in: work,
          log: Self.buildLog, timeLimit: .seconds(600)))
      onProgress?(ToolProgress(stage: "C simulation", detail: "run"))
      // The verdict is in what the bench prints; a failing one also ends with a status of its own.
      let run = try await runner.run(
        ToolCommand(
          [work.file("simulate"), "tb/vectors.txt", Self.resultsFile], in: work.path,
          log: work.file("simulate.log"), timeLimit: runLimit))
      let text = String(decoding: try work.read("simulate.log"), as: UTF8.self)
      guard run.isSuccess || run.status == 1 else {
        let fault = text.split(whereSeparator: \.isNewline).first { $0.hasPrefix("ERROR ") }
        throw ToolError(
          .reportUnreadable(
            path: run.log,
            reason: "the test bench ended with \(run.status)" + (fault.map { ": \($0)" } ?? "")))
      }
      let report = try SimulationReport(parsing: text, from: run.log)
      guard run.isSuccess == report.passed else {
        throw ToolError(
          .reportUnreadable(
            path: run.log, reason: "the verdict does not agree with the status \(run.status)"))
      }
      return SimulationResult(
        report: report, tool: tool, buildSeconds: build.seconds, runSeconds: run.seconds,
        log: folder.file("simulate.log"))
    }
  }
}
