import PareDatapath
import PareNumerics
import PareRTL
import RandomDatapaths
import Testing

/// Long delay lines in tables that no reset reaches.
@Suite struct ShiftRegisterTests {
  /// A biased sum read long after it was made, and an input that skips everything.
  static func design(seed: UInt64) throws -> Datapath {
    var random = RandomStream(seed: seed)
    var builder = DatapathBuilder()
    let word = WordFormat(wordLength: 7, integerBits: 7)
    let inputs = ["x0", "x1"].map { builder.input($0, word) }
    let bias = try builder.constant(Int64(1 + random.index(below: 20)), fractionBits: 0)
    let sum = try builder.add(
      [Operand(inputs[0]), Operand(inputs[1], shift: 1, isNegated: true), Operand(bias)],
      fractionBits: 0)
    let limited = try builder.requantize(
      sum, to: WordFormat(wordLength: 6, integerBits: 6, isSigned: false))
    let late = (0..<3).map { builder.delay(limited, samples: 5 + 7 * $0 + random.index(below: 4)) }
    let first = try builder.add(late.map { Operand($0) }, fractionBits: 0)
    builder.output("y0", first)
    builder.output(
      "y1",
      try builder.add(
        [Operand(first), Operand(builder.delay(inputs[1], samples: 12 + random.index(below: 9)))],
        fractionBits: 0))
    return try builder.finish(lookAhead: random.index(below: 3))
  }

  @Test(.enabled(if: SystemTool.iverilog != nil), arguments: 0..<4 as Range<UInt64>)
  func `tables keep what an earlier segment left, and no result shows it`(seed: UInt64) throws {
    let datapath = try Self.design(seed: seed)
    let vectors = try SampleDesigns.vectors(
      for: datapath, seed: seed, lengths: [1, 40, 2, 9, 33, 3])
    let pipeline = try datapath.pipelined(PipelineOptions(family: .ultraScalePlus))
    #expect(pipeline.shiftRegisterBits > 60)
    let bundle = try pipeline.verilog(named: "dut", vectors: vectors)
    #expect(bundle.design[0].text.contains("(* shreg_extract = \"yes\" *)"))
    for macros in [[], ["PARE_XILINX"]] {
      let run = try HDLRun.icarus(bundle.files + [XilinxCells.file], top: "tb_dut", macros: macros)
      #expect(run.verdict == "PASS samples \(vectors.count)", "\(run.fault ?? run.verdict)")
    }
  }

  @Test func `registers in tables are loaded without a reset, and all others with one`() throws {
    let pipeline = try Self.design(seed: 1).pipelined(PipelineOptions(family: .series7))
    let text = try pipeline.verilog(named: "dut").design[0].text
    var tables: Set<Substring> = []
    for match in text.matches(of: #/shreg_extract = "yes" \*\)\n *reg signed \[\d+:0\] ([^;]*);/#) {
      tables.formUnion(match.1.split(separator: ", "))
    }
    var loads: [Substring: Int] = [:]
    for match in text.matches(of: #/(\w+) +<= /#) { loads[match.1, default: 0] += 1 }
    for (name, count) in loads { #expect(count == (tables.contains(name) ? 1 : 2), "\(name)") }
    #expect(tables.isSubset(of: loads.keys))
    let plain = try Self.design(seed: 1).pipelined().verilog(named: "dut").design[0].text
    #expect(!plain.contains("shreg_extract"))
  }
}
