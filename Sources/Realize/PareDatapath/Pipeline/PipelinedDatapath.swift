import PareNumerics

/// Choices of pipelining.
public struct PipelineOptions: Hashable, Sendable, Codable {
  /// Whether every input passes a register before its first use, so that no path starts at a port.
  public var registersInputs: Bool
  /// What the logic is built of.
  public var family: LogicFamily
  /// The clock to reach, in Hz; nil puts a register behind every adder, limit, product and table.
  public var clockHz: Double?
  public var stages: Stages

  /// Where nodes stand, as far as that is free.
  public enum Stages: String, Hashable, Sendable, Codable {
    /// Where the pipeline has the fewest register bits, delay lines included.
    case fewestRegisters
    /// As early as their operands allow.
    case earliest
  }

  public init(
    registersInputs: Bool = true, family: LogicFamily = .generic, clockHz: Double? = nil,
    stages: Stages = .fewestRegisters
  ) {
    self.registersInputs = registersInputs
    self.family = family
    self.clockHz = clockHz
    self.stages = stages
  }
}

/// A graph with a pipeline stage for every node: what a register-transfer generator needs to know.
///
/// All registers advance together, on an accepted sample only. In the clock that accepts sample k after a reset, a wire of
/// stage s carries its value for sample k - s. A node whose logic stands at stage t and which wants wire p, of stage s, as
/// it was d samples ago, reads it behind d + t - s registers: sample delays and pipeline registers are one thing, and the
/// registers behind a wire are one chain that all its readers share.
///
/// - Source: Leiserson, Saxe, Retiming Synchronous Circuitry, Algorithmica 6, 1991, with a lag of t per node.
public struct PipelinedDatapath: Hashable, Sendable, Codable {
  public let datapath: Datapath
  public let options: PipelineOptions
  /// Where each node stands, in the order of the nodes.
  public let placements: [Placement]
  /// Clocks from the one that accepts a sample to the one in which its result (of an equal index) stands at the outputs,
  /// when every clock accepts a sample and without ``Datapath/lookAhead``; at least 1.
  public let latency: Int

  /// Where a node stands in the pipeline.
  public struct Placement: Hashable, Sendable, Codable {
    /// Stage of the node's logic.
    public let stage: Int
    /// Registers from the logic to the node's wire; the last one holds the result.
    public let registers: Int
    /// Whether the result register is kept at 0 until its first sample: the node would not be 0 by itself before it,
    /// and a reader wants samples from before the first.
    public let isHeld: Bool
    /// Registers behind the wire, for readers that want it later.
    public let chain: Int
    /// Stretches of the chain that are shift registers in tables, in order; the chain's register 0 stands right behind the
    /// wire.
    ///
    /// No reset reaches them, and nobody reads them but the register behind each stretch, number `upperBound`, which
    /// exists always, has a reset, and is kept at 0 until its first sample arrives (see ``firstLive(inChain:)``).
    public let shiftRegisters: [Range<Int>]

    public init(
      stage: Int, registers: Int, isHeld: Bool = false, chain: Int = 0,
      shiftRegisters: [Range<Int>] = []
    ) {
      self.stage = stage
      self.registers = registers
      self.isHeld = isHeld
      self.chain = chain
      self.shiftRegisters = shiftRegisters
    }

    /// Stage of the node's wire.
    public var wireStage: Int { stage + registers }

    /// Samples that were accepted since the reset when a register of the chain loads its first one: until the flag
    /// `live` of this number is set, a register behind a shift register is kept at 0.
    public func firstLive(inChain register: Int) -> Int { wireStage + register }

    /// Whether a register of the chain is part of a shift register in tables.
    public func isShifted(inChain register: Int) -> Bool {
      shiftRegisters.contains { $0.contains(register) }
    }

    /// Registers of the chain that stand behind a shift register and are kept at 0 until their first sample.
    public var heldChain: [Int] { shiftRegisters.map(\.upperBound) }

    /// Registers of the chain in shift registers.
    var shiftedCount: Int { shiftRegisters.reduce(0) { $0 + $1.count } }
  }

  /// A wire behind a number of registers of its chain.
  public struct Tap: Hashable, Sendable {
    public let wire: Wire
    public let registers: Int
    /// Samples by which the delay nodes on the way shift the wire.
    public let delay: Int

    public init(wire: Wire, registers: Int, delay: Int = 0) {
      self.wire = wire
      self.registers = registers
      self.delay = delay
    }
  }

  public subscript(wire: Wire) -> Placement { placements[Int(wire.index)] }

  /// Zero samples to feed after the last one of a segment, so that its last result comes out.
  public var flushCount: Int { latency - 1 + datapath.lookAhead }

  /// Flags that tell how many samples were accepted since the reset, up to this number.
  public var liveFlagCount: Int {
    placements.reduce(flushCount) { count, placement in
      let result = placement.isHeld ? placement.wireStage - 1 : 0
      let chain = placement.heldChain.last.map(placement.firstLive) ?? 0
      return max(count, result, chain)
    }
  }

  /// What a node reads when one of its operands is `operand`.
  public func tap(of operand: Wire, readBy node: Wire) -> Tap {
    tap(of: operand, at: self[node].stage)
  }

  public func tap(of output: Output) -> Tap { tap(of: output.wire, at: latency) }

  private func tap(of operand: Wire, at stage: Int) -> Tap {
    let (wire, delay) = datapath.undelayed(operand)
    if case .constant = datapath[wire].op, delay == 0 {
      return Tap(wire: wire, registers: 0, delay: 0)
    }
    let registers = delay + stage - self[wire].wireStage
    precondition(registers >= 0, "wire %\(wire.index) comes \(-registers) stages late")
    return Tap(wire: wire, registers: registers, delay: delay)
  }

  /// Flip-flops: results, tables' addresses and entries, chains without shift registers, flags.
  public var registerBits: Int {
    var bits = liveFlagCount + 1
    for (node, placement) in zip(datapath.nodes, placements) {
      let width = node.range.signedBits
      bits += width * (placement.chain - placement.shiftedCount)
      guard placement.registers > 0 else { continue }
      bits += width
      if case .lookup(let wire, let shift, let table) = node.op {
        bits += LookupShape(datapath[wire].range, shift: shift, table: table).innerBits
      }
    }
    return bits
  }

  /// Bits that stand in shift registers instead of flip-flops.
  public var shiftRegisterBits: Int {
    zip(datapath.nodes, placements).reduce(0) {
      $0 + $1.0.range.signedBits * $1.1.shiftedCount
    }
  }
}

extension Datapath {
  /// The wire behind all delays, and their sum in samples.
  func undelayed(_ wire: Wire) -> (wire: Wire, delay: Int) {
    var wire = wire
    var total = 0
    while case .delay(let source, let samples) = self[wire].op {
      wire = source
      total += samples
    }
    return (wire, total)
  }
}
