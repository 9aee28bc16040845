import PareNumerics

extension PipelinedDatapath {
  /// Registers between two readers of a chain, the second reader's own included, from which on a shift register pays: it
  /// takes a table per bit, and leaves one flip-flop per bit behind.
  static let shortestShiftedStretch = 4

  /// The pipeline with the long stretches of its chains in tables that are shift registers.
  ///
  /// A table has no reset, so that the last register of a stretch stays an ordinary one, which a flag keeps at 0 until its
  /// first sample arrives. Far behind the results that asks for more flags; stretches that save less than that stay
  /// as they are.
  ///
  /// - Source: AMD UG574, UltraScale Architecture Configurable Logic Block, shift registers (SLICEM).
  func withShiftRegisters() -> PipelinedDatapath {
    var taps = datapath.nodes.indices.map { _ in [0] }
    func read(_ tap: Tap) {
      if tap.registers > 0 { taps[Int(tap.wire.index)].append(tap.registers) }
    }
    for (index, node) in datapath.nodes.enumerated() where !node.isDelay {
      for operand in node.op.operands { read(tap(of: operand, readBy: Wire(index))) }
    }
    for output in datapath.outputs { read(tap(of: output)) }
    let stretches = datapath.nodes.indices.map { index in
      let depths = taps[index].sorted()
      return zip(depths, depths.dropFirst()).compactMap { first, last in
        // Chain registers first..<last stand between the two readers.
        last - first >= Self.shortestShiftedStretch ? first..<(last - 1) : nil
      }
    }
    let limit = flagLimit(for: stretches)
    return PipelinedDatapath(
      datapath: datapath, options: options,
      placements: zip(placements, stretches).map { placement, stretches in
        Placement(
          stage: placement.stage, registers: placement.registers, isHeld: placement.isHeld,
          chain: placement.chain,
          shiftRegisters: stretches.filter {
            placement.firstLive(inChain: $0.upperBound) <= limit
          })
      }, latency: latency)
  }

  /// The number of flags with which most flip-flops are saved, the flags themselves counted.
  private func flagLimit(for stretches: [[Range<Int>]]) -> Int {
    let present = liveFlagCount
    var saved: [(need: Int, bits: Int)] = []
    for (index, stretches) in stretches.enumerated() {
      let width = datapath.nodes[index].range.signedBits
      for stretch in stretches {
        saved.append(
          (placements[index].firstLive(inChain: stretch.upperBound), width * stretch.count))
      }
    }
    saved.sort { ($0.need, $0.bits) < ($1.need, $1.bits) }
    var best = (limit: present, bits: 0)
    var total = 0
    for (need, bits) in saved {
      total += bits
      let limit = max(present, need)
      if total - (limit - present) > best.bits { best = (limit, total - (limit - present)) }
    }
    return best.limit
  }
}
