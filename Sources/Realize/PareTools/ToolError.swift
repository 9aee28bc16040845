public import PareText

/// What went wrong around an external tool: it is missing, it failed, or its output makes no sense.
public struct ToolError: PareError, Hashable {
  public enum Code: Hashable, Sendable {
    /// A tool was looked for in these places and not found.
    case toolMissing(tool: String, lookedIn: [String])
    /// A tool ended with a status other than zero.
    case toolFailed(ToolFailure)
    /// A tool was still running after its time limit, and was ended with all of its children.
    case timedOut(ToolFailure, limitSeconds: Double)
    /// The system could not start a tool that had been found.
    case notStarted(commandLine: String, reason: String)
    /// A file that a tool wrote lacks something or cannot be read.
    case reportUnreadable(path: String, reason: String)
    /// A file or folder of ours could not be read or written.
    case fileFailed(path: String, reason: String)
    /// A design that the tool or the device cannot take.
    case designRejected(reason: String)
    /// A vendor's tool came to nothing, for a reason that its log gives away.
    case vendorToolFailed(VendorFailure)
    /// Something must be fetched, and `PARE_OFFLINE` forbids it.
    case offline(what: String)
  }

  public let code: Code
  public let message: String
  public let hint: String

  public init(_ code: Code, hint: String? = nil) {
    self.code = code
    message = code.message
    self.hint = hint ?? code.hint
  }

  public var kind: FailureKind {
    switch code {
    case .toolMissing, .offline: .toolMissing
    // Without a licence a tool is as good as not there.
    case .vendorToolFailed(let failure): failure.reason == .licence ? .toolMissing : .failed
    case .toolFailed, .timedOut, .notStarted: .failed
    case .reportUnreadable, .fileFailed, .designRejected: .badData
    }
  }
}

/// What is needed to understand and repeat the failure of a tool.
public struct ToolFailure: Hashable, Sendable {
  /// The command as it can be pasted into a shell.
  public let commandLine: String
  public let workingFolder: String
  /// Exit status, or minus the signal that ended the tool.
  public let status: Int
  /// At most the last 20 lines that the tool printed.
  public let lastLines: [String]
  /// The complete output.
  public let log: String
}

extension ToolError.Code {
  fileprivate var message: String {
    switch self {
    case .toolMissing(let tool, let places):
      "\(tool) not found (looked in \(places.joined(separator: ", ")))"
    case .toolFailed(let failure):
      (["\(failure.program) \(failure.ending)", "  \(failure.commandLine)"] + failure.quoted)
        .joined(separator: "\n")
    case .timedOut(let failure, let limit):
      (["\(failure.program) was ended after \(limit.fixed(0)) s", "  \(failure.commandLine)"]
        + failure.quoted).joined(separator: "\n")
    case .notStarted(let commandLine, let reason):
      "cannot start \(commandLine): \(reason)"
    case .reportUnreadable(let path, let reason):
      "\(path): \(reason)"
    case .fileFailed(let path, let reason):
      "\(path): \(reason)"
    case .designRejected(let reason):
      reason
    case .vendorToolFailed(let failure):
      failure.message
    case .offline(let what):
      "\(what) is not here, and PARE_OFFLINE forbids to fetch it"
    }
  }

  fileprivate var hint: String {
    switch self {
    case .toolMissing(let tool, _): "install \(tool), or run 'make tools'"
    case .toolFailed(let failure), .timedOut(let failure, _):
      "the whole output is in \(failure.log)"
    case .notStarted: "check that the file may be executed on this machine"
    case .reportUnreadable: "another version of the tool may write another form; see 'pare doctor'"
    case .fileFailed: "check the path and its permissions"
    case .designRejected: ""
    case .vendorToolFailed(let failure): failure.hint
    case .offline: "run the command once with a network and without PARE_OFFLINE"
    }
  }
}

extension ToolFailure {
  fileprivate var program: String {
    let first = commandLine.split(separator: " ").first.map(String.init) ?? commandLine
    return first.split(separator: "/").last.map(String.init) ?? first
  }

  fileprivate var ending: String {
    status < 0 ? "was ended by signal \(-status)" : "failed with status \(status)"
  }

  fileprivate var quoted: [String] { lastLines.map { "  | \($0)" } }
}
