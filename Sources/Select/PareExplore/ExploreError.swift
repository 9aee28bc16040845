public import PareText

/// Faults of experiments, run folders and design folders that a user can cause.
public struct ExploreError: PareError {
  public enum Code: Hashable, Sendable {
    case experiment(line: Int?)
    case file(path: String)
    case designFolder(path: String)
    case simulationMismatch
    case option(String)
    case dataset(String)
  }

  public let code: Code
  public let message: String
  public let hint: String
  public let kind: FailureKind

  public init(_ code: Code, _ message: String, hint: String, kind: FailureKind = .badData) {
    self.code = code
    self.message = message
    self.hint = hint
    self.kind = kind
  }
}
