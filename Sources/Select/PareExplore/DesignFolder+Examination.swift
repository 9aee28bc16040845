import PareDatapath
import PareNumerics
public import PareQoR
import PareText
import PareTools

/// What `implement` looks for in each netlist.
public struct ExaminationOptions: Sendable, Hashable {
  /// Samples of the deployed waveform on which the netlist is compared with the integer model, and its toggles are counted;
  /// corner words come on top. 0 leaves the netlist unchecked, and without power.
  public var checkSamples: Int
  public var estimatesPower: Bool
  /// Models to take in place of the standard ones; a family without one has no power.
  public var powerModels: PowerModelFile?

  public init(
    checkSamples: Int = 100_000, estimatesPower: Bool = true, powerModels: PowerModelFile? = nil
  ) {
    precondition(checkSamples >= 0, "\(checkSamples) samples")
    self.checkSamples = checkSamples
    self.estimatesPower = estimatesPower
    self.powerModels = powerModels
  }

  fileprivate func model(for family: LogicFamily) -> PowerModel? {
    guard let powerModels else { return PowerModel.standard(for: family) }
    return powerModels.models.first { $0.family == family }
  }
}

extension DesignFolder {
  /// Compares each netlist with the integer model, counts what switches, and estimates power from it.
  ///
  /// A netlist with a cell that cannot be simulated is not verified and has no power; the record says so. One that differs
  /// from the model is an error.
  ///
  /// - Throws: `SignalError` for a damaged data set.
  func examination(_ options: ExaminationOptions) throws -> NetlistExamination {
    guard options.checkSamples > 0 else {
      return NetlistExamination(
        key: "none",
        examine: { _, _ in
          NetlistExamination.Findings(
            verifiedSamples: nil, settled: nil, unitDelay: nil, stimulus: "", activity: "",
            warnings: [
              "the netlist was not compared with the model and has no power: 0 samples were asked for"
            ])
        }, power: nil)
    }
    let waveform = try DeployedWaveform(of: source, samples: options.checkSamples)
    let stimuli = try (waveform.isSignal ? [cornerStimulus()] : []) + [waveform.stimulus]
    var key = StableHash()
    key.combine(manifest.sourceHash)
    key.combine(manifest.generator)
    for stimulus in stimuli {
      key.combine("\(stimulus.segments)")
      for channel in stimulus.words {
        for word in channel { key.combine(UInt64(bitPattern: word)) }
      }
    }
    let words =
      stimuli.count == 1
      ? waveform.words : "\(waveform.words), and \(stimuli[0].count) corner words and noise"
    let lanes = manifest.options.samplesPerClock
    let examine: NetlistExamination.Examiner = { synthesis, onProgress in
      onProgress?(
        ToolProgress(
          stage: "netlist check for \(synthesis.target.family.rawValue)", detail: words))
      return try findings(in: synthesis, on: stimuli, words: words, activity: waveform.words)
    }
    let power: NetlistExamination.PowerFigures = { findings, device, clockHz, stage in
      Self.power(
        findings, options.model(for: device.logicFamily), device: device, clockHz: clockHz,
        stage: stage, samplesPerClock: lanes)
    }
    return NetlistExamination(
      key: key.hex, examine: examine, power: options.estimatesPower ? power : nil)
  }

  private func findings(
    in synthesis: SynthesisResult, on stimuli: [Stimulus], words: String, activity: String
  ) throws -> NetlistExamination.Findings {
    do {
      let check = try checkNetlist(synthesis, on: stimuli)
      return NetlistExamination.Findings(
        verifiedSamples: check.samples, settled: check.settled, unitDelay: check.unitDelay,
        stimulus: words, activity: activity)
    } catch let error as NetlistError where error.isGap {
      return NetlistExamination.Findings(
        verifiedSamples: nil, settled: nil, unitDelay: nil, stimulus: words, activity: activity,
        warnings: [
          "the netlist was not compared with the model and has no power: \(error.message)"
        ])
    }
  }

  /// The power model's figures on what switches, glitches included where they were counted.
  private static func power(
    _ findings: NetlistExamination.Findings, _ model: PowerModel?, device: Device, clockHz: Double,
    stage: QoRStage, samplesPerClock: Int
  ) -> [FigureName: Figure] {
    guard let profile = findings.unitDelay ?? findings.settled, let model else { return [:] }
    let estimate = model.estimate(
      profile, clockHz: clockHz, samplesPerClock: samplesPerClock, device: device)
    return estimate.figures(stage: stage).mapValues { figure in
      let origin = figure.provenance
      return Figure(
        figure.value,
        Provenance(
          origin.kind, tool: origin.tool, version: origin.version, stage: origin.stage,
          note: ([origin.note].compactMap { $0 } + ["toggles on \(findings.activity)"])
            .joined(separator: "; ")))
    }
  }
}

extension NetlistError {
  /// Whether the simulator lacks something, and not the netlist.
  fileprivate var isGap: Bool {
    switch code {
    case .unknownCell, .unsupported: true
    case .undriven, .drivenTwice, .loop, .noPort: false
    }
  }
}
