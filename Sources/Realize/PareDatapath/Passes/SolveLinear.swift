import PareNumerics

/// Rewrites the linear nodes as rows of adders that share what their sums have in common.
///
/// Nodes that read a common wire, directly or through others that do, are one ``SumProblem``; of two that feed one another
/// each is in a problem of its own. Solutions are rows of ``LogicFamily/adderOperands`` operands with delays between them.
/// Whatever is shared behind a delay has no bias, so that before the first sample it is 0, as the delayed sources are.
public struct SolveLinear: Pass {
  public let options: SolverOptions
  private let solve: @Sendable (SumProblem, SolverOptions) throws -> SumGraph

  public init(_ options: SolverOptions) {
    self.init(options) { problem, options in
      try SumSolver(options).solve(problem)
    }
  }

  /// - Parameter solve: finds a graph of rows of the options' family.
  init(
    _ options: SolverOptions,
    solve: @escaping @Sendable (SumProblem, SolverOptions) throws -> SumGraph
  ) {
    self.options = options
    self.solve = solve
  }

  public func callAsFunction(_ datapath: Datapath) throws -> Datapath {
    let groups = try datapath.linearGroups()
    if groups.isEmpty { return datapath }
    var groupOf = Array(repeating: -1, count: datapath.nodes.count)
    for (index, group) in groups.enumerated() {
      for member in group.members { groupOf[member] = index }
    }
    var builder = DatapathBuilder(rewriting: datapath)
    var rows = RowEmitter(datapath)
    for index in datapath.linearOrder {
      let node = datapath.nodes[index]
      guard case .linear = node.op else {
        let op = node.op.mapped { rows.moved[Int($0.index)]! }
        rows.moved[index] = try builder.rebuild(node, as: op)
        continue
      }
      if rows.moved[index] == nil {
        let group = groups[groupOf[index]]
        let problem = rows.problem(of: group, &builder)
        try rows.emit(try graph(of: problem), for: group, &builder)
      }
    }
    for output in datapath.outputs {
      builder.output(output.name, rows.moved[Int(output.wire.index)]!)
    }
    return builder.rewritten(lookAhead: datapath.lookAhead)
  }

  /// Rows for the problem; when a row of the solution leaves 63 bits, which a sum close to that can cause, unshared ones
  /// whose parts are no wider than their sum.
  private func graph(of problem: SumProblem) throws -> SumGraph {
    let graph = try solve(problem, options)
    if graph.rowCost(for: problem, family: options.family).widestRow <= 63 { return graph }
    return SumGraph(monotone: problem).lowered(toRowsOf: options.family, for: problem)
  }
}

/// Linear nodes to be solved together.
struct LinearGroup {
  /// Indices of the nodes, ascending.
  var members: [Int]
  /// The wires that they read, ascending, delays taken off.
  var sources: [Wire]
  /// `[member]`: products of sources (by their place in ``sources``).
  var outputs: [SumProblem.Output]
}

extension Datapath {
  /// Most linear nodes on a way from an input to each node, the node itself included.
  private var linearRanks: [Int] {
    var ranks = Array(repeating: 0, count: nodes.count)
    for (index, node) in nodes.enumerated() {
      let before = node.op.operands.map { ranks[Int($0.index)] }.max() ?? 0
      if case .linear = node.op { ranks[index] = before + 1 } else { ranks[index] = before }
    }
    return ranks
  }

  /// An order of the nodes in which operands come before their users, and all that linear nodes of one rank read before
  /// the first of them.
  fileprivate var linearOrder: [Int] {
    let keys = zip(linearRanks, nodes).map { rank, node in
      if case .linear = node.op { return 2 * rank }
      return 2 * rank + 1
    }
    return nodes.indices.sorted { (keys[$0], $0) < (keys[$1], $1) }
  }

  /// The linear nodes of one rank that read common wires, in the order of their first members.
  ///
  /// - Throws: ``DatapathError`` with code `.rangeOverflow` when the sum of equal taps leaves 64 bits.
  fileprivate func linearGroups() throws -> [LinearGroup] {
    struct Key: Hashable {
      let rank: Int
      let wire: Wire
    }
    let ranks = linearRanks
    var parents = Array(nodes.indices)
    func root(_ index: Int) -> Int {
      var index = index
      while parents[index] != index {
        parents[index] = parents[parents[index]]
        index = parents[index]
      }
      return index
    }
    var readers: [Key: Int] = [:]
    var products: [Int: [AffineForm.Atom: Int64]] = [:]
    for (index, node) in nodes.enumerated() {
      guard case .linear(let terms, _) = node.op else { continue }
      var sums: [AffineForm.Atom: Int64] = [:]
      for term in terms where term.coefficient != 0 {
        let (wire, delay) = undelayed(term.wire)
        let atom = AffineForm.Atom(wire: wire, delay: delay + term.delay)
        let (sum, overflow) = sums[atom, default: 0].addingReportingOverflow(term.coefficient)
        if overflow { throw DatapathError(.rangeOverflow(node: index, keyword: "linear")) }
        sums[atom] = sum
      }
      products[index] = sums.filter { $0.value != 0 }
      for atom in products[index]!.keys {
        let key = Key(rank: ranks[index], wire: atom.wire)
        if let reader = readers[key] {
          // The lowest index is the root, so that the order of the keys does not matter.
          let (a, b) = (root(reader), root(index))
          parents[max(a, b)] = min(a, b)
        } else {
          readers[key] = index
        }
      }
    }
    var members: [Int: [Int]] = [:]
    for index in products.keys.sorted() { members[root(index), default: []].append(index) }
    return members.keys.sorted().map { first in
      let members = members[first]!
      let sources = Set(members.flatMap { products[$0]!.keys.map(\.wire) }).sorted()
      let places = Dictionary(
        uniqueKeysWithValues: sources.enumerated().map { ($0.element, $0.offset) })
      let outputs = members.map { member -> SumProblem.Output in
        guard case .linear(_, let bias) = nodes[member].op else { fatalError("not linear") }
        return SumProblem.Output(
          products[member]!.sorted { $0.key < $1.key }.map { atom, coefficient in
            SumProblem.Product(coefficient, input: places[atom.wire]!, delay: atom.delay)
          }, bias: bias)
      }
      return LinearGroup(members: members, sources: sources, outputs: outputs)
    }
  }
}
