import PareDatapath
import PareNumerics
import RandomDatapaths
import Testing

@Suite struct PassTests {
  /// Runs one pass over a graph given as text; all graphs here have the input `x` as %0.
  private func expect(
    _ pass: some Pass, turns before: String, into after: String,
    _ location: SourceLocation = #_sourceLocation
  ) throws {
    let head = "datapath 1\ninputs x\n%0: <8,8> [-128, 127] = input 0\n"
    let source = try Datapath(parsing: head + before)
    try source.verify()
    let result = try source.optimized(by: PassPipeline([pass]))
    #expect(result.description == head + after + "\n", sourceLocation: location)
    let x = RandomDatapath.stimulus(for: source, count: 500, seed: 1)
    #expect(try source.run(x) == result.run(x), sourceLocation: location)
  }

  @Test func `removes nodes without readers`() throws {
    try expect(
      DeadNodes(),
      turns: """
        %1: <8,8> [0, 127] = relu %0
        %2: <8,8> [-128, 127] = delay %0, 1
        output y = %2
        """,
      into: """
        %1: <8,8> [-128, 127] = delay %0, 1
        output y = %1
        """)
  }

  @Test func `merges equal nodes`() throws {
    try expect(
      MergeEqualNodes(),
      turns: """
        %1: <8,8> [0, 127] = relu %0
        %2: <8,8> [0, 127] = relu %0
        %3: <9,9> [0, 254] = add %1, %2
        output y = %3
        """,
      into: """
        %1: <8,8> [0, 127] = relu %0
        %2: <9,9> [0, 254] = add %1, %1
        output y = %2
        """)
  }

  @Test func `folds constants into a bias and drops what changes nothing`() throws {
    try expect(
      FoldConstants(),
      turns: """
        %1: <4,4> [5, 5] = constant 5
        %2: <8,8> [0, 127] = relu %0
        %3: <8,8> [0, 127] = relu %2
        %4: <8,8> [0, 127] = clamp %3, -200, 200
        %5: <8,8> [0, 127] = delay %4, 1
        %6: <12,12> [-200, 900] = linear 2 * %1, 3 * %4, 0 * %0, 2 * %5 @ 1, 1 * %4, bias 1
        output y = %6
        """,
      into: """
        %1: <4,4> [5, 5] = constant 5
        %2: <8,8> [0, 127] = relu %0
        %3: <8,8> [0, 127] = delay %2, 1
        %4: <12,12> [11, 773] = linear 4 * %2, 2 * %2 @ 2, bias 11
        output y = %4
        """)
  }

  @Test func `keeps the word of an output`() throws {
    try expect(
      FoldConstants(),
      turns: """
        %1: <16,16> [-128, 127] = requantize %0, nearest, saturate
        output y = %1
        """,
      into: """
        %1: <16,16> [-128, 127] = requantize %0, nearest, saturate
        output y = %1
        """)
  }

  @Test func `saturates a rectified sum at 0 below`() throws {
    try expect(
      FuseRelu(),
      turns: """
        %1: <10,10> [-384, 381] = linear 3 * %0
        %2: <10,10> [0, 381] = relu %1
        %3: <6,8> [0, 31] = requantize %2, nearest, saturate
        %4: <6,8> [0, 31] = delay %3, 1
        %5: <7,9> [0, 62] = add %4 << 1
        output y = %5
        """,
      into: """
        %1: <10,10> [-384, 381] = linear 3 * %0
        %2: <10,10> [0, 381] = relu %1
        %3: u<5,7> [0, 31] = requantize %1, nearest, saturate
        %4: u<5,7> [0, 31] = delay %3, 1
        %5: <7,9> [0, 62] = add %4 << 1
        output y = %5
        """)
  }

  @Test func `moves half a unit into the bias`() throws {
    try expect(
      FoldRounding(),
      turns: """
        %1: <10,10> [-382, 383] = linear 3 * %0, bias 2
        %2: <6,8> [-32, 31] = requantize %1, nearest, saturate
        output y = %2
        """,
      into: """
        %1: <10,10> [-380, 385] = linear 3 * %0, bias 4
        %2: <6,8> [-32, 31] = requantize %1, floor, saturate
        output y = %2
        """)
  }

  @Test func `rounds ties to even by adding the lowest bit that stays`() throws {
    try expect(
      FoldRounding(),
      turns: """
        %1: <6,8> [-32, 31] = requantize %0, convergent, saturate
        output y = %1
        """,
      into: """
        %1: u<1,3> [0, 1] = requantize %0, floor, wrap
        %2: <9,9> [-127, 129] = linear 1 * %0, 1 * %1, bias 1
        %3: <6,8> [-32, 31] = requantize %2, floor, saturate
        output y = %3
        """)
  }

  @Test func `expands a sum into digits, positive operands first`() throws {
    try expect(
      ExpandLinear(),
      turns: """
        %1 s: <14,14> [-2000, 2000] = linear -1 * %0, 7 * %0 @ 2, 0 * %0 @ 5
        output y = %1
        """,
      into: """
        %1: <8,8> [-128, 127] = delay %0, 2
        %2 s_a0: <11,11> [-896, 889] = add %1 << 3, -%1
        %3 s: <14,14> [-1023, 1017] = add %2, -%0
        output y = %3
        """)
  }

  @Test func `a sum of one digit is a wire`() throws {
    try expect(
      ExpandLinear(),
      turns: """
        %1: <11,10> [-512, 508] = linear 4 * %0
        output y = %1
        """,
      into: """
        %1: <11,10> [-512, 508] = add %0 << 2
        output y = %1
        """)
  }

  @Test func `a wrong pass names itself`() throws {
    struct Widens: Pass {
      func callAsFunction(_ datapath: Datapath) throws -> Datapath {
        let nodes = datapath.nodes.map {
          Node(op: $0.op, format: $0.format, range: IntegerRange($0.range.lower))
        }
        return Datapath(inputs: datapath.inputs, nodes: nodes, outputs: datapath.outputs)
      }
    }
    let datapath = try RandomDatapath.network(seed: 1)
    let error = #expect(throws: DatapathError.self) {
      try datapath.optimized(by: PassPipeline([DeadNodes(), Widens()]))
    }
    guard case .brokenByPass("Widens", _)? = error?.code else {
      Issue.record("\(String(describing: error))")
      return
    }
  }

  @Test(arguments: 0..<120 as Range<UInt64>)
  func `no pass changes an output`(seed: UInt64) throws {
    let datapath =
      seed < 100
      ? try RandomDatapath.anything(seed: seed)
      : try RandomDatapath.network(seed: seed, table: seed % 2 == 0)
    let x = RandomDatapath.stimulus(for: datapath, count: 400, seed: seed)
    let segments = [0..<150, 150..<151, 151..<400]
    let expected = try datapath.run(x, segments: segments)
    let result = try datapath.optimized { pass, graph in
      let actual = try graph.run(x, segments: segments)
      #expect(actual == expected, "\(pass) changed the outputs")
    }
    for node in result.nodes {
      if case .linear = node.op { Issue.record("a linear node is left: \(node.op)") }
      if case .requantize(_, let rounding, _) = node.op, rounding != .floor {
        Issue.record("a rounding is left: \(node.op)")
      }
    }
  }

  @Test(arguments: 0..<20 as Range<UInt64>)
  func `adders are one less than digits and biases`(seed: UInt64) throws {
    // Every sum has a bias, which is a positive operand, so that none needs a negation.
    let random = try RandomDatapath.network(seed: seed)
    let folded = try random.optimized(by: PassPipeline([FoldRounding(), FoldConstants()]))
    let sums = folded.nodes.filter { if case .linear = $0.op { true } else { false } }.count
    let expanded = try folded.optimized(by: PassPipeline([ExpandLinear()]))
    #expect(expanded.statistics.adderCount == folded.statistics.digitCount - sums)
    #expect(expanded.statistics.digitCount == 0)
  }
}

@Suite struct StandardPipelineTests {
  @Test func `a rectified and rounded sum takes the rounding constant into its bias`() throws {
    var builder = DatapathBuilder()
    let x = builder.input("x", WordFormat(wordLength: 8, integerBits: 4))
    let sum = try builder.linear([LinearTerm(3, x)], bias: 5, fractionBits: 8)
    let positive = try builder.relu(sum)
    let hidden = try builder.requantize(positive, to: WordFormat(wordLength: 6, integerBits: 4))
    builder.output("y", try builder.linear([LinearTerm(1, hidden, delay: 1)], fractionBits: 2))
    let lowered = try builder.finish()
    let lean = try lowered.optimized(by: .standard)
    // 3x = 4x - x is one adder, the bias another; rounding must not be a third.
    #expect(lean.statistics.adderCount == 2)
    let words = [Array(Int64(-128)...127)]
    #expect(try lean.run(words) == lowered.run(words))
  }
}
