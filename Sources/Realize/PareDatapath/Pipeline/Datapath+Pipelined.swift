import PareNumerics

extension Datapath {
  /// The graph with every adder, limit, product and table registered, as early as its operands allow.
  ///
  /// Nodes that no output depends on are left out.
  ///
  /// - Throws: ``DatapathError``, with code `.linearLeft` when a constant multiplication is left.
  /// - Complexity: O(operands).
  public func pipelined(_ options: PipelineOptions = PipelineOptions()) throws -> PipelinedDatapath
  {
    try verify()
    return try DeadNodes()(self).placed(options)
  }

  private func placed(_ options: PipelineOptions) throws(DatapathError) -> PipelinedDatapath {
    let held = heldNodes
    var schedule = Schedule(self)
    for (index, node) in nodes.enumerated() {
      if case .linear = node.op { throw DatapathError(.linearLeft(node: index)) }
      var registers = node.registerCount { self[$0] }
      if case .input = node.op, !options.registersInputs { registers = 0 }
      // Only a register can be held, so that a wire which must be gets one.
      if held[index] { registers = max(1, registers) }
      schedule.append(node, registers: registers)
    }
    let latency = max(1, outputs.map { schedule.earliest(reading: $0.wire) }.max() ?? 1)
    var chains = Array(repeating: 0, count: nodes.count)
    func read(_ operand: Wire, at stage: Int) {
      let (wire, delay) = undelayed(operand)
      if case .constant = self[wire].op, delay == 0 { return }
      let index = Int(wire.index)
      chains[index] = max(chains[index], delay + stage - schedule.wireStages[index])
    }
    for (index, node) in nodes.enumerated() {
      if case .delay = node.op { continue }
      for operand in node.op.operands { read(operand, at: schedule.stages[index]) }
    }
    for output in outputs { read(output.wire, at: latency) }
    let placements = nodes.indices.map { index in
      PipelinedDatapath.Placement(
        stage: schedule.stages[index],
        registers: schedule.wireStages[index] - schedule.stages[index],
        // A register that loads at stage 0 loads no sample from before the first.
        isHeld: held[index] && schedule.wireStages[index] > 1, chain: chains[index])
    }
    let pipeline = PipelinedDatapath(
      datapath: self, options: options, placements: placements, latency: latency)
    return options.family.hasShiftRegisterTables ? pipeline.withShiftRegisters() : pipeline
  }

  /// Nodes that a reader wants from before the first sample, where they must be 0, and that would not be 0 by themselves.
  ///
  /// After a reset all registers are 0. A node is quiet when zeros in give zero out all along its cone: then it is 0 until
  /// the first sample arrives. A bias or a table that does not start at 0 makes a node, and what reads it, loud, unless it
  /// is held.
  private var heldNodes: [Bool] {
    var isWanted = Array(repeating: false, count: nodes.count)
    for wire in nodes.flatMap({ $0.isDelay ? [] : $0.op.operands }) + outputs.map(\.wire) {
      let (source, delay) = undelayed(wire)
      if delay > 0 { isWanted[Int(source.index)] = true }
    }
    var isZero = Array(repeating: true, count: nodes.count)
    var isHeld = Array(repeating: false, count: nodes.count)
    for (index, node) in nodes.enumerated() {
      switch node.op {
      case .input, .delay, .constant: continue
      case .linear, .add, .multiply, .relu, .clamp, .requantize, .lookup: break
      }
      let readsZeros = node.op.operands.allSatisfy { isZero[Int(undelayed($0).wire.index)] }
      let value = node.value(
        reading: { wire, _ in
          if case .constant(let value) = self[wire].op { value } else { 0 }
        }, fractionBits: { self[$0].format.fractionBits })
      let isQuiet = readsZeros && value == 0
      isHeld[index] = !isQuiet && isWanted[index]
      isZero[index] = isQuiet || isHeld[index]
    }
    return isHeld
  }
}

extension Node {
  var isDelay: Bool {
    if case .delay = op { return true }
    return false
  }
}

/// Stages of nodes, each as early as possible.
private struct Schedule {
  private let datapath: Datapath
  private(set) var stages: [Int] = []
  private(set) var wireStages: [Int] = []

  init(_ datapath: Datapath) { self.datapath = datapath }

  mutating func append(_ node: Node, registers: Int) {
    let stage = node.op.operands.map { earliest(reading: $0) }.max() ?? 0
    stages.append(stage)
    wireStages.append(stage + registers)
  }

  /// First stage at which a wire can be read; a sample delay lets it be read that much earlier.
  func earliest(reading operand: Wire) -> Int {
    let (wire, delay) = datapath.undelayed(operand)
    if case .constant = datapath[wire].op { return 0 }
    return max(0, wireStages[Int(wire.index)] - delay)
  }
}
