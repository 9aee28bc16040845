import BenchmarkLayers
import PareDatapath

/// What a peer makes of a layer in direct form, as `solve_by_peers.py` writes it.
struct PeerSolution: Decodable {
  let peer: String
  let version: String
  /// The hash of what was solved.
  let key: String
  /// Sums of two, and negations.
  let adders: Int
  let seconds: Double
  /// Bits of each entry of the window that the peer's module takes; 0 of one that it does not read.
  let inputWidths: [Int]
  let outputWidths: [Int]
  /// Places of each output below the lowest that the module gives, which are 0.
  let outputShifts: [Int]
  let outputSigns: [Bool]
  let graph: Graph
  /// Texts by file name; the module is `peer_logic`.
  let verilog: [String: String]
  let pipelines: [Pipeline]

  /// Sources are the entries of the window, input by input, then the nodes.
  struct Graph: Decodable {
    let nodes: [[Term]]
    /// One term each, or none.
    let outputs: [[Term]]
  }

  /// `± source << shift`.
  struct Term: Decodable {
    let source: Int
    let shift: Int
    let isNegated: Bool

    init(from decoder: any Decoder) throws {
      var fields = try decoder.unkeyedContainer()
      source = try fields.decode(Int.self)
      shift = try fields.decode(Int.self)
      isNegated = try fields.decode(Bool.self)
    }
  }

  struct Pipeline: Decodable {
    /// Levels of adders between registers.
    let levels: Int
    /// Clocks after the first in which a result stands at the outputs.
    let latency: Int
    let verilog: [String: String]
  }
}

extension PeerSolution {
  /// The graph with entries of the window as delayed inputs, and nodes that are read once written out where they are.
  ///
  /// - Throws: ``SumGraphFault`` when it does not solve the layer.
  func sumGraph(of layer: BenchmarkMatrix) throws -> SumGraph {
    let entries = inputWidths.count
    var uses = Array(repeating: 0, count: graph.nodes.count)
    for term in (graph.nodes + graph.outputs).joined() where term.source >= entries {
      uses[term.source - entries] += 1
    }
    var written: [[SumGraph.Term]?] = []
    var nodes: [SumGraph.Sum] = []
    var places: [Int] = []
    func terms(_ terms: [Term]) -> [SumGraph.Term] {
      var sum: [SumGraph.Term] = []
      for term in terms {
        let node = term.source - entries
        if node < 0 {
          sum.join(
            SumGraph.Term(
              .input(term.source / layer.tapCount), shift: term.shift,
              delay: term.source % layer.tapCount, isNegated: term.isNegated))
        } else if let inner = written[node] {
          for part in inner {
            sum.join(
              SumGraph.Term(
                part.source, shift: part.shift + term.shift, delay: part.delay,
                isNegated: part.isNegated != term.isNegated))
          }
        } else {
          sum.join(
            SumGraph.Term(.node(places[node]), shift: term.shift, isNegated: term.isNegated))
        }
      }
      return sum
    }
    for (index, node) in graph.nodes.enumerated() {
      let sum = terms(node)
      places.append(nodes.count)
      if uses[index] == 1 || sum.count < 2 {
        written.append(sum)
      } else {
        written.append(nil)
        nodes.append(SumGraph.Sum(sum))
      }
    }
    let result = SumGraph(nodes: nodes, outputs: graph.outputs.map { SumGraph.Sum(terms($0)) })
    try result.verify(solves: layer.problem)
    return result
  }
}

extension [SumGraph.Term] {
  /// Adds a term: two equal ones are one a place higher, opposite ones are none.
  fileprivate mutating func join(_ term: SumGraph.Term) {
    let place = firstIndex {
      $0.source == term.source && $0.delay == term.delay && $0.shift == term.shift
    }
    guard let place else { return append(term) }
    let other = remove(at: place)
    if other.isNegated != term.isNegated { return }
    var sum = term
    sum.shift += 1
    join(sum)
  }
}
