import PareDatapath
import PareNumerics
import PareRTL
import PareText
import Testing

@Suite struct TestbenchTests {
  private func pipeline() throws -> PipelinedDatapath {
    try FilterBank(
      taps: [[[1], [2]], [[-1], [0]]], format: WordFormat(wordLength: 6, integerBits: 6)
    ).lowered().optimized().pipelined()
  }

  private func file(_ path: String, of bundle: SourceBundle) throws -> String {
    try #require(bundle.files.first { $0.path == path }).text
  }

  @Test func `vectors hold a line per sample and a lane per port`() throws {
    let vectors = TestVectors(
      inputs: [[1, -1, 31], [0, 2, -32]], outputs: [[1, 3, -33], [-1, 1, -31]],
      segments: [0..<2, 2..<3])
    let bundle = try pipeline().verilog(named: "dut", vectors: vectors)
    #expect(try file("stimulus.hex", of: bundle) == "0001\n02ff\ne01f\n")
    #expect(try file("expected.hex", of: bundle) == "ff01\n0103\ne1df\n")
    #expect(try file("segments.hex", of: bundle) == "2\n1\n")
    #expect(
      bundle.testbench.map(\.path)
        == ["pare_driver.v", "tb_dut.v", "stimulus.hex", "expected.hex", "segments.hex"])
  }

  @Test func `the top`() throws {
    let vectors = TestVectors(
      inputs: [[1, -1, 31], [0, 2, -32]], outputs: [[1, 3, -33], [-1, 1, -31]])
    let bundle = try pipeline().verilog(named: "dut", vectors: vectors)
    try expectGolden("tb_dut.v", try file("tb_dut.v", of: bundle))
  }

  @Test(arguments: [
    (
      TestVectors(inputs: [[1]], outputs: [[1], [1]]), "1 input vectors for 2 ports"
    ),
    (
      TestVectors(inputs: [[1], [1, 2]], outputs: [[1], [1]]),
      "input x1 has 2 samples where there are 1"
    ),
    (
      TestVectors(inputs: [[1], [32]], outputs: [[1], [1]]),
      "sample 0 of input x1 is 32, outside <6,6>"
    ),
    (
      TestVectors(inputs: [[1], [1]], outputs: [[1], [1]], segments: [0..<2]),
      "segments end at 2, samples at 1"
    ),
    (
      TestVectors(inputs: [[], []], outputs: [[], []]),
      "a testbench needs at least one sample of at least one input"
    ),
  ])
  func `refuses vectors that do not fit`(vectors: TestVectors, reason: String) throws {
    let pipeline = try pipeline()
    #expect(throws: RTLError(.badVectors(reason))) {
      try pipeline.verilog(named: "dut", vectors: vectors)
    }
  }

  @Test func `vectors can be joined`() {
    let a = TestVectors(inputs: [[1, 2]], outputs: [[3, 4]])
    let b = TestVectors(inputs: [[5, 6]], outputs: [[7, 8]], segments: [0..<1, 1..<2])
    #expect(
      a.appending(b)
        == TestVectors(
          inputs: [[1, 2, 5, 6]], outputs: [[3, 4, 7, 8]], segments: [0..<2, 2..<3, 3..<4]))
  }
}

@Suite struct CornerStimulusTests {
  private func datapath(_ formats: [WordFormat]) throws -> Datapath {
    var builder = DatapathBuilder()
    for (index, format) in formats.enumerated() {
      builder.output("y\(index)", builder.delay(builder.input("x\(index)", format), samples: 1))
    }
    return try builder.finish()
  }

  @Test func `reaches the corners of every input`() throws {
    let formats = [
      WordFormat.paper, WordFormat(wordLength: 4, integerBits: 1, isSigned: false),
      WordFormat(wordLength: 63, integerBits: 10),
    ]
    let datapath = try datapath(formats)
    let corner = CornerStimulus(for: datapath, patternLength: 8, randomCount: 50)
    #expect(corner.segments.last?.upperBound == corner.channels[0].count)
    for (channel, format) in zip(corner.channels, formats) {
      #expect(channel.allSatisfy(format.range.contains))
      #expect(channel.contains(format.minimumRaw) && channel.contains(format.maximumRaw))
      #expect(channel.contains(0) && (channel.contains(-1) || !format.isSigned))
      let alternates = zip(channel, channel.dropFirst()).filter {
        $0 == format.minimumRaw && $1 == format.maximumRaw
      }
      #expect(alternates.count >= 8)
    }
    // The interpreter takes what the stimulus offers.
    #expect(throws: Never.self) {
      try datapath.run(corner.channels, segments: corner.segments)
    }
  }

  @Test func `the seed alone decides the noise`() throws {
    let datapath = try datapath([.paper])
    #expect(CornerStimulus(for: datapath, seed: 4) == CornerStimulus(for: datapath, seed: 4))
    #expect(CornerStimulus(for: datapath, seed: 4) != CornerStimulus(for: datapath, seed: 5))
  }
}
