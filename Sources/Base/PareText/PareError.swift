/// What kind of trouble an error reports; the command line turns it into an exit code.
public enum FailureKind: Int32, Sendable {
  /// The work was tried and failed (a mismatch, a tool that returned an error).
  case failed = 1
  /// The command was typed wrongly.
  case usage = 64
  /// A file or a value that a person or a tool supplied is not usable.
  case badData = 65
  /// A tool that the work needs is not installed.
  case toolMissing = 69
  /// The user asked to stop.
  case interrupted = 130
}

/// An error that a person can act on: one sentence of what is wrong, one of what to do.
///
/// Every module has one conforming struct whose `code` carries enough payload to reproduce the fault.
public protocol PareError: Error, Sendable, CustomStringConvertible {
  /// What is wrong, naming the file, line, column or option.
  var message: String { get }
  /// What the user can do about it; empty when nothing useful can be said.
  var hint: String { get }
  var kind: FailureKind { get }
}

extension PareError {
  /// The two lines that the command line prints to standard error.
  public var description: String {
    hint.isEmpty ? "error: \(message)" : "error: \(message)\nhint:  \(hint)"
  }
}
