import PareNumerics

extension Datapath {
  /// The graph in pipeline stages.
  ///
  /// Without a clock every adder, limit, product and table has a register behind it. Stages are those of fewest register bits,
  /// or as ``PipelineOptions/stages`` says. Nodes that no output depends on are left out.
  ///
  /// - Throws: ``DatapathError``, with code `.linearLeft` when a constant multiplication is left.
  public func pipelined(_ options: PipelineOptions = PipelineOptions()) throws -> PipelinedDatapath
  {
    try verify()
    return try DeadNodes()(self).placed(options)
  }

  private func placed(_ options: PipelineOptions) throws(DatapathError) -> PipelinedDatapath {
    if let index = nodes.firstIndex(where: \.isLinear) {
      throw DatapathError(.linearLeft(node: index))
    }
    let isHeld = heldNodes
    let registers = nodes.indices.map { index in
      let node = nodes[index]
      if case .input = node.op, !options.registersInputs { return 0 }
      // Only a register can be held, so that a wire which must be gets one.
      return max(isHeld[index] ? 1 : 0, node.registerCount { self[$0] })
    }
    let reads = PipelineReads(self)
    let program = StageProgram(
      self, reads, registers: registers,
      mustRegister: Array(repeating: false, count: nodes.count), isHeld: isHeld)
    let stages =
      switch options.stages {
      case .fewestRegisters: program.fewestRegisters()
      case .earliest: program.earliest()
      }
    let placements = nodes.indices.map { index in
      let wireStage = stages.nodes[index] + registers[index]
      let last = reads.bySource[index].map {
        $0.delay + ($0.reader.map { stages.nodes[$0] } ?? stages.latency)
      }
      return PipelinedDatapath.Placement(
        stage: stages.nodes[index], registers: registers[index],
        // A register that loads at stage 0 loads no sample from before the first.
        isHeld: isHeld[index] && wireStage > 1, chain: (last.max() ?? wireStage) - wireStage)
    }
    let pipeline = PipelinedDatapath(
      datapath: self, options: options, placements: placements, latency: stages.latency)
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

  fileprivate var isLinear: Bool {
    if case .linear = op { return true }
    return false
  }
}
