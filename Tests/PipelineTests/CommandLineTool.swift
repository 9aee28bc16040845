import Foundation
import Testing

/// What a run of a program printed, and how it ended.
struct Run {
  let status: Int32
  let output: String
  let errors: String
}

/// The built `pare`, which lies beside the test runner, and Python for the oracle.
enum CommandLineTool {
  static let repository = URL(filePath: #filePath)
    .deletingLastPathComponent().deletingLastPathComponent().deletingLastPathComponent()

  private static var pare: URL {
    URL(filePath: ProcessInfo.processInfo.arguments[0]).deletingLastPathComponent()
      .appending(path: "pare")
  }

  /// Runs `pare` in a folder.
  static func pare(
    _ arguments: String..., in folder: URL, environment: [String: String] = [:]
  ) throws -> Run {
    try run(pare, arguments, in: folder, environment: environment)
  }

  static func pare(_ arguments: [String], in folder: URL) throws -> Run {
    try run(pare, arguments, in: folder, environment: [:])
  }

  static func python(_ arguments: String..., in folder: URL) throws -> Run {
    try run(URL(filePath: "/usr/bin/env"), ["python3"] + arguments, in: folder, environment: [:])
  }

  /// Starts `pare` in a folder, lets it work until a file appears and sends it a signal.
  ///
  /// - Returns: how it ended: its exit code, or minus the signal that ended it.
  static func pare(
    _ arguments: String..., in folder: URL, until file: String, signal number: Int32
  ) throws -> Int32 {
    let process = Process()
    process.executableURL = pare
    process.arguments = arguments
    process.currentDirectoryURL = folder
    process.standardOutput = FileHandle.nullDevice
    process.standardError = FileHandle.nullDevice
    try process.run()
    while process.isRunning,
      !FileManager.default.fileExists(atPath: folder.appending(path: file).path)
    {
      Thread.sleep(forTimeInterval: 0.005)
    }
    kill(process.processIdentifier, number)
    process.waitUntilExit()
    return process.terminationReason == .uncaughtSignal
      ? -process.terminationStatus : process.terminationStatus
  }

  private static func run(
    _ program: URL, _ arguments: [String], in folder: URL, environment: [String: String]
  ) throws -> Run {
    let process = Process()
    process.executableURL = program
    process.arguments = arguments
    process.currentDirectoryURL = folder
    // Help is wrapped to the width of the terminal; a fixed one keeps snapshots still.
    process.environment = ProcessInfo.processInfo.environment
      .merging(["COLUMNS": "100"]) { $1 }.merging(environment) { $1 }
    // Files instead of pipes: a full pipe would block the program while nobody reads.
    let output = folder.appending(path: ".stdout-\(UUID().uuidString)")
    let errors = folder.appending(path: ".stderr-\(UUID().uuidString)")
    for file in [output, errors] { try Data().write(to: file) }
    process.standardOutput = try FileHandle(forWritingTo: output)
    process.standardError = try FileHandle(forWritingTo: errors)
    process.standardInput = FileHandle.nullDevice
    try process.run()
    process.waitUntilExit()
    defer {
      for file in [output, errors] { try? FileManager.default.removeItem(at: file) }
    }
    return Run(
      status: process.terminationStatus,
      output: String(decoding: try Data(contentsOf: output), as: UTF8.self),
      errors: String(decoding: try Data(contentsOf: errors), as: UTF8.self))
  }
}

/// A folder that exists while the body runs.
func withTemporaryFolder(_ body: (URL) throws -> Void) throws {
  let folder = FileManager.default.temporaryDirectory.appending(
    path: "pare-pipeline-\(UUID().uuidString)")
  try FileManager.default.createDirectory(at: folder, withIntermediateDirectories: true)
  defer { try? FileManager.default.removeItem(at: folder) }
  try body(folder)
}

func text(_ folder: URL, _ name: String) throws -> String {
  String(decoding: try Data(contentsOf: folder.appending(path: name)), as: UTF8.self)
}

/// Rows of a CSV with one header line.
func rows(_ folder: URL, _ name: String) throws -> [[Double]] {
  try text(folder, name).split(whereSeparator: \.isNewline).dropFirst().map { line in
    line.split(separator: ",").map { Double($0) ?? .nan }
  }
}
