public import PareText

/// Faults of architectures, networks and quantizers that a user can cause.
public struct NetworkError: PareError {
  public enum Code: Hashable, Sendable {
    case architecture
    case quantizer
    case weights
    /// The environment asks for kernels that cannot run here.
    case kernels
  }

  public let code: Code
  public let message: String
  public let hint: String
  public var kind: FailureKind { .badData }

  public init(_ code: Code, _ message: String, hint: String) {
    self.code = code
    self.message = message
    self.hint = hint
  }
}
