import PareDatapath
import PareNumerics
import RandomDatapaths
import Testing

@Suite struct DatapathTextTests {
  static let sample = """
    datapath 1
    inputs x0, x1
    lookAhead 2
    %0 x0: <16,6> [-32768, 32767] = input 0
    %1: u<8,0> [0, 255] = input 1
    %2: <4,4> [-5, -5] = constant -5
    %3: <16,6> [-32768, 32767] = delay %0, 3
    %4 l0c0: <19,9> [-228082, 228087] = linear 3 * %0, -4 * %1 @ 2, bias 7
    %5: <20,10> [-196608, 196607] = add %0 << 2, %3, -%3
    %6: <24,10> [-8355840, 8355585] = multiply %0, %1
    %7: <24,10> [0, 8355585] = relu %6
    %8: <24,10> [-4, 7] = clamp %7, -4, 7
    %9: <8,4> [-128, 127] = requantize %5, nearest, saturate
    %10: <9,1> [-256, 255] = lookup %9 >> 6, [0, 12]
    output y0 = %10
    output y1 = %4

    """

  @Test func `prints what it reads`() throws {
    #expect(try Datapath(parsing: Self.sample).description == Self.sample)
  }

  @Test func `reads every part of a node`() throws {
    let datapath = try Datapath(parsing: Self.sample)
    #expect(datapath.inputs == ["x0", "x1"])
    #expect(datapath.lookAhead == 2)
    #expect(
      datapath.nodes[4]
        == Node(
          op: .linear(
            [LinearTerm(3, Wire(0)), LinearTerm(-4, Wire(1), delay: 2)], bias: 7),
          format: WordFormat(wordLength: 19, integerBits: 9),
          range: IntegerRange(-228082, 228087), label: "l0c0"))
    #expect(datapath.nodes[10].op == .lookup(Wire(9), shift: 6, table: [0, 12]))
    #expect(datapath.outputs[0] == Output(name: "y0", wire: Wire(10)))
  }

  @Test(arguments: 0..<40 as Range<UInt64>)
  func `reads back any graph`(seed: UInt64) throws {
    let datapath = try RandomDatapath.anything(seed: seed)
    #expect(try Datapath(parsing: datapath.description) == datapath)
  }

  @Test func `skips comments and spaces`() throws {
    let text = "# a graph\n\n datapath  1 # first\ninputs x\n%0:<3,3>[-4,3]=input 0\noutput y=%0"
    #expect(try Datapath(parsing: text).nodes.count == 1)
  }

  @Test(arguments: [
    ("", 1, 1, "expected 'datapath 1'"),
    ("datapath 2", 1, 10, "expected '1'"),
    ("datapath 1\n%1: <3,3> [0, 1] = relu %0", 2, 1, "expected %0"),
    ("datapath 1\n%0: <3> [0, 1] = relu %0", 2, 5, "'<3>' is not a word format"),
    ("datapath 1\n%0: <3,3> [2, 1] = relu %0", 2, 15, "1 is less than 2"),
    ("datapath 1\n%0: <3,3> [0, 1] = rely %0", 2, 20, "'rely' is not an op"),
    ("datapath 1\n%0: <3,3> [0, 1] = relu 0", 2, 25, "expected a wire such as %3"),
    ("datapath 1\n%0: <3,3> [0, 1] = relu %0 %1", 2, 28, "unexpected text after"),
    ("datapath 1\n%0: <3,3> [0, 1] = add %0 << 63", 2, 30, "63 is outside 0...62"),
    ("datapath 1\n%0: <3,3> [0, 1] = requantize %0, up, wrap", 2, 35, "not a rounding"),
    ("datapath 1\n%0: <3,3> [0, 99999999999999999999] = input 0", 2, 15, "expected an integer"),
    ("datapath 1\noutputs y = %0", 2, 1, "expected a node"),
  ])
  func `says where a text is wrong`(text: String, line: Int, column: Int, reason: String) throws {
    let error = #expect(throws: DatapathTextError.self) { try Datapath(parsing: text) }
    #expect(error?.line == line)
    #expect(error?.column == column)
    #expect(error?.reason.contains(reason) == true, "\(error?.reason ?? "")")
  }
}
