import PareNumerics

extension Node {
  /// Registers that pipelining puts behind the node's logic, the last of them its result.
  ///
  /// Wires (shifts, cut-off low bits, delays) have none; an adder, a limit or a product has one; a table has
  /// those of its ``LookupShape``.
  ///
  /// - Parameter node: gives the node of an operand.
  func registerCount(_ node: (Wire) -> Node) -> Int {
    switch op {
    case .constant, .delay: return 0
    case .input, .linear, .multiply: return 1
    case .add(let operands): return operands.count == 1 && !operands[0].isNegated ? 0 : 1
    case .relu(let wire): return node(wire).range.lower >= 0 ? 0 : 1
    case .clamp(let wire, let lower, let upper):
      return IntegerRange(lower, upper).contains(node(wire).range) ? 0 : 1
    case .requantize(let wire, let rounding, let overflow):
      let shift = node(wire).format.fractionBits - format.fractionBits
      if shift > 0, rounding != .floor { return 1 }
      return overflow == .wrap || !saturates(node(wire).range, by: shift) ? 0 : 1
    case .lookup(let wire, let shift, let table):
      return LookupShape(node(wire).range, shift: shift, table: table).registerCount
    }
  }

  /// Whether a source of this range, cut off by `shift` bits, leaves the format.
  private func saturates(_ source: IntegerRange, by shift: Int) -> Bool {
    let moved =
      shift > 0
      ? IntegerRange(source.lower >> Int64(shift), source.upper >> Int64(shift))
      : source.scaled(by: Int64(1) << Int64(-shift))
    return moved.map { !format.range.contains($0) } ?? true
  }
}
