import PareDatapath
import PareRTL
import PareText
public import PareTools

extension DesignFolder {
  /// Proves the Verilog in the folder equal to its source, and simulates what a proof cannot say.
  ///
  /// The reference is the source lowered and tidied, its sums still whole; the solver has not seen it. Writes
  /// `verification.json`, and Yosys's scripts, the miter and the logs of the proofs into `proof/`.
  ///
  /// - Parameters:
  ///   - simulator: none to prove only.
  ///   - samples: of noise, behind the corner words.
  ///   - waveforms: more to simulate, such as the deployed input.
  ///   - timeLimitPerBlock: seconds for each register of a block.
  /// - Returns: what was found, also when something was refuted.
  /// - Throws: ``ExploreError`` when the simulation differs; `ToolError` when a tool does not take the design.
  public func verify(
    with yosys: YosysProver, simulator: (any Simulator)? = nil, samples: Int = 1_000_000,
    waveforms: [Stimulus] = [], timeLimitPerBlock: Int = 10,
    onProgress: ToolProgressHandler? = nil
  ) async throws -> Verification {
    guard manifest.language == .verilog else {
      throw ExploreError(
        .designFolder(path: path), "\(path): proofs read Verilog, and this design is VHDL",
        hint: "compile it again with --language verilog; both are written from one pipeline",
        kind: .usage)
    }
    let reference = try source.lowered().optimized(by: .tidying)
      .unfolded(by: manifest.options.samplesPerClock)
    let proof = EqualityProof(reference: reference, pipeline: try pipeline())
    let clock = ContinuousClock()
    let start = clock.now
    var blocks = try await proof.run(
      try rtl(), with: yosys, secondsPerGoal: timeLimitPerBlock, in: Folder("\(path)/proof"),
      onProgress: onProgress)
    let proofTime = start.duration(to: clock.now)
    var tools = [Verification.Tool(name: yosys.tool.name.rawValue, version: yosys.tool.version)]
    var simulation: DesignSimulation.Summary?
    // A refuted design is not worth a million samples.
    if let simulator, !blocks.contains(where: { $0.result == .refuted }) {
      tools.append(
        Verification.Tool(name: simulator.tool.name.rawValue, version: simulator.tool.version))
      simulation = try await simulate(
        [cornerStimulus(randomCount: samples)] + waveforms, with: simulator,
        onProgress: onProgress
      ).summary
    }
    if simulation != nil {
      for index in blocks.indices where blocks[index].method == .none {
        blocks[index].method = .simulated
      }
    }
    let verification = Verification(
      schemaVersion: Verification.currentSchema, design: manifest.top, tools: tools,
      blocks: blocks, proofSeconds: (proofTime / .milliseconds(1)).rounded() / 1000,
      simulatedSamples: simulation?.samples, stimuli: simulation?.stimuli ?? [])
    try TextFile.write(JSONText.encode(verification), to: "\(path)/verification.json")
    return verification
  }
}
