import PareNumerics

/// Computes what does not depend on the input, and removes ops that change nothing within the proven ranges.
///
/// A wire with one possible value becomes a constant; constant and vanishing terms of a sum join its bias; limits that are
/// never reached, shifts by nothing and delays of delays go.
public struct FoldConstants: Pass {
  public init() {}

  public func callAsFunction(_ datapath: Datapath) throws -> Datapath {
    let definesPort = datapath.definesPort
    return try datapath.rewriting { builder, index, op in
      let node = datapath.nodes[index]
      if case .input = op { return try builder.rebuild(node, as: op) }
      if node.range == IntegerRange(0) || (node.range.isConstant && !isDelay(op)) {
        return try builder.rebuild(node, as: .constant(node.range.lower))
      }
      if let source = identity(op, node, builder),
        !definesPort[index] || builder[source].format == node.format
      {
        return source
      }
      switch op {
      case .linear(let terms, let bias):
        return try builder.rebuild(node, as: simplified(terms, bias, builder))
      case .delay(let wire, let samples):
        if case .delay(let source, let more) = builder[wire].op {
          return try builder.rebuild(node, as: .delay(source, samples: samples + more))
        }
        return try builder.rebuild(node, as: op)
      case .input, .constant, .add, .multiply, .relu, .clamp, .requantize, .lookup:
        return try builder.rebuild(node, as: op)
      }
    }
  }

  /// A delayed constant is 0 at first, whatever its declared range says.
  private func isDelay(_ op: Op) -> Bool {
    if case .delay = op { return true }
    return false
  }

  /// The wire that the op only passes on, or nil.
  private func identity(_ op: Op, _ node: Node, _ builder: DatapathBuilder) -> Wire? {
    switch op {
    case .relu(let wire): return builder[wire].range.lower >= 0 ? wire : nil
    case .clamp(let wire, let lower, let upper):
      return IntegerRange(lower, upper).contains(builder[wire].range) ? wire : nil
    case .requantize(let wire, _, _):
      let source = builder[wire]
      return source.format.fractionBits == node.format.fractionBits
        && node.format.range.contains(source.range) ? wire : nil
    case .add(let operands):
      let first = operands[0]
      return operands.count == 1 && first.shift == 0 && !first.isNegated
        && builder[first.wire].format.fractionBits == node.format.fractionBits ? first.wire : nil
    case .input, .constant, .delay, .linear, .multiply, .lookup: return nil
    }
  }

  /// The sum with one term per wire and delay, none of them zero or constant.
  private func simplified(
    _ terms: [LinearTerm], _ bias: Int64, _ builder: DatapathBuilder
  ) -> Op {
    var order: [AffineForm.Atom] = []
    var sums: [AffineForm.Atom: Int64] = [:]
    var total = bias
    for term in terms {
      var atom = AffineForm.Atom(wire: term.wire, delay: term.delay)
      if case .delay(let source, let samples) = builder[term.wire].op {
        atom = AffineForm.Atom(wire: source, delay: term.delay + samples)
      }
      let range = builder[atom.wire].range
      if range == IntegerRange(0) { continue }
      if range.isConstant, atom.delay == 0 {
        // Wraps as the sum itself would; the whole is proven to fit.
        total &+= term.coefficient &* range.lower
        continue
      }
      if sums[atom] == nil { order.append(atom) }
      sums[atom, default: 0] &+= term.coefficient
    }
    let kept = order.compactMap { atom -> LinearTerm? in
      let coefficient = sums[atom] ?? 0
      return coefficient == 0 ? nil : LinearTerm(coefficient, atom.wire, delay: atom.delay)
    }
    return .linear(kept, bias: total)
  }
}
