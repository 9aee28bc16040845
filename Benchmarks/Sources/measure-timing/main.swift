// What the delay model of the ECP5 says of random networks at several clocks, and what place and route gives.
//
//   measure-timing FOLDER SEEDS [FIRST..<LAST]
//
// FOLDER is where the runs go. For each of the random networks FIRST to LAST - 1 (0..<6 when absent) and each clock, a line:
// the clock asked for, adders, register bits, latency, the model's fmax, then the best and the worst routed fmax of the
// seeds 1 to SEEDS and the ratio of model to best. The last line fits the model's typical net and its register to the lines.
import FoundationEssentials
import PareDatapath
import PareNumerics
import PareRTL
import PareText
import PareTools

/// A layer of taps with biases and rectifiers, a second one of taps, a skip, and a limit at the end.
func network(seed: UInt64) throws -> Datapath {
  var random = RandomStream(seed: seed)
  let word = WordFormat(wordLength: 12, integerBits: 3)
  var builder = DatapathBuilder()
  let inputs = ["xi", "xq"].map { builder.input($0, word, label: $0) }
  let kernel = 2 + Int(seed % 3)
  func taps(_ wires: [Wire]) -> [LinearTerm] {
    wires.flatMap { wire in
      (0..<kernel).compactMap { delay in
        let coefficient = Int64(random.index(below: 129) - 64)
        return random.index(below: 3) == 0 ? nil : LinearTerm(coefficient, wire, delay: delay)
      }
    }
  }
  let hidden = try (0..<(2 + Int(seed % 2))).map { channel in
    let sum = try builder.linear(
      taps(inputs), bias: Int64(random.index(below: 200_001) - 100_000), fractionBits: 15,
      label: "l0c\(channel)")
    return try builder.requantize(builder.relu(sum), to: word, label: "l0c\(channel)_q")
  }
  for (index, name) in ["yi", "yq"].enumerated() {
    let skip = LinearTerm(64, inputs[index], delay: kernel / 2)
    let sum = try builder.linear(taps(hidden) + [skip], fractionBits: 15, label: "l1c\(index)")
    builder.output(name, try builder.requantize(sum, to: word, label: "\(name)_word"))
  }
  return try builder.finish(lookAhead: kernel / 2).optimized()
}

/// A pipeline and the fastest clock that routing reached for it.
struct Point {
  let pipeline: PipelinedDatapath
  let routedMHz: Double
}

/// Sum of the squared logarithms of model to routed.
func error(_ model: DelayModel, _ points: [Point]) -> Double {
  points.reduce(0) { sum, point in
    let ratio = point.pipeline.timing(model).fmaxHz / (1e6 * point.routedMHz)
    return sum + (ratio - 1) * (ratio - 1)
  }
}

let arguments = CommandLine.arguments
guard arguments.count >= 3, let seedCount = Int(arguments[2]), seedCount > 0 else {
  fatalError("measure-timing FOLDER SEEDS [FIRST..<LAST]")
}
let bounds = arguments.dropFirst(3).first.map {
  $0.split(separator: "..<").compactMap { UInt64($0) }
}
let range = bounds.map { $0[0]..<$0[1] } ?? 0..<6
let part = ECP5Part.standard(.k85)
let synthesizer = try await YosysSynthesizer()
let router = try await NextpnrECP5()
var points: [Point] = []
print("network clock adders register-bits latency model-MHz best-MHz worst-MHz model/best")
for seed in range {
  let datapath = try network(seed: seed)
  for clock in [nil, 170e6, 130e6, 100e6, 70e6] as [Double?] {
    let pipeline = try datapath.pipelined(PipelineOptions(family: .ecp5, clockHz: clock))
    let name = "net\(seed)_\(clock.map { Int($0 / 1e6) } ?? 0)"
    let folder = Folder("\(arguments[1])/\(name)")
    let synthesis = try await synthesizer.synthesize(
      pipeline.verilog(named: name), for: SynthesisTarget(.ecp5), in: folder.folder("synth"))
    let routed = try await router.placeAndRoute(
      synthesis, on: part, options: RoutingOptions(seeds: Array(1...seedCount), harness: .always),
      in: folder.folder("route"))
    let speeds = routed.seeds.compactMap(\.fmaxMHz)
    guard let best = speeds.max(), let worst = speeds.min() else { continue }
    let model = pipeline.timing().fmaxHz / 1e6
    points.append(Point(pipeline: pipeline, routedMHz: best))
    print(
      "\(seed) \(clock.map { "\(Int($0 / 1e6))" } ?? "-") \(datapath.statistics.adderCount) "
        + "\(pipeline.registerBits) \(pipeline.latency) \(model.fixed(1)) \(best.fixed(1)) "
        + "\(worst.fixed(1)) \((model / best).fixed(2))")
  }
}
var best = DelayModel(.ecp5)
for register in stride(from: 700, through: 1700, by: 50) {
  for net in stride(from: 300, through: 1400, by: 50) {
    var model = DelayModel(.ecp5)
    model.register = register
    model.net = net
    if error(model, points) < error(best, points) { best = model }
  }
}
print(
  "fit: register \(best.register) ps, net \(best.net) ps, "
    + "rms error \((100 * (error(best, points) / Double(points.count)).squareRoot()).fixed(1)) %")
