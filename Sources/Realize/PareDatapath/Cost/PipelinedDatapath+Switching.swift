import PareNumerics

extension PipelinedDatapath {
  /// What switches in the pipeline on a stretch of samples, before any synthesis: an estimate of what a netlist of it shows.
  ///
  /// Cells are those of ``resources(usesMultipliers:)``. A wire of `T` toggles per sample stands in one routed net and in one
  /// more behind each flip-flop of its chain, which repeat the toggles; each reader and each next flip-flop is a load. What
  /// comes out of logic and goes into a flip-flop is a net with one load before that. A wire that is only a shift or a cut-off
  /// of another has no net of its own. The tables and carries of an adder toggle as its sum does, those of a row of three
  /// operands at both outputs; tables that are in a carry cell, as those of ECP5, are the cell's.
  ///
  /// - Parameter channels: what the circuit is fed with, raw integers `[input][sample]`; the graph's memory and then what is
  ///   counted.
  /// - Throws: ``DatapathError`` for samples that do not fit the graph.
  /// - Complexity: O(operands * samples).
  public func switchingProfile(
    on channels: [[Int64]]
  ) throws(DatapathError) -> SwitchingProfile {
    let model = ResourceModel(self)
    let total = model.estimate.cells
    let activity = try datapath.activity(on: channels)
    let reads = datapath.readCounts
    let steps = Double(activity.stepCount)
    var profile = SwitchingProfile(origin: .datapath, clocks: activity.stepCount)
    profile.flipFlops = total.flipFlops
    profile.shiftRegisterLUTs = total.shiftRegisterLUTs
    profile.dspBlocks = total.multipliers
    for (index, node) in datapath.nodes.enumerated() where !node.isDelay {
      let placement = placements[index]
      let cells = model.nodes[index]
      let toggles = Double(activity.toggles[index]) / steps
      let logicToggles = Double(activity.logicToggles[index]) / steps
      // Within a shift register nothing is routed.
      let chain = placement.chain - placement.shiftRegisters.reduce(0) { $0 + $1.count - 1 }
      let nets = (datapath.isAlias(node, placement) ? 0 : 1) + chain
      profile.netToggles += toggles * Double(nets)
      profile.netLoadToggles += toggles * Double(reads[index] + chain)
      switch node.op {
      case .input, .constant, .delay, .linear: break
      case .add, .relu, .clamp, .requantize:
        // A register that clears a negative word has no table before it.
        let isLogic = cells.rows > 0 || cells.luts > 0 && !node.isRectifier
        if isLogic, placement.registers > 0 {
          profile.netToggles += logicToggles
          profile.netLoadToggles += logicToggles
        }
        if cells.rows > 0 {
          profile.lutToggles += Double(tables(of: node, cells)) * logicToggles
          // Eight bits share a carry cell.
          profile.carryToggles += Double(cells.rows) * logicToggles / 8
        } else if cells.luts > 0 {
          profile.lutToggles += logicToggles
        }
      case .multiply:
        if cells.multipliers > 0 {
          profile.dspToggles +=
            Double(cells.multipliers) * toggles / Double(node.range.signedBits)
        } else {
          profile.lutToggles += Double(cells.rows) * toggles
        }
      case .lookup(let wire, let shift, let table):
        // Each table of 64 entries answers every address; the multiplexers pick one.
        let shape = LookupShape(datapath[wire].range, shift: shift, table: table)
        let depth = Double((shape.count + 63) / 64)
        let addresses = Double(activity.addressToggles[index]) / steps
        profile.lutToggles += toggles * depth
        profile.netToggles += addresses
        profile.netLoadToggles += addresses * depth * Double(node.range.signedBits)
      }
    }
    return profile
  }
}

extension PipelinedDatapath {
  /// Tables that show each bit of a node that has rows.
  private func tables(of node: Node, _ cells: Cells) -> Int {
    guard options.family == .ecp5 else { return cells.rows + cells.ternaryRows }
    // Two tables of each carry cell are a part of it. Beyond those are the limits of a word, and the first of two rows.
    if case .requantize = node.op { return cells.luts > 2 * cells.carryCells ? 1 : 0 }
    return cells.rows - 1
  }
}

extension Node {
  fileprivate var isRectifier: Bool {
    if case .relu = op { true } else { false }
  }
}

extension Datapath {
  /// Whether a node is a wire of another: no register, no logic, no port.
  fileprivate func isAlias(_ node: Node, _ placement: PipelinedDatapath.Placement) -> Bool {
    if case .input = node.op { return false }
    return placement.registers == 0 && node.registerCount { self[$0] } == 0
  }

  /// How often each wire is read, now or later, by nodes and outputs; delays only pass it on.
  fileprivate var readCounts: [Int] {
    var reads = Array(repeating: 0, count: nodes.count)
    for node in nodes where !node.isDelay {
      for wire in node.op.operands { reads[Int(undelayed(wire).wire.index)] += 1 }
    }
    for output in outputs { reads[Int(undelayed(output.wire).wire.index)] += 1 }
    return reads
  }

  /// Bits of a node's word below this one pass through without logic.
  func lowestLogicBit(of node: Node) -> Int {
    guard case .add = node.op, let row = adderRows(of: node).first else { return 0 }
    return max(0, node.range.signedBits - row)
  }
}
