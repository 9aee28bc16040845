public import PareText

/// Why no hardware description was written.
public struct RTLError: PareError, Hashable {
  public enum Code: Hashable, Sendable {
    /// A port or module name that the language or the interface uses for something else.
    case reservedName(String)
    /// A module name that is not an identifier.
    case badModuleName(String)
    /// Test vectors that do not fit the graph; the text says why.
    case badVectors(String)
  }

  public let code: Code

  public init(_ code: Code) { self.code = code }

  public var message: String {
    switch code {
    case .reservedName(let name): "the port name '\(name)' is taken by Verilog or by the interface"
    case .badModuleName(let name): "'\(name)' is not a name for a Verilog module"
    case .badVectors(let reason): reason
    }
  }

  public var hint: String {
    switch code {
    case .reservedName: "rename the port; docs/datapath.md lists the interface's own names"
    case .badModuleName:
      "use at most 64 letters, digits and underscores, a letter first, no Verilog keyword, no port"
    case .badVectors: "take the vectors from one run of the integer model"
    }
  }

  public var kind: FailureKind { .badData }
}
