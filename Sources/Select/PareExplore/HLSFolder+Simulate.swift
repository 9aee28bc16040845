import PareFixed
public import PareSignal
import PareText
public import PareTools

extension HLSFolder {
  /// Words at the corners of the input format, and seeded noise over its whole range.
  public func cornerStimulus(randomCount: Int = 4096) throws -> Stimulus {
    try source.cornerStimulus(randomCount: randomCount)
  }

  /// The validation and test splits of a data set as the hardware would get them.
  ///
  /// - Throws: ``ExploreError`` when the design is not a two-channel network.
  public func stimuli(from dataset: IQDataset) throws -> [Stimulus] {
    try source.stimuli(from: dataset, path: path)
  }

  /// Compiles the sources in the folder with the system's compiler, runs them, and compares every result with the integer
  /// model.
  ///
  /// - Throws: ``ExploreError`` with code `.simulationMismatch` that names the first bad sample; `ToolError` when the compiler
  ///   does not take the sources.
  public func simulate(
    _ stimuli: [Stimulus], with simulator: CxxSimulator, onProgress: ToolProgressHandler? = nil
  ) async throws -> DesignSimulation {
    precondition(!stimuli.isEmpty, "nothing to simulate")
    let bundle = try bundle(for: stimuli)
    let folder: Folder
    switch simulator.headers {
    case .own: folder = Folder("\(path)/csim/pare_ap")
    case .xilinx: folder = Folder("\(path)/csim/ap_types")
    }
    let result = try await simulator.simulate(
      bundle, testbench: nil, in: folder, onProgress: onProgress)
    guard result.passed else { throw mismatch(result, stimuli, folder, simulator.headers.name) }
    let text = try TextFile.read(folder.file(CxxSimulator.resultsFile))
    var rows = text.split(separator: "\n").map {
      $0.split(separator: " ").map { Int64($0) ?? .min }
    }[...]
    var outputs: [[[Int64]]] = []
    for stimulus in stimuli {
      let mine = Array(rows.prefix(stimulus.count))
      rows = rows.dropFirst(stimulus.count)
      let expected = model.fixed.run(stimulus.words, segments: stimulus.segments)
      // The bench has compared already; doing so again keeps a fault of the bench from passing for equality.
      guard mine.count == stimulus.count,
        mine.indices.allSatisfy({ time in mine[time] == expected.map { $0[time] } })
      else {
        throw ExploreError(
          .simulationMismatch,
          "\(path): the test bench passed, and yet what it wrote differs from the integer model",
          hint: "compare \(folder.file(CxxSimulator.resultsFile)) with tb/vectors.txt beside it",
          kind: .failed)
      }
      outputs.append(expected.indices.map { channel in mine.map { $0[channel] } })
    }
    let summary = DesignSimulation.Summary(
      design: manifest.top, simulator: "\(simulator.headers.name), \(result.tool.rawValue)",
      version: result.toolVersion, samples: stimuli.reduce(0) { $0 + $1.count },
      stimuli: stimuli.map { "\($0.name): \($0.count)" }, buildSeconds: result.buildSeconds,
      runSeconds: result.runSeconds)
    try TextFile.write(JSONText.encode(summary), to: folder.file("simulation.json"))
    return DesignSimulation(summary: summary, outputs: outputs)
  }

  private func mismatch(
    _ result: SimulationResult, _ stimuli: [Stimulus], _ folder: Folder, _ headers: String
  ) -> ExploreError {
    var place = ""
    if let first = result.report.firstMismatch {
      var segment = first.segment
      var owner = stimuli[0]
      for stimulus in stimuli {
        owner = stimulus
        if segment < stimulus.segments.count { break }
        segment -= stimulus.segments.count
      }
      let sample = owner.segments[segment].lowerBound + first.sample
      place =
        "; first in '\(owner.name)', sample \(sample), port \(first.port): expected "
        + "\(first.expected), got \(first.got)"
    }
    return ExploreError(
      .simulationMismatch,
      "\(path): the C++ with \(headers) differs from the integer model in "
        + "\(result.report.mismatchCount) words\(place)",
      hint: "vectors and log are in \(folder.path)", kind: .failed)
  }
}
