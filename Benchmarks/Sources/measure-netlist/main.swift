// How fast netlists are simulated: samples per second of one core, every output compared.
//
//   measure-netlist [MILLIONS]
//
// A network of 7 taps and 2-8-8-2 channels, power-of-two weights, 65 % pruned, effort fast, for UltraScale+ and ECP5; MILLIONS (2)
// of OFDM samples in a row. For each family: cells, levels, then M samples/s without counts, with the toggles of every net, and with
// unit delays (an eighth of the samples): the median of five runs in processor time, and the slowest and fastest.
import BenchmarkDesigns
import Measurement
import PareDatapath
import PareNumerics
import PareQoR
import PareRTL
import PareSignal
import PareText
import PareTools

#if canImport(FoundationEssentials)
  import FoundationEssentials
#else
  import Foundation
#endif

let millions = CommandLine.arguments.dropFirst().first.flatMap { Double($0) } ?? 2
let synthesizer = try await YosysSynthesizer()
let folder = Folder(
  FileManager.default.temporaryDirectory.path + "/measure-netlist-\(UUID().uuidString)")
let signal = try OFDMWaveform().signal(
  count: 1 << 17, peak: 0.9, random: RandomStream(seed: 1).fork("measure-netlist"))

/// The signal over and over, in words of a design's inputs.
func words(for datapath: Datapath, count: Int) -> [[Int64]] {
  var ranges = Array(repeating: IntegerRange(0, 0), count: datapath.inputs.count)
  for node in datapath.nodes {
    if case .input(let channel) = node.op { ranges[channel] = node.range }
  }
  return ranges.enumerated().map { channel, range in
    let values = signal.channels[channel].map { value in
      Int64((Double(value) * Double(range.upper)).rounded())
    }
    return (0..<count).map { values[$0 % values.count] }
  }
}

print("family  cells  levels  mode  M samples/s (slowest to fastest of five)")
for family in [LogicFamily.ultraScalePlus, .ecp5] {
  let design = try Design.sevenTap(family: family)
  let pipeline = try design.pipeline()
  let datapath = pipeline.datapath
  let synthesis = try await synthesizer.synthesize(
    pipeline.verilog(named: "seven"), for: SynthesisTarget(family == .ecp5 ? .ecp5 : .xcup),
    in: folder.folder(family.rawValue), onProgress: nil)
  let netlist = try Netlist(module: "seven", contentsOf: synthesis.netlist)
  let gates = try GateNetlist(netlist)
  let modes: [(String, NetlistSimulator.Mode, Int)] = [
    ("plain", .plain, 1), ("counting", .counting, 1), ("unit delay", .unitDelay, 8),
  ]
  for (name, mode, share) in modes {
    let count = Int(millions * 1e6) / share
    let input = words(for: datapath, count: count)
    let results = try datapath.run(input)
    let latency = pipeline.latency + datapath.lookAhead
    let stream = NetlistStream(
      inputs: zip(datapath.inputs, input).map { ($0, $1) },
      expected: zip(datapath.outputs, results).map { ($0.name, $1) },
      segments: [0..<count], flushCount: latency - 1, warmUpCount: datapath.memory + latency)
    let rates = try (0..<5).map { _ in
      var simulator = NetlistSimulator(gates, mode: mode)
      let seconds = try processorSeconds {
        if let mismatch = try stream.run(on: &simulator).mismatch {
          fatalError("\(family.rawValue): the netlist differs from the datapath: \(mismatch)")
        }
      }
      return Double(count) / seconds / 1e6
    }.sorted()
    print(
      "\(family.rawValue)  \(netlist.cells.count)  \(gates.depth)  \(name)  "
        + "\(rates[2].fixed(2)) (\(rates[0].fixed(2)) to \(rates[4].fixed(2)))")
  }
}
try folder.remove()
