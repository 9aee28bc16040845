/// Removes nodes that no output depends on. Inputs stay, because they are ports.
public struct DeadNodes: Pass {
  public init() {}

  public func callAsFunction(_ datapath: Datapath) throws -> Datapath {
    var isLive = Array(repeating: false, count: datapath.nodes.count)
    for output in datapath.outputs { isLive[Int(output.wire.index)] = true }
    for (index, node) in datapath.nodes.enumerated().reversed() {
      if case .input = node.op { isLive[index] = true }
      if isLive[index] { for wire in node.op.operands { isLive[Int(wire.index)] = true } }
    }
    return try datapath.rewriting { builder, index, op in
      // Nothing alive reads a dead node, so any wire stands for it.
      isLive[index] ? try builder.rebuild(datapath.nodes[index], as: op) : Wire(0)
    }
  }
}
