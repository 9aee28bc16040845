import BenchmarkLayers
import FoundationEssentials
import PareDatapath
import PareNumerics
import PareRTL
import PareText
import PareTools

/// Makes the designs of one layer, each with a testbench that holds it against the sums written out in integers.
struct LayerDesigns {
  let layer: BenchmarkMatrix
  private let bank: FilterBank
  /// `[input][sample]`, segments.
  private let stimulus: CornerStimulus
  private let expected: [[Int64]]

  init(_ layer: BenchmarkMatrix) throws {
    self.layer = layer
    bank = try layer.filterBank()
    stimulus = CornerStimulus(for: try bank.lowered(), randomCount: 4096)
    expected = bank.run(stimulus.channels, segments: stimulus.segments)
  }

  /// Registers at the inputs and in delay lines only.
  static let unpipelined: Double = 1e6

  /// Our solver's rows, before registers.
  func solved(_ family: LogicFamily) throws -> Datapath {
    try bank.lowered().optimized(by: .solving(SolverOptions(family: family)))
  }

  /// A datapath with registers for a clock.
  ///
  /// - Parameter clockHz: nil puts a register behind every adder.
  func design(
    _ datapath: Datapath, _ family: LogicFamily, clockHz: Double?
  ) throws -> SourceBundle {
    let pipeline = try datapath.pipelined(PipelineOptions(family: family, clockHz: clockHz))
    return try pipeline.verilog(
      named: PeerWrapper.name,
      vectors: TestVectors(
        inputs: stimulus.channels, outputs: expected, segments: stimulus.segments))
  }

  /// A peer's graph in rows of ours.
  func rows(of solution: PeerSolution, _ family: LogicFamily) throws -> SourceBundle {
    let graph = try solution.sumGraph(of: layer)
      .lowered(toRowsOf: family, for: layer.problem)
    try graph.verify(solves: layer.problem)
    return try design(
      // No sum is left to be solved; equal rows are merged.
      try graph.datapath(of: layer).optimized(by: .solving(SolverOptions(family: family))), family,
      clockHz: Self.unpipelined)
  }

  /// A peer's module as it comes, in a testbench of a design of ours with the same ports.
  func asItComes(_ solution: PeerSolution) throws -> SourceBundle {
    let (pipeline, wrapper) = try reference(solution)
    let testbench = try testbench(
      of: pipeline, named: PeerWrapper.name,
      TestVectors(inputs: stimulus.channels, outputs: expected, segments: stimulus.segments),
      ".FLUSH(1)")
    let bundle = wrapper.combinational()
    return SourceBundle(top: bundle.top, design: bundle.design, testbench: testbench)
  }

  /// A pipelined module as it comes, and the name of its testbench.
  func asItComes(
    _ solution: PeerSolution, _ peer: PeerSolution.Pipeline
  ) throws -> (bundle: SourceBundle, testbench: String) {
    let (pipeline, wrapper) = try reference(solution)
    // There is no reset, so all is one stream, after so many zeros that what was before is forgotten.
    let zeros = Array(repeating: Int64(0), count: peer.latency + layer.tapCount + 1)
    let inputs = stimulus.channels.map { zeros + $0 }
    let vectors = TestVectors(inputs: inputs, outputs: bank.run(inputs))
    let bundle = wrapper.pipelined(peer)
    let frame = wrapper.frame(flush: peer.latency)
    let testbench = try testbench(
      of: pipeline, named: "framed", vectors, ".BUBBLES(0), .FLUSH(\(peer.latency))")
    return (
      SourceBundle(top: bundle.top, design: bundle.design, testbench: [frame] + testbench),
      "tb_framed"
    )
  }

  /// The testbench of a design of ours, with the peer's latency in place of ours.
  private func testbench(
    of pipeline: PipelinedDatapath, named name: String, _ vectors: TestVectors, _ setting: String
  ) throws -> [SourceFile] {
    try pipeline.verilog(named: name, vectors: vectors).testbench.map { file in
      guard file.path == "tb_\(name).v" else { return file }
      let flush = ".FLUSH(\(pipeline.flushCount))"
      precondition(file.text.contains(flush), "the testbench sets no flush count")
      return SourceFile(path: file.path, text: file.text.replacing(flush, with: setting))
    }
  }

  /// A design without pipeline registers that gives the ports and the testbench.
  private func reference(
    _ solution: PeerSolution
  ) throws -> (PipelinedDatapath, PeerWrapper) {
    let pipeline = try bank.lowered().optimized(by: .standard)
      .pipelined(
        PipelineOptions(family: .generic, clockHz: Self.unpipelined, stages: .earliest))
    let datapath = pipeline.datapath
    let wrapper = PeerWrapper(
      layer: layer, solution: solution,
      outputBits: datapath.outputs.map { datapath[$0.wire].format.wordLength })
    return (pipeline, wrapper)
  }
}
