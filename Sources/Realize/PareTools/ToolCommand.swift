/// One run of an external program: what to start, where, with which limit, and where its output goes.
public struct ToolCommand: Sendable, Hashable {
  /// The program and its arguments; the program is a path, or a name to be found on `PATH`.
  public let words: [String]
  /// Variables that are set in addition to the inherited environment.
  public let environment: [String: String]
  /// An existing folder.
  public let workingFolder: String
  /// File that receives everything the program prints, both streams in the order of writing.
  public let log: String
  /// The program is ended when it runs longer; nil for no limit.
  public let timeLimit: Duration?

  public init(
    _ words: [String], environment: [String: String] = [:], in workingFolder: String, log: String,
    timeLimit: Duration?
  ) {
    precondition(!words.isEmpty, "a command without a program")
    self.words = words
    self.environment = environment
    self.workingFolder = workingFolder
    self.log = log
    self.timeLimit = timeLimit
  }

  /// The command as it can be pasted into a shell.
  public var line: String {
    let settings = environment.sorted { $0.key < $1.key }.map { "\($0.key)=\(quoted($0.value))" }
    return (words.prefix(1).map(quoted) + words.dropFirst().map(quoted)).joined(separator: " ")
      + (settings.isEmpty ? "" : "   # with \(settings.joined(separator: " "))")
  }

  private func quoted(_ word: String) -> String {
    let plain = word.utf8.allSatisfy { byte in
      switch byte {
      case UInt8(ascii: "a")...UInt8(ascii: "z"), UInt8(ascii: "A")...UInt8(ascii: "Z"),
        UInt8(ascii: "0")...UInt8(ascii: "9"):
        true
      default: "/._-+=:,@%".utf8.contains(byte)
      }
    }
    guard !plain || word.isEmpty else { return word }
    return "'"
      + word.split(separator: "'", omittingEmptySubsequences: false)
      .joined(separator: "'\\''") + "'"
  }
}

/// How a program ended.
public struct ToolExit: Sendable, Hashable {
  /// Exit status, or minus the signal that ended the program.
  public let status: Int
  public let seconds: Double
  public let log: String

  public var isSuccess: Bool { status == 0 }
}
