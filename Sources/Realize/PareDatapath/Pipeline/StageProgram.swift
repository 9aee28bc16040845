import PareNumerics

/// The stages of a graph's nodes as a ``DifferenceProgram`` whose cost is the pipeline's register bits, but for those that
/// no choice of stages changes.
///
/// Variables are the stage t(v) of each node's logic, the stage h(v) up to which its wire is kept, the latency L, and the
/// number of flags. A read of v by c with a sample delay d stands behind `d + t(c) - w(v)` registers, where w(v) is t(v) and
/// the registers that v has by itself; v's wire is kept for `h(v) - w(v)` stages, which all its readers share.
///
/// - Source: Leiserson, Saxe, Retiming Synchronous Circuitry, Algorithmica 6, 1991, section 8 (sharing of registers).
struct StageProgram {
  /// Stages of the nodes, and of the outputs.
  struct Stages {
    let nodes: [Int]
    let latency: Int
  }

  private(set) var program = DifferenceProgram()
  /// The variable of each node's stage; the origin's for inputs, constants and nodes without a stage.
  private let stages: [Int]
  private let latency: Int

  /// - Parameters:
  ///   - registers: that each node has by itself, between its logic and its wire.
  ///   - isHeld: whether the first register behind a node's logic needs a flag.
  init(
    _ datapath: Datapath, _ reads: PipelineReads, registers: [Int], isHeld: [Bool]
  ) {
    var program = DifferenceProgram()
    let stages = datapath.nodes.map { node in
      switch node.op {
      case .input, .constant, .delay: DifferenceProgram.origin
      case .linear, .add, .multiply, .relu, .clamp, .requantize, .lookup: program.addVariable()
      }
    }
    let latency = program.addVariable()
    program.require(latency, after: DifferenceProgram.origin, by: 1)
    for (source, reads) in reads.bySource.enumerated() where !reads.isEmpty {
      let width = datapath.nodes[source].range.signedBits
      for read in reads {
        let reader = read.reader.map { stages[$0] } ?? latency
        program.require(reader, after: stages[source], by: registers[source] - read.delay)
      }
      program.weigh(stages[source], by: -width)
      if reads.count == 1 {
        program.weigh(reads[0].reader.map { stages[$0] } ?? latency, by: width)
      } else {
        let kept = program.addVariable()
        for read in reads {
          program.require(kept, after: read.reader.map { stages[$0] } ?? latency, by: read.delay)
        }
        program.weigh(kept, by: width)
      }
    }
    let flags = program.addVariable()
    program.weigh(flags, by: 1)
    program.require(flags, after: latency, by: datapath.lookAhead - 1)
    for (index, isHeld) in isHeld.enumerated() where isHeld {
      program.require(flags, after: stages[index], by: registers[index] - 1)
    }
    self.program = program
    self.stages = stages
    self.latency = latency
  }

  /// Asks for a register on every way from one node's logic to another's, or to the outputs, that delays by so many samples
  /// and has nodes without registers of their own between its ends.
  mutating func separate(_ source: Int, from reader: Int?, delay: Int) {
    program.require(reader.map { stages[$0] } ?? latency, after: stages[source], by: 1 - delay)
  }

  /// The stages of fewest register bits.
  func fewestRegisters() -> Stages { stages(NetworkSimplex.solve(program).values) }

  /// Every node as early as it can be.
  func earliest() -> Stages { stages(program.earliest()) }

  private func stages(_ values: [Int]) -> Stages {
    Stages(nodes: stages.map { values[$0] }, latency: values[latency])
  }
}
