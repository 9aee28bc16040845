import PareNumerics

/// What a pipelined graph takes in an FPGA and how much dynamic power, before any synthesis.
///
/// Adders, registers, latency and table bits are counted; ``lut``, ``dspBlocks`` and all energies are estimates.
public struct HardwareEstimate: Hashable, Sendable, Codable {
  /// Two-input adders.
  public let adders: Int
  /// Full-adder cells of these.
  public let adderBits: Int
  /// Flip-flops of the pipeline.
  public let registerBits: Int
  /// Bits of all stored tables.
  public let tableBits: Int
  /// Clocks from an accepted sample to its result.
  public let latency: Int
  /// Products of two signals.
  public let signalProducts: Int
  /// Tables of six inputs.
  public let lut: Int
  /// Blocks that the products of signals take.
  public let dspBlocks: Int
  /// Joules per sample.
  public let energy: Energy
  /// Clocks per second, each with a sample.
  public let clockHz: Double

  /// The clock when none is given: what the open flow reaches on an ECP5 is a little less, on UltraScale+ far more.
  public static let defaultClockHz = 200e6
  /// Samples that toggles are counted on when nothing is said, beyond the graph's memory.
  public static let defaultSampleCount = 256

  /// Joules per sample, by where they go.
  public struct Energy: Hashable, Sendable, Codable {
    /// Flip-flops and clock tree.
    public var clock = 0.0
    /// Tables as logic: adders, limits.
    public var logic = 0.0
    public var carry = 0.0
    /// Routed nets.
    public var nets = 0.0
    /// Stored tables.
    public var tables = 0.0
    /// DSP blocks.
    public var products = 0.0

    public var total: Double { clock + logic + carry + nets + tables + products }
  }

  /// Dynamic power in watts; static power belongs to the device and not to the design.
  public var power: Double { energy.total * clockHz }
}

extension HardwareEstimate {
  /// The estimate of a pipeline that a stretch of samples runs through.
  ///
  /// A wire of `T` toggles per sample that stands in one routed net and `c` chain registers, and is read `r` times, costs
  /// `T * ((1 + c) * net + (r + c) * netLoad)`: each register of a chain repeats the wire's toggles. A wire that is only a
  /// shift or a cut-off of another has no net of its own. An adder's tables and carries toggle as its sum does.
  ///
  /// - Parameters:
  ///   - channels: what the circuit is fed with, raw integers `[input][sample]`; the graph's memory and then what is counted.
  ///   - clockHz: clocks per second; every clock brings a sample.
  /// - Throws: ``DatapathError`` for samples that do not fit the graph.
  /// - Complexity: O(operands * samples).
  public init(
    of pipeline: PipelinedDatapath, on channels: [[Int64]],
    clockHz: Double = HardwareEstimate.defaultClockHz,
    energies: EnergyCoefficients = .ultraScalePlus
  ) throws(DatapathError) {
    precondition(clockHz > 0 && clockHz.isFinite, "a clock of \(clockHz) Hz")
    let datapath = pipeline.datapath
    let statistics = datapath.statistics
    let activity = try datapath.activity(on: channels)
    let reads = datapath.readCounts
    var energy = Energy()
    var lut = 0
    var dspBlocks = 0
    let steps = Double(activity.stepCount)
    for (index, node) in datapath.nodes.enumerated() where !node.isDelay {
      let placement = pipeline.placements[index]
      let logic = datapath.logic(of: node)
      lut += logic.adderLUTs + logic.otherLUTs
      dspBlocks += logic.dspBlocks
      let toggles = Double(activity.toggles[index]) / steps
      let logicToggles = Double(activity.logicToggles[index]) / steps
      let nets = Double((node.isAlias(placement, in: datapath) ? 0 : 1) + placement.chain)
      let loads = Double(reads[index] + placement.chain)
      energy.nets += toggles * (nets * energies.net + loads * energies.netLoad)
      switch node.op {
      case .input, .constant, .delay, .linear: break
      case .add, .relu, .clamp, .requantize:
        let rows = Double(max(1, datapath.adderRows(of: node).count))
        if logic.adderLUTs > 0 {
          energy.logic += rows * logicToggles * energies.lut
          // Eight bits share a carry cell.
          energy.carry += rows * logicToggles / 8 * energies.carry
        }
        if logic.otherLUTs > 0 { energy.logic += logicToggles * energies.lut }
      case .multiply:
        let share = toggles / Double(node.range.signedBits) / energies.dspActivity
        energy.products +=
          Double(logic.dspBlocks) * (energies.dspIdle + share * energies.dsp)
      case .lookup:
        let depth = Double(logic.lutsPerTableBit)
        let addresses = Double(activity.addressToggles[index]) / steps
        let width = Double(node.range.signedBits)
        energy.tables +=
          toggles * depth * energies.lut
          + addresses * (energies.net + depth * width * energies.netLoad)
      }
    }
    energy.clock = Double(pipeline.registerBits) * energies.clock
    self.init(
      adders: statistics.adderCount, adderBits: statistics.adderBits,
      registerBits: pipeline.registerBits, tableBits: statistics.tableBits,
      latency: pipeline.latency, signalProducts: statistics.multiplyCount, lut: lut,
      dspBlocks: dspBlocks, energy: energy, clockHz: clockHz)
  }
}

extension Node {
  /// Whether the node is a wire of another: no register, no logic, no port.
  fileprivate func isAlias(
    _ placement: PipelinedDatapath.Placement, in datapath: Datapath
  ) -> Bool {
    if case .input = op { return false }
    return placement.registers == 0 && registerCount { datapath[$0] } == 0
  }
}

extension Datapath {
  /// How often each wire is read, now or later, by nodes and outputs; delays only pass it on.
  fileprivate var readCounts: [Int] {
    var reads = Array(repeating: 0, count: nodes.count)
    for node in nodes where !node.isDelay {
      for wire in node.op.operands { reads[Int(undelayed(wire).wire.index)] += 1 }
    }
    for output in outputs { reads[Int(undelayed(output.wire).wire.index)] += 1 }
    return reads
  }
}
