/// A run of a vendor's tool that came to nothing, and what its log tells about it.
public struct VendorFailure: Hashable, Sendable {
  public enum Reason: Hashable, Sendable {
    /// No licence for the part or the step.
    case licence
    case diskFull
    case outOfMemory
    /// The tool ended by a fault of its own.
    case crashed
    /// The tool found a fault in the design or the script.
    case rejected
    /// C simulation or co-simulation found a difference.
    case mismatch
    /// It said that all was well, and these files are not there.
    case reportsMissing([String])
    /// Ended with a status, and nothing in the log says why.
    case unknown
  }

  public let reason: Reason
  /// `vivado` or `vitis_hls`.
  public let program: String
  /// As it can be pasted into a shell.
  public let commandLine: String
  /// Exit status, or minus the signal that ended the tool.
  public let status: Int
  /// The lines of the log that tell why, at most eight; the last ones when none does.
  public let lines: [String]
  public let log: String

  /// Looks through the log of a run that failed.
  init(_ command: ToolCommand, program: String, status: Int, log text: String) {
    self.program = program
    commandLine = command.line
    self.status = status
    log = command.log
    let findings = text.split(whereSeparator: \.isNewline).map(String.init)
    let found = Self.signs.lazy.compactMap { sign -> (Reason, [String])? in
      let lines = findings.filter { line in
        let line = line.lowercased()
        return sign.words.contains { line.contains($0) }
      }
      return lines.isEmpty ? nil : (sign.reason, lines)
    }.first
    let errors = findings.filter { $0.hasPrefix("ERROR") || $0.hasPrefix("@E ") }
    if let (reason, lines) = found {
      self.reason = reason
      self.lines = Array(lines.prefix(8))
    } else if status < 0 || [134, 136, 137, 139].contains(status) {
      // 128 and the number of a signal, as the shell around the tool reports it; 9 comes from a system short of memory.
      reason = status == -9 || status == 137 ? .outOfMemory : .crashed
      lines = errors.isEmpty ? findings.suffix(8) : Array(errors.prefix(8))
    } else if !errors.isEmpty {
      reason = .rejected
      lines = Array(errors.prefix(8))
    } else {
      reason = .unknown
      lines = findings.suffix(8)
    }
  }

  /// A run whose results say that it failed.
  init(_ reason: Reason, _ command: ToolCommand, program: String, lines: [String]) {
    self.reason = reason
    self.program = program
    commandLine = command.line
    status = 0
    self.lines = lines
    log = command.log
  }

  /// A run that said that all was well.
  init(_ command: ToolCommand, program: String, missing files: [String], log text: String) {
    self.program = program
    commandLine = command.line
    status = 0
    log = command.log
    reason = .reportsMissing(files)
    let findings = text.split(whereSeparator: \.isNewline).map(String.init)
    let telling = findings.filter {
      $0.hasPrefix("ERROR") || $0.hasPrefix("CRITICAL WARNING") || $0.hasPrefix("@E ")
    }
    lines = telling.isEmpty ? findings.suffix(8) : Array(telling.prefix(8))
  }

  /// What lines look like that give a reason away, the weightiest reason first, in lower case.
  ///
  /// - Source: messages quoted in AMD's answer records and forum for Common 17-345 (licence), COSIM 212-4 and -361,
  ///   SIM 211-100 (simulation); `hs_err_pid` is the crash log of Vivado's and Vitis HLS's shell.
  private static let signs: [(reason: Reason, words: [String])] = [
    (.diskFull, ["no space left on device", "disk quota exceeded", "enospc", "disk is full"]),
    (
      .licence,
      [
        "common 17-345", "valid license was not found", "failed to get a license",
        "license check-out failed", "license checkout failed", "no such feature exists",
        "license has expired",
      ]
    ),
    (.outOfMemory, ["out of memory", "std::bad_alloc", "cannot allocate memory"]),
    (
      .crashed,
      [
        "abnormal program termination", "segmentation fault", "hs_err_pid",
        "an unexpected error has occurred", "core dumped",
      ]
    ),
    (
      .mismatch,
      [
        "co-simulation finished: fail", "cosim 212-361", "cosim 212-359", "csim failed",
        "sim 211-100", "c simulation failed",
      ]
    ),
  ]
}

extension VendorFailure {
  var message: String {
    let what =
      switch reason {
      case .licence: "\(program) has no licence for this part or step"
      case .diskFull: "\(program) ran out of disk space"
      case .outOfMemory: "\(program) ran out of memory"
      case .crashed: "\(program) crashed (\(ending))"
      case .rejected: "\(program) stopped with an error (\(ending))"
      case .mismatch: "\(program): a simulation gives other results than expected"
      case .reportsMissing(let files):
        "\(program) ended without an error, but did not write \(files.joined(separator: ", "))"
      case .unknown: "\(program) failed (\(ending)), and its log does not say why"
      }
    return ([what, "  \(commandLine)"] + lines.map { "  | \($0)" }).joined(separator: "\n")
  }

  private var ending: String { status < 0 ? "signal \(-status)" : "status \(status)" }

  var hint: String {
    let what =
      switch reason {
      case .licence:
        "set XILINXD_LICENSE_FILE to a licence for it, or name a part that is free (zynq7010, artix35t)"
      case .diskFull: "free some space, or set TMPDIR and the folder to another disk"
      case .outOfMemory: "close other programs, or take a smaller design"
      case .crashed: "run it again; if it repeats, try another version of the tool"
      case .rejected, .unknown: "read the lines above"
      case .mismatch:
        "compare with 'pare simulate', which runs the same vectors without the vendor's tool"
      case .reportsMissing:
        "the script may have been edited, or another version may write elsewhere"
      }
    return "\(what); the whole output is in \(log)"
  }
}
