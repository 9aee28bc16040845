import PareNumerics

/// Runs a pipelined graph register by register, clock by clock: what the generated hardware does, word lengths included.
///
/// It shares the ops' definition with the interpreter, but not the stream semantics: delays are registers, a segment ends
/// by a reset, and a result appears `latency` clocks after its sample.
public struct PipelineSimulator: Sendable {
  private let pipeline: PipelinedDatapath
  private var state: [NodeState]
  private var accepted = 0
  /// Registers filled with noise so far, so that none is filled the same way twice.
  private var resets: UInt64 = 0

  private struct NodeState: Sendable {
    var result: Int64 = 0
    var address: Int64 = 0
    var addressIsNegative = false
    /// What the banks hold at the place that is picked next.
    var banked: Int64 = 0
    var bankedIsNegative = false
    var entry: Int64 = 0
    var entryIsNegative = false
    var chain: [Int64]
  }

  public init(_ pipeline: PipelinedDatapath) {
    self.pipeline = pipeline
    state = pipeline.placements.map { NodeState(chain: Array(repeating: 0, count: $0.chain)) }
    reset()
  }

  /// What a clock with `rst` high does: all registers become 0, but shift registers in tables keep anything.
  ///
  /// They are filled with what a stream could not have left there, since no result may depend on it.
  public mutating func reset() {
    accepted = 0
    for (index, placement) in pipeline.placements.enumerated() {
      state[index] = NodeState(chain: Array(repeating: 0, count: placement.chain))
      let unused = Int64(64 - pipeline.datapath.nodes[index].range.signedBits)
      for register in placement.shiftRegisters.joined() {
        resets += 1
        let noise = Int64(bitPattern: resets &* 0x9E37_79B9_7F4A_7C15)
        state[index].chain[register] = noise >> unused
      }
    }
  }

  /// One clock.
  ///
  /// - Parameter sample: raw integers of the inputs, or nil for a clock without a sample.
  /// - Returns: the outputs when they are valid after this clock.
  public mutating func clock(_ sample: [Int64]?) -> [Int64]? {
    guard let sample else { return nil }
    let wires = wires(for: sample)
    var next = state
    for (index, node) in pipeline.datapath.nodes.enumerated() {
      let placement = pipeline.placements[index]
      if placement.registers > 0 {
        load(&next[index], node, Wire(index), wires, sample)
        if placement.isHeld, accepted < placement.wireStage - 1 { next[index].result = 0 }
      }
      if placement.chain > 0 {
        next[index].chain = [wires[index]] + state[index].chain.dropLast()
        for register in placement.heldChain where accepted < placement.firstLive(inChain: register)
        {
          next[index].chain[register] = 0
        }
      }
    }
    state = next
    accepted += 1
    guard accepted > pipeline.flushCount else { return nil }
    let after = self.wires(for: sample)
    return pipeline.datapath.outputs.map { value(of: pipeline.tap(of: $0), after) }
  }

  /// The outputs of a stream, all samples in successive clocks but where `bubble` says otherwise.
  ///
  /// - Parameter bubble: whether the next clock brings no sample.
  public mutating func run(
    _ channels: [[Int64]], segments: [Range<Int>]? = nil, bubble: () -> Bool = { false }
  ) throws -> [[Int64]] {
    let datapath = pipeline.datapath
    var results = Array(repeating: [Int64](), count: datapath.outputs.count)
    for segment in try datapath.checkedSegments(segments, for: channels) {
      reset()
      for index in 0..<(segment.count + pipeline.flushCount) {
        while bubble() { precondition(clock(nil) == nil, "a clock without a sample gave a result") }
        let sample = channels.map { index < segment.count ? $0[segment.lowerBound + index] : 0 }
        guard let outputs = clock(sample) else { continue }
        for output in outputs.indices { results[output].append(outputs[output]) }
      }
    }
    return results
  }

  /// Every wire during a clock; registers show their state.
  private func wires(for sample: [Int64]) -> [Int64] {
    var wires = Array(repeating: Int64(0), count: state.count)
    for (index, node) in pipeline.datapath.nodes.enumerated() where !node.isDelay {
      if pipeline.placements[index].registers > 0 {
        wires[index] = state[index].result
      } else if case .input(let channel) = node.op {
        wires[index] = sample[channel]
      } else {
        wires[index] = computed(node, Wire(index), wires)
      }
    }
    return wires
  }

  private func load(
    _ next: inout NodeState, _ node: Node, _ wire: Wire, _ wires: [Int64], _ sample: [Int64]
  ) {
    switch node.op {
    case .input(let channel): next.result = sample[channel]
    case .lookup(let argument, let shift, let table):
      let old = state[Int(wire.index)]
      let raw = value(of: pipeline.tap(of: argument, readBy: wire), wires)
      next.address = min((raw < 0 ? ~raw : raw) >> Int64(shift), Int64(table.count - 1))
      next.addressIsNegative = raw < 0
      let shape = LookupShape(pipeline.datapath[argument].range, shift: shift, table: table)
      var entry = table[Int(old.address)]
      var isNegative = old.addressIsNegative
      if shape.bankCount > 1 {
        next.banked = entry
        next.bankedIsNegative = isNegative
        (entry, isNegative) = (old.banked, old.bankedIsNegative)
      }
      if shape.isSigned {
        next.entry = entry
        next.entryIsNegative = isNegative
        next.result = old.entryIsNegative ? -old.entry : old.entry
      } else {
        next.result = entry
      }
    case .constant, .delay, .linear, .add, .multiply, .relu, .clamp, .requantize:
      next.result = computed(node, wire, wires)
    }
  }

  private func computed(_ node: Node, _ wire: Wire, _ wires: [Int64]) -> Int64 {
    let datapath = pipeline.datapath
    let result = node.value(
      reading: { operand, _ in self.value(of: pipeline.tap(of: operand, readBy: wire), wires) },
      fractionBits: { datapath[$0].format.fractionBits })
    // The register has the bits of the proven range and no more.
    let unused = Int64(64 - node.range.signedBits)
    return (result << unused) >> unused
  }

  private func value(of tap: PipelinedDatapath.Tap, _ wires: [Int64]) -> Int64 {
    tap.registers == 0
      ? wires[Int(tap.wire.index)] : state[Int(tap.wire.index)].chain[tap.registers - 1]
  }
}
