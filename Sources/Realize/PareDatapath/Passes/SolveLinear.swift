import PareNumerics

/// Rewrites the linear nodes as rows of shifted adders that share what they have in common, also across samples.
///
/// Linear nodes that read a common wire, and of which none depends on another, make up one problem for ``SumSolver``.
/// A row has as many operands as the family adds at once. A shared row is named after the first output that reads it.
public struct SolveLinear: Pass {
  public let options: SolverOptions

  public init(_ options: SolverOptions) { self.options = options }

  public func callAsFunction(_ datapath: Datapath) throws -> Datapath {
    let groups = LinearGroups(datapath)
    let solver = SumSolver(options)
    let definesPort = datapath.definesPort
    var builder = DatapathBuilder(rewriting: datapath)
    var arrivals = Arrivals()
    var moved = Array(repeating: Wire(0), count: datapath.nodes.count)
    for step in groups.steps {
      try Task.checkCancellation()
      switch step {
      case .node(let index):
        let node = datapath.nodes[index]
        let op = node.op.mapped { moved[Int($0.index)] }
        moved[index] = try builder.rebuild(node, as: op)
      case .group(let members):
        var emission = GroupEmission(datapath, members, moved, definesPort)
        let stages = emission.sources.map { arrivals.stage(of: $0, in: builder) }
        let problem = emission.problem(stages: stages, in: builder)
        let wires = try emission.emit(solver.solve(problem), into: &builder)
        for (member, wire) in zip(members, wires) { moved[member] = wire }
      }
    }
    for output in datapath.outputs { builder.output(output.name, moved[Int(output.wire.index)]) }
    return builder.rewritten(lookAhead: datapath.lookAhead)
  }
}

/// One group of linear nodes on its way to rows.
private struct GroupEmission {
  private let nodes: [Node]
  private let definesPort: [Bool]
  /// What the problem's inputs are, in the graph that is built.
  let sources: [Wire]
  private let outputs: [SumProblem.Output]
  private var delays: [AffineForm.Atom: Wire] = [:]

  init(_ datapath: Datapath, _ members: [Int], _ moved: [Wire], _ definesPort: [Bool]) {
    nodes = members.map { datapath.nodes[$0] }
    self.definesPort = members.map { definesPort[$0] }
    var sources: [Wire] = []
    var inputs: [Wire: Int] = [:]
    outputs = members.map { member in
      let (atoms, bias) = datapath.linearAtoms(member)
      let products = atoms.map { atom, coefficient in
        let wire = moved[Int(atom.wire.index)]
        let input = inputs[wire] ?? sources.count
        if input == sources.count {
          inputs[wire] = input
          sources.append(wire)
        }
        return (SumProblem.Tap(input: input, delay: atom.delay), coefficient)
      }
      // Two wires can have become one.
      var sums: [SumProblem.Tap: Int64] = [:]
      for (tap, coefficient) in products { sums[tap, default: 0] &+= coefficient }
      return SumProblem.Output(
        sums.keys.sorted().compactMap { tap in
          let coefficient = sums[tap]!
          return coefficient == 0
            ? nil : SumProblem.Product(coefficient, input: tap.input, delay: tap.delay)
        }, bias: bias)
    }
    self.sources = sources
  }

  /// - Parameter stages: when the sources are ready.
  func problem(stages: [Int], in builder: DatapathBuilder) -> SumProblem {
    let first = stages.min() ?? 0
    return SumProblem(
      inputs: zip(sources, stages).map {
        SumProblem.Input(range: builder[$0].range, arrival: $1 - first)
      }, outputs: outputs)
  }

  /// Appends the rows.
  ///
  /// - Returns: the wires of the group's nodes, in their order.
  mutating func emit(_ graph: SumGraph, into builder: inout DatapathBuilder) throws -> [Wire] {
    let readers = firstReaders(graph)
    var places = Array(repeating: [Int](), count: nodes.count)
    for (index, reader) in readers.enumerated() {
      if let reader { places[reader].append(index) }
    }
    var rows: [Wire?] = Array(repeating: nil, count: graph.nodes.count)
    var results: [Wire] = []
    for (index, node) in nodes.enumerated() {
      let output = graph.outputs[index]
      guard let term = output.terms.first else {
        results.append(try builder.rebuild(node, as: .constant(output.bias)))
        continue
      }
      let fractions = fractionBits(graph, output, node.format.fractionBits)
      var inner = 0
      for row in places[index] {
        let operands = try operands(
          of: graph.nodes[row], rows, fractionBits: fractions[row]!, &builder)
        if term == SumGraph.Term(.node(row)) {
          rows[row] = try builder.rebuild(node, as: .add(operands))
        } else {
          rows[row] = try builder.add(
            operands, fractionBits: fractions[row]!,
            label: node.label.isEmpty ? "" : "\(node.label)_a\(inner)")
          inner += 1
        }
      }
      results.append(
        try result(term, of: node, definesPort: definesPort[index], rows, &builder))
    }
    return results
  }

  /// The wire of a whole output.
  private mutating func result(
    _ term: SumGraph.Term, of node: Node, definesPort: Bool, _ rows: [Wire?],
    _ builder: inout DatapathBuilder
  ) throws -> Wire {
    let wire = wire(term, rows, &builder)
    let format = builder[wire].format
    let isWire =
      term.shift == 0 && !term.isNegated && format.fractionBits == node.format.fractionBits
    if isWire, !definesPort || format == node.format { return wire }
    return try builder.rebuild(
      node, as: .add([Operand(wire, shift: term.shift, isNegated: term.isNegated)]))
  }

  /// Per row, the first output that it is part of.
  private func firstReaders(_ graph: SumGraph) -> [Int?] {
    var readers: [Int?] = Array(repeating: nil, count: graph.nodes.count)
    func mark(_ sum: SumGraph.Sum, _ reader: Int) {
      for case .node(let node) in sum.terms.map(\.source) {
        readers[node] = min(readers[node] ?? reader, reader)
      }
    }
    for (index, output) in graph.outputs.enumerated() { mark(output, index) }
    for (index, node) in graph.nodes.enumerated().reversed() {
      if let reader = readers[index] { mark(node, reader) }
    }
    return readers
  }

  /// How the rows of an output are to be read, if the output is to be read as it was.
  private func fractionBits(
    _ graph: SumGraph, _ output: SumGraph.Sum, _ fractionBits: Int
  ) -> [Int: Int] {
    var fractions: [Int: Int] = [:]
    var open: [(SumGraph.Sum, Int)] = [(output, fractionBits)]
    while let (sum, bits) = open.popLast() {
      for term in sum.terms {
        guard case .node(let node) = term.source, fractions[node] == nil else { continue }
        fractions[node] = bits - term.shift
        open.append((graph.nodes[node], bits - term.shift))
      }
    }
    return fractions
  }

  /// What a row adds, a positive operand first if there is one.
  private mutating func operands(
    of row: SumGraph.Sum, _ rows: [Wire?], fractionBits: Int, _ builder: inout DatapathBuilder
  ) throws -> [Operand] {
    var operands = row.terms.map { term in
      Operand(wire(term, rows, &builder), shift: term.shift, isNegated: term.isNegated)
    }
    if row.bias != 0 {
      let zeros = row.bias.trailingZeroBitCount
      let odd = try builder.constant(row.bias >> Int64(zeros), fractionBits: fractionBits - zeros)
      operands.append(Operand(odd, shift: zeros))
    }
    return operands.filter { !$0.isNegated } + operands.filter(\.isNegated)
  }

  /// What a term reads, some samples ago.
  private mutating func wire(
    _ term: SumGraph.Term, _ rows: [Wire?], _ builder: inout DatapathBuilder
  ) -> Wire {
    let source =
      switch term.source {
      case .input(let input): sources[input]
      case .node(let node): rows[node]!
      }
    let atom = AffineForm.Atom(wire: source, delay: term.delay)
    if let known = delays[atom] { return known }
    let wire = builder.delay(source, samples: term.delay)
    delays[atom] = wire
    return wire
  }
}
