import PareDatapath
import PareNumerics
import RandomDatapaths
import Testing

/// Pipelines for a clock.
@Suite struct ClockTests {
  private func datapath(_ seed: UInt64) throws -> Datapath {
    switch seed % 3 {
    case 0: try RandomDatapath.anything(seed: seed).optimized(by: PassPipeline([ExpandLinear()]))
    case 1: try RandomDatapath.network(seed: seed, kernel: 1 + Int(seed % 6)).optimized()
    default:
      try RandomDatapath.network(
        seed: seed, kernel: 3, table: true, tableCount: [128, 600][Int(seed % 2)]
      ).optimized()
    }
  }

  private static let clocks = [600e6, 300e6, 200e6, 140e6, 90e6, 50e6, 20e6]

  private static let cases: [(UInt64, LogicFamily)] = (0..<24).flatMap { seed in
    LogicFamily.allCases.map { (UInt64(seed), $0) }
  }

  @Test(arguments: cases)
  func `equals the interpreter at every clock`(seed: UInt64, family: LogicFamily) throws {
    let datapath = try datapath(seed)
    let x = RandomDatapath.stimulus(for: datapath, count: 90, seed: seed)
    let segments = [0..<40, 40..<41, 41..<90]
    let expected = try datapath.run(x, segments: segments)
    var random = RandomStream(seed: seed)
    for clock in Self.clocks {
      let pipeline = try datapath.pipelined(
        PipelineOptions(registersInputs: seed % 4 > 0, family: family, clockHz: clock))
      var simulator = PipelineSimulator(pipeline)
      let results = try simulator.run(x, segments: segments) { random.index(below: 4) == 0 }
      #expect(results == expected, "at \(clock) Hz")
    }
  }

  @Test(arguments: cases)
  func `meets the clock, or a single node is too slow`(seed: UInt64, family: LogicFamily) throws {
    let datapath = try datapath(seed)
    for clock in Self.clocks {
      let pipeline = try datapath.pipelined(PipelineOptions(family: family, clockHz: clock))
      let timing = pipeline.timing()
      #expect(timing.clockHz == clock)
      #expect(timing.missed.isEmpty == (timing.fmaxHz >= clock))
      for path in timing.missed { #expect(path.wires.count == 1, "at \(clock) Hz: \(path)") }
      #expect((timing.shortfall { "w\($0.index)" } == nil) == timing.missed.isEmpty)
    }
  }

  @Test(arguments: 0..<30 as Range<UInt64>)
  func `a slower clock needs no more register bits, and no stages are better than these`(
    seed: UInt64
  ) throws {
    let datapath = try datapath(seed)
    var last = Int.max
    for clock in Self.clocks {
      var options = PipelineOptions(family: .ecp5, clockHz: clock)
      let bits = try datapath.pipelined(options).registerBits
      #expect(bits <= last, "at \(clock) Hz")
      last = bits
      options.stages = .earliest
      #expect(try bits <= datapath.pipelined(options).registerBits)
    }
    #expect(try last <= datapath.pipelined(PipelineOptions(family: .ecp5)).registerBits)
  }

  @Test(arguments: 0..<20 as Range<UInt64>)
  func `no logic stands between the last register and an output`(seed: UInt64) throws {
    let datapath = try datapath(seed)
    for clock in [300e6, 20e6] {
      let pipeline = try datapath.pipelined(PipelineOptions(clockHz: clock))
      // The slowest clock would let an output wait for logic; what an output reads must be a register all the same.
      for output in pipeline.datapath.outputs {
        var tap = pipeline.tap(of: output)
        while tap.registers == 0, pipeline[tap.wire].registers == 0 {
          let operands = pipeline.datapath[tap.wire].op.operands
          if operands.isEmpty { break }
          #expect(operands.count == 1)
          tap = pipeline.tap(of: operands[0], readBy: tap.wire)
        }
      }
    }
  }

  @Test func `says which path misses the clock`() throws {
    var builder = DatapathBuilder()
    let word = WordFormat(wordLength: 32, integerBits: 32)
    let a = builder.input("a", word, label: "a")
    let b = builder.input("b", word, label: "b")
    let sum = try builder.add([Operand(a), Operand(b)], fractionBits: 0, label: "s")
    builder.output("y", sum)
    let pipeline = try builder.finish().pipelined(
      PipelineOptions(family: .ultraScalePlus, clockHz: 1e9))
    let timing = pipeline.timing()
    #expect(timing.basis == .estimate)
    #expect(timing.missed.count == 1)
    let text = try #require(timing.shortfall { pipeline.datapath[$0].label })
    #expect(
      text
        == "path a -> s (33 bits, 1 node) takes \(1.38) ns in the model, limit 1.00")
    #expect(abs(timing.fmaxHz - 1e12 / 1384) < 1)
  }
}
