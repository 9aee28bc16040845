import PareNumerics

extension Datapath: CustomStringConvertible {
  /// The text form, which ``init(parsing:)`` reads back to an equal graph; `docs/datapath.md` has the grammar.
  public var description: String {
    var lines = ["datapath 1"]
    if !inputs.isEmpty { lines.append("inputs \(inputs.joined(separator: ", "))") }
    if lookAhead != 0 { lines.append("lookAhead \(lookAhead)") }
    for (index, node) in nodes.enumerated() { lines.append("%\(index)\(node.text)") }
    for output in outputs { lines.append("output \(output.name) = \(output.wire.text)") }
    return lines.joined(separator: "\n") + "\n"
  }
}

extension Wire {
  var text: String { "%\(index)" }
}

extension Node {
  /// The line of the node after its wire: ` l0c2: <19,9> [-163839, 163836] = add %3 << 2, -%5`.
  var text: String {
    "\(label.isEmpty ? "" : " \(label)"): \(format) \(range) = \(op.text)"
  }
}

extension Op: CustomStringConvertible {
  public var description: String { text }

  var text: String {
    let arguments: [String] =
      switch self {
      case .input(let channel): ["\(channel)"]
      case .constant(let value): ["\(value)"]
      case .delay(let wire, let samples): [wire.text, "\(samples)"]
      case .linear(let terms, let bias):
        terms.map(\.text) + (bias != 0 || terms.isEmpty ? ["bias \(bias)"] : [])
      case .add(let operands): operands.map(\.text)
      case .multiply(let a, let b): [a.text, b.text]
      case .relu(let wire): [wire.text]
      case .clamp(let wire, let lower, let upper): [wire.text, "\(lower)", "\(upper)"]
      case .requantize(let wire, let rounding, let overflow):
        [wire.text, rounding.rawValue, overflow.rawValue]
      case .lookup(let wire, let shift, let table):
        [
          wire.text + (shift == 0 ? "" : " >> \(shift)"),
          "[\(table.map(String.init).joined(separator: ", "))]",
        ]
      }
    return "\(keyword) \(arguments.joined(separator: ", "))"
  }
}

extension LinearTerm {
  var text: String { "\(coefficient) * \(wire.text)" + (delay == 0 ? "" : " @ \(delay)") }
}

extension Operand {
  var text: String { (isNegated ? "-" : "") + wire.text + (shift == 0 ? "" : " << \(shift)") }
}
