import PareNumerics

/// Counts the cells that a pipeline takes on its family, node by node, as synthesis builds what the generated Verilog says.
///
/// Sums and registers follow from the bits of each wire (``WireSpan``) and are counted; what a mapper does with limits, tables
/// and products is counted from their shapes with the constants of ``ResourceCalibration``. Nothing is searched: a pass
/// over the nodes.
///
/// - Complexity: O(operands + bits of wires).
public struct ResourceModel: Sendable {
  public let pipeline: PipelinedDatapath
  /// Cells of each node, in the order of the nodes.
  public let nodes: [Cells]
  /// Flags that count samples, resets, and the output's valid.
  public let control: Cells

  /// - Parameter usesMultipliers: whether products of signals become DSP blocks, else tables.
  public init(_ pipeline: PipelinedDatapath, usesMultipliers: Bool = true) {
    self.pipeline = pipeline
    let datapath = pipeline.datapath
    let spans = datapath.wireSpans
    let logic = LogicCells(pipeline, spans, usesMultipliers: usesMultipliers)
    let registers = RegisterCells(pipeline, spans)
    var control = Cells()
    control.flipFlops = pipeline.liveFlagCount + 1
    // A result is valid when its flag and in_valid are set.
    if pipeline.flushCount > 0 { control.luts += 1 }
    var nodes: [Cells] = []
    nodes.reserveCapacity(datapath.nodes.count)
    var heldFlags: Set<Int> = []
    for (index, placement) in pipeline.placements.enumerated() {
      var cells = logic.cells(of: index)
      cells += registers.cells(of: index)
      nodes.append(cells)
      if placement.isHeld, placement.registers > 0 { heldFlags.insert(placement.wireStage - 1) }
      for register in placement.heldChain {
        heldFlags.insert(placement.firstLive(inChain: register))
      }
    }
    // Each flag is joined with the reset once.
    control.luts += heldFlags.count
    self.control = control
    self.nodes = nodes
  }

  public var estimate: ResourceEstimate {
    ResourceEstimate(
      family: pipeline.options.family, cells: nodes.reduce(control, +),
      logicDepth: pipeline.logicDepth, latency: pipeline.latency)
  }

  public func breakdown(by grouping: ResourceGrouping) -> ResourceBreakdown {
    var places: [String: Int] = [:]
    var parts: [ResourceBreakdown.Part] = []
    for (node, cells) in zip(pipeline.datapath.nodes, nodes) where cells != Cells() {
      let name = node.name(in: grouping)
      if let place = places[name] {
        parts[place] = .init(name: name, cells: parts[place].cells + cells)
      } else {
        places[name] = parts.count
        parts.append(.init(name: name, cells: cells))
      }
    }
    return ResourceBreakdown(parts: parts + [.init(name: "control", cells: control)])
  }
}

extension PipelinedDatapath {
  /// What the pipeline takes on its family, by ``ResourceModel``.
  public func resources(usesMultipliers: Bool = true) -> ResourceEstimate {
    ResourceModel(self, usesMultipliers: usesMultipliers).estimate
  }

  /// Most nodes with logic between two registers.
  fileprivate var logicDepth: Int {
    var depths = Array(repeating: 0, count: datapath.nodes.count)
    var deepest = 0
    for (index, node) in datapath.nodes.enumerated() {
      if node.isDelay { continue }
      var depth = 0
      for operand in node.op.operands {
        let tap = tap(of: operand, readBy: Wire(index))
        if tap.registers == 0 { depth = max(depth, depths[Int(tap.wire.index)]) }
      }
      if node.registerCount({ datapath[$0] }) > 0, !node.isPort { depth += 1 }
      deepest = max(deepest, depth)
      depths[index] = placements[index].registers > 0 ? 0 : depth
    }
    return deepest
  }
}

extension Node {
  fileprivate var isPort: Bool {
    if case .input = op { return true }
    return false
  }

  fileprivate func name(in grouping: ResourceGrouping) -> String {
    switch grouping {
    case .op: return op.keyword
    case .label: return String(label.prefix { $0 != "_" })
    case .layer:
      let head = label.prefix { $0 != "_" }
      guard let channel = head.lastIndex(of: "c"), channel != head.startIndex,
        head[head.index(after: channel)...].allSatisfy(\.isNumber)
      else { return String(head) }
      return String(head[..<channel])
    }
  }
}
