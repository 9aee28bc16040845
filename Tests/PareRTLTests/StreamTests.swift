import PareDatapath
import PareNumerics
import PareRTL
import PareText
import RandomDatapaths
import Testing

@Suite struct StreamTests {
  private static let vectors = TestVectors(
    inputs: [[1, 2], [3, 4]], outputs: [[0, 0], [0, 0]])

  private func small() throws -> PipelinedDatapath {
    try Datapath(parsing: SampleDesigns.everyOp).pipelined()
  }

  @Test(arguments: RTLLanguage.allCases)
  func `the wrapper`(language: RTLLanguage) throws {
    let bundle = try small().axiStream(named: "every_op", language: language)
    #expect(bundle.top == "every_op_axis" && bundle.testbench.isEmpty)
    try expectGolden(bundle.design[0].path, bundle.design[0].text)
  }

  @Test func `refuses packets without samples`() throws {
    let pipeline = try FilterBank(
      taps: [[[1], [2]], [[-1], [0]]], format: WordFormat(wordLength: 6, integerBits: 6)
    ).lowered().optimized().pipelined()
    let vectors = TestVectors(
      inputs: [[1], [1]], outputs: [[3], [-1]], segments: [0..<1, 1..<1])
    #expect(throws: RTLError(.badVectors("segment 1 is empty, and a packet cannot be"))) {
      try pipeline.axiStream(named: "dut", language: .verilog, vectors: vectors)
    }
  }
}

/// A wrapped design with random packets and stalls, as the simulators of the system see it.
enum StreamRun {
  /// Packets of 1, 2, and more samples, some longer than what the design holds.
  static let lengths = [1, 2, 1, 3, 40, 17, 5, 2, 64, 1, 9, 33]

  static func files(
    _ datapath: Datapath, _ pipeline: PipelinedDatapath, _ language: RTLLanguage, seed: UInt64
  ) throws -> (files: [SourceFile], count: Int) {
    let vectors = try SampleDesigns.vectors(
      for: datapath, count: 20, seed: seed, lengths: lengths)
    let core =
      switch language {
      case .verilog: try pipeline.verilog(named: "dut")
      case .vhdl: try pipeline.vhdl(named: "dut")
      }
    let stream = try pipeline.axiStream(named: "dut", language: language, vectors: vectors)
    return (core.design + stream.files, vectors.count)
  }

  static func run(_ files: [SourceFile], _ language: RTLLanguage) throws -> HDLRun {
    switch language {
    case .verilog: try .icarus(files, top: "tb_dut_axis")
    case .vhdl: try .ghdl(files, top: "tb_dut_axis")
    }
  }

  static func expectEqual(
    _ datapath: Datapath, _ pipeline: PipelinedDatapath, _ language: RTLLanguage, seed: UInt64
  ) throws {
    let (files, count) = try files(datapath, pipeline, language, seed: seed)
    let run = try run(files, language)
    #expect(run.verdict == "PASS samples \(count)", "\(run.fault ?? "")")
  }

  static func expectRandomGraphsEqual(_ seed: UInt64, _ language: RTLLanguage) throws {
    let datapath =
      seed % 2 == 0
      ? try RandomDatapath.anything(seed: seed) : try RandomDatapath.network(seed: seed, kernel: 3)
    try expectEqual(
      datapath,
      try datapath.optimized().pipelined(PipelineOptions(registersInputs: seed % 3 > 0)), language,
      seed: seed)
  }

  /// Each is wrong in one place, and each must be found out.
  static func expectFaultsAreFound(_ language: RTLLanguage, _ faults: [(String, String, String)])
    throws
  {
    let datapath = try RandomDatapath.network(seed: 2, channels: 2, kernel: 3)
    let (files, _) = try files(datapath, try datapath.optimized().pipelined(), language, seed: 3)
    for (right, wrong, complaint) in faults {
      let broken = files.map { file in
        SourceFile(
          path: file.path,
          text: file.path.hasPrefix("dut_axis.")
            ? file.text.replacing(right, with: wrong) : file.text)
      }
      #expect(broken != files, "\(right) is nowhere")
      let run = try run(broken, language)
      #expect(run.verdict.hasPrefix("FAIL mismatches "), "\(wrong): \(run.verdict)")
      #expect(run.fault?.contains(complaint) == true, "\(wrong): \(run.fault ?? "")")
    }
  }

  /// A graph whose results come in the clock after their samples: nothing is to be flushed.
  static func immediate() throws -> (Datapath, PipelinedDatapath) {
    var builder = DatapathBuilder()
    let x = builder.input("x", WordFormat(wordLength: 9, integerBits: 3))
    let u = builder.input("valid", WordFormat(wordLength: 16, integerBits: 3, isSigned: false))
    let sum = try builder.add(
      [Operand(x), Operand(builder.delay(x, samples: 2))], fractionBits: 6, label: "y")
    builder.output("rst_n", sum)
    builder.output("u", u)
    let datapath = try builder.finish()
    let pipeline = try datapath.pipelined(PipelineOptions(registersInputs: false))
    #expect(pipeline.flushCount == 0)
    return (datapath, pipeline)
  }
}

@Suite(
  .enabled(
    if: SystemTool.iverilog != nil, "no iverilog on PATH: the AXI4-Stream wrapper was not simulated"
  ))
struct IcarusStreamTests {
  @Test(arguments: 0..<8 as Range<UInt64>)
  func `packets with stalls equal the integer model`(seed: UInt64) throws {
    try StreamRun.expectRandomGraphsEqual(seed, .verilog)
  }

  @Test func `a design without anything to flush`() throws {
    let (datapath, pipeline) = try StreamRun.immediate()
    try StreamRun.expectEqual(datapath, pipeline, .verilog, seed: 4)
  }

  @Test func `a wrapper that loses, repeats, mixes or holds up samples is found out`() throws {
    try StreamRun.expectFaultsAreFound(
      .verilog,
      [
        (
          "assign s_axis_tready = state == FEED && !full;", "assign s_axis_tready = state == FEED;",
          "MISMATCH"
        ),
        (".rst(!aresetn || finish)", ".rst(!aresetn)", "MISMATCH"),
        ("if (keep) full <= 1'b1;", "if (keep) full <= 1'b0;", "PROTOCOL"),
        ("state == LAST && !full;", "state == LAST && !full && !shown;", "MISMATCH"),
        ("== FEED && !full", "== FEED && !full && !shown", "s_axis_tready"),
        ("full ? kept_last : state == LAST", "full ? kept_last : 1'b0", "m_axis_tlast"),
      ])
  }
}

@Suite(
  .enabled(
    if: SystemTool.ghdl != nil || SystemTool.ghdlIsRequired,
    "no ghdl on PATH (nor in PARE_GHDL): the AXI4-Stream wrapper in VHDL was not simulated"))
struct GHDLStreamTests {
  @Test(arguments: 0..<8 as Range<UInt64>)
  func `packets with stalls equal the integer model`(seed: UInt64) throws {
    try StreamRun.expectRandomGraphsEqual(seed, .vhdl)
  }

  @Test func `a design without anything to flush`() throws {
    let (datapath, pipeline) = try StreamRun.immediate()
    try StreamRun.expectEqual(datapath, pipeline, .vhdl, seed: 4)
  }

  @Test func `a wrapper that loses, repeats, mixes or holds up samples is found out`() throws {
    try StreamRun.expectFaultsAreFound(
      .vhdl,
      [
        ("ready  <= not full when state = FEED", "ready  <= '1' when state = FEED", "MISMATCH"),
        ("core_rst <= finish or not aresetn", "core_rst <= not aresetn", "MISMATCH"),
        ("not full when state = FEED", "not full and not shown when state = FEED", "s_axis_tready"),
      ])
  }
}
