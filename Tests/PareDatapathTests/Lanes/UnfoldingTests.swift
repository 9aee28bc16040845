import PareDatapath
import PareNumerics
import RandomDatapaths
import Testing

@Suite struct UnfoldingTests {
  private static let cases: [(UInt64, Int)] = (0..<20).flatMap { seed in
    [1, 2, 3, 4, 8].map { (UInt64(seed), $0) }
  }

  private func datapath(_ seed: UInt64) throws -> Datapath {
    switch seed % 4 {
    case 0: try RandomDatapath.anything(seed: seed)
    case 1: try RandomDatapath.network(seed: seed, kernel: 2 + Int(seed % 9))
    case 2: try RandomDatapath.network(seed: seed, kernel: 3, table: true).optimized()
    default: try RandomDatapath.anything(seed: seed).optimized()
    }
  }

  @Test(arguments: cases)
  func `gives the samples of one lane`(seed: UInt64, lanes: Int) throws {
    let datapath = try datapath(seed)
    let x = RandomDatapath.stimulus(for: datapath, count: 150, seed: seed)
    let segments = [0..<61, 61..<62, 62..<64, 64..<71, 71..<150]
    let wide = try datapath.unfolded(by: lanes)
    let folding = SampleLanes(lanes)
    let blocks = folding.blocks(of: x, segments: segments)
    let y = try wide.run(blocks.channels, segments: blocks.segments)
    #expect(
      folding.samples(of: y, segments: segments) == (try datapath.run(x, segments: segments)))
  }

  @Test(arguments: cases.filter { $0.0 % 4 > 1 && $0.0 < 16 })
  func `runs in the pipeline, with and without a clock`(seed: UInt64, lanes: Int) throws {
    let datapath = try datapath(seed)
    let x = RandomDatapath.stimulus(for: datapath, count: 70, seed: seed)
    let segments = [0..<31, 31..<70]
    let folding = SampleLanes(lanes)
    let blocks = folding.blocks(of: x, segments: segments)
    let expected = try datapath.run(x, segments: segments)
    for clock in [nil, 250e6, 80e6] as [Double?] {
      let family = LogicFamily.allCases[Int(seed / 4 % 4)]
      var simulator = PipelineSimulator(
        try datapath.unfolded(by: lanes).pipelined(
          PipelineOptions(family: family, clockHz: clock)))
      let y = try simulator.run(blocks.channels, segments: blocks.segments)
      #expect(folding.samples(of: y, segments: segments) == expected)
    }
  }

  @Test func `delays become wires between lanes`() throws {
    let text = """
      datapath 1
      inputs x
      lookAhead 1
      %0 x: <4,4> [-8, 7] = input 0
      %1: <4,4> [-8, 7] = delay %0, 3
      %2 s: <5,5> [-16, 14] = add %0, %1
      output y = %2

      """
    let wide = try Datapath(parsing: text).unfolded(by: 2)
    // Lane 0 wants lane 1 two blocks ago, lane 1 wants lane 0 one block ago; a look-ahead of 1 sample becomes one of a
    // block, so that the results of lane 1 wait for a block and change lanes.
    #expect(
      wide.description == """
        datapath 1
        inputs x_0, x_1
        lookAhead 1
        %0 x_0: <4,4> [-8, 7] = input 0
        %1 x_1: <4,4> [-8, 7] = input 1
        %2: <4,4> [-8, 7] = delay %1, 2
        %3: <4,4> [-8, 7] = delay %0, 1
        %4 s_0: <5,5> [-16, 14] = add %0, %2
        %5 s_1: <5,5> [-16, 14] = add %1, %3
        %6: <5,5> [-16, 14] = delay %5, 1
        output y_0 = %6
        output y_1 = %4

        """)
  }

  @Test(arguments: [2, 5])
  func `a stream in blocks is the stream, and zeros fill the last block`(lanes: Int) {
    let folding = SampleLanes(lanes)
    let x = [Array(1...13), Array(21...33)].map { $0.map(Int64.init) }
    let segments = [0..<6, 6..<7, 7..<7, 7..<13]
    let blocks = folding.blocks(of: x, segments: segments)
    #expect(folding.samples(of: blocks.channels, segments: segments) == x)
    let length = segments.reduce(0) { $0 + ($1.count + lanes - 1) / lanes }
    #expect(blocks.channels.map(\.count) == Array(repeating: length, count: 2 * lanes))
    #expect(blocks.channels.joined().reduce(0, +) == x.joined().reduce(0, +))
    #expect(blocks.segments.last?.upperBound == length)
  }
}
