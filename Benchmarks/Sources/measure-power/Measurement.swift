import BenchmarkDesigns
import PareDatapath
import PareNumerics
import PareQoR
import PareRTL
import PareSignal
import PareText
import PareTools

/// What a netlist shows of a design; kept in its folder, so that a run that was ended goes on where it was.
struct NetlistMeasurement: Codable {
  /// Of the Verilog that it is of.
  var sourceHash: String
  var luts: Int
  var flipFlops: Int
  var settled: SwitchingProfile
  var unitDelay: SwitchingProfile
}

/// What is known of one design.
struct Measurement {
  let name: String
  let family: LogicFamily
  /// Before synthesis, on as many samples as a sweep takes.
  let quick: SwitchingProfile
  let netlist: NetlistMeasurement
  /// Lowering, solving and pipelining, milliseconds.
  let compileMS: Double
  /// The profile of the compiled pipeline, microseconds.
  let quickUS: Double

  /// Dynamic watts at 200 MHz, typical energies.
  func power(_ profile: SwitchingProfile, part: PowerEstimate.Part? = nil) -> Double {
    guard let model = PowerModel.standard(for: family) else { fatalError("no model of \(family)") }
    let estimate = model.estimate(profile, clockHz: 200e6, samplesPerClock: 1, device: nil)
    return part.map { estimate.parts[$0]?.typical ?? 0 } ?? estimate.dynamic.typical
  }
}

/// The signal that all designs are fed with: five sub-channels with a peak of 0.9 of each input's range.
struct Stimulus {
  /// Samples for the quick estimate, after those that fill the memory: what a sweep takes.
  static let quickCount = 256
  /// Samples that the netlist is compared and counted on; with glitches a quarter of them.
  static let netlistCount = 16_384

  private let signal: IQSignal

  init() throws {
    signal = try OFDMWaveform().signal(
      count: 2 * Self.netlistCount, peak: 0.9, random: RandomStream(seed: 1).fork("measure-power"))
  }

  /// Words of each input: I, Q, and from the third on the same, some time later.
  func words(for datapath: Datapath, count: Int) -> [[Int64]] {
    var ranges = Array(repeating: IntegerRange(0, 0), count: datapath.inputs.count)
    for node in datapath.nodes {
      if case .input(let channel) = node.op { ranges[channel] = node.range }
    }
    return ranges.enumerated().map { channel, range in
      let values = signal.channels[channel % 2].dropFirst(1000 * (channel / 2)).prefix(count)
      return values.map { value in
        let word = Int64((Double(value) * Double(range.upper)).rounded())
        return min(max(word, range.lower), range.upper)
      }
    }
  }
}

/// Compiles, counts, and measures the netlist unless that has been done.
func measure(
  _ design: Design, index: Int, on stimulus: Stimulus, with synthesizer: YosysSynthesizer,
  in folder: Folder
) async throws -> Measurement {
  let clock = ContinuousClock()
  let started = clock.now
  let pipeline = try design.pipeline()
  let compiled = started.duration(to: clock.now) / .milliseconds(1)
  let datapath = pipeline.datapath
  let few = stimulus.words(for: datapath, count: datapath.memory + Stimulus.quickCount)
  var quick = SwitchingProfile(origin: .datapath, clocks: 0)
  var quickest = Double.infinity
  for _ in 0..<5 {
    let began = clock.now
    quick = try pipeline.switchingProfile(on: few)
    quickest = min(quickest, began.duration(to: clock.now) / .microseconds(1))
  }
  let bundle = try pipeline.verilog(named: "design\(index)")
  var hash = StableHash()
  for file in bundle.design { hash.combine(file.text) }
  let name = "measurement.json"
  var netlist: NetlistMeasurement?
  if folder.has(name) {
    netlist = try JSONText.decode(
      NetlistMeasurement.self, from: String(decoding: try folder.read(name), as: UTF8.self),
      file: folder.file(name))
  }
  if netlist?.sourceHash != hash.hex {
    let made = try await measure(
      bundle, hash.hex, of: pipeline, design, on: stimulus, with: synthesizer, in: folder)
    try folder.write(JSONText.encode(made), to: name)
    netlist = made
  }
  guard let netlist else { fatalError("\(design.name) was not measured") }
  return Measurement(
    name: design.name, family: design.family, quick: quick, netlist: netlist,
    compileMS: compiled, quickUS: quickest)
}

/// Synthesizes, compares and counts.
private func measure(
  _ bundle: SourceBundle, _ hash: String, of pipeline: PipelinedDatapath, _ design: Design,
  on stimulus: Stimulus, with synthesizer: YosysSynthesizer, in folder: Folder
) async throws -> NetlistMeasurement {
  let datapath = pipeline.datapath
  let synthesis = try await synthesizer.synthesize(
    bundle,
    for: SynthesisTarget(
      design.family == .ecp5 ? .ecp5 : .xcup, usesDSP: datapath.statistics.multiplyCount > 0),
    in: folder, onProgress: nil)
  let gates = try GateNetlist(Netlist(module: bundle.top, contentsOf: synthesis.netlist))
  func profile(_ mode: NetlistSimulator.Mode, count: Int) throws -> SwitchingProfile {
    let words = stimulus.words(for: datapath, count: count)
    let results = try datapath.run(words)
    let latency = pipeline.latency + datapath.lookAhead
    let stream = NetlistStream(
      inputs: zip(datapath.inputs, words).map { ($0, $1) },
      expected: zip(datapath.outputs, results).map { ($0.name, $1) },
      segments: [0..<count], flushCount: latency - 1, warmUpCount: datapath.memory + latency)
    var simulator = NetlistSimulator(gates, mode: mode)
    if let mismatch = try stream.run(on: &simulator).mismatch {
      fatalError("\(design.name): the netlist differs from the datapath: \(mismatch)")
    }
    return NetlistActivity(of: simulator).profile
  }
  return NetlistMeasurement(
    sourceHash: hash, luts: synthesis.counts.lut, flipFlops: synthesis.counts.ff,
    settled: try profile(.counting, count: Stimulus.netlistCount),
    unitDelay: try profile(.unitDelay, count: Stimulus.netlistCount / 4))
}
