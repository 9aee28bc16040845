import PareText
import PareTools

#if canImport(FoundationEssentials)
  import FoundationEssentials
#else
  import Foundation
#endif
#if canImport(Glibc)
  import Glibc
#elseif canImport(Darwin)
  import Darwin
#endif

/// Drives Slurm by its commands: `sbatch`, `squeue`, and where they are there `scontrol` and `scancel`.
///
/// They are looked for in the folder that `PARE_SLURM_BIN` names, else on `PATH`. `sacct` is not needed: a cluster may keep no
/// accounts. Slurm 22.05 and newer.
public struct Slurm: Sendable {
  private let programs: [String: String]
  private let runner = ProcessRunner()

  private static let needed = ["sbatch", "squeue"]
  private static let useful = ["scontrol", "scancel"]

  /// - Parameter variables: the environment to search by; that of the process unless given.
  /// - Throws: `ToolError` with code `toolMissing` when `sbatch` or `squeue` is not there.
  public init(variables given: [String: String]? = nil) throws {
    let variables = given ?? ProcessInfo.processInfo.environment
    let named = variables["PARE_SLURM_BIN"].flatMap { $0.isEmpty ? nil : $0 }
    let folders =
      named.map { [Substring($0)] } ?? (variables["PATH"] ?? "").split(separator: ":")
    var programs: [String: String] = [:]
    for program in Self.needed + Self.useful {
      let found = folders.map { "\($0)/\(program)" }
        .first { FileManager.default.isExecutableFile(atPath: $0) && !TextFile.isFolder($0) }
      if let found { programs[program] = found }
    }
    for program in Self.needed where programs[program] == nil {
      throw ToolError(
        .toolMissing(
          tool: program, lookedIn: [named.map { "PARE_SLURM_BIN=\($0)" } ?? "PATH"]),
        hint: "run this where Slurm's commands are, name their folder in PARE_SLURM_BIN, "
          + "or use --executor local")
    }
    self.programs = programs
  }

  /// What the cluster allows; Slurm's defaults where it does not say.
  func limits(log: String) async -> SlurmLimits {
    guard let scontrol = programs["scontrol"],
      let text = try? await output([scontrol, "show", "config"], log: log)
    else { return .defaults }
    return SlurmLimits(parsing: text)
  }

  /// Submits a job array.
  ///
  /// - Returns: the id of the job; `id;cluster` on a federation.
  /// - Throws: `ToolError` with code `toolFailed`, with the command line and what sbatch said.
  func submit(_ submission: Submission, log: String) async throws -> String {
    let words = [programs["sbatch"]!] + submission.arguments
    let text = try await output(words, log: log, timeLimit: .seconds(600))
    let answer = text.split(separator: "\n").map { $0.filter { $0 != " " } }
      .last { !$0.isEmpty && $0.prefix { $0 != ";" }.allSatisfy(\.isNumber) }
    guard let answer else {
      throw ToolError(
        .reportUnreadable(path: log, reason: "sbatch told no job id"),
        hint: "the whole output is in \(log)")
    }
    return answer
  }

  /// The jobs of this user whose names begin with the prefix.
  ///
  /// - Throws: `ToolError` when squeue fails, as it does while the controller is busy or away.
  func queue(jobNamePrefix prefix: String, log: String) async throws -> SlurmQueue {
    let text = try await output(
      [programs["squeue"]!, "--noheader", "--user=\(getuid())", "--format=\(SlurmQueue.format)"],
      // Else lists of tasks are cut at 64 characters.
      environment: ["SLURM_BITSTR_LEN": "0"], log: log)
    return SlurmQueue(parsing: text, jobNamePrefix: prefix)
  }

  /// What the controller still knows of a task, such as `JobState=FAILED ExitCode=1:0`; nil when it has forgotten it.
  func fate(of job: String, task: Int, log: String) async -> String? {
    guard let scontrol = programs["scontrol"],
      let text = try? await output(
        [scontrol, "show", "job", "--oneliner", "\(job)_\(task)"], log: log)
    else { return nil }
    let words = text.split(whereSeparator: \.isWhitespace).filter { word in
      ["JobState=", "Reason=", "ExitCode=", "NodeList="].contains { word.hasPrefix($0) }
    }
    return words.isEmpty ? nil : words.joined(separator: " ")
  }

  /// Ends jobs.
  func cancel(_ jobs: [String], log: String) async throws {
    guard let scancel = programs["scancel"] else {
      throw ToolError(.toolMissing(tool: "scancel", lookedIn: ["PARE_SLURM_BIN", "PATH"]))
    }
    _ = try await output([scancel] + jobs, log: log)
  }

  private func output(
    _ words: [String], environment: [String: String] = [:], log: String,
    timeLimit: Duration = .seconds(120)
  ) async throws -> String {
    try await runner.runChecked(
      ToolCommand(
        words, environment: environment, in: FileManager.default.currentDirectoryPath, log: log,
        timeLimit: timeLimit))
    return try TextFile.read(log)
  }
}

extension ToolError {
  /// Whether sbatch refused because of a number of jobs, so that fewer may do.
  var isJobLimit: Bool {
    let words = [
      "submit limit", "submitjob", "temporarily unable to accept", "job limit",
    ]
    return sbatchSays { text in words.contains { text.contains($0) } }
  }

  /// Whether sbatch refused the numbers of an array's tasks.
  var isArrayLimit: Bool { sbatchSays { $0.contains("invalid job array") } }

  private func sbatchSays(_ test: (String) -> Bool) -> Bool {
    guard case .toolFailed(let failure) = code else { return false }
    return test(failure.lastLines.joined(separator: "\n").lowercased())
  }
}
