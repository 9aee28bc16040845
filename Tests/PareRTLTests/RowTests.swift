import PareNumerics
import PareRTL
import PareText
import RandomDatapaths
import Testing

@testable import PareDatapath

/// Sums of three operands on families whose tables have two outputs.
@Suite struct RowTests {
  static let options: [(PipelineOptions, [String])] = [
    (PipelineOptions(family: .ultraScalePlus), []),
    (PipelineOptions(family: .ultraScalePlus), ["PARE_XILINX"]),
    (PipelineOptions(family: .series7), ["PARE_XILINX", "PARE_CARRY4"]),
  ]

  /// Sums of two and three operands on each other, of all shifts and signs, with constants and delays.
  static func rows(seed: UInt64, count: Int = 12) throws -> Datapath {
    var random = RandomStream(seed: seed)
    var builder = DatapathBuilder()
    var wires = (0..<3).map { channel in
      builder.input(
        "x\(channel)",
        WordFormat(
          wordLength: 2 + random.index(below: 7), integerBits: 2,
          isSigned: random.index(below: 4) > 0))
    }
    for _ in 0..<count {
      let operands = try (0..<(2 + min(1, random.index(below: 4)))).map { place in
        var wire = wires[max(0, wires.count - 1 - random.index(below: 6))]
        if place == 2, random.index(below: 3) == 0 {
          wire = try builder.constant(Int64(random.index(below: 400) - 200), fractionBits: 0)
        } else if random.index(below: 4) == 0 {
          wire = builder.delay(wire, samples: 1 + random.index(below: 3))
        }
        return Operand(
          wire, shift: random.index(below: 5), isNegated: random.index(below: 2) == 0)
      }
      do {
        wires.append(try builder.add(operands, fractionBits: 0))
      } catch let error as DatapathError {
        guard case .rangeOverflow = error.code else { throw error }
      }
      if random.index(below: 4) == 0 {
        let word = 6 + random.index(below: 5)
        wires.append(
          try builder.requantize(
            wires.last!, to: WordFormat(wordLength: word, integerBits: word),
            rounding: .floor, overflow: .wrap))
      }
    }
    for output in 0..<4 { builder.output("y\(output)", wires[wires.count - 1 - output]) }
    return try builder.finish()
  }

  @Test(.enabled(if: SystemTool.iverilog != nil), arguments: 0..<8 as Range<UInt64>)
  func `the sum and the row of cells give the integer model's results`(seed: UInt64) throws {
    let datapath = try Self.rows(seed: seed)
    let vectors = try SampleDesigns.vectors(for: datapath, seed: seed)
    for (options, macros) in Self.options {
      let bundle = try datapath.pipelined(options).verilog(named: "dut", vectors: vectors)
      #expect(bundle.design.map(\.path) == ["dut.v", "pare_row3.v"])
      #expect(!bundle.design[0].text.contains("`"))
      let run = try HDLRun.icarus(
        bundle.files + [XilinxCells.file], top: "tb_dut", macros: macros)
      #expect(
        run.verdict == "PASS samples \(vectors.count)", "\(macros): \(run.fault ?? run.verdict)")
    }
  }

  @Test func `a row starts at its second lowest operand when the lowest is positive`() throws {
    func width(_ signs: [Bool], shifts: [Int]) throws -> Int {
      var builder = DatapathBuilder()
      let inputs = (0..<3).map {
        builder.input("x\($0)", WordFormat(wordLength: 8, integerBits: 8))
      }
      let operands = zip(zip(inputs, shifts), signs).map {
        Operand($0.0, shift: $0.1, isNegated: $1)
      }
      let sum = try builder.add(operands, fractionBits: 0)
      builder.output("y", sum)
      let pipeline = try builder.finish().pipelined(PipelineOptions(family: .ultraScalePlus))
      let text = try pipeline.verilog(named: "dut").design[0].text
      let row = try #require(text.firstMatch(of: #/pare_row3 #\(\.W\((\d+)\)/#))
      return try #require(Int(row.1)) - builder[sum].range.signedBits
    }
    #expect(try width([false, false, false], shifts: [0, 3, 5]) == -3)
    #expect(try width([false, true, true], shifts: [1, 4, 4]) == -4)
    #expect(try width([true, false, false], shifts: [0, 3, 5]) == 0)
    #expect(try width([true, false, false], shifts: [2, 3, 5]) == -2)
    #expect(try width([false, true, false], shifts: [5, 2, 3]) == -2)
    #expect(try width([true, false, true], shifts: [5, 0, 5]) == -5)
  }

  @Test func `a sum without a register is kept apart from what reads it`() throws {
    var builder = DatapathBuilder()
    let inputs = (0..<3).map { builder.input("x\($0)", WordFormat(wordLength: 8, integerBits: 8)) }
    let sum = try builder.add([Operand(inputs[0]), Operand(inputs[1])], fractionBits: 0)
    builder.output("y", try builder.add([Operand(sum), Operand(inputs[2])], fractionBits: 0))
    let datapath = try builder.finish()
    for family in LogicFamily.allCases {
      let options = PipelineOptions(registersInputs: false, family: family)
      let pipeline = PipelinedDatapath(
        datapath: datapath, options: options,
        placements: datapath.nodes.indices.map { .init(stage: 0, registers: $0 == 4 ? 1 : 0) },
        latency: 1)
      let text = try pipeline.verilog(named: "dut").design[0].text
      #expect(text.contains("(* keep *) wire signed [8:0] n3 = x0 + x1;"), "\(family)")
    }
  }

  /// Yosys 0.70 takes bits of such a kept sum for undriven, and the netlist is wrong.
  @Test func `a sum with a constant is not kept apart where adders have two operands`() throws {
    var builder = DatapathBuilder()
    let input = builder.input("x0", WordFormat(wordLength: 8, integerBits: 8))
    let constant = try builder.constant(-64, fractionBits: 0)
    let sum = try builder.add([Operand(input), Operand(constant)], fractionBits: 0)
    builder.output("y", try builder.add([Operand(sum), Operand(input)], fractionBits: 0))
    let datapath = try builder.finish()
    for family in LogicFamily.allCases {
      let options = PipelineOptions(registersInputs: false, family: family)
      let pipeline = PipelinedDatapath(
        datapath: datapath, options: options,
        placements: datapath.nodes.indices.map { .init(stage: 0, registers: $0 == 3 ? 1 : 0) },
        latency: 1)
      let text = try pipeline.verilog(named: "dut").design[0].text
      let isKept = text.contains("(* keep *) wire signed [8:0] n2")
      #expect(text.contains("wire signed [8:0] n2 = x0"), "\(text)")
      #expect(isKept == (family.adderOperands > 2), "\(family)")
    }
  }

  @Test func `other families have no rows`() throws {
    let datapath = try Self.rows(seed: 1)
    for family in [LogicFamily.ecp5, .generic] {
      let bundle = try datapath.pipelined(PipelineOptions(family: family)).verilog(named: "dut")
      #expect(bundle.design.map(\.path) == ["dut.v"])
      #expect(!bundle.design[0].text.contains("pare_row3"))
    }
  }
}
