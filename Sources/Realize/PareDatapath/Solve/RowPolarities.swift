/// Which shared sums are better computed negated, so that few outputs need a negation of their own.
///
/// A sum whose terms all have one sign is computed as their positive sum; any other can be had in either polarity for the
/// price of one row, and is negated when its readers subtract it where nothing is added.
struct RowPolarities {
  /// Per node: whether its row is the negative of its sum.
  private(set) var areNegated: [Bool]
  /// Per node: whether an output reads it, so that its polarity is to be kept.
  private(set) var areOutputs: [Bool]
  private let graph: SumGraph
  /// Per node: whether its terms have both signs.
  private var isMixed: [Bool]

  init(_ graph: SumGraph) {
    self.graph = graph
    areNegated = Array(repeating: false, count: graph.nodes.count)
    isMixed = areNegated
    areOutputs = areNegated
    var wishes = Array(repeating: 0, count: graph.nodes.count)
    for output in graph.outputs {
      for case .node(let node) in output.terms.map(\.source) { areOutputs[node] = true }
    }
    for output in graph.outputs where output.terms.count == 1 && output.bias == 0 {
      if case .node(let node) = output.terms[0].source {
        wishes[node] += output.terms[0].isNegated ? 1 : -1
      }
    }
    for (index, node) in graph.nodes.enumerated() {
      let signs = node.terms.map(sign)
      isMixed[index] = node.bias != 0 || Set(signs).count == 2
      areNegated[index] = isMixed[index] ? wishes[index] > 0 : signs.first ?? false
    }
    mendOutputs()
  }

  /// Whether a term is subtracted, given the polarity of what it reads.
  private func sign(_ term: SumGraph.Term) -> Bool {
    switch term.source {
    case .input: term.isNegated
    case .node(let node): term.isNegated != areNegated[node]
    }
  }

  /// Flips nodes so that outputs which subtract everything add something.
  private mutating func mendOutputs() {
    var readers = Array(repeating: [SumGraph.Sum](), count: graph.nodes.count)
    for output in graph.outputs {
      for case .node(let node) in output.terms.map(\.source) { readers[node].append(output) }
    }
    var nodeReaders = Array(repeating: [Int](), count: graph.nodes.count)
    for (index, sum) in graph.nodes.enumerated() {
      for case .node(let node) in sum.terms.map(\.source) { nodeReaders[node].append(index) }
    }
    for output in graph.outputs where subtractsAll(output) {
      for case .node(let node) in output.terms.map(\.source) where isMixed[node] {
        let before = readers[node].count(where: subtractsAll)
        areNegated[node].toggle()
        let after = readers[node].count(where: subtractsAll)
        // Sums that could be had in either polarity stay such.
        let isSafe = nodeReaders[node].allSatisfy { reader in
          let sum = graph.nodes[reader]
          return isMixed[reader] && (sum.bias != 0 || Set(sum.terms.map(sign)).count == 2)
        }
        if isSafe, after < before { break }
        areNegated[node].toggle()
      }
    }
  }

  private func subtractsAll(_ sum: SumGraph.Sum) -> Bool {
    !sum.terms.isEmpty && sum.bias == 0 && sum.terms.allSatisfy(sign)
  }
}
