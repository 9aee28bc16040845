import PareNumerics

extension SumGraph {
  /// The same sums as rows of the family: a node has at most ``LogicFamily/adderOperands`` operands, its bias among them,
  /// and an output is one term that is added, or a constant.
  ///
  /// Signs are pushed from a row to its reader, so that the operand with the lowest last place is added where that saves
  /// tables, and no row subtracts all of its operands (a row of three with an empty place may subtract two).
  ///
  /// - Precondition: the nodes stand in order, as ``expanded()`` demands.
  public func lowered(toRowsOf family: LogicFamily, for problem: SumProblem) -> SumGraph {
    var lowering = RowLowering(self, family: family, inputs: problem.inputs)
    return lowering.run()
  }
}

private struct RowLowering {
  /// What a node of the factored graph is in the rows: a row, moved, or 0.
  private struct Place {
    var source: SumGraph.Source
    var shift: Int
    var delay: Int
    var isNegated: Bool
  }

  private let graph: SumGraph
  private let limit: Int
  private let inputs: [SumProblem.Input]
  private var rows: [SumGraph.Sum] = []
  private var forms: [TapForm] = []
  private var biases: [Int64] = []
  private var levels: [Int] = []
  private var known: [SumGraph.Sum: Int] = [:]
  private var places: [Place?] = []

  init(_ graph: SumGraph, family: LogicFamily, inputs: [SumProblem.Input]) {
    self.graph = graph
    self.inputs = inputs
    limit = family.adderOperands
  }

  mutating func run() -> SumGraph {
    let polarities = RowPolarities(graph)
    for (index, node) in graph.nodes.enumerated() {
      let isNegated = polarities.areNegated[index]
      let leaves = leaves(of: node).map { isNegated ? $0.flipped : $0 }
      let isFree = !polarities.areOutputs[index] || leaves.allSatisfy(\.isNegated)
      var place = join(leaves, mayEndNegative: isFree)
      if isNegated { place?.isNegated.toggle() }
      places.append(place)
    }
    let outputs = graph.outputs.map { output -> SumGraph.Sum in
      let leaves = leaves(of: output)
      if leaves.allSatisfy(\.isConstant) { return SumGraph.Sum([], bias: output.bias) }
      guard var place = join(leaves, mayEndNegative: false) else { return SumGraph.Sum([]) }
      if place.isNegated {
        let row = row([SumGraph.Term(place.source, isNegated: true)], bias: 0)
        place = Place(source: .node(row), shift: place.shift, delay: place.delay, isNegated: false)
      }
      return SumGraph.Sum([
        SumGraph.Term(place.source, shift: place.shift, delay: place.delay)
      ])
    }
    return SumGraph(nodes: rows, outputs: outputs)
  }

  private func leaves(of sum: SumGraph.Sum) -> [RowLeaf] {
    var leaves = sum.terms.compactMap { term -> RowLeaf? in
      switch term.source {
      case .input:
        return leaf(
          Place(
            source: term.source, shift: term.shift, delay: term.delay, isNegated: term.isNegated))
      case .node(let node):
        guard var place = places[node] else { return nil }
        place.shift += term.shift
        place.delay += term.delay
        place.isNegated = place.isNegated != term.isNegated
        return leaf(place)
      }
    }
    if sum.bias != 0 {
      leaves.append(
        RowLeaf(
          source: nil, shift: sum.bias.trailingZeroBitCount,
          level: leaves.map(\.level).min() ?? 0, form: TapForm(), bias: sum.bias,
          range: WideRange(lower: Int128(sum.bias), upper: Int128(sum.bias))))
    }
    return leaves
  }

  private func leaf(_ place: Place) -> RowLeaf {
    let form: TapForm
    var bias: Int64 = 0
    var level: Int
    switch place.source {
    case .input(let input):
      form = TapForm(input: input, delay: place.delay, coefficient: 1 << Int64(place.shift))
      level = inputs[input].arrival
    case .node(let row):
      form = forms[row].moved(shift: place.shift, delay: place.delay)
      bias = biases[row] << Int64(place.shift)
      level = levels[row]
    }
    level = max(0, level - place.delay)
    let offset = WideRange(lower: Int128(bias), upper: Int128(bias))
    return RowLeaf(
      source: place.source, shift: place.shift, delay: place.delay, isNegated: place.isNegated,
      level: level, form: form, bias: bias, range: form.bounds(inputs) + offset)
  }

  /// The sum of the leaves as a place, subtracted only when it may be or when it is a single word.
  private mutating func join(_ leaves: [RowLeaf], mayEndNegative: Bool) -> Place? {
    if leaves.isEmpty { return nil }
    if leaves.count == 1, !leaves[0].isConstant { return place(of: leaves[0]) }
    var leaves = leaves
    if !mayEndNegative, limit == 2, leaves.allSatisfy(\.isNegated) {
      // Some word must be negated by a row of its own: the narrowest.
      let index = leaves.indices.min {
        (leaves[$0].range.signedBits - leaves[$0].shift, $0)
          < (leaves[$1].range.signedBits - leaves[$1].shift, $1)
      }!
      let old = leaves[index]
      let row = row(
        [SumGraph.Term(old.source!, delay: old.delay, isNegated: true)], bias: 0)
      leaves[index] = leaf(
        Place(source: .node(row), shift: old.shift, delay: 0, isNegated: false))
    }
    var joiner = RowJoiner(leaves, limit: limit, inputs: inputs)
    while let (indices, isNegated) = joiner.takeNext(mayEndNegative: mayEndNegative) {
      let place = row(of: indices.map { joiner.leaves[$0] }, isNegated: isNegated)
      joiner.add(leaf(place))
    }
    let rest = joiner.rest
    if rest.count == 1 { return place(of: joiner.leaves[rest[0]]) }
    let isNegated = mayEndNegative && joiner.price(rest, true).isNegated
    return row(of: rest.map { joiner.leaves[$0] }, isNegated: isNegated)
  }

  private func place(of leaf: RowLeaf) -> Place {
    Place(
      source: leaf.source!, shift: leaf.shift, delay: leaf.delay, isNegated: leaf.isNegated)
  }

  /// The row that adds the leaves, or the negative of their sum.
  private mutating func row(of leaves: [RowLeaf], isNegated: Bool) -> Place {
    let shift = leaves.map(\.shift).min()!
    var terms: [SumGraph.Term] = []
    var bias: Int64 = 0
    for leaf in leaves {
      if let source = leaf.source {
        terms.append(
          SumGraph.Term(
            source, shift: leaf.shift - shift, delay: leaf.delay,
            isNegated: leaf.isNegated != isNegated))
      } else {
        let value = leaf.isNegated != isNegated ? 0 &- leaf.bias : leaf.bias
        bias = value >> Int64(shift)
      }
    }
    return Place(
      source: .node(row(terms, bias: bias)), shift: shift, delay: 0, isNegated: isNegated)
  }

  /// The row of these operands, an equal one if there is one.
  private mutating func row(_ terms: [SumGraph.Term], bias: Int64) -> Int {
    // What is added stands first, so that no line of code begins with a sign.
    let sum = SumGraph.Sum(terms.sorted { $0.orderKey < $1.orderKey }, bias: bias)
    if let row = known[sum] { return row }
    var form = TapForm()
    var total = bias
    var level = 0
    for term in sum.terms {
      let leaf = leaf(
        Place(source: term.source, shift: term.shift, delay: term.delay, isNegated: false))
      form = form.adding(leaf.form, negated: term.isNegated)
      total = term.isNegated ? total &- leaf.bias : total &+ leaf.bias
      level = max(level, leaf.level)
    }
    rows.append(sum)
    forms.append(form)
    biases.append(total)
    levels.append(level + 1)
    known[sum] = rows.count - 1
    return rows.count - 1
  }
}

extension RowLeaf {
  /// Subtracts what was added and the reverse; a constant takes the sign itself, so that it is always added.
  fileprivate var flipped: RowLeaf {
    RowLeaf(
      source: source, shift: shift, delay: delay, isNegated: !isConstant && !isNegated,
      level: level, form: form, bias: isConstant ? 0 &- bias : bias,
      range: isConstant ? -range : range)
  }
}

extension SumGraph.Term {
  fileprivate var orderKey: (Int, Int, Int, Int, Int) {
    switch source {
    case .node(let node): (isNegated ? 1 : 0, 0, node, delay, shift)
    case .input(let input): (isNegated ? 1 : 0, 1, input, delay, shift)
    }
  }
}
