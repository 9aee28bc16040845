import PareNumerics

/// Lets nodes that compute the same op on the same wires, in the same format, be one.
public struct MergeEqualNodes: Pass {
  public init() {}

  private struct Key: Hashable {
    let op: Op
    let format: WordFormat
  }

  public func callAsFunction(_ datapath: Datapath) throws -> Datapath {
    var known: [Key: Wire] = [:]
    return try datapath.rewriting { builder, index, op in
      let node = datapath.nodes[index]
      let key = Key(op: op, format: node.format)
      if let wire = known[key] { return wire }
      let wire = try builder.rebuild(node, as: op)
      known[key] = wire
      return wire
    }
  }
}
