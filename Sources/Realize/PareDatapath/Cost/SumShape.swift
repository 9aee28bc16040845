import PareNumerics

/// The operands of a sum as they meet: which places need adding.
struct SumShape {
  /// Below this place the lowest operand alone has bits, which are wires.
  let base: Int
  let width: Int
  let isRow: Bool
  /// The operand whose bits below ``base`` are the sum's.
  let passedOperand: Operand?
  private let terms: [(span: WireSpan, isNegated: Bool, constant: Int64?)]

  init(_ operands: [Operand], in datapath: Datapath, _ spans: [WireSpan], width: Int) {
    var terms: [(span: WireSpan, isNegated: Bool, constant: Int64?)] = []
    var lows: [(low: Int, index: Int)] = []
    for (index, operand) in operands.enumerated() {
      if case .constant(let value) = datapath[operand.wire].op {
        let moved = (operand.isNegated ? 0 &- value : value) << Int64(operand.shift)
        terms.append((WireSpan(low: 0, top: -1, isSigned: false), false, moved))
        lows.append((moved.trailingZeroBitCount, index))
      } else {
        let span = spans[Int(operand.wire.index)].shifted(by: operand.shift)
        terms.append((span, operand.isNegated, nil))
        lows.append((span.low, index))
      }
    }
    lows.sort { ($0.low, $0.index) < ($1.low, $1.index) }
    let lowest = lows[0]
    let isPassed =
      !terms[lowest.index].isNegated && operands.count > 1 && terms[lowest.index].constant == nil
    let start =
      operands.count == 1
      ? lowest.low : terms[lowest.index].isNegated ? lowest.low : lows[1].low
    self.terms = terms
    self.width = width
    base = max(0, min(start, width - 1))
    passedOperand = isPassed ? operands[lowest.index] : nil
    isRow =
      operands.count == 3 && terms.contains { !$0.isNegated }
  }

  /// Places of the row.
  var bits: Int { width - base }

  /// Two-input tables of a plain sum of two operands, or of a negation, on a carry chain whose cells add what a table
  /// and the first operand say: a place where one operand is 0 has no table, one where a bit is inverted has an inverter, and
  /// places above both words repeat the one below.
  var propagateTables: Int {
    let highest = min(width - 1, terms.map { $0.constant == nil ? $0.span.top : 0 }.max() ?? 0)
    guard highest >= base else { return 0 }
    var tables = 0
    let isDifference = terms.contains(where: \.isNegated)
    for place in base...highest {
      var varying = 0
      var isInverted = false
      for term in terms {
        if let constant = term.constant {
          isInverted = isInverted != ((constant >> Int64(min(place, 63))) & 1 == 1)
        } else if term.span.varies(at: place) {
          varying += 1
          if term.isNegated { isInverted.toggle() }
        } else if term.isNegated {
          isInverted.toggle()
        }
      }
      if varying > 1 || varying == 1 && isInverted { tables += 1 }
      // The lowest bit of a difference is no carry's: what the chain sees, and the bit itself, which is the inverse.
      if place == base, isDifference, varying > 1 || varying == 1 && !isInverted { tables += 1 }
    }
    // The lowest bit of a negation is the bit itself.
    return terms.count == 1 ? tables - 1 : tables
  }
}
