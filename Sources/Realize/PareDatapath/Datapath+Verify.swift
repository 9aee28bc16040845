import PareNumerics

extension Datapath {
  /// Checks every rule of a graph; what this accepts, the interpreter, the passes and the generators can take.
  ///
  /// Ports are named by different identifiers, every input channel has exactly one node, operands come before their
  /// users, each range is proven from the ranges of the operands, and each word holds its range.
  ///
  /// - Throws: ``DatapathError``.
  /// - Complexity: O(nodes * terms of the longest affine form).
  public func verify() throws(DatapathError) {
    try verifyPorts()
    var analysis = RangeAnalysis()
    for (index, node) in nodes.enumerated() {
      try verify(node, at: index, in: analysis)
      analysis.append(node)
    }
    for output in outputs where output.wire.index < 0 || Int(output.wire.index) >= nodes.count {
      throw DatapathError(
        .badPorts("output \(output.name) shows %\(output.wire.index), which does not exist"))
    }
  }

  private func verifyPorts() throws(DatapathError) {
    guard !outputs.isEmpty else { throw DatapathError(.badPorts("the graph has no output")) }
    guard lookAhead >= 0 else {
      throw DatapathError(.badPorts("the look-ahead \(lookAhead) is negative"))
    }
    var names: Set<String> = []
    for name in inputs + outputs.map(\.name) {
      guard name.isIdentifier else {
        throw DatapathError(.badPorts("the port name '\(name)' is not an identifier"))
      }
      guard names.insert(name).inserted else {
        throw DatapathError(.badPorts("two ports are named \(name)"))
      }
    }
    var seen = Array(repeating: 0, count: inputs.count)
    for (index, node) in nodes.enumerated() {
      guard case .input(let channel) = node.op else { continue }
      guard inputs.indices.contains(channel) else {
        throw DatapathError(
          .malformed(node: index, reason: "input \(channel) of \(inputs.count) does not exist"))
      }
      seen[channel] += 1
    }
    for (name, count) in zip(inputs, seen) where count != 1 {
      throw DatapathError(.badPorts("input \(name) has \(count) nodes instead of one"))
    }
  }

  private func verify(
    _ node: Node, at index: Int, in analysis: RangeAnalysis
  ) throws(DatapathError) {
    if let reason = node.op.fault {
      throw DatapathError(.malformed(node: index, reason: reason))
    }
    for operand in node.op.operands where operand.index < 0 || Int(operand.index) >= index {
      throw DatapathError(.operandNotBefore(node: index, operand: Int(operand.index)))
    }
    guard (-64...64).contains(node.format.integerBits) else {
      throw DatapathError(
        .malformed(node: index, reason: "integer bits of \(node.format) outside -64...64"))
    }
    guard node.format.range.contains(node.range) else {
      throw DatapathError(.wordTooShort(node: index, format: node.format, range: node.range))
    }
    switch node.op {
    // The declared range is a promise about the input, checked when samples come.
    case .input: return
    case .delay(let wire, _), .relu(let wire), .clamp(let wire, _, _):
      let source = self[wire].format.fractionBits
      guard source == node.format.fractionBits else {
        throw DatapathError(
          .malformed(
            node: index,
            reason: "\(node.op.keyword) of \(source) fraction bits in \(node.format)"))
      }
    case .constant, .linear, .add, .multiply, .requantize, .lookup: break
    }
    let proven = try analysis.range(of: node.op, format: node.format)
    guard node.range.contains(proven) else {
      throw DatapathError(.rangeNotProven(node: index, declared: node.range, proven: proven))
    }
  }
}

extension Op {
  /// What is wrong with the op's own numbers, or nil.
  var fault: String? {
    switch self {
    case .input(let channel): return channel < 0 ? "input \(channel) does not exist" : nil
    case .constant, .multiply, .relu, .requantize: return nil
    case .delay(_, let samples): return samples < 1 ? "delay by \(samples) samples" : nil
    case .linear(let terms, _):
      // Beyond this a coefficient has no signed digits in 64 bits.
      let large = terms.first { $0.coefficient.magnitude >= 1 << 62 }
      return large.map { "the coefficient \($0.coefficient) is too large" }
    case .add(let operands):
      return (1...3).contains(operands.count) ? nil : "an adder of \(operands.count) operands"
    case .clamp(_, let lower, let upper):
      return lower > upper ? "clamp to the empty range \(lower)...\(upper)" : nil
    case .lookup(_, let shift, let table):
      if table.isEmpty { return "a lookup needs a table" }
      return (0...62).contains(shift) ? nil : "lookup shift \(shift) outside 0...62"
    }
  }
}
