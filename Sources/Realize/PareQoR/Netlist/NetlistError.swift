public import PareText

/// A netlist that cannot be simulated.
public struct NetlistError: PareError, Hashable {
  public enum Code: Hashable, Sendable {
    /// A cell of a type that there is no model of.
    case unknownCell(type: String, name: String)
    /// A way to use a cell that its model does not cover.
    case unsupported(cell: String, what: String)
    /// A net that is read and that no cell or input drives.
    case undriven(net: String, cell: String)
    case drivenTwice(net: String, cell: String)
    /// Cells that feed themselves without a register.
    case loop(cell: String)
    case noPort(String, module: String)
  }

  public let code: Code

  public init(_ code: Code) { self.code = code }

  public var message: String {
    switch code {
    case .unknownCell(let type, let name): "cell \(name) is a \(type), which has no model"
    case .unsupported(let cell, let what): "cell \(cell): \(what) is not modelled"
    case .undriven(let net, let cell): "net \(net), which \(cell) reads, has no driver"
    case .drivenTwice(let net, let cell): "net \(net) has two drivers, one of them \(cell)"
    case .loop(let cell): "cell \(cell) feeds itself without a register between"
    case .noPort(let port, let module): "module \(module) has no port \(port)"
    }
  }

  public var hint: String {
    switch code {
    case .unknownCell, .unsupported:
      "docs/guides/netlists.md lists the cells that can be simulated"
    case .undriven, .drivenTwice, .loop: "synthesize the design again, and look at the tool's log"
    case .noPort: "the netlist is of another design; synthesize again"
    }
  }

  public var kind: FailureKind { .badData }
}
