import PareNumerics

/// Makes a rectifier and a saturating requantization one node: a requantization that saturates at 0 below.
///
/// Rounding and saturation are monotonic and keep 0, so the rectifier may stand before or after them.
///
///     %2: <24,9> ... = relu %1                                  %2: u<15,5> ... = requantize %1, nearest, saturate
///     %3: <16,6> ... = requantize %2, nearest, saturate
public struct FuseRelu: Pass {
  public init() {}

  public func callAsFunction(_ datapath: Datapath) throws -> Datapath {
    let uses = datapath.useCounts
    let definesPort = datapath.definesPort
    return try datapath.rewriting { builder, index, op in
      let node = datapath.nodes[index]
      if !definesPort[index], let fused = fused(op, node, builder, datapath.nodes[index].op, uses) {
        return try builder.requantize(
          fused.wire, to: fused.format, rounding: fused.rounding, overflow: .saturate,
          label: node.label)
      }
      return try builder.rebuild(node, as: op)
    }
  }

  private func fused(
    _ op: Op, _ node: Node, _ builder: DatapathBuilder, _ original: Op, _ uses: [Int]
  ) -> (wire: Wire, format: WordFormat, rounding: Rounding)? {
    guard let inner = original.operands.first, uses[Int(inner.index)] == 1 else { return nil }
    switch op {
    case .requantize(let wire, let rounding, .saturate):
      guard case .relu(let source) = builder[wire].op, let format = node.format.halfLine else {
        return nil
      }
      return (source, format, rounding)
    case .relu(let wire):
      let source = builder[wire]
      guard case .requantize(let origin, let rounding, .saturate) = source.op,
        let format = source.format.halfLine
      else { return nil }
      return (origin, format, rounding)
    case .input, .constant, .delay, .linear, .add, .multiply, .clamp, .lookup,
      .requantize(_, _, .wrap):
      return nil
    }
  }
}

extension WordFormat {
  /// The unsigned format that holds exactly the values of this one from 0 up; nil for a word of a sign alone.
  fileprivate var halfLine: WordFormat? {
    if !isSigned { return self }
    guard wordLength > 1 else { return nil }
    return WordFormat(
      wordLength: wordLength - 1, integerBits: integerBits - 1, isSigned: false)
  }
}
