import PareNumerics
import RandomDatapaths
import Testing

@testable import PareDatapath

@Suite struct DelayModelTests {
  @Test func `an UltraScale+ row of 32 bits takes what Vivado reported`() {
    // Vivado 2021.2, xczu3eg-1, 32-bit adder, routed: 0.774 ns from a table's input to the sum's highest bit.
    // Within 5 %, since bits share cells eight by eight.
    let reported = 774.0
    #expect(abs(Double(DelayModel(.ultraScalePlus).row(bits: 32)) - reported) < 0.05 * reported)
  }

  @Test func `a 7-series row of 24 bits takes what Vivado reported`() {
    // Vivado 2024.2, xc7a35t-1, counter: 0.674 + 5 * 0.114 + 0.334 ns from bit 5 to bit 29. Within 5 %, as above.
    let reported = 674.0 + 5 * 114 + 334
    #expect(abs(Double(DelayModel(.series7).row(bits: 24)) - reported) < 0.05 * reported)
  }

  @Test func `rows behind each other wait for one carry`() {
    let row = NodeDelay(through: 100, carry: 400)
    let first = row(.register)
    #expect(first == Arrival(low: 100, high: 500))
    #expect(row(first) == Arrival(low: 200, high: 600))
    #expect(
      NodeDelay(through: 50, isWhole: true)(row(first)) == Arrival(low: 650, high: 650))
  }

  /// Longest register-free ways by walking all of them.
  private func slowPairs(
    _ graph: CombinationalGraph, _ registered: [Bool], limit: Int
  ) -> Set<TimingConstraints.Constraint> {
    var pairs: Set<TimingConstraints.Constraint> = []
    func walk(_ source: Int, _ node: Int, _ delay: Int, _ arrival: Arrival) {
      for edge in graph.edges[node] {
        guard let reader = edge.reader else { continue }
        let step = graph.delays[reader]
        let next = step(arrival.delayed(by: edge.net))
        if next.high > limit || graph.readsRegisters[reader], !step.isWire {
          pairs.insert(.init(source: source, reader: reader, delay: delay + edge.delay))
        }
        if !registered[reader] { walk(source, reader, delay + edge.delay, next) }
      }
    }
    for source in graph.delays.indices where !graph.delays[source].isWire && !registered[source] {
      walk(source, source, 0, graph.alone[source])
    }
    return pairs
  }

  @Test(arguments: 0..<40 as Range<UInt64>)
  func `the ways that are found imply all that are too slow`(seed: UInt64) throws {
    let datapath = try DeadNodes()(
      RandomDatapath.anything(seed: seed, nodeCount: 18).optimized(
        by: PassPipeline([ExpandLinear()])))
    let reads = PipelineReads(datapath)
    let model = DelayModel(LogicFamily.allCases[Int(seed % 4)])
    let graph = CombinationalGraph(datapath, reads, model)
    let registered = datapath.nodes.map { node in
      if case .lookup = node.op { return true }
      if case .multiply = node.op { return true }
      return false
    }
    for limit in [1500, 3000, 6000, 12000] {
      let found = TimingConstraints(graph, isRegistered: registered, limit: limit).found
      // Most stages that a way may span, by the ways that were found and by edges alone.
      let count = datapath.nodes.count
      var least = Array(repeating: Array(repeating: Int.min / 2, count: count), count: count)
      for source in 0..<count {
        for edge in graph.edges[source] {
          guard let reader = edge.reader else { continue }
          let own = registered[source] ? 1 : 0
          least[source][reader] = max(least[source][reader], own - edge.delay)
        }
      }
      for way in found {
        guard let reader = way.reader else { continue }
        least[way.source][reader] = max(least[way.source][reader], 1 - way.delay)
      }
      for middle in 0..<count {
        for a in 0..<middle where least[a][middle] > Int.min / 4 {
          for b in (middle + 1)..<max(middle + 1, count) where least[middle][b] > Int.min / 4 {
            least[a][b] = max(least[a][b], least[a][middle] + least[middle][b])
          }
        }
      }
      for pair in slowPairs(graph, registered, limit: limit) {
        #expect(least[pair.source][pair.reader!] >= 1 - pair.delay, "\(pair) at \(limit) ps")
      }
    }
  }
}
