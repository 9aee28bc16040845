import Foundation
import PareText
import Testing

/// A simulator of the system that a test may find or not.
struct SystemTool {
  let program: URL

  /// The one that a variable names, else the first of that name on PATH.
  init?(_ name: String, variable: String) {
    let environment = ProcessInfo.processInfo.environment
    if let named = environment[variable], !named.isEmpty {
      program = URL(filePath: named)
      return
    }
    let candidates = (environment["PATH"] ?? "").split(separator: ":").map { "\($0)/\(name)" }
    guard let path = candidates.first(where: FileManager.default.isExecutableFile(atPath:)) else {
      return nil
    }
    program = URL(filePath: path)
  }

  static let ghdl = SystemTool("ghdl", variable: "PARE_GHDL")
  static let iverilog = SystemTool("iverilog", variable: "PARE_IVERILOG")

  /// Whether its absence is a failure and not a reason to leave tests out.
  static let ghdlIsRequired = ProcessInfo.processInfo.environment["PARE_REQUIRE_GHDL"] == "1"

  /// Runs the program in a folder.
  ///
  /// - Returns: everything that it printed, and its status.
  func run(_ arguments: [String], in folder: URL, as other: String? = nil) throws -> (String, Int) {
    let log = folder.appending(path: "log-\(UUID().uuidString)")
    try Data().write(to: log)
    let handle = try FileHandle(forWritingTo: log)
    let process = Process()
    process.executableURL =
      other.map { program.deletingLastPathComponent().appending(path: $0) } ?? program
    process.arguments = arguments
    process.currentDirectoryURL = folder
    process.standardOutput = handle
    process.standardError = handle
    process.standardInput = FileHandle.nullDevice
    try process.run()
    process.waitUntilExit()
    try handle.close()
    return (
      String(decoding: try Data(contentsOf: log), as: UTF8.self), Int(process.terminationStatus)
    )
  }
}

/// What a testbench printed last, and the results that it wrote.
struct HDLRun {
  /// `PASS samples N`, or `FAIL mismatches M`, or why there is neither.
  let verdict: String
  /// The first line that names a fault.
  let fault: String?

  private init(_ text: String) {
    let lines = text.split(separator: "\n").map(String.init)
    verdict =
      lines.last { $0.hasPrefix("PASS ") || $0.hasPrefix("FAIL ") } ?? "no verdict: \(text)"
    fault = lines.first { $0.hasPrefix("MISMATCH ") || $0.hasPrefix("PROTOCOL ") }
  }

  /// Analyses VHDL files in their order and runs one entity.
  static func ghdl(_ files: [SourceFile], top: String) throws -> HDLRun {
    let tool = try #require(SystemTool.ghdl, "PARE_REQUIRE_GHDL is 1, and there is no ghdl on PATH")
    return try inFolder(of: files) { folder in
      let sources = files.map(\.path).filter { $0.hasSuffix(".vhd") }
      let (talk, status) = try tool.run(["-a", "--std=08"] + sources, in: folder)
      #expect(status == 0 && talk.isEmpty, "\(talk)")
      return HDLRun(
        try tool.run(
          ["--elab-run", "--std=08", top, "--ieee-asserts=disable-at-0"], in: folder
        ).0)
    }
  }

  /// Compiles Verilog files and runs one module.
  static func icarus(
    _ files: [SourceFile], top: String, macros: [String] = []
  ) throws -> HDLRun {
    let tool = try #require(SystemTool.iverilog)
    return try inFolder(of: files) { folder in
      let sources = files.map(\.path).filter { $0.hasSuffix(".v") }
      let (talk, status) = try tool.run(
        ["-g2005", "-Wall", "-Wno-timescale", "-s", top, "-o", "simulate.vvp"]
          + macros.map { "-D\($0)" } + sources, in: folder)
      #expect(status == 0, "\(talk)")
      return HDLRun(try tool.run(["-n", "simulate.vvp"], in: folder, as: "vvp").0)
    }
  }

  private static func inFolder(
    of files: [SourceFile], _ body: (URL) throws -> HDLRun
  ) throws -> HDLRun {
    let folder = FileManager.default.temporaryDirectory
      .appending(path: "pare-hdl-\(UUID().uuidString)")
    try FileManager.default.createDirectory(at: folder, withIntermediateDirectories: true)
    defer { try? FileManager.default.removeItem(at: folder) }
    for file in files {
      try Data(file.text.utf8).write(to: folder.appending(path: file.path))
    }
    return try body(folder)
  }
}
