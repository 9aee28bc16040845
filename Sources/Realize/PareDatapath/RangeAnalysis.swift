import PareNumerics

/// Proves what a node can carry, from the declared ranges of its operands and the affine forms of all nodes before it.
///
/// Nodes are shown to it one after the other, from the first on.
struct RangeAnalysis: Sendable {
  private(set) var nodes: [Node] = []
  private(set) var forms: [AffineForm] = []

  mutating func append(_ node: Node) {
    forms.append(form(of: node.op) ?? .atom(Wire(nodes.count)))
    nodes.append(node)
  }

  subscript(wire: Wire) -> Node { nodes[Int(wire.index)] }

  /// Smallest proven bounds of a node of this op and format that would come next.
  ///
  /// - Throws: ``DatapathError`` with code `.rangeOverflow` when they do not fit a word of 63 bits.
  func range(of op: Op, format: WordFormat) throws(DatapathError) -> IntegerRange {
    var proven = interval(of: op, format: format)
    if isSum(op), let exact = form(of: op)?.range(of: { self[$0].range }) {
      // Both bounds hold, so the true range lies in both.
      proven = proven.map { exact.clamped(to: $0) } ?? exact
    }
    guard let proven, proven.signedBits <= 63 else {
      throw DatapathError(.rangeOverflow(node: nodes.count, keyword: op.keyword))
    }
    return proven
  }

  private func isSum(_ op: Op) -> Bool {
    switch op {
    case .linear, .add, .delay: true
    case .input, .constant, .multiply, .relu, .clamp, .requantize, .lookup: false
    }
  }

  /// The affine form of an op, or nil when the op is not affine or a coefficient leaves 64 bits.
  private func form(of op: Op) -> AffineForm? {
    switch op {
    case .constant(let value): return .constant(value)
    case .delay(let wire, let samples): return forms[Int(wire.index)].delayed(by: samples)
    case .linear(let terms, let bias):
      let products = terms.map { term in
        let delayed =
          forms[Int(term.wire.index)].delayed(by: term.delay)
          ?? AffineForm(
            terms: [(AffineForm.Atom(wire: term.wire, delay: term.delay), 1)], bias: 0)
        return (delayed, term.coefficient)
      }
      return AffineForm.sum(of: products, bias: bias)
    case .add(let operands):
      var sum = AffineForm.constant(0)
      for operand in operands {
        let factor = (Int64(1) << Int64(operand.shift)) * (operand.isNegated ? -1 : 1)
        guard let product = forms[Int(operand.wire.index)].scaled(by: factor),
          let next = sum.adding(product)
        else { return nil }
        sum = next
      }
      return sum
    case .input, .multiply, .relu, .clamp, .requantize, .lookup: return nil
    }
  }

  /// Bounds of the op alone, or nil when they leave 64 bits.
  private func interval(of op: Op, format: WordFormat) -> IntegerRange? {
    switch op {
    case .input: return format.range
    case .constant(let value): return IntegerRange(value)
    case .delay(let wire, let samples):
      let range = self[wire].range
      return samples > 0 ? range.union(IntegerRange(0)) : range
    case .linear(let terms, let bias):
      var sum = IntegerRange(bias)
      for term in terms {
        var range = self[term.wire].range
        if term.delay > 0 { range = range.union(IntegerRange(0)) }
        guard let product = range.scaled(by: term.coefficient), let next = sum.adding(product)
        else { return nil }
        sum = next
      }
      return sum
    case .add(let operands):
      var sum = IntegerRange(0)
      for operand in operands {
        let factor = (Int64(1) << Int64(operand.shift)) * (operand.isNegated ? -1 : 1)
        guard let product = self[operand.wire].range.scaled(by: factor),
          let next = sum.adding(product)
        else { return nil }
        sum = next
      }
      return sum
    case .multiply(let a, let b):
      return a == b ? self[a].range.squared : self[a].range.multiplied(by: self[b].range)
    case .relu(let wire):
      let range = self[wire].range
      return IntegerRange(max(0, range.lower), max(0, range.upper))
    case .clamp(let wire, let lower, let upper):
      return self[wire].range.clamped(to: IntegerRange(lower, upper))
    case .requantize(let wire, let rounding, let overflow):
      return requantized(self[wire], format, rounding, overflow)
    case .lookup(let wire, let shift, let table):
      return looked(up: self[wire].range, shift, table)
    }
  }

  private func requantized(
    _ source: Node, _ format: WordFormat, _ rounding: Rounding, _ overflow: Overflow
  ) -> IntegerRange? {
    let shift = source.format.fractionBits - format.fractionBits
    let moved: IntegerRange
    if shift > 0 {
      guard shift <= 62 else { return nil }
      moved = IntegerRange(
        Requantizer.shiftedRight(source.range.lower, by: shift, rounding),
        Requantizer.shiftedRight(source.range.upper, by: shift, rounding))
    } else {
      guard shift > -63, let scaled = source.range.scaled(by: Int64(1) << Int64(-shift)) else {
        return nil
      }
      moved = scaled
    }
    switch overflow {
    case .saturate: return moved.clamped(to: format.range)
    case .wrap: return format.range.contains(moved) ? moved : format.range
    }
  }

  private func looked(up range: IntegerRange, _ shift: Int, _ table: [Int64]) -> IntegerRange? {
    func reach(_ low: Int64, _ high: Int64) -> ArraySlice<Int64> {
      let last = Int64(table.count - 1)
      return table[Int(min(low >> Int64(shift), last))...Int(min(high >> Int64(shift), last))]
    }
    var values: [Int64] = []
    if range.upper >= 0 { values += reach(max(range.lower, 0), range.upper) }
    if range.lower < 0 {
      for value in reach(~min(range.upper, -1), ~range.lower) {
        guard value != .min else { return nil }
        values.append(-value)
      }
    }
    return IntegerRange(values.min()!, values.max()!)
  }
}

extension IntegerRange {
  /// What a number of this range times itself can be, or nil when that leaves 64 bits.
  fileprivate var squared: IntegerRange? {
    guard let corners = multiplied(by: self) else { return nil }
    // Between two ends of opposite signs lies 0; else the least square is that of the end nearer to 0.
    let least = contains(0) ? 0 : min(lower.magnitude, upper.magnitude)
    return IntegerRange(Int64(least * least), corners.upper)
  }
}
