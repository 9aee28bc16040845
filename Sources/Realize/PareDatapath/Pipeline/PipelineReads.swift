/// Who reads what in a graph, delays looked through: the edges that registers can stand on.
struct PipelineReads {
  /// A read of a wire some samples late.
  struct Read: Hashable {
    let source: Int
    /// A node, or nil for an output.
    let reader: Int?
    let delay: Int
  }

  /// Reads of each wire, in the order of their readers; constants read without a delay need no register and are left out.
  let bySource: [[Read]]

  init(_ datapath: Datapath) {
    var bySource = Array(repeating: [Read](), count: datapath.nodes.count)
    func add(_ operand: Wire, by reader: Int?) {
      let (wire, delay) = datapath.undelayed(operand)
      if case .constant = datapath[wire].op, delay == 0 { return }
      let index = Int(wire.index)
      let read = Read(source: index, reader: reader, delay: delay)
      // A node reads at most three wires.
      if bySource[index].last != read { bySource[index].append(read) }
    }
    for (index, node) in datapath.nodes.enumerated() where !node.isDelay {
      for operand in node.op.operands { add(operand, by: index) }
    }
    for output in datapath.outputs { add(output.wire, by: nil) }
    self.bySource = bySource
  }
}
