import BenchmarkDesigns
import PareDatapath
import PareNumerics
import PareQoR
import PareRTL
import PareSignal
import PareText
import PareTools

/// What is known of one design; kept in its folder, so that a run that was ended goes on where it was.
struct Measurement: Codable {
  var name: String
  var family: LogicFamily
  var luts: Int
  var flipFlops: Int
  /// Before synthesis, on as many samples as a sweep takes.
  var quick: SwitchingProfile
  var settled: SwitchingProfile
  var unitDelay: SwitchingProfile
  /// Lowering, solving and pipelining, milliseconds.
  var compileMS: Double
  /// The profile of the compiled pipeline, microseconds.
  var quickUS: Double

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

/// Compiles, counts, synthesizes, compares and counts again.
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
  let name = "design\(index)"
  let synthesis = try await synthesizer.synthesize(
    pipeline.verilog(named: name),
    for: SynthesisTarget(
      design.family == .ecp5 ? .ecp5 : .xcup, usesDSP: datapath.statistics.multiplyCount > 0),
    in: folder, onProgress: nil)
  let gates = try GateNetlist(Netlist(module: name, contentsOf: synthesis.netlist))
  let words = stimulus.words(for: datapath, count: Stimulus.netlistCount)
  let results = try datapath.run(words)
  func profile(_ mode: NetlistSimulator.Mode, count: Int) throws -> SwitchingProfile {
    let latency = pipeline.latency + datapath.lookAhead
    let stream = NetlistStream(
      inputs: zip(datapath.inputs, words).map { ($0, Array($1.prefix(count))) },
      expected: zip(datapath.outputs, results).map { ($0.name, Array($1.prefix(count))) },
      segments: [0..<count], flushCount: latency - 1, warmUpCount: datapath.memory + latency)
    var simulator = NetlistSimulator(gates, mode: mode)
    if let mismatch = try stream.run(on: &simulator).mismatch {
      fatalError("\(design.name): the netlist differs from the datapath: \(mismatch)")
    }
    return NetlistActivity(of: simulator).profile
  }
  return Measurement(
    name: design.name, family: design.family, luts: synthesis.counts.lut,
    flipFlops: synthesis.counts.ff, quick: quick,
    settled: try profile(.counting, count: Stimulus.netlistCount),
    unitDelay: try profile(.unitDelay, count: Stimulus.netlistCount / 4),
    compileMS: compiled, quickUS: quickest)
}
