import PareNumerics

extension Datapath {
  /// The graph in pipeline stages.
  ///
  /// Without a clock every adder, limit, product and table has a register behind it. With one, several share a stage where
  /// the ``DelayModel`` of the family lets them; when a single one is too slow for the clock it stands alone, and
  /// ``PipelinedDatapath/timing(_:worst:)`` names it. Stages are those of fewest register bits, or as
  /// ``PipelineOptions/stages`` says. Nodes that no output depends on are left out.
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
    let reads = PipelineReads(self)
    let registers = nodes.indices.map { ownRegisters(of: $0, isHeld: isHeld[$0], options) }
    var program = StageProgram(self, reads, registers: registers, isHeld: isHeld)
    if let clockHz = options.clockHz {
      precondition(clockHz > 0 && clockHz.isFinite, "a clock of \(clockHz) Hz")
      let model = DelayModel(options.family)
      let constraints = TimingConstraints(
        CombinationalGraph(self, reads, model), isRegistered: registers.map { $0 > 0 },
        limit: model.limit(clockHz: clockHz))
      for way in constraints.found {
        program.separate(way.source, from: way.reader, delay: way.delay)
      }
    }
    let stages =
      switch options.stages {
      case .fewestRegisters: program.fewestRegisters()
      case .earliest: program.earliest()
      }
    let placements = nodes.indices.map { index in
      placement(
        of: index, in: stages, reads.bySource[index], registers: registers[index],
        isHeld: isHeld[index])
    }
    let pipeline = PipelinedDatapath(
      datapath: self, options: options, placements: placements, latency: stages.latency)
    return options.family.hasShiftRegisterTables ? pipeline.withShiftRegisters() : pipeline
  }

  /// Registers that a node has wherever it stands.
  private func ownRegisters(of index: Int, isHeld: Bool, _ options: PipelineOptions) -> Int {
    let node = nodes[index]
    // Only a register can be held, so that a wire which must be gets one.
    let least = isHeld ? 1 : 0
    switch node.op {
    case .input: return options.registersInputs ? 1 : 0
    case .multiply, .lookup: return max(least, node.registerCount { self[$0] })
    case .constant, .delay, .linear, .add, .relu, .clamp, .requantize:
      return options.clockHz == nil ? max(least, node.registerCount { self[$0] }) : least
    }
  }

  private func placement(
    of index: Int, in stages: StageProgram.Stages, _ reads: [PipelineReads.Read],
    registers: Int, isHeld: Bool
  ) -> PipelinedDatapath.Placement {
    let stage = stages.nodes[index]
    let readStages = reads.map {
      $0.delay + ($0.reader.map { stages.nodes[$0] } ?? stages.latency)
    }
    var wireStage = stage + registers
    let last = readStages.max() ?? wireStage
    // If all readers want a register behind the logic, it is the node's result.
    if registers == 0, let first = readStages.min(), first > wireStage,
      nodes[index].registerCount({ self[$0] }) > 0, !nodes[index].isInput
    {
      wireStage += 1
    }
    return PipelinedDatapath.Placement(
      stage: stage, registers: wireStage - stage,
      // A register that loads at stage 0 loads no sample from before the first.
      isHeld: isHeld && wireStage > 1, chain: last - wireStage)
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

  fileprivate var isInput: Bool {
    if case .input = op { return true }
    return false
  }

  fileprivate var isLinear: Bool {
    if case .linear = op { return true }
    return false
  }
}
