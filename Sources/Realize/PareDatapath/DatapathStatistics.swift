import PareNumerics

/// What a graph costs, counted without synthesis.
public struct DatapathStatistics: Hashable, Sendable, Codable {
  public let nodeCount: Int
  /// Terms of linear nodes with a coefficient that is not 0.
  public let termCount: Int
  /// Signed digits of the coefficients of linear nodes, and one for each bias.
  public let digitCount: Int
  /// Two-input adders; a negation counts as one, an adder of three operands as two, a rounding that no sum absorbs as one.
  public let adderCount: Int
  /// Full-adder cells: the bits of each adder's result above the places where only one operand has bits.
  public let adderBits: Int
  /// Most adders on a way from an input to an output.
  public let adderDepth: Int
  /// Products of two signals.
  public let multiplyCount: Int
  public let lookupCount: Int
  /// Bits of all tables.
  public let tableBits: Int
  /// Bits of the delay lines, each wire's samples counted once.
  public let delayBits: Int
}

extension Datapath {
  public var statistics: DatapathStatistics {
    var terms = 0
    var digits = 0
    var adders = 0
    var bits = 0
    var multiplies = 0
    var lookups = 0
    var tableBits = 0
    var depths = Array(repeating: 0, count: nodes.count)
    var samples = Array(repeating: 0, count: nodes.count)
    func keep(_ wire: Wire, _ delay: Int) {
      samples[Int(wire.index)] = max(samples[Int(wire.index)], delay)
    }
    for (index, node) in nodes.enumerated() {
      let rows = adderRows(of: node)
      adders += rows.count
      bits += rows.reduce(0, +)
      depths[index] =
        (node.op.operands.map { depths[Int($0.index)] }.max() ?? 0) + (rows.isEmpty ? 0 : 1)
      switch node.op {
      case .linear(let products, let bias):
        let coefficients = products.map(\.coefficient).filter { $0 != 0 }
        terms += coefficients.count
        digits += coefficients.reduce(0) { $0 + canonicalSignedDigits(of: $1).count }
        digits += bias == 0 ? 0 : 1
        for term in products { keep(term.wire, term.delay) }
      case .multiply: multiplies += 1
      case .lookup(_, _, let table):
        lookups += 1
        tableBits += table.count * IntegerRange(table.min()!, table.max()!).signedBits
      case .delay(let wire, let delay): keep(wire, delay)
      case .input, .constant, .add, .relu, .clamp, .requantize: break
      }
    }
    return DatapathStatistics(
      nodeCount: nodes.count, termCount: terms, digitCount: digits, adderCount: adders,
      adderBits: bits, adderDepth: outputs.map { depths[Int($0.wire.index)] }.max() ?? 0,
      multiplyCount: multiplies, lookupCount: lookups, tableBits: tableBits,
      delayBits: zip(nodes, samples).reduce(0) { $0 + $1.0.range.signedBits * $1.1 })
  }

  /// Full-adder cells of each adder of a node; linear nodes have none before they are expanded.
  func adderRows(of node: Node) -> [Int] {
    let width = node.range.signedBits
    switch node.op {
    case .add(let operands):
      if operands.count == 1 { return operands[0].isNegated ? [width - operands[0].shift] : [] }
      // Below the higher operand's last place the lower one passes through, unless it is subtracted.
      let low = operands.map(\.shift).min()!
      let lowIsNegated = operands.contains { $0.shift == low && $0.isNegated }
      let start = lowIsNegated ? low : operands.map(\.shift).sorted()[1]
      let row = max(1, width - start)
      let negation = operands.allSatisfy(\.isNegated) ? [row] : []
      return Array(repeating: row, count: operands.count - 1) + negation
    case .requantize(let wire, let rounding, _):
      let shift = self[wire].format.fractionBits - node.format.fractionBits
      return shift > 0 && rounding != .floor ? [self[wire].range.signedBits - shift] : []
    case .input, .constant, .delay, .linear, .multiply, .relu, .clamp, .lookup: return []
    }
  }
}
