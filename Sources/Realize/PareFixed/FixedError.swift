public import PareText

/// Faults of fixed-point conversion and of model files that a user can cause.
public struct FixedError: PareError {
  public enum Code: Hashable, Sendable {
    /// An accumulator would not fit 62 bits.
    case accumulator(layer: Int)
    /// A product of a feature would not fit 62 bits.
    case product(feature: String)
    /// A format cannot serve its tensor.
    case format(tensor: String)
    /// Model file: contents that contradict each other.
    case contents(path: String)
    /// Model file: a schema that this version does not read.
    case schemaVersion(Int)
    /// A waveform whose channels do not fit the model.
    case channels(expected: Int, got: Int)
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
