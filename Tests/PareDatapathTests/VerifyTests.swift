import PareDatapath
import PareNumerics
import RandomDatapaths
import Testing

@Suite struct VerifyTests {
  private func code(of nodes: String, inputs: String = "x", output: Int = 1) -> DatapathError.Code?
  {
    let text =
      "datapath 1\ninputs \(inputs)\n%0: <8,8> [-128, 127] = input 0\n\(nodes)\noutput y = %\(output)"
    do {
      try Datapath(parsing: text).verify()
      return nil
    } catch let error as DatapathError {
      return error.code
    } catch {
      Issue.record("\(error)")
      return nil
    }
  }

  @Test func `accepts a proven graph`() {
    #expect(code(of: "%1: <10,10> [-256, 254] = add %0 << 1") == nil)
  }

  @Test func `proves 8x - x to be 7x`() {
    #expect(
      code(
        of: "%1: <11,11> [-1024, 1016] = add %0 << 3\n%2: <11,11> [-896, 889] = add %1, -%0",
        output: 2) == nil)
    #expect(
      code(
        of: "%1: <11,11> [-1024, 1016] = add %0 << 3\n%2: <11,11> [-896, 888] = add %1, -%0",
        output: 2)
        == .rangeNotProven(
          node: 2, declared: IntegerRange(-896, 888), proven: IntegerRange(-896, 889)))
  }

  @Test func `knows that a delayed bias is 0 at first`() {
    // x + 200 is 72...327, but its delay is 0 before the first sample.
    #expect(
      code(
        of: "%1: <10,10> [72, 327] = linear 1 * %0, bias 200\n%2: <10,10> [72, 327] = delay %1, 1",
        output: 2)
        == .rangeNotProven(
          node: 2, declared: IntegerRange(72, 327), proven: IntegerRange(0, 327)))
  }

  @Test func `refuses operands that come later`() {
    #expect(code(of: "%1: <8,8> [0, 127] = relu %1") == .operandNotBefore(node: 1, operand: 1))
  }

  @Test func `refuses words that are too short`() {
    let range = IntegerRange(-256, 254)
    #expect(
      code(of: "%1: <8,8> [-256, 254] = add %0 << 1")
        == .wordTooShort(
          node: 1, format: WordFormat(wordLength: 8, integerBits: 8), range: range))
  }

  @Test func `refuses sums beyond 63 bits`() {
    #expect(
      code(of: "%1: <63,63> [-1, 1] = add %0 << 55, %0 << 55, %0 << 55")
        == .rangeOverflow(node: 1, keyword: "add"))
  }

  @Test func `refuses a moved binary point where none can move`() {
    #expect(
      code(of: "%1: <8,7> [0, 127] = relu %0")
        == .malformed(node: 1, reason: "relu of 0 fraction bits in <8,7>"))
  }

  @Test(arguments: [
    ("x, x", 1, "two ports are named x"), ("x, y", 1, "two ports are named y"),
    ("x, z", 1, "input z has 0 nodes instead of one"),
    ("x", 9, "output y shows %9, which does not exist"),
  ])
  func `refuses ports that make no sense`(inputs: String, output: Int, reason: String) {
    #expect(
      code(of: "%1: <8,8> [0, 127] = relu %0", inputs: inputs, output: output)
        == .badPorts(reason))
  }

  @Test(arguments: 0..<60 as Range<UInt64>)
  func `proven ranges hold on samples`(seed: UInt64) throws {
    let datapath = try RandomDatapath.anything(seed: seed)
    // Every wire becomes an output, so that the interpreter shows them all.
    let open = Datapath(
      inputs: datapath.inputs, nodes: datapath.nodes,
      outputs: datapath.nodes.indices.map { Output(name: "w\($0)", wire: Wire($0)) })
    let values = try open.run(RandomDatapath.stimulus(for: open, count: 300, seed: seed))
    for (node, samples) in zip(open.nodes, values) {
      #expect(samples.allSatisfy(node.range.contains), "\(node.op) \(node.range)")
    }
  }

  @Test(arguments: [(-128, 127, 0, 16384), (3, 9, 9, 81), (-9, -2, 4, 81), (0, 5, 0, 25)])
  func `a wire times itself is a square`(low: Int, high: Int, least: Int, most: Int) throws {
    var builder = DatapathBuilder()
    let x = builder.input(
      "x", WordFormat(wordLength: 8, integerBits: 8), range: IntegerRange(Int64(low), Int64(high)))
    let square = try builder.multiply(x, x)
    #expect(builder[square].range == IntegerRange(Int64(least), Int64(most)))
  }

  @Test func `remembers the longest way through delays`() throws {
    var builder = DatapathBuilder()
    let x = builder.input("x", .paper)
    let old = builder.delay(x, samples: 4)
    let product = try builder.multiply(x, old)
    let sum = try builder.linear(
      [LinearTerm(1, x, delay: 6), LinearTerm(1, product, delay: 3)], fractionBits: 20)
    builder.output("y", sum)
    #expect(try builder.finish().memory == 7)
  }
}
