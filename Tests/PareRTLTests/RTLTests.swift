import PareDatapath
import PareNumerics
import PareRTL
import PareText
import RandomDatapaths
import Testing

@Suite struct VerilogTests {
  private func design(_ datapath: Datapath, named name: String = "dut") throws -> String {
    try datapath.optimized().pipelined().verilog(named: name).design[0].text
  }

  @Test func `a small filter`() throws {
    let bank = try FilterBank(
      name: "fir", taps: [[[3, 0, -5], [0, 7, 0]]],
      format: WordFormat(wordLength: 8, integerBits: 1),
      requantizer: Requantizer(to: WordFormat(wordLength: 8, integerBits: 4)))
    try expectGolden(
      "small_filter.v",
      bank.lowered().optimized().pipelined().verilog(
        named: "small_filter", header: "two inputs, three taps"
      ).design[0].text)
  }

  @Test func `a network with biases, a skip and a look-ahead`() throws {
    let datapath = try RandomDatapath.network(seed: 11, channels: 2, kernel: 3)
    try expectGolden("relu_network.v", try design(datapath, named: "relu_network"))
  }

  @Test func `a network with tables`() throws {
    let datapath = try RandomDatapath.network(
      seed: 12, channels: 2, kernel: 2, table: true, tableCount: 16)
    try expectGolden("table_network.v", try design(datapath, named: "table_network"))
  }

  @Test func `an envelope, its product and a leaky rectifier`() throws {
    let text = """
      datapath 1
      inputs x0, x1
      %0 x0: <6,1> [-32, 31] = input 0
      %1 x1: <6,1> [-32, 31] = input 1
      %2 x0sq: <12,2> [0, 1024] = multiply %0, %0
      %3 x1sq: <12,2> [0, 1024] = multiply %1, %1
      %4 e2: <13,3> [0, 2048] = linear 1 * %2, 1 * %3
      %5 e2: <6,1> [0, 31] = requantize %4, nearest, saturate
      %6 x0e2: <12,2> [-992, 961] = multiply %0, %5
      %7 x0e2: <6,1> [-31, 30] = requantize %6, nearest, saturate
      %8 l0c0: <6,1> [0, 30] = relu %7
      %9 l0c0: <6,1> [-31, 0] = clamp %7, -31, 0
      %10 l0c0: <8,1> [-31, 120] = linear 4 * %8, 1 * %9
      output y0 = %10

      """
    try expectGolden(
      "products.v", try design(try Datapath(parsing: text), named: "products"))
  }

  @Test func `every op, without passes`() throws {
    let text = """
      datapath 1
      inputs x0, x1
      %0: <8,4> [-128, 127] = input 0
      %1: u<6,2> [0, 63] = input 1
      %2: <4,4> [-5, -5] = constant -5
      %3: <4,4> [-5, 0] = delay %2, 3
      %4: <15,7> [-8064, 8001] = multiply %0, %1
      %5: <8,4> [0, 127] = relu %0
      %6: <8,4> [-4, 7] = clamp %0, -4, 7
      %7: <6,4> [-32, 31] = requantize %4, convergent, saturate
      %8: u<3,1> [0, 7] = requantize %4, nearest, wrap
      %9: <8,4> [-99, 99] = lookup %0 >> 4, [1, 50, 99]
      %10: <11,7> [-611, 612] = add %0 << 2, -%9, -%3
      output y0 = %10
      output y1 = %7
      output y2 = %8
      output y3 = %5
      output y4 = %6
      output y5 = %3

      """
    let pipeline = try Datapath(parsing: text).pipelined(
      PipelineOptions(registersInputs: false))
    try expectGolden("every_op.v", try pipeline.verilog(named: "every_op").design[0].text)
  }

  @Test(arguments: 0..<12 as Range<UInt64>)
  func `multiplies by no constant and declares before use`(seed: UInt64) throws {
    let text = try design(try RandomDatapath.anything(seed: seed))
    #expect(text.utf8.allSatisfy { $0 < 128 })
    var declared: Set<Substring> = []
    for line in text.split(separator: "\n") {
      let code = line.prefix { $0 != "/" }
      #expect(code.firstMatch(of: #/'sd\d+ \* |\* -?\d+'sd/#) == nil, "\(line)")
      if let match = code.firstMatch(of: #/^ *(?:in|out)put .*?(\w+),? *$/#) {
        declared.insert(match.1)
      } else if let match = code.firstMatch(of: #/^ *reg (?:signed )?(?:\[[^\]]*\] )?([^;=]*);/#) {
        for name in match.1.split(separator: ", ") { declared.insert(name) }
      } else if let match = code.firstMatch(of: #/^ *(wire .*) = (.*);/#) {
        for use in match.2.matches(of: #/\b[a-z]\w*/#) where !isBuiltIn(use.0) {
          #expect(declared.contains(use.0), "\(use.0) in \(line)")
        }
        if let name = match.1.split(separator: " ").last { declared.insert(name) }
      }
    }
    // Every register is reset and loaded: each name on the left of <= stands there twice.
    var loads: [Substring: Int] = [:]
    for match in text.matches(of: #/(\w+) +<= /#) { loads[match.1, default: 0] += 1 }
    for (name, count) in loads {
      #expect(declared.contains(name) || name == "out_valid", "\(name)")
      #expect(count == 2, "\(name) is assigned \(count) times")
    }
  }

  /// Words of an expression that are no signals: bases of literals and system functions.
  private func isBuiltIn(_ word: Substring) -> Bool {
    ["sd0", "signed", "d0", "b0"].contains(word) || word.wholeMatch(of: #/(?:sd|d|b)\d+/#) != nil
      || word.hasPrefix("table")
  }

  @Test func `the registers are those of the pipeline`() throws {
    for seed in 0..<20 as Range<UInt64> {
      let pipeline = try RandomDatapath.network(
        seed: seed, kernel: 4, table: seed % 2 == 0, tableCount: [128, 600, 1024][Int(seed % 3)]
      ).optimized().pipelined()
      let text = try pipeline.verilog(named: "dut").design[0].text
      var bits = 1  // out_valid
      for match in text.matches(of: #/\n +reg (?:signed )?(?:\[(\d+):(\d+)\] )?([^;\[]*);/#) {
        let width = match.1.flatMap { Int($0) }.map { $0 - Int(match.2!)! + 1 } ?? 1
        bits += width * match.3.split(separator: ",").count
      }
      #expect(bits == pipeline.registerBits)
    }
  }

  @Test func `layers are named by their labels`() throws {
    let text = try design(RandomDatapath.network(seed: 3))
    #expect(text.contains(" l0c0_a0;"))
    #expect(text.contains(" l1c1;"))
  }

  @Test func `names that meet are kept apart`() throws {
    var builder = DatapathBuilder()
    let word = WordFormat(wordLength: 8, integerBits: 8)
    let x = builder.input("x", word)
    let a = try builder.relu(x, label: "y")
    let b = try builder.add([Operand(a), Operand(x)], fractionBits: 0, label: "y")
    let c = try builder.add([Operand(b), Operand(a)], fractionBits: 0, label: "x_d1")
    builder.output("y", try builder.add([Operand(c), Operand(b)], fractionBits: 0, label: "reg"))
    let text = try builder.finish().pipelined().verilog(named: "dut").design[0].text
    var names: Set<Substring> = []
    for match in text.matches(of: #/\n +reg signed \[\d+:0\] ([^;]*);/#) {
      for name in match.1.split(separator: ", ") { #expect(names.insert(name).inserted, "\(name)") }
    }
    #expect(!names.contains("reg") && !names.contains("y"))
  }

  @Test(arguments: ["clk", "live", "wire", "out_valid"])
  func `refuses ports that the language or the interface has taken`(port: String) throws {
    var builder = DatapathBuilder()
    builder.output("y", builder.input(port, .paper))
    let pipeline = try builder.finish().pipelined()
    #expect(throws: RTLError(.reservedName(port))) { try pipeline.verilog(named: "dut") }
  }

  @Test(arguments: ["", "2x", "a-b", "module"])
  func `refuses module names that are none`(name: String) throws {
    var builder = DatapathBuilder()
    builder.output("y", builder.input("x", .paper))
    let pipeline = try builder.finish().pipelined()
    #expect(throws: RTLError(.badModuleName(name))) { try pipeline.verilog(named: name) }
  }
}
