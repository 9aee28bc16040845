public import PareDatapath
import PareNumerics

/// What the signals of a generated design compute, found by the names that tools give to cells and nets.
///
/// Synthesizers name a cell after a signal that it makes or reads, with something behind: `l0c2_a0_TRELLIS_FF_Q_7` is a bit
/// of the register `l0c2_a0` (Yosys), `l0c2_a0_reg[7]` too (Vivado).
public struct SignalDirectory: Sendable {
  /// A signal of the design, and what it is.
  public struct Entry: Sendable, Hashable {
    /// In the generated code.
    public let signal: String
    /// Layer, channel, role and formula: `layer 0, channel 2, sum: 4*x0[n-2] - x0[n-4]`.
    public let meaning: String
  }

  private struct Node {
    let place: String
    let role: String
    let formula: String
  }

  private let nodes: [String: Node]

  /// - Throws: ``RTLError`` for a port that cannot keep its name.
  public init(_ pipeline: PipelinedDatapath, language: RTLLanguage = .verilog) throws {
    let datapath = pipeline.datapath
    let names = try SignalNames(pipeline, rules: language == .verilog ? .verilog : .vhdl)
    let formulas = datapath.formulas { names[$0] }
    var nodes: [String: Node] = [:]
    for (index, node) in datapath.nodes.enumerated() where !Self.isDelay(node) {
      nodes[names[Wire(index)]] = Node(
        place: Self.place(of: node, in: datapath), role: Self.role(of: node),
        formula: formulas[index])
    }
    for output in datapath.outputs where nodes[output.name] == nil {
      let source = names[datapath.source(of: output.wire)]
      nodes[output.name] = Node(place: "", role: "output", formula: source)
    }
    for (name, meaning) in [
      ("in_valid", "the flag of a sample at the input"),
      ("out_valid", "the flag of a result at the output"), ("rst", "the reset"),
      ("live", "the count of samples since the reset"),
    ] {
      nodes[name] = Node(place: "", role: "handshake", formula: meaning)
    }
    self.nodes = nodes
  }

  /// The signal that a cell or a net belongs to; nil for one of no signal of the design.
  ///
  /// - Parameters:
  ///   - name: of the cell or net, below any instances (`dut.` or `dut/`).
  ///   - port: of the cell; clock enable and reset are told apart from data.
  public func entry(of name: String, port: String = "") -> Entry? {
    let leaf = name.split(whereSeparator: { $0 == "." || $0 == "/" }).last.map(String.init) ?? name
    guard leaf.first != "$" else { return nil }
    // The longest name that the cell's begins with; what follows it starts with a character of no identifier, or "_".
    var end = leaf.endIndex
    while end > leaf.startIndex {
      let head = String(leaf[..<end])
      if let node = nodes[head] {
        return Entry(signal: signal(head, leaf[end...]), meaning: meaning(node, leaf[end...], port))
      }
      end = leaf[..<end].lastIndex { "_[$".contains($0) } ?? leaf.startIndex
    }
    return nil
  }

  /// `x0` and `_d2_TRELLIS_FF_Q` give `x0_d2`.
  private func signal(_ name: String, _ rest: Substring) -> String {
    delay(rest).map { "\(name)_d\($0)" } ?? name
  }

  /// Registers behind the signal itself.
  private func delay(_ rest: Substring) -> Int? {
    rest.prefixMatch(of: #/_d([0-9]+)(?![A-Za-z0-9])/#).flatMap { Int($0.output.1) }
  }

  private func meaning(_ node: Node, _ rest: Substring, _ port: String) -> String {
    var words = [node.place, node.role].filter { !$0.isEmpty }.joined(separator: ", ")
    words += ": \(node.formula)"
    if let delay = delay(rest) { words += ", \(delay) \(delay == 1 ? "clock" : "clocks") later" }
    switch port {
    case "CE": return "clock enable of \(words)"
    case "LSR", "R", "S": return "reset of \(words)"
    default: return readsOnly(rest) ? "logic behind \(words)" : words
    }
  }

  /// Whether the first cell behind the name reads the signal: its port is none of an output's.
  private func readsOnly(_ rest: Substring) -> Bool {
    guard
      let match = rest.firstMatch(
        of: #/_(TRELLIS_FF|LUT[1-6]|CCU2C|PFUMX|L6MUX21|CARRY4|MULT18X18D|FD[RSCP]E)_([A-Z0-9]+)/#)
    else { return false }
    return !["Q", "Z", "S0", "S1", "COUT", "O", "CO", "P"].contains {
      match.output.2.hasPrefix($0)
    }
  }

  // MARK: - Words

  private static func isDelay(_ node: PareDatapath.Node) -> Bool {
    if case .delay = node.op { true } else { false }
  }

  private static func role(of node: PareDatapath.Node) -> String {
    switch node.op {
    case .input: "input"
    case .constant: "constant"
    case .delay: "delay"
    case .linear, .add: "sum"
    case .multiply: "product"
    case .relu: "rectifier"
    case .clamp: "limit"
    case .requantize: "rounding"
    case .lookup: "table"
    }
  }

  /// `layer 0, channel 2` of `l0c2_a5`; the features of the input have labels such as `e2`.
  private static func place(of node: PareDatapath.Node, in datapath: Datapath) -> String {
    if let match = node.label.prefixMatch(of: #/l([0-9]+)c([0-9]+)/#) {
      return "layer \(match.output.1), channel \(match.output.2)"
    }
    if node.label.prefixMatch(of: #/x?[0-9]*e[0-9]+/#) != nil { return "feature" }
    return ""
  }
}

extension Datapath {
  /// The wire that a wire is a delayed copy of, or itself.
  fileprivate func source(of wire: Wire) -> Wire {
    var wire = wire
    while case .delay(let operand, _) = self[wire].op { wire = operand }
    return wire
  }
}
