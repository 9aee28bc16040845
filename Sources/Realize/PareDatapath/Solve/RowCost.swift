/// What a graph of rows takes, counted from exact ranges.
public struct RowCost: Hashable, Sendable, Codable {
  /// Adders as they are built: one per node, of two or three operands.
  public var rows = 0
  /// Rows of three operands.
  public var ternaryRows = 0
  /// Two-input equivalents: operands less one, and a negation is one.
  public var adders = 0
  /// Tables of all rows' carry chains.
  public var lutBits = 0
  /// Levels after which the last output is ready, counted from the earliest input. A sample of delay makes up for a level.
  public var depth = 0
  /// Bits of the widest row.
  public var widestRow = 0

  public init() {}
}

/// The operands of one row, as far as they decide its tables.
struct RowShape {
  /// Last places of the operands, and whether they are subtracted.
  private var lowest = Int.max
  private var second = Int.max
  private var lowestIsNegated = false

  mutating func add(lsb: Int, isNegated: Bool) {
    if lsb < lowest {
      second = lowest
      lowest = lsb
      lowestIsNegated = isNegated
    } else if lsb < second {
      second = lsb
    }
  }

  /// Tables of a row whose result has this many bits, counted from place 0.
  ///
  /// Below the second operand's last place the lowest operand alone has bits: wires, unless it is subtracted.
  ///
  /// - Source: `docs/measurements.md` has it beside what Yosys 0.70 makes of such rows.
  func tables(width: Int) -> Int {
    let start = second == .max || lowestIsNegated ? lowest : second
    return max(1, width - start)
  }
}

extension SumGraph {
  /// What the graph takes as rows of the family; a factored graph is lowered first.
  public func rowCost(for problem: SumProblem, family: LogicFamily) -> RowCost {
    let limit = family.adderOperands
    let isLowered =
      nodes.allSatisfy { (1...limit).contains($0.terms.count + ($0.bias == 0 ? 0 : 1)) }
      && outputs.allSatisfy {
        $0.terms.isEmpty || $0.terms.count == 1 && $0.bias == 0 && !$0.terms[0].isNegated
      }
    guard isLowered else {
      return lowered(toRowsOf: family, for: problem).rowCost(for: problem, family: family)
    }
    var cost = RowCost()
    var forms: [TapForm] = []
    var biases: [Int64] = []
    var levels: [Int] = []
    func level(of term: Term) -> Int {
      switch term.source {
      case .input(let input): max(0, problem.inputs[input].arrival - term.delay)
      case .node(let node): max(0, levels[node] - term.delay)
      }
    }
    for node in nodes {
      var form = TapForm()
      var bias = node.bias
      var shape = RowShape()
      for term in node.terms {
        let moved: TapForm
        switch term.source {
        case .input(let input):
          moved = TapForm(input: input, delay: term.delay, coefficient: 1 << Int64(term.shift))
        case .node(let source):
          moved = forms[source].moved(shift: term.shift, delay: term.delay)
          let shifted = biases[source] << Int64(term.shift)
          bias = term.isNegated ? bias &- shifted : bias &+ shifted
        }
        form = form.adding(moved, negated: term.isNegated)
        shape.add(lsb: term.shift, isNegated: term.isNegated)
      }
      if node.bias != 0 { shape.add(lsb: node.bias.trailingZeroBitCount, isNegated: false) }
      let offset = WideRange(lower: Int128(bias), upper: Int128(bias))
      let width = (form.bounds(problem.inputs) + offset).signedBits
      let operands = node.terms.count + (node.bias == 0 ? 0 : 1)
      levels.append((node.terms.map(level).max() ?? 0) + 1)
      forms.append(form)
      biases.append(bias)
      let isWire = operands == 1 && node.terms.first?.isNegated == false
      if isWire || node.terms.isEmpty { continue }
      cost.rows += 1
      cost.widestRow = max(cost.widestRow, width)
      cost.ternaryRows += operands == 3 ? 1 : 0
      cost.adders += max(1, operands - 1)
      cost.lutBits += shape.tables(width: width)
    }
    for output in outputs { cost.depth = max(cost.depth, output.terms.map(level).max() ?? 0) }
    return cost
  }
}
