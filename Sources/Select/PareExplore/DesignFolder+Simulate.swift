public import PareDatapath
import PareNumerics
import PareRTL
import PareText
public import PareTools

/// Raw words to feed a design, with a name to report them by.
public struct Stimulus: Sendable, Hashable {
  public let name: String
  /// `[channel][time]`.
  public let words: [[Int64]]
  public let segments: [Range<Int>]

  public init(name: String, words: [[Int64]], segments: [Range<Int>]) {
    precondition(segments.last?.upperBound == words[0].count, "segments do not cover the words")
    self.name = name
    self.words = words
    self.segments = segments
  }

  public var count: Int { words[0].count }
}

/// What a simulation compared, and what the hardware gave.
public struct DesignSimulation: Sendable {
  public struct Summary: Sendable, Hashable, Codable {
    public let design: String
    public let simulator: String
    public let version: String
    /// Samples whose every output equalled the integer model.
    public let samples: Int
    /// Name and samples of each stimulus.
    public let stimuli: [String]
    public let buildSeconds: Double
    public let runSeconds: Double
  }

  public let summary: Summary
  /// Results of the simulated hardware, read from what the testbench wrote: `[stimulus][output][time]`.
  public let outputs: [[[Int64]]]
}

extension DesignFolder {
  /// The pipeline that the sources in the folder were written from.
  public func pipeline() throws -> PipelinedDatapath {
    try datapath.pipelined(manifest.options.pipelineOptions(manifest.family))
  }

  /// Words at the corners of the input formats, and seeded noise over their whole range.
  public func cornerStimulus(randomCount: Int = 4096) throws -> Stimulus {
    try source.cornerStimulus(randomCount: randomCount)
  }

  /// Simulates the sources in the folder and compares every output with the integer model, the datapath's interpreter before that.
  ///
  /// - Throws: ``ExploreError`` with code `.simulationMismatch` that names the first bad sample; `ToolError` when the simulator
  ///   does not take the design.
  public func simulate(
    _ stimuli: [Stimulus], with simulator: any Simulator,
    onProgress: ToolProgressHandler? = nil
  ) async throws -> DesignSimulation {
    precondition(!stimuli.isEmpty, "nothing to simulate")
    let lanes = SampleLanes(manifest.options.samplesPerClock)
    let vectors = try stimuli.map { try self.vectors($0) }
    let all = vectors.dropFirst().reduce(vectors[0]) { $0.appending($1) }
    let pipeline = try pipeline()
    let generated = try pipeline.source(
      in: manifest.language, named: manifest.top, header: "", vectors: all)
    let bundle = SourceBundle(
      top: manifest.top, design: try rtl().design, testbench: generated.testbench)
    let folder = Folder("\(path)/sim")
    let result = try await simulator.simulate(
      bundle, testbench: "tb_\(manifest.top)", in: folder, onProgress: onProgress)
    guard result.passed else { throw mismatch(result, stimuli) }
    let summary = DesignSimulation.Summary(
      design: manifest.top, simulator: result.tool.rawValue, version: result.toolVersion,
      samples: stimuli.reduce(0) { $0 + $1.count },
      stimuli: stimuli.map { "\($0.name): \($0.count)" }, buildSeconds: result.buildSeconds,
      runSeconds: result.runSeconds)
    let text = try TextFile.read(folder.file(PipelinedDatapath.resultsFile))
    var results = try pipeline.simulatedResults(parsing: text)
    // The testbench has compared already; comparing what it wrote once more here keeps a fault of the testbench from
    // passing for equality.
    guard results == all.outputs else {
      throw ExploreError(
        .simulationMismatch,
        "\(path): the testbench passed, and yet what it wrote differs from the integer model",
        hint: "compare \(folder.file(PipelinedDatapath.resultsFile)) with expected.hex beside it",
        kind: .failed)
    }
    var outputs: [[[Int64]]] = []
    for (stimulus, vectors) in zip(stimuli, vectors) {
      outputs.append(
        lanes.samples(
          of: results.map { Array($0.prefix(vectors.count)) }, segments: stimulus.segments))
      results = results.map { Array($0.dropFirst(vectors.count)) }
    }
    try TextFile.write(JSONText.encode(summary), to: "\(path)/sim/simulation.json")
    return DesignSimulation(summary: summary, outputs: outputs)
  }

  private func mismatch(_ result: SimulationResult, _ stimuli: [Stimulus]) -> ExploreError {
    let count = result.report.mismatchCount
    var place = "the handshake of out_valid"
    if let first = result.report.firstMismatch {
      var segment = first.segment
      var owner = stimuli[0]
      for stimulus in stimuli {
        owner = stimulus
        if segment < stimulus.segments.count { break }
        segment -= stimulus.segments.count
      }
      let sample =
        owner.segments[segment].lowerBound + first.sample * manifest.options.samplesPerClock
      place =
        "first in '\(owner.name)', sample \(sample), port \(first.port): expected "
        + "\(first.expected), got \(first.got)"
    }
    return ExploreError(
      .simulationMismatch,
      "\(path): the \(manifest.language == .vhdl ? "VHDL" : "Verilog") differs from the integer model in \(count) words; \(place)",
      hint: "vectors and log are in \(path)/sim; segment and sample are in \(result.log)",
      kind: .failed)
  }
}

extension DesignSource {
  func cornerStimulus(randomCount: Int) throws -> Stimulus {
    let corners = CornerStimulus(for: try lowered(), randomCount: randomCount)
    return Stimulus(
      name: "corner words and noise", words: corners.channels, segments: corners.segments)
  }
}
