import PareDatapath
import PareNumerics
import PareRTL
import PareText
import RandomDatapaths
import Testing

@Suite struct VHDLTests {
  private func design(_ datapath: Datapath, named name: String = "dut") throws -> String {
    try datapath.optimized().pipelined().vhdl(named: name).design[0].text
  }

  @Test func `a small filter`() throws {
    let bank = try FilterBank(
      name: "fir", taps: [[[3, 0, -5], [0, 7, 0]]],
      format: WordFormat(wordLength: 8, integerBits: 1),
      requantizer: Requantizer(to: WordFormat(wordLength: 8, integerBits: 4)))
    try expectGolden(
      "small_filter.vhd",
      bank.lowered().optimized().pipelined().vhdl(
        named: "small_filter", header: "two inputs, three taps"
      ).design[0].text)
  }

  @Test func `a network with tables`() throws {
    let datapath = try RandomDatapath.network(
      seed: 12, channels: 2, kernel: 2, table: true, tableCount: 16)
    try expectGolden("table_network.vhd", try design(datapath, named: "table_network"))
  }

  @Test func `every op, without passes`() throws {
    let pipeline = try Datapath(parsing: SampleDesigns.everyOp).pipelined(
      PipelineOptions(registersInputs: false))
    try expectGolden("every_op.vhd", try pipeline.vhdl(named: "every_op").design[0].text)
  }

  @Test(arguments: [
    "clk", "live", "Signal", "OUT_VALID", "resize", "x_", "x__y", "table0_t", "Table3", "entity",
  ])
  func `refuses ports that are no names or are taken`(port: String) throws {
    var builder = DatapathBuilder()
    builder.output("y", builder.input(port, .paper))
    let pipeline = try builder.finish().pipelined()
    #expect(throws: RTLError(.reservedName(port, language: "VHDL"))) {
      try pipeline.vhdl(named: "dut")
    }
  }

  @Test func `refuses ports that differ by case alone`() throws {
    var builder = DatapathBuilder()
    builder.output("X", builder.input("x", .paper))
    let pipeline = try builder.finish().pipelined()
    #expect(throws: RTLError(.reservedName("X", language: "VHDL"))) {
      try pipeline.vhdl(named: "dut")
    }
    _ = try pipeline.verilog(named: "dut")
  }

  @Test(arguments: ["", "2x", "a-b", "Entity", "a__b", "Y", "std_logic"])
  func `refuses entity names that are none`(name: String) throws {
    var builder = DatapathBuilder()
    builder.output("y", builder.input("x", .paper))
    let pipeline = try builder.finish().pipelined()
    #expect(throws: RTLError(.badModuleName(name, language: "VHDL"))) {
      try pipeline.vhdl(named: name)
    }
  }

  @Test(arguments: 0..<8 as Range<UInt64>)
  func `the registers are those of the pipeline`(seed: UInt64) throws {
    let pipeline = try RandomDatapath.network(
      seed: seed, kernel: 4, table: seed % 2 == 0, tableCount: [128, 600, 1024][Int(seed % 3)]
    ).optimized().pipelined(PipelineOptions(family: LogicFamily.allCases[Int(seed % 4)]))
    let text = try pipeline.vhdl(named: "dut").design[0].text
    var widths: [Substring: Int] = ["out_valid": 1]
    for match in text.matches(of: #/\n +signal ([^:]*) : [a-z_]+(?:\((\d+) downto (\d+)\))?;/#) {
      let width = match.2.flatMap { Int($0) }.map { $0 - Int(match.3!)! + 1 } ?? 1
      for name in match.1.split(separator: ", ") { widths[name] = width }
    }
    // A register is assigned twice, once to be reset; out_valid is reset by its value.
    var loads: [Substring: Int] = [:]
    for match in text.matches(of: #/\n +(\w+) +<= /#) { loads[match.1, default: 0] += 1 }
    let registers = loads.filter { $0.value == 2 || $0.key == "out_valid" }.keys
    #expect(registers.compactMap { widths[$0] }.reduce(0, +) == pipeline.registerBits)
    #expect(loads.values.allSatisfy { $0 <= 2 })
  }
}

/// Generated VHDL and its testbench in GHDL; left out, and said so, where there is none.
@Suite(
  .enabled(
    if: SystemTool.ghdl != nil || SystemTool.ghdlIsRequired,
    "no ghdl on PATH (nor in PARE_GHDL): generated VHDL was not simulated"))
struct GHDLTests {
  private func run(_ pipeline: PipelinedDatapath, _ vectors: TestVectors) throws -> HDLRun {
    try .ghdl(pipeline.vhdl(named: "dut", vectors: vectors).files, top: "tb_dut")
  }

  private func expectEqual(_ datapath: Datapath, _ pipeline: PipelinedDatapath, seed: UInt64) throws
  {
    let vectors = try SampleDesigns.vectors(for: datapath, seed: seed)
    let run = try run(pipeline, vectors)
    #expect(run.verdict == "PASS samples \(vectors.count)", "\(run.fault ?? "")")
  }

  @Test(arguments: 0..<24 as Range<UInt64>)
  func `any graph equals the integer model`(seed: UInt64) throws {
    let datapath = try RandomDatapath.anything(seed: seed)
    let family = LogicFamily.allCases[Int(seed % 4)]
    let pipeline = try datapath.optimized().pipelined(
      PipelineOptions(
        registersInputs: seed % 3 > 0, family: family,
        clockHz: [nil, 30e6, 150e6][Int(seed / 4) % 3]))
    try expectEqual(datapath, pipeline, seed: seed)
  }

  @Test(arguments: 0..<8 as Range<UInt64>)
  func `networks equal the integer model`(seed: UInt64) throws {
    let datapath = try RandomDatapath.network(
      seed: seed, channels: 2, kernel: 3, table: seed % 2 == 0,
      tableCount: [16, 100, 600, 1024][Int(seed / 2)])
    try expectEqual(datapath, try datapath.optimized().pipelined(), seed: seed)
  }

  @Test func `delay lines in shift registers equal the integer model`() throws {
    var builder = DatapathBuilder()
    let x = builder.input("x", WordFormat(wordLength: 9, integerBits: 3))
    let bias = try builder.linear([LinearTerm(3, x)], bias: 77, fractionBits: 6, label: "loud")
    let late = builder.delay(bias, samples: 20)
    builder.output(
      "y",
      try builder.linear(
        [LinearTerm(1, late), LinearTerm(1, x, delay: 31)], bias: 0, fractionBits: 6))
    let datapath = try builder.finish()
    let pipeline = try datapath.optimized().pipelined(PipelineOptions(family: .ultraScalePlus))
    #expect(pipeline.shiftRegisterBits > 200)
    try expectEqual(datapath, pipeline, seed: 6)
  }

  @Test func `every op equals the integer model, with registered inputs and without`() throws {
    let datapath = try Datapath(parsing: SampleDesigns.everyOp)
    for registersInputs in [false, true] {
      try expectEqual(
        datapath, try datapath.pipelined(PipelineOptions(registersInputs: registersInputs)),
        seed: 3)
    }
  }

  @Test func `wide words, names that meet and labels that are no names in VHDL`() throws {
    var builder = DatapathBuilder()
    let word = WordFormat(wordLength: 40, integerBits: 40)
    let x = builder.input("x", word)
    let a = try builder.relu(x, label: "Y")
    let b = try builder.add([Operand(a), Operand(x)], fractionBits: 0, label: "x__D1_")
    let c = try builder.add(
      [Operand(b), Operand(try builder.constant(1 << 50, fractionBits: 0))],
      fractionBits: 0, label: "signal")
    let d = try builder.clamp(c, lower: 5, upper: 1 << 45, label: "X_S")
    builder.output("y", try builder.add([Operand(d), Operand(b)], fractionBits: 0, label: "end"))
    let datapath = try builder.finish()
    try expectEqual(datapath, try datapath.pipelined(), seed: 9)
  }

  @Test func `a wrong value is named with its place`() throws {
    let datapath = try RandomDatapath.network(seed: 5, channels: 2, kernel: 3)
    let right = try SampleDesigns.vectors(for: datapath)
    var outputs = right.outputs
    outputs[1][7] ^= 1
    let run = try run(
      try datapath.optimized().pipelined(),
      TestVectors(inputs: right.inputs, outputs: outputs, segments: right.segments))
    #expect(run.verdict == "FAIL mismatches 1")
    // Sample 7 is the fifth of the third segment of 1, 2, 5, ...
    #expect(
      run.fault
        == "MISMATCH segment 2 sample 4 port yq expected \(outputs[1][7]) got \(right.outputs[1][7])"
    )
  }

  @Test func `a design that is late is caught`() throws {
    let datapath = try RandomDatapath.network(seed: 5, channels: 2, kernel: 3)
    let vectors = try SampleDesigns.vectors(for: datapath)
    let bundle = try datapath.optimized().pipelined().vhdl(named: "dut", vectors: vectors)
    let files = bundle.files.map { file in
      SourceFile(
        path: file.path,
        text: file.path == "dut.vhd"
          ? file.text.replacing(
            "out_valid <= in_valid and", with: "out_valid <= (not in_valid) and")
          : file.text)
    }
    let run = try HDLRun.ghdl(files, top: "tb_dut")
    #expect(run.fault?.hasPrefix("PROTOCOL segment 0 sample ") == true, "\(run)")
    #expect(run.verdict.hasPrefix("FAIL mismatches "))
  }
}
