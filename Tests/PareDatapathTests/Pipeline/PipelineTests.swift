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
    let family = LogicFamily.allCases[Int(seed % 4)]
    try check(
      datapath, options: PipelineOptions(registersInputs: seed % 3 > 0, family: family), seed: seed)
  }

  @Test(arguments: 0..<40 as Range<UInt64>)
  func `equals the interpreter for networks`(seed: UInt64) throws {
    let datapath = try RandomDatapath.network(
      seed: seed, kernel: 1 + Int(seed % 6), table: seed % 3 == 0,
      tableCount: [128, 600, 1024, 300][Int(seed % 4)]
    ).optimized()
    let family = LogicFamily.allCases[Int(seed % 3)]
    try check(
      datapath, options: PipelineOptions(registersInputs: seed % 2 == 0, family: family), seed: seed
    )
  }

  @Test(arguments: 0..<60 as Range<UInt64>)
  func `has no more register bits than with the earliest stages`(seed: UInt64) throws {
    let datapath =
      try seed % 2 == 0
      ? RandomDatapath.anything(seed: seed).optimized()
      : RandomDatapath.network(seed: seed, kernel: 1 + Int(seed % 6)).optimized()
    var options = PipelineOptions(registersInputs: seed % 3 > 0)
    let fewest = try datapath.pipelined(options)
    options.stages = .earliest
    let earliest = try datapath.pipelined(options)
    #expect(fewest.registerBits <= earliest.registerBits)
    try check(datapath, options: options, seed: seed)
  }

  @Test func `waits with a sum until its operands are widest`() throws {
    // Early, the sum of 9 bits waits for the product's way through the table; late, its operand of 4 bits does.
    let text = """
      datapath 1
      inputs x, z
      %0: <4,4> [-8, 7] = input 0
      %1: <4,4> [-8, 7] = input 1
      %2: <9,9> [-136, 119] = add %0 << 4, %0
      %3: <4,4> [-8, 7] = lookup %1 >> 0, [0, 1, 2, 3, 4, 5, 6, 7]
      %4: <10,10> [-144, 126] = add %2, %3
      output y = %4

      """
    let datapath = try Datapath(parsing: text)
    let late = try datapath.pipelined()
    let early = try datapath.pipelined(PipelineOptions(stages: .earliest))
    #expect(late.latency == early.latency)
    #expect(early.placements[2].chain == 2 && late.placements[2].chain == 0)
    #expect(late.placements[0].chain == 2)
    #expect(late.registerBits == early.registerBits - 2 * (9 - 4))
  }

  @Test func `long delays become shift registers without a reset`() throws {
    let text = """
      datapath 1
      inputs x
      lookAhead 8
      %0: <8,8> [-128, 127] = input 0
      %1: <8,8> [-128, 127] = delay %0, 9
      %2: <8,8> [-128, 127] = delay %0, 12
      %3: <10,10> [-384, 381] = add %0, %1, %2
      output y = %3

      """
    let datapath = try Datapath(parsing: text)
    let plain = try datapath.pipelined()
    let pipeline = try datapath.pipelined(PipelineOptions(family: .series7))
    // Read behind 0, 9 and 12 registers: 0 to 7 shift, 8 is held, and the last three are too short to shift.
    #expect(pipeline.placements[0].shiftRegisters == [0..<8])
    #expect(pipeline.placements[0].heldChain == [8])
    #expect(pipeline.shiftRegisterBits == 64)
    #expect(pipeline.liveFlagCount == plain.liveFlagCount)
    #expect(pipeline.registerBits == plain.registerBits - 64)
    try check(datapath, options: PipelineOptions(family: .series7), seed: 1)
  }

  @Test(arguments: ["<1,1> [-1, 0]", "<2,2> [-2, 1]"])
  func `a shift register must save more than its flags cost`(word: String) throws {
    let isNarrow = word.hasPrefix("<1")
    let text = """
      datapath 1
      inputs x
      %0: \(word) = input 0
      %1: \(word) = delay %0, 90
      %2: <3,3> \(isNarrow ? "[-2, 0]" : "[-4, 2]") = add %0, %1
      output y = %2

      """
    let pipeline = try Datapath(parsing: text).pipelined(PipelineOptions(family: .series7))
    #expect(pipeline.shiftRegisterBits == (isNarrow ? 0 : 2 * 89))
    #expect(pipeline.liveFlagCount == (isNarrow ? 1 : 90))
    try check(pipeline.datapath, options: pipeline.options, seed: 1)
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
