/// What stands between registers: the logic delay of each node and the net delay of each read.
struct CombinationalGraph {
  struct Edge {
    let reader: Int?
    let delay: Int
    let net: Int
  }

  let delays: [NodeDelay]
  /// Reads of each node.
  let edges: [[Edge]]
  /// When a node's result is there if all it reads are registers.
  let alone: [Arrival]
  /// Whether a node must read registers, as a product does that is to be a block.
  let readsRegisters: [Bool]

  init(_ datapath: Datapath, _ reads: PipelineReads, _ model: DelayModel) {
    let delays = datapath.nodes.map { model.delay(of: $0, in: datapath) }
    let readsRegisters = datapath.nodes.map { $0.isProduct }
    var alone = Array(repeating: Arrival.register, count: delays.count)
    var edges: [[Edge]] = []
    for reads in reads.bySource {
      // Readers of another delay read another register of the chain.
      var loads: [Int: Int] = [:]
      for read in reads { loads[read.delay, default: 0] += 1 }
      edges.append(
        reads.map { read in
          // A wire of a wire is the same net, and so is a port.
          let isWire = read.reader.map { delays[$0].isWire } ?? true
          let net = isWire ? 0 : model.net(loads: loads[read.delay]!)
          if let reader = read.reader, !isWire {
            let ready = delays[reader](Arrival.register.delayed(by: net))
            alone[reader] = alone[reader].joined(ready)
          }
          return Edge(reader: read.reader, delay: read.delay, net: net)
        })
    }
    self.delays = delays
    self.edges = edges
    self.alone = alone
    self.readsRegisters = readsRegisters
  }
}

extension Node {
  fileprivate var isProduct: Bool {
    if case .multiply = op { return true }
    return false
  }
}
