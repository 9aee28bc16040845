import ArgumentParser
import PareDatapath
import PareExplore
import PareQoR
import PareText
import PareTools

extension Simulate {
  /// Clocks that `--vcd` shows.
  private static let waveClocks = 256

  /// `pare simulate --netlist`: the synthesized cells against the integer model, and what switches in them.
  func runNetlist(_ design: DesignFolder) async throws {
    let device = try Device(named: target ?? design.manifest.targets[0])
    guard let family = device.family else { throw QoRError(.compileOnly(device: device.name)) }
    let made = try await design.netlist(for: family, onProgress: common.toolProgress)
    if !made.wasThere {
      Console.note(
        "note: \(folder)/synth has no netlist of these sources ('pare implement \(folder)' makes one); this one is in \(made.file)"
      )
    }
    let stimuli = try await netlistStimuli(design).map { stimulus in
      samples.map { stimulus.head($0) } ?? stimulus
    }
    let cells = try Netlist(module: design.manifest.top, contentsOf: made.file)
    let check = try design.checkNetlist(
      cells, named: made.file, on: stimuli,
      unitDelayClocks: unitDelay ? DesignFolder.unitDelayClocks : 0)
    let clockHz = design.manifest.clockMHz * 1e6
    if let saif {
      try TextFile.write(
        check.activity.saif(
          cells, transitions: check.unitDelayActivity, clockHz: clockHz,
          generator: design.manifest.generator), to: saif)
    }
    if let vcd {
      let stream = try design.netlistStream(stimuli[stimuli.count - 1])
      try TextFile.write(
        NetlistWaves(cells).dump(stream, clocks: Self.waveClocks, clockHz: clockHz), to: vcd)
    }
    let record = try NetlistCheckRecord(check, of: made, design: design)
    let text = JSONText.encode(record)
    try TextFile.write(text, to: "\(design.path)/netlist-check.json")
    Console.result(common.json ? text : Self.words(record))
  }

  private func netlistStimuli(_ design: DesignFolder) async throws -> [Stimulus] {
    var stimuli = [try design.cornerStimulus()]
    if let name = datasetName(design.source), name != "none" {
      let data = try await DatasetSource.load(name, onProgress: common.toolProgress)
      stimuli += try design.stimuli(from: data)
    }
    if let input {
      guard case .model(let file) = design.source, design.manifest.inputs.count == 2 else {
        throw ValidationError("--input needs a network with inputs I and Q")
      }
      stimuli.append(try Self.stimulus(input, file))
    }
    return stimuli
  }

  private static func words(_ record: NetlistCheckRecord) -> String {
    let rate = (record.samplesPerSecond / 1e6).fixed(2)
    let version = record.synthesizerVersion.map { " \($0)" } ?? ""
    var table = TextTable([
      ("toggles per clock", .left), ("LUTs", .right), ("nets", .right), ("loads", .right),
      ("carry", .right), ("DSP", .right),
    ])
    func row(_ name: String, _ profile: SwitchingProfile) -> [String] {
      [
        name, profile.lutToggles.fixed(1), profile.netToggles.fixed(1),
        profile.netLoadToggles.fixed(1), profile.carryToggles.fixed(1), profile.dspToggles.fixed(1),
      ]
    }
    table.add(row("settled", record.settled))
    if let delayed = record.unitDelay { table.add(row("with glitches", delayed)) }
    return """
      equal: \(record.samples.grouped) samples of \(record.design), every output bit of the netlist for \(record.family.rawValue) \
      (\(record.synthesizer)\(version); \(rate) M samples/s)
      \(record.stimuli.map { "  " + $0 }.joined(separator: "\n"))
      activity on '\(record.activityStimulus)', \(record.settled.clocks.grouped) clocks
      \(table.text)
      """
  }
}
