// What it costs to test weights for zero at run time, in tables, flip-flops and estimated power on UltraScale+.
//
//   measure-zero-test DATASET MODEL...
//
// DATASET is the folder of a data set, each MODEL a model.json of quantizer pot or apot. Two lines for the first layer of each:
// all taps with stored weights, shifted and tested at run time, and only the taps that are not zero, as wires and adders. Both
// netlists are compared with the integer model on 20,000 samples of the validation waveform; power is that of the power model
// at 200 MHz with toggles counted on these samples, glitches included, typical (low to high).
//
//   pare sweep k5.yaml; pare ledger model RUN NAME --out model.json     # k5, 4 channels, 95 %; k7, 4 channels, 30 %
import PareDatapath
import PareFixed
import PareNetwork
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

/// The filters of a model's first layer, as integers, and what they are fed with.
struct Layer {
  let name: String
  let terms: [StoredWeightFIR.Term]
  /// `[output][input][tap]`.
  let taps: [[[Int64]]]
  let format: WordFormat
  let words: [[Int64]]

  init(_ model: ModelFile, path: String, on waveform: [[Float]]) {
    let layer = model.network.layers[0]
    let depth: Int
    switch layer.quantizer {
    case .pot(let bits):
      terms = StoredWeightFIR.powerOfTwo(bits: bits)
      depth = (1 << (bits - 1)) - 1
    case .apot(let count, let bits):
      terms = StoredWeightFIR.additivePowersOfTwo(terms: count, bits: bits)
      depth = (1 << (bits - 1)) - 1
    case .none, .digits, .fixed:
      fatalError("\(path): the weights of the first layer are \(layer.quantizer), not pot or apot")
    }
    let shape = layer.shape
    var taps: [[[Int64]]] = []
    for output in 0..<shape.outputChannels {
      // In units of the smallest power of the channel.
      let unit = powerOfTwo(layer.scaleExponents[output] - depth)
      taps.append(
        (0..<shape.inputChannels).map { input in
          (0..<shape.kernelSize).map { tap in
            let place = (output * shape.inputChannels + input) * shape.kernelSize + tap
            return Int64(Double(layer.weights[place]) / unit)
          }
        })
    }
    self.taps = taps
    name = "\(model.network.architecture.name) \(layer.quantizer)"
    format = model.fixed.inputFormat
    words = model.fixed.quantize(waveform.map { Array($0.prefix(20_000)) })
  }

  var summary: String {
    let weights = taps.flatMap { $0.flatMap(\.self) }
    return "\(weights.count { $0 != 0 }) of \(weights.count) taps"
  }
}

/// Synthesizes, compares and counts.
func measure(
  _ form: String, _ layer: Layer, _ bundle: SourceBundle, _ bank: FilterBank, flush: Int,
  memory: Int, in folder: Folder
) async throws {
  let synthesis = try await synthesizer.synthesize(
    bundle, for: SynthesisTarget(.xcup), in: folder, onProgress: nil)
  let gates = try GateNetlist(Netlist(module: bundle.top, contentsOf: synthesis.netlist))
  let expected = bank.run(layer.words)
  let stream = NetlistStream(
    inputs: layer.words.enumerated().map { ("x\($0)", $1) },
    expected: expected.enumerated().map { ("y\($0)", $1) },
    segments: [0..<layer.words[0].count], flushCount: flush, warmUpCount: memory + flush + 1)
  var simulator = NetlistSimulator(gates, mode: .unitDelay)
  if let mismatch = try stream.run(on: &simulator).mismatch {
    fatalError("\(layer.name), \(form): the netlist differs from the model: \(mismatch)")
  }
  let profile = NetlistActivity(of: simulator).profile
  guard let model = PowerModel.standard(for: .ultraScalePlus) else {
    fatalError("there is no power model of UltraScale+")
  }
  let power = model.estimate(profile, clockHz: 200e6, samplesPerClock: 1, device: nil).dynamic
  func mW(_ watts: Double) -> String { (1000 * watts).fixed(2) }
  print(
    "\(layer.name)  \(layer.summary)  \(form)  LUT \(synthesis.counts.lut)  FF \(synthesis.counts.ff)  "
      + "toggles/clock \(profile.netToggles.fixed(1))  "
      + "\(mW(power.typical)) mW (\(mW(power.low)) to \(mW(power.high)))")
}

let arguments = CommandLine.arguments.dropFirst()
guard let dataset = arguments.first, arguments.count > 1 else {
  fatalError("measure-zero-test DATASET MODEL...")
}
let synthesizer = try await YosysSynthesizer()
let waveform = try IQDataset(contentsOf: dataset)[.validation].input.channels
let work = Folder(
  FileManager.default.temporaryDirectory.path + "/measure-zero-test-\(UUID().uuidString)")
for (index, path) in arguments.dropFirst().enumerated() {
  let text = try String(contentsOf: URL(filePath: path), encoding: .utf8)
  let layer = Layer(try ModelFile(json: text, file: path), path: path, on: waveform)
  let bank = try FilterBank(taps: layer.taps, format: layer.format)
  guard let stored = StoredWeightFIR(layer.taps, terms: layer.terms, format: layer.format) else {
    fatalError("\(path): weights off the grid of \(layer.name)")
  }
  try await measure(
    "zero test", layer, try stored.verilog(named: "fir"), bank, flush: stored.flushCount,
    memory: stored.tapCount, in: work.folder("stored\(index)"))
  let family = LogicFamily.ultraScalePlus
  let known = try bank.lowered()
    .optimized(by: .solving(SolverOptions(family: family, effort: .normal)))
    .pipelined(PipelineOptions(family: family))
  try await measure(
    "zeros gone", layer, try known.verilog(named: "fir"), bank,
    flush: known.latency + known.datapath.lookAhead - 1, memory: known.datapath.memory,
    in: work.folder("known\(index)"))
}
try work.remove()
