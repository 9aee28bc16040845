import PareDatapath
import PareNumerics
import RandomDatapaths
import Testing

@Suite struct ResourceModelTests {
  private let word = WordFormat(wordLength: 12, integerBits: 12)

  /// Cells of a graph of one node, as Yosys 0.70 counts them in its Verilog.
  private func cells(
    _ family: LogicFamily, _ make: (inout DatapathBuilder) throws -> Wire
  ) throws -> Cells {
    var builder = DatapathBuilder()
    builder.output("z", try make(&builder))
    return try builder.finish().pipelined(PipelineOptions(family: family)).resources().cells
  }

  private func sum(
    _ family: LogicFamily, _ shifts: (Int, Int), isDifference: Bool = false
  ) throws -> Cells {
    try cells(family) { builder in
      let x = builder.input("x", word)
      let y = builder.input("y", word)
      return try builder.add(
        [Operand(x, shift: shifts.0), Operand(y, shift: shifts.1, isNegated: isDifference)],
        fractionBits: 0)
    }
  }

  @Test func `sums of two words take what synthesis takes`() throws {
    // One table more than the row: valid and flag.
    #expect(try sum(.ultraScalePlus, (0, 0)).luts == 13)
    #expect(try sum(.ultraScalePlus, (0, 4)).luts == 13)
    #expect(try sum(.ultraScalePlus, (0, 0), isDifference: true).luts == 14)
    #expect(try sum(.ultraScalePlus, (0, 4), isDifference: true).luts == 14)
    #expect(try sum(.ultraScalePlus, (4, 0), isDifference: true).luts == 17)
    #expect(try sum(.ultraScalePlus, (0, 0)).flipFlops == 39)
    #expect(try sum(.ultraScalePlus, (0, 4)).flipFlops == 43)
    #expect(try sum(.ultraScalePlus, (0, 0)).carryCells == 2)
    #expect(try sum(.ecp5, (0, 0)).luts == 15)
    #expect(try sum(.ecp5, (0, 0)).carryCells == 7)
    #expect(try sum(.ecp5, (4, 0), isDifference: true).luts == 19)
  }

  @Test func `a row of three operands takes a table for each place above the wires`() throws {
    func row(_ shifts: [Int]) throws -> Cells {
      try cells(.ultraScalePlus) { builder in
        let wires = ["u", "x", "y"].map { builder.input($0, word) }
        return try builder.add(
          zip(wires, shifts).map { Operand($0, shift: $1) }, fractionBits: 0)
      }
    }
    // Three words of 12 bits reach 14; the lowest three bits of the second are wires.
    #expect(try row([0, 0, 0]).adderBits == 14)
    #expect(try row([0, 0, 0]).luts == 15)
    #expect(try row([0, 3, 5]).adderBits == 15)
    #expect(try row([0, 3, 5]).ternaryRows == 1)
    #expect(try row([0, 3, 5]).carryCells == 2)
  }

  @Test func `a rectifier costs the table of its reset, and its sign no register`() throws {
    let relu = try cells(.ultraScalePlus) { try $0.relu($0.input("x", word)) }
    #expect(relu.luts == 2)
    #expect(relu.flipFlops == 25)
    #expect(relu.carryCells == 0)
  }

  @Test(arguments: [(18, 229, 55, 12), (36, 445, 61, 24)])
  func `long delays go to tables where the family has such`(
    samples: Int, without: Int, flipFlops: Int, tables: Int
  ) throws {
    func delay(_ family: LogicFamily) throws -> Cells {
      try cells(family) { builder in
        let x = builder.input("x", word)
        return builder.delay(x, samples: samples)
      }
    }
    #expect(try delay(.ecp5).flipFlops == without)
    // Of the tables' last registers the reset waits for a flag.
    #expect(try delay(.ultraScalePlus).luts == 1)
    #expect(try delay(.ultraScalePlus).shiftRegisterLUTs == tables)
    #expect(try delay(.ultraScalePlus).flipFlops == flipFlops)
  }

  @Test(arguments: [LogicFamily.ultraScalePlus, .series7, .ecp5, .generic], UInt64(0)..<6)
  func `the parts of every grouping add up to the whole`(family: LogicFamily, seed: UInt64) throws {
    let pipeline = try RandomDatapath.network(seed: seed, table: seed % 2 == 0)
      .optimized(by: .solving(SolverOptions(family: family, effort: .fast)))
      .pipelined(PipelineOptions(family: family))
    let model = ResourceModel(pipeline)
    for grouping in ResourceGrouping.allCases {
      let parts = model.breakdown(by: grouping).parts
      #expect(parts.map(\.cells).reduce(Cells(), +) == model.estimate.cells)
      #expect(Set(parts.map(\.name)).count == parts.count)
    }
    let cells = model.estimate.cells
    #expect(cells.flipFlops <= pipeline.registerBits + 1)
    #expect(cells.ternaryRows <= cells.rows)
    #expect(model.estimate.latency == pipeline.latency)
  }

  @Test(arguments: [LogicFamily.ultraScalePlus, .series7, .ecp5])
  func `wider words never take less`(family: LogicFamily) throws {
    var last = Cells()
    for bits in 4...20 {
      let cells = try cells(family) { builder in
        let format = WordFormat(wordLength: bits, integerBits: bits)
        let x = builder.input("x", format)
        let y = builder.delay(builder.input("y", format), samples: 2)
        return try builder.relu(builder.add([Operand(x, shift: 2), Operand(y)], fractionBits: 0))
      }
      #expect(cells.luts >= last.luts)
      #expect(cells.flipFlops > last.flipFlops)
      #expect(cells.carryCells >= last.carryCells)
      last = cells
    }
  }

  @Test func `a register behind every row makes the logic one level deep`() throws {
    let datapath = try RandomDatapath.network(seed: 2).optimized()
    #expect(try datapath.pipelined().resources().logicDepth == 1)
    let slow = try datapath.pipelined(PipelineOptions(family: .ecp5, clockHz: 40e6))
    #expect(slow.resources().logicDepth > 1)
  }
}
