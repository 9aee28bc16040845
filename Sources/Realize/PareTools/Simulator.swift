public import PareText

/// Runs a self-checking testbench.
public protocol Simulator: Sendable {
  var tool: Tool { get }

  /// Builds a design with its testbench in a folder and runs it there.
  ///
  /// - Parameters:
  ///   - bundle: the design, and a testbench that prints the lines ``SimulationReport`` reads.
  ///   - testbench: name of the testbench's module; `tb_` and the name of the design unless given.
  ///   - folder: filled whole or not at all; what it held before is replaced.
  /// - Returns: the verdict, which may be a mismatch.
  /// - Throws: ``ToolError`` when the build fails, or the run ends without a verdict.
  func simulate(
    _ bundle: SourceBundle, testbench: String?, in folder: Folder, onProgress: ToolProgressHandler?
  ) async throws -> SimulationResult
}

extension Simulator {
  public func simulate(
    _ bundle: SourceBundle, in folder: Folder, onProgress: ToolProgressHandler? = nil
  ) async throws -> SimulationResult {
    try await simulate(bundle, testbench: nil, in: folder, onProgress: onProgress)
  }
}

/// What a testbench found, with the cost of finding it.
public struct SimulationResult: Sendable, Hashable, Codable {
  public let schemaVersion: Int
  public let report: SimulationReport
  public let tool: ToolName
  public let toolVersion: String
  public let buildSeconds: Double
  public let runSeconds: Double
  /// The complete output of the run.
  public let log: String

  public var passed: Bool { report.passed }

  init(
    report: SimulationReport, tool: Tool, buildSeconds: Double, runSeconds: Double, log: String
  ) {
    schemaVersion = 1
    self.report = report
    self.tool = tool.name
    toolVersion = tool.version
    self.buildSeconds = buildSeconds
    self.runSeconds = runSeconds
    self.log = log
  }
}

/// The verdict of a testbench, read from what it prints.
///
/// Lines of interest: `MISMATCH segment S sample N port P expected E got G` for a wrong result, `PROTOCOL segment S
/// sample N P expected E got G` for a wrong handshake (the first of either is kept), and exactly one of
/// `PASS samples N` and `FAIL mismatches M`. Everything else is the simulator's own talk.
public struct SimulationReport: Sendable, Hashable, Codable {
  public struct Mismatch: Sendable, Hashable, Codable {
    public let segment: Int
    public let sample: Int
    public let port: String
    /// As printed: a simulator may print `x` for a bit that it does not know.
    public let expected: String
    public let got: String
  }

  /// Samples that were compared; nil when there was a mismatch.
  public let samples: Int?
  public let mismatchCount: Int
  public let firstMismatch: Mismatch?

  public var passed: Bool { mismatchCount == 0 }

  /// - Throws: ``ToolError`` with code `reportUnreadable` when there is no verdict, more than one, or one that its own
  ///   mismatch lines contradict.
  public init(parsing text: String, from path: String) throws {
    func unreadable(_ reason: String) -> ToolError {
      ToolError(
        .reportUnreadable(path: path, reason: reason),
        hint: "the testbench has to end with 'PASS samples N' or 'FAIL mismatches M'")
    }
    var samples: Int?
    var failures: Int?
    var first: Mismatch?
    for line in text.split(whereSeparator: \.isNewline) {
      let words = line.split(separator: " ").map(String.init)
      switch words.first {
      case "MISMATCH", "PROTOCOL":
        guard first == nil else { continue }
        guard let mismatch = Mismatch(words) else {
          throw unreadable("mismatch line not understood: \(line)")
        }
        first = mismatch
      case "PASS":
        guard words.count >= 3, words[1] == "samples", let count = Int(words[2]) else { continue }
        guard samples == nil else { throw unreadable("two verdicts") }
        samples = count
      case "FAIL":
        guard words.count >= 3, words[1] == "mismatches", let count = Int(words[2]) else {
          continue
        }
        guard failures == nil else { throw unreadable("two verdicts") }
        failures = count
      default: continue
      }
    }
    switch (samples, failures) {
    case (nil, nil): throw unreadable("the simulation ended without a verdict")
    case (.some, .some): throw unreadable("two verdicts")
    case (let count?, nil):
      guard first == nil else { throw unreadable("PASS after a mismatch") }
      guard count > 0 else { throw unreadable("PASS without a single sample compared") }
    case (nil, let count?):
      guard count > 0 else { throw unreadable("FAIL without a mismatch") }
    }
    self.samples = samples
    mismatchCount = failures ?? 0
    firstMismatch = first
  }
}

extension SimulationReport.Mismatch {
  /// Reads the words of a `MISMATCH` or `PROTOCOL` line; nil for any other form.
  fileprivate init?(_ words: [String]) {
    // A handshake line names its port without the word before it.
    let rest = words.count > 5 && words[5] == "port" ? words.dropFirst(6) : words.dropFirst(5)
    let tail = Array(rest)
    guard words.count > 5, words[1] == "segment", let segment = Int(words[2]),
      words[3] == "sample", let sample = Int(words[4]),
      tail.count >= 5, tail[1] == "expected", tail[3] == "got"
    else { return nil }
    self.init(segment: segment, sample: sample, port: tail[0], expected: tail[2], got: tail[4])
  }
}

extension SourceBundle {
  /// The paths of the Verilog sources in reading order; vectors are left out.
  var verilog: [String] { files.map(\.path).filter(\.isVerilog) }

  /// The paths of the VHDL sources in reading order.
  var vhdl: [String] { files.map(\.path).filter { $0.hasSuffix(".vhd") } }

  var designVerilog: [String] { design.map(\.path).filter(\.isVerilog) }
}

extension String {
  fileprivate var isVerilog: Bool { hasSuffix(".v") || hasSuffix(".sv") }
}
