import PareNumerics

/// Turns every rounding into a sum that is then cut off, so that the rounding constant joins a bias and costs no adder.
///
/// Half up is `floor((x + half) / 2^s)`; when nothing else reads the sum `x`, half is added to its bias. Ties to even is
/// `floor((x + half - 1 + b) / 2^s)`, where `b` is the lowest bit that is kept.
public struct FoldRounding: Pass {
  public init() {}

  public func callAsFunction(_ datapath: Datapath) throws -> Datapath {
    let halves = foldableHalves(datapath)
    return try datapath.rewriting { builder, index, op in
      let node = datapath.nodes[index]
      if let half = halves[index], case .linear(let terms, let bias) = op {
        return try builder.linear(
          terms, bias: bias + half, fractionBits: node.format.fractionBits, label: node.label)
      }
      guard case .requantize(let wire, let rounding, let overflow) = op, rounding != .floor else {
        return try builder.rebuild(node, as: op)
      }
      let isFolded = halves[Int(node.op.operands[0].index)] != nil
      let sum =
        isFolded
        ? wire : try rounded(wire, rounding, to: node.format, label: node.label, &builder)
      guard let sum else { return try builder.rebuild(node, as: op) }
      return try builder.requantize(
        sum, to: node.format, rounding: .floor, overflow: overflow, label: node.label)
    }
  }

  /// The rounding constant of every linear node that only a rounding half up reads.
  private func foldableHalves(_ datapath: Datapath) -> [Int: Int64] {
    let uses = datapath.useCounts
    var halves: [Int: Int64] = [:]
    for node in datapath.nodes {
      guard case .requantize(let wire, .nearest, _) = node.op else { continue }
      let source = datapath[wire]
      guard case .linear(_, let bias) = source.op, uses[Int(wire.index)] == 1,
        let half = half(of: source, in: node.format), fits(source.range, plus: half),
        fits(IntegerRange(bias), plus: half)
      else { continue }
      halves[Int(wire.index)] = half
    }
    return halves
  }

  /// Half a unit of the last place that is kept; nil when nothing is cut off.
  private func half(of source: Node, in format: WordFormat) -> Int64? {
    let shift = source.format.fractionBits - format.fractionBits
    return shift > 0 ? Int64(1) << Int64(shift - 1) : nil
  }

  private func fits(_ range: IntegerRange, plus half: Int64) -> Bool {
    range.adding(IntegerRange(0, half)).map { $0.signedBits <= 63 } ?? false
  }

  /// The wire with its rounding constant; the wire itself when nothing is cut off, nil when the sum would not fit.
  private func rounded(
    _ wire: Wire, _ rounding: Rounding, to format: WordFormat, label: String,
    _ builder: inout DatapathBuilder
  ) throws -> Wire? {
    let source = builder[wire]
    guard let half = half(of: source, in: format) else { return wire }
    guard fits(source.range, plus: half) else { return nil }
    let label = label.isEmpty ? "" : label + "_r"
    let fractionBits = source.format.fractionBits
    switch rounding {
    case .floor: return wire
    case .nearest:
      return try builder.linear(
        [LinearTerm(1, wire)], bias: half, fractionBits: fractionBits, label: label)
    case .convergent:
      let lowest = WordFormat(
        wordLength: 1, integerBits: 1 - format.fractionBits, isSigned: false)
      let bit = try builder.requantize(wire, to: lowest, rounding: .floor, overflow: .wrap)
      return try builder.linear(
        [LinearTerm(1, wire), LinearTerm(1, bit)], bias: half - 1, fractionBits: fractionBits,
        label: label)
    }
  }
}
