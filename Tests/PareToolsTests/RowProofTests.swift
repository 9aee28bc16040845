import PareDatapath
import PareNumerics
import PareRTL
import PareText
import Testing

@testable import PareTools

/// The row of cells against the sum that it stands for, by SAT over all inputs, with the cell models of Yosys.
@Suite struct RowProofTests {
  /// The module as the generator delivers it.
  private func row() throws -> SourceFile {
    var builder = DatapathBuilder()
    let operands = (0..<3).map {
      Operand(builder.input("x\($0)", WordFormat(wordLength: 8, integerBits: 8)), shift: $0)
    }
    builder.output("y", try builder.add(operands, fractionBits: 0))
    let bundle = try builder.finish().pipelined(PipelineOptions(family: .ultraScalePlus)).verilog(
      named: "dut")
    return try #require(bundle.design.first { $0.path == "pare_row3.v" })
  }

  private struct Case {
    let width: Int
    /// Bit k set: operand k is negated.
    let signs: Int
    var macros = "-DPARE_XILINX"
    /// Signs of the plain sum that it is compared with.
    var against: Int?

    /// Yosys commands that prove the two equal, or say that they are not.
    var commands: [String] {
      func parameters(_ signs: Int) -> String {
        "chparam -set W \(width) -set NA \(signs & 1) -set NB \(signs >> 1 & 1) -set NC "
          + "\(signs >> 2 & 1) pare_row3"
      }
      return [
        "design -reset", "read_verilog pare_row3.v", parameters(against ?? signs),
        "hierarchy -top pare_row3", "proc", "rename -top plain", "design -stash plain",
        "design -load models", "read_verilog \(macros) pare_row3.v", parameters(signs),
        "hierarchy -top pare_row3", "proc", "flatten", "rename -top cells",
        "design -copy-from plain -as plain plain",
        "miter -equiv -flatten -make_outputs plain cells miter",
        "sat \(against == nil ? "-verify" : "-falsify") -prove trigger 0 -set-def-inputs miter",
      ]
    }
  }

  private func prove(_ cases: [Case]) async throws {
    try await withScratch { folder in
      try folder.write(try row().text, to: "pare_row3.v")
      let models = [
        "read_verilog +/xilinx/cells_sim.v", "delete LUT6_2 CARRY8 CARRY4 %u %u %n",
        "design -save models",
      ]
      let yosys = try await YosysSynthesizer()
      let run = try yosys.command(
        models + cases.flatMap(\.commands), in: folder, log: "prove.log")
      _ = try await ProcessRunner().runChecked(run)
      let log = try String(decoding: folder.read("prove.log"), as: UTF8.self)
      #expect(log.ranges(of: "SAT proof finished").count == cases.count)
    }
  }

  @Test func `cells and sum are equal for every sign, with chains of eight and of four`()
    async throws
  {
    try await prove(
      ["-DPARE_XILINX", "-DPARE_XILINX -DPARE_CARRY4"].flatMap { macros in
        [1, 5, 8, 13].flatMap { width in
          (0..<7).map { Case(width: width, signs: $0, macros: macros) }
        }
      })
  }

  @Test func `a row with one sign flipped is refuted`() async throws {
    try await prove([Case(width: 6, signs: 2, against: 3), Case(width: 9, signs: 4, against: 2)])
  }

  @Test func `a long delay line becomes shift registers of tables`() async throws {
    var builder = DatapathBuilder()
    let input = builder.input("x", WordFormat(wordLength: 8, integerBits: 8))
    builder.output(
      "y",
      try builder.add(
        [Operand(input), Operand(builder.delay(input, samples: 20), isNegated: true)],
        fractionBits: 0))
    let pipeline = try builder.finish().pipelined(PipelineOptions(family: .ultraScalePlus))
    let bundle = try pipeline.verilog(named: "dut")
    try await withScratch { folder in
      let counts = try await YosysSynthesizer().synthesize(
        bundle, for: SynthesisTarget(.xcup), in: folder.folder("s")
      ).counts
      #expect(pipeline.shiftRegisterBits == 8 * 19)
      // Up to 32 places of a bit share a table.
      #expect(counts.srl == 8)
      #expect(counts.ff <= pipeline.registerBits)
    }
  }

  @Test func `a row costs a table per bit above its second lowest operand`() async throws {
    for (family, target) in [
      (LogicFamily.ultraScalePlus, SynthesisTarget.Family.xcup), (.series7, .xc7),
    ] {
      var builder = DatapathBuilder()
      let inputs = (0..<3).map {
        builder.input("x\($0)", WordFormat(wordLength: 8, integerBits: 8))
      }
      let sum = try builder.add(
        [
          Operand(inputs[0]), Operand(inputs[1], shift: 3, isNegated: true),
          Operand(inputs[2], shift: 5),
        ], fractionBits: 0)
      builder.output("y", sum)
      let bundle = try builder.finish().pipelined(
        PipelineOptions(registersInputs: false, family: family)
      ).verilog(named: "dut")
      let bits = builder[sum].range.signedBits - 3
      try await withScratch { folder in
        let result = try await YosysSynthesizer().synthesize(
          bundle, for: SynthesisTarget(target), in: folder.folder("s"))
        #expect(result.counts.byType["LUT6_2"] == bits)
        // One more for the enable of the registers.
        #expect((bits...(bits + 1)).contains(result.counts.lut))
        #expect(result.counts.lutSites == result.counts.lut)
        #expect(result.counts.carry8 == (target == .xcup ? (bits + 7) / 8 : nil))
        #expect(result.counts.carry == (target == .xcup ? (bits + 7) / 8 : (bits + 3) / 4))
        #expect(result.counts.unknown.isEmpty)
      }
    }
  }
}
