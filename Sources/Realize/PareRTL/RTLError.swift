public import PareText

/// Why no hardware description was written.
public struct RTLError: PareError, Hashable {
  public enum Code: Hashable, Sendable {
    /// A port or module name that the language or the interface uses for something else.
    case reservedName(String, language: String = "Verilog")
    /// A name for a module or entity that is not an identifier.
    case badModuleName(String, language: String = "Verilog")
    /// Test vectors that do not fit the graph; the text says why.
    case badVectors(String)
  }

  public let code: Code

  public init(_ code: Code) { self.code = code }

  public var message: String {
    switch code {
    case .reservedName(let name, "VHDL"):
      "the port name '\(name)' is none in VHDL, or is taken by it, by another port or by the interface"
    case .reservedName(let name, let language):
      "the port name '\(name)' is taken by \(language) or by the interface"
    case .badModuleName(let name, let language):
      "'\(name)' is not a name for a \(language) \(language == "VHDL" ? "entity" : "module")"
    case .badVectors(let reason): reason
    }
  }

  public var hint: String {
    switch code {
    case .reservedName(_, "VHDL"):
      "rename the port (VHDL ignores case and allows no two underscores in a row, none at the end), or use Verilog"
    case .reservedName: "rename the port; docs/datapath.md lists the interface's own names"
    case .badModuleName:
      "use at most 64 letters, digits and single underscores, a letter first, no keyword, no port"
    case .badVectors: "take the vectors from one run of the integer model"
    }
  }

  public var kind: FailureKind { .badData }
}
