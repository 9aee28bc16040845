import PareDatapath
import PareNumerics
import RandomDatapaths
import Testing

@Suite struct PipelineTests {
  private func check(_ datapath: Datapath, options: PipelineOptions, seed: UInt64) throws {
    let pipeline = try datapath.pipelined(options)
    let x = RandomDatapath.stimulus(for: datapath, count: 120, seed: seed)
    let segments = [0..<50, 50..<52, 52..<53, 53..<120]
    let expected = try datapath.run(x, segments: segments)
    var simulator = PipelineSimulator(pipeline)
    #expect(try simulator.run(x, segments: segments) == expected)
    var random = RandomStream(seed: seed)
    let gappy = try simulator.run(x, segments: segments) { random.index(below: 3) == 0 }
    #expect(gappy == expected)
  }

  @Test(arguments: 0..<150 as Range<UInt64>)
  func `equals the interpreter for any graph`(seed: UInt64) throws {
    let datapath = try RandomDatapath.anything(seed: seed)
      .optimized(by: PassPipeline([ExpandLinear()]))
    try check(datapath, options: PipelineOptions(registersInputs: seed % 2 == 0), seed: seed)
  }

  @Test(arguments: 0..<40 as Range<UInt64>)
  func `equals the interpreter for networks`(seed: UInt64) throws {
    let datapath = try RandomDatapath.network(
      seed: seed, kernel: 1 + Int(seed % 6), table: seed % 3 == 0,
      tableCount: [128, 600, 1024, 300][Int(seed % 4)]
    ).optimized()
    try check(datapath, options: PipelineOptions(registersInputs: seed % 2 == 0), seed: seed)
  }

  @Test func `holds a biased layer at 0 before the first sample`() throws {
    let pipeline = try RandomDatapath.network(seed: 5, kernel: 3, table: true).optimized()
      .pipelined()
    let held = zip(pipeline.datapath.nodes, pipeline.placements).filter(\.1.isHeld).map(\.0.label)
    #expect(held == ["l0c0_act", "l0c1_act", "l0c2_act"])
  }

  @Test func `holds nothing when zeros in give zeros out`() throws {
    let bank = try FilterBank(
      taps: [[[1, -3, 5], [0, 2, 9]]], format: .paper,
      requantizer: Requantizer(to: .paper))
    let pipeline = try bank.lowered().optimized().pipelined()
    #expect(pipeline.placements.allSatisfy { !$0.isHeld })
  }

  @Test func `sample delays take in pipeline stages`() throws {
    let bank = try FilterBank(
      taps: [[[1, 1, 1, 1, 1]]], format: WordFormat(wordLength: 8, integerBits: 8))
    let pipeline = try bank.lowered().optimized().pipelined()
    #expect(pipeline.placements[0].registers == 1)
    // Only the newest sample waits for the input register; the older four are two levels deep by then.
    #expect(pipeline.latency == 3)
  }

  @Test func `the first result comes after the latency`() throws {
    let datapath = try RandomDatapath.network(seed: 2).optimized()
    let pipeline = try datapath.pipelined()
    var simulator = PipelineSimulator(pipeline)
    var clocks = 0
    while simulator.clock([1, 1]) == nil { clocks += 1 }
    #expect(clocks == pipeline.latency - 1 + datapath.lookAhead)
  }

  @Test func `refuses constant multiplications`() throws {
    let error = #expect(throws: DatapathError.self) {
      try RandomDatapath.network(seed: 1).pipelined()
    }
    guard case .linearLeft? = error?.code else {
      Issue.record("\(String(describing: error))")
      return
    }
  }
}
