import PareNumerics

/// Writes solved groups of linear nodes into the graph that ``SolveLinear`` builds.
struct RowEmitter {
  private let datapath: Datapath
  private let definesPort: [Bool]
  /// Wires of the nodes that are rewritten already.
  var moved: [Wire?]
  private var arrivals = Arrivals()
  private var delays: [AffineForm.Atom: Wire] = [:]

  init(_ datapath: Datapath) {
    self.datapath = datapath
    definesPort = datapath.definesPort
    moved = Array(repeating: nil, count: datapath.nodes.count)
  }

  /// The group as a problem, with ranges and levels of the sources as they were built.
  mutating func problem(of group: LinearGroup, _ builder: inout DatapathBuilder) -> SumProblem {
    let stages = group.sources.map {
      arrivals.stage(of: moved[Int($0.index)]!, in: builder)
    }
    let first = stages.min() ?? 0
    return SumProblem(
      inputs: zip(group.sources, stages).map { source, stage in
        SumProblem.Input(
          range: builder[moved[Int(source.index)]!].range, arrival: stage - first)
      }, outputs: group.outputs)
  }

  /// How a row is called and read.
  private struct Reading {
    var label = ""
    var fractionBits: Int
    /// The linear node whose result the row is.
    var member: Int?
  }

  /// Appends the rows, and the results of the group's members.
  ///
  /// - Throws: ``DatapathError`` with code `.rangeOverflow` when a row leaves 63 bits.
  mutating func emit(
    _ graph: SumGraph, for group: LinearGroup, _ builder: inout DatapathBuilder
  ) throws {
    let readings = readings(of: graph, for: group)
    var rows: [Wire?] = []
    rows.reserveCapacity(graph.nodes.count)
    for (row, reading) in zip(graph.nodes, readings) {
      guard let reading else {
        rows.append(nil)
        continue
      }
      let operands = try operands(of: row, reading.fractionBits, rows, group, &builder)
      if let member = reading.member {
        rows.append(try result(datapath.nodes[member], operands, &builder))
      } else {
        rows.append(
          try builder.add(operands, fractionBits: reading.fractionBits, label: reading.label))
      }
    }
    for (member, output) in zip(group.members, graph.outputs) {
      let node = datapath.nodes[member]
      guard let term = output.terms.first else {
        moved[member] = try builder.rebuild(node, as: .constant(output.bias))
        continue
      }
      let wire = wire(of: term, rows, group, &builder)
      let format = builder[wire].format
      let isWire = term.shift == 0 && format.fractionBits == node.format.fractionBits
      moved[member] =
        isWire && (!definesPort[member] || format == node.format)
        ? wire : try result(node, [Operand(wire, shift: term.shift)], &builder)
    }
  }

  /// The sum in the node's format.
  ///
  /// Of rows one by one less can be proven than of the products that they stand for, so the word may seem too short; then
  /// the places above it, which only repeat the sign, are cut off, which takes no logic.
  private func result(
    _ node: Node, _ operands: [Operand], _ builder: inout DatapathBuilder
  ) throws -> Wire {
    do {
      return try builder.rebuild(node, as: .add(operands))
    } catch let error as DatapathError {
      guard case .wordTooShort = error.code else { throw error }
      let sum = try builder.add(
        operands, fractionBits: node.format.fractionBits, label: node.label)
      return try builder.requantize(sum, to: node.format, rounding: .floor, overflow: .wrap)
    }
  }

  private mutating func operands(
    of row: SumGraph.Sum, _ fractionBits: Int, _ rows: [Wire?], _ group: LinearGroup,
    _ builder: inout DatapathBuilder
  ) throws -> [Operand] {
    var operands = row.terms.map { term in
      Operand(wire(of: term, rows, group, &builder), shift: term.shift, isNegated: term.isNegated)
    }
    if row.bias != 0 {
      let zeros = row.bias.trailingZeroBitCount
      let odd = try builder.constant(
        row.bias >> Int64(zeros), fractionBits: fractionBits - zeros)
      // Before what is subtracted, so that no line of code begins with a sign.
      let place = operands.firstIndex(where: \.isNegated) ?? operands.count
      operands.insert(Operand(odd, shift: zeros), at: place)
    }
    return operands
  }

  private mutating func wire(
    of term: SumGraph.Term, _ rows: [Wire?], _ group: LinearGroup,
    _ builder: inout DatapathBuilder
  ) -> Wire {
    let source =
      switch term.source {
      case .input(let input): moved[Int(group.sources[input].index)]!
      case .node(let node): rows[node]!
      }
    let atom = AffineForm.Atom(wire: source, delay: term.delay)
    if let wire = delays[atom] { return wire }
    let wire = builder.delay(source, samples: term.delay)
    delays[atom] = wire
    return wire
  }

  /// Names and binary points of the rows, from the first result that uses each; nil of what no result uses.
  private func readings(of graph: SumGraph, for group: LinearGroup) -> [Reading?] {
    var readings: [Reading?] = Array(repeating: nil, count: graph.nodes.count)
    for (member, output) in zip(group.members, graph.outputs) {
      guard let term = output.terms.first, case .node(let root) = term.source else { continue }
      let node = datapath.nodes[member]
      var claimed: [Int] = []
      func claim(_ row: Int, _ fractionBits: Int) -> Bool {
        guard readings[row] == nil else { return false }
        readings[row] = Reading(fractionBits: fractionBits)
        claimed.append(row)
        return true
      }
      guard claim(root, node.format.fractionBits - term.shift) else { continue }
      var next = 0
      while next < claimed.count {
        let row = claimed[next]
        next += 1
        for term in graph.nodes[row].terms {
          if case .node(let source) = term.source {
            _ = claim(source, readings[row]!.fractionBits - term.shift)
          }
        }
      }
      let isResult = term.shift == 0 && term.delay == 0
      if isResult { readings[root]!.member = member }
      let inner = claimed.filter { !isResult || $0 != root }.sorted()
      if node.label.isEmpty { continue }
      for (number, row) in inner.enumerated() {
        readings[row]!.label = "\(node.label)_a\(number)"
      }
    }
    return readings
  }
}
