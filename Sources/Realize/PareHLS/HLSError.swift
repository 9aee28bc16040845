public import PareText

/// Why no HLS project was written.
public struct HLSError: PareError, Hashable {
  public enum Code: Hashable, Sendable {
    /// A name for the top function that C++, the tools or the generated code use for something else.
    case badName(String)
    /// A FIR version that a layer's weights do not allow.
    case kernel(layer: Int)
    /// A list of FIR versions that does not fit the network's layers.
    case kernelCount(expected: Int, got: Int)
    /// A word that is longer than the generated types can be.
    case wordLength(tensor: String)
    /// A directive with a number that makes no sense.
    case directive(String)
    /// A part or a clock that no script can name.
    case target(String)
    /// A stimulus that does not fit the network.
    case stimulus
  }

  public let code: Code
  public let message: String
  public let hint: String

  public init(_ code: Code, _ message: String, hint: String) {
    self.code = code
    self.message = message
    self.hint = hint
  }

  public var kind: FailureKind {
    switch code {
    case .badName, .kernelCount, .directive, .target: .usage
    case .kernel, .wordLength, .stimulus: .badData
    }
  }
}
