public import PareDatapath
import PareFixed
import PareNumerics
public import PareQoR
import PareRTL
import PareText
public import PareTools

/// What a netlist was compared on, and what switches in it.
public struct NetlistCheck: Sendable {
  /// Samples whose every output bit equalled the integer model.
  public let samples: Int
  /// Name and samples of each stimulus.
  public let stimuli: [String]
  /// The stimulus that toggles were counted on.
  public let activityStimulus: String
  /// Toggles from one settled state to the next.
  public let settled: SwitchingProfile
  /// Toggles with one unit of delay for each cell, glitches included; nil when they were not asked for.
  public let unitDelay: SwitchingProfile?
  /// Net by net, for files that name nets.
  public let activity: NetlistActivity
  public let unitDelayActivity: NetlistActivity?
  /// The names of the netlist's nets.
  public let netlist: Netlist
  /// Units of delay until the slowest net has settled.
  public let depth: Int
  /// Time for the comparison of all stimuli, counts included, and without the model's own.
  public let seconds: Double

  public var samplesPerSecond: Double { Double(samples) / max(seconds, 1e-9) }
}

extension DesignFolder {
  /// Clocks of unit-delay simulation when nothing is said: enough for means, and quick.
  public static let unitDelayClocks = 1 << 14

  /// Feeds a netlist of the design and compares every output bit with the integer model.
  ///
  /// All stimuli are fed without a pause, and the first once more with clocks that carry no sample. Toggles are counted on one of
  /// them; the waveform of the deployed circuit stands last in ``stimuli(from:)``.
  ///
  /// - Parameters:
  ///   - synthesis: of the sources in the folder.
  ///   - activityStimulus: index of the stimulus to count toggles on; the last when absent.
  ///   - unitDelayClocks: clocks to simulate with delays; 0 for none.
  /// - Throws: ``ExploreError`` with code `.simulationMismatch` that names the earliest bad sample of the first bad stimulus; `NetlistError` for a cell
  ///   without a model; `ToolError` when the netlist cannot be read.
  public func checkNetlist(
    _ synthesis: SynthesisResult, on stimuli: [Stimulus], activityStimulus: Int? = nil,
    unitDelayClocks: Int = DesignFolder.unitDelayClocks
  ) throws -> NetlistCheck {
    let netlist = try Netlist(module: synthesis.top, contentsOf: synthesis.netlist)
    return try checkNetlist(
      netlist, named: synthesis.netlist, on: stimuli, activityStimulus: activityStimulus,
      unitDelayClocks: unitDelayClocks)
  }

  /// - Parameter file: what messages call the netlist.
  public func checkNetlist(
    _ netlist: Netlist, named file: String, on stimuli: [Stimulus], activityStimulus: Int? = nil,
    unitDelayClocks: Int = DesignFolder.unitDelayClocks
  ) throws -> NetlistCheck {
    precondition(!stimuli.isEmpty, "nothing to simulate")
    let counted = activityStimulus ?? stimuli.count - 1
    let gates = try GateNetlist(netlist)
    var counting = NetlistSimulator(gates, mode: .counting)
    var plain = NetlistSimulator(gates)
    let clock = ContinuousClock()
    var time = Duration.zero
    for (index, stimulus) in stimuli.enumerated() {
      let stream = try netlistStream(stimulus)
      let started = clock.now
      let outcome =
        try index == counted ? stream.run(on: &counting) : stream.run(on: &plain)
      time += clock.now - started
      if let mismatch = outcome.mismatch { throw fault(mismatch, stimulus, file) }
    }
    // A pause in the stream must change nothing.
    let head = stimuli[0].head(4096)
    if let mismatch = try netlistStream(head).run(on: &plain, bubbles: true).mismatch {
      throw fault(mismatch, head, file)
    }
    var delayed: NetlistActivity?
    if unitDelayClocks > 0 {
      var simulator = NetlistSimulator(gates, mode: .unitDelay)
      let head = stimuli[counted].head(unitDelayClocks * manifest.options.samplesPerClock)
      if let mismatch = try netlistStream(head).run(on: &simulator).mismatch {
        throw fault(mismatch, head, file)
      }
      delayed = NetlistActivity(of: simulator)
    }
    let activity = NetlistActivity(of: counting)
    return NetlistCheck(
      samples: stimuli.reduce(0) { $0 + $1.count },
      stimuli: stimuli.map { "\($0.name): \($0.count)" }, activityStimulus: stimuli[counted].name,
      settled: activity.profile, unitDelay: delayed?.profile, activity: activity,
      unitDelayActivity: delayed, netlist: netlist, depth: gates.depth,
      seconds: Double(time.components.seconds) + Double(time.components.attoseconds) * 1e-18)
  }

  /// A stimulus as the ports of the module get it.
  ///
  /// - Throws: ``ExploreError`` with code `.simulationMismatch` when the folder's datapath is not the integer model.
  public func netlistStream(_ stimulus: Stimulus) throws -> NetlistStream {
    let vectors = try vectors(stimulus)
    return NetlistStream(
      inputs: zip(datapath.inputs, vectors.inputs).map { ($0, $1) },
      expected: zip(datapath.outputs, vectors.outputs).map { ($0.name, $1) },
      segments: vectors.segments, flushCount: manifest.latencyClocks - 1,
      warmUpCount: datapath.memory + manifest.latencyClocks)
  }

  private func fault(
    _ mismatch: NetlistStream.Mismatch, _ stimulus: Stimulus, _ file: String
  ) -> ExploreError {
    return ExploreError(
      .simulationMismatch,
      "\(file): the netlist differs from the integer model, first in '\(stimulus.name)', sample "
        + "\(sample(mismatch.sample, of: stimulus)), port \(mismatch.port): expected \(mismatch.expected), got \(mismatch.got)",
      hint:
        "see whether the Verilog is equal with: pare simulate \(path); if it is, the fault is the synthesis tool's or the netlist's",
      kind: .failed)
  }
}

extension Stimulus {
  /// The first samples, with the segments that they lie in.
  public func head(_ count: Int) -> Stimulus {
    if count >= self.count { return self }
    return Stimulus(
      name: name, words: words.map { Array($0.prefix(count)) },
      segments: segments.filter { $0.lowerBound < count }
        .map { $0.lowerBound..<min($0.upperBound, count) })
  }
}
