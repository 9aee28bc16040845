import PareDatapath
import PareNumerics
import Testing

@Suite struct InterpreterTests {
  private let word = WordFormat(wordLength: 8, integerBits: 8)

  /// Runs a graph of one input and one op.
  private func outputs(
    of x: [Int64], segments: [Range<Int>]? = nil, lookAhead: Int = 0,
    _ make: (inout DatapathBuilder, Wire) throws -> Wire
  ) throws -> [Int64] {
    var builder = DatapathBuilder()
    let wire = builder.input("x", word)
    builder.output("y", try make(&builder, wire))
    return try builder.finish(lookAhead: lookAhead).run([x], segments: segments)[0]
  }

  @Test func `starts each segment from zeros`() throws {
    let y = try outputs(of: [1, 2, 3, 4, 5], segments: [0..<3, 3..<5]) { builder, x in
      try builder.linear(
        [LinearTerm(10, x), LinearTerm(1, x, delay: 2)], bias: 0, fractionBits: 0)
    }
    #expect(y == [10, 20, 31, 40, 50])
  }

  @Test func `a delay of a biased sum is 0 before the first sample`() throws {
    let y = try outputs(of: [1, 2, 3]) { builder, x in
      let biased = try builder.linear([LinearTerm(1, x)], bias: 100, fractionBits: 0)
      return builder.delay(biased, samples: 1)
    }
    #expect(y == [0, 101, 102])
  }

  @Test func `drops the look-ahead and flushes with zeros`() throws {
    let y = try outputs(of: [1, 2, 3, 4], segments: [0..<2, 2..<4], lookAhead: 1) { builder, x in
      try builder.linear([LinearTerm(1, x), LinearTerm(10, x, delay: 1)], fractionBits: 0)
    }
    #expect(y == [12, 20, 34, 40])
  }

  @Test func `rounds, saturates and wraps`() throws {
    let half = WordFormat(wordLength: 4, integerBits: 5)
    func moved(_ rounding: Rounding, _ overflow: Overflow) throws -> [Int64] {
      try outputs(of: [-128, -3, -1, 1, 3, 5, 127]) {
        try $0.requantize($1, to: half, rounding: rounding, overflow: overflow)
      }
    }
    #expect(try moved(.nearest, .saturate) == [-8, -1, 0, 1, 2, 3, 7])
    #expect(try moved(.convergent, .saturate) == [-8, -2, 0, 0, 2, 2, 7])
    #expect(try moved(.floor, .saturate) == [-8, -2, -1, 0, 1, 2, 7])
    #expect(try moved(.floor, .wrap) == [0, -2, -1, 0, 1, 2, -1])
  }

  @Test func `looks up an odd table`() throws {
    let y = try outputs(of: [-128, -3, -2, -1, 0, 1, 2, 3, 127]) {
      try $0.lookup($1, shift: 1, table: [5, 7, 9], format: word)
    }
    #expect(y == [-9, -7, -5, -5, 5, 5, 7, 7, 9])
  }

  @Test func `blocks do not show`() throws {
    // Longer than several blocks, with a delay longer than one.
    var random = RandomStream(seed: 3)
    let x = (0..<9000).map { _ in Int64(random.index(below: 256) - 128) }
    let y = try outputs(of: x, segments: [0..<8500, 8500..<9000], lookAhead: 3) { builder, x in
      let old = builder.delay(x, samples: 3000)
      return try builder.linear(
        [LinearTerm(2, x), LinearTerm(-3, old, delay: 5)], fractionBits: 0)
    }
    for (start, end) in [(0, 8500), (8500, 9000)] {
      for n in start..<end {
        let new = n + 3 < end ? x[n + 3] : 0
        let old = n + 3 - 3005 >= start ? x[n + 3 - 3005] : 0
        #expect(y[n] == 2 * new - 3 * old)
      }
    }
  }

  @Test func `names the sample that is out of range`() throws {
    let error = #expect(throws: DatapathError.self) {
      try outputs(of: [0, 127, 128]) { $0.delay($1, samples: 1) }
    }
    #expect(
      error?.code
        == .inputOutOfRange(
          channel: "x", sample: 2, value: 128, range: IntegerRange(-128, 127)))
  }

  @Test func `refuses segments that leave a gap`() throws {
    #expect(throws: DatapathError.self) {
      try outputs(of: [1, 2, 3], segments: [0..<1, 2..<3]) { $0.delay($1, samples: 1) }
    }
  }
}
