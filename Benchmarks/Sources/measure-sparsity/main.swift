// What pruning chains and quantization reach on measured data: the error per non-zero weight.
//
//   measure-sparsity FOLDER RECIPE SEEDS JOBS NETWORK -- LEVEL... -- SCHEME...
//
// FOLDER holds {train,val,test}_{input,output}.csv; RECIPE is standard, quick, or a JSON file with any of a recipe's keys;
// NETWORK is KERNEL,CHANNELS,ACTIVATION,LOOKAHEAD such as 7,14,relu,3; LEVEL is a sparsity below 1 or a number of weights;
// SCHEME is what `QuantizationScheme` reads. The task is the inverse model, as in measure-training. Each line is the test
// error of the chain that was best on the validation split, then those of all chains.
import FoundationEssentials
import PareNetwork
import PareNumerics
import PareTrain

func samples(_ path: String) throws -> [[Float]] {
  let text = try String(contentsOf: URL(filePath: path), encoding: .utf8)
  var channels: [[Float]] = [[], []]
  for line in text.utf8.split(separator: UInt8(ascii: "\n")).dropFirst() {
    let parts = line.split(separator: UInt8(ascii: ","))
    for channel in 0..<2 {
      let number = String(decoding: parts[channel], as: UTF8.self)
      guard let value = Float(number.filter { !$0.isWhitespace }) else {
        fatalError("\(path): '\(number)' is not a number")
      }
      channels[channel].append(value)
    }
  }
  return channels
}

func inverseTask(in folder: String) throws -> SampleSplits {
  var sets: [(x: [[Float]], y: [[Float]])] = []
  for split in ["train", "val", "test"] {
    sets.append(
      (try samples("\(folder)/\(split)_input.csv"), try samples("\(folder)/\(split)_output.csv")))
  }
  // g = <x, y> / <x, x> over the training split, complex.
  let (x, y) = sets[0]
  var (re, im, power) = (0.0, 0.0, 0.0)
  for n in x[0].indices {
    let (a, b, c, d) = (Double(x[0][n]), Double(x[1][n]), Double(y[0][n]), Double(y[1][n]))
    re += a * c + b * d
    im += a * d - b * c
    power += a * a + b * b
  }
  let (gainRe, gainIm) = (re / power, im / power)
  let size = gainRe * gainRe + gainIm * gainIm
  let tasks = sets.map { x, y in
    var input: [[Float]] = [[], []]
    for n in y[0].indices {
      let (c, d) = (Double(y[0][n]), Double(y[1][n]))
      input[0].append(Float((c * gainRe + d * gainIm) / size))
      input[1].append(Float((d * gainRe - c * gainIm) / size))
    }
    return SampleSet(input: input, target: x)
  }
  return SampleSplits(training: tasks[0], validation: tasks[1], test: tasks[2])
}

func text(_ value: Double) -> String {
  let hundredths = Int((value.magnitude * 100).rounded())
  let fraction = hundredths % 100
  return "\(value < 0 ? "-" : "")\(hundredths / 100).\(fraction < 10 ? "0" : "")\(fraction)"
}

func concurrently<Result: Sendable>(
  _ indices: Range<Int>, _ jobs: Int, _ work: @escaping @Sendable (Int) async throws -> Result
) async throws -> [Result] {
  try await withThrowingTaskGroup(of: (Int, Result).self) { group in
    var results = [Result?](repeating: nil, count: indices.count)
    for index in indices {
      if index >= jobs, let (done, result) = try await group.next() { results[done] = result }
      group.addTask { (index, try await work(index)) }
    }
    for try await (done, result) in group { results[done] = result }
    return results.map { $0! }
  }
}

func report(
  _ label: String, since start: ContinuousClock.Instant, _ scores: [SplitNMSE]
) {
  let best = scores.min { $0.validation < $1.validation }!
  let all = scores.map { text($0.test) }.joined(separator: " ")
  let label = label + String(repeating: " ", count: max(0, 24 - label.count))
  print(
    "\(label) test \(text(best.test)) dB, validation \(text(best.validation)) dB; all tests \(all); "
      + "\(text((ContinuousClock.now - start) / .seconds(1))) s")
}

let arguments = CommandLine.arguments.dropFirst().split(
  separator: "--", omittingEmptySubsequences: false
).map(Array.init)
guard arguments.count == 3, arguments[0].count == 5, let seedCount = UInt64(arguments[0][2]),
  let jobs = Int(arguments[0][3])
else { fatalError("measure-sparsity FOLDER RECIPE SEEDS JOBS NETWORK -- LEVEL... -- SCHEME...") }
let recipe =
  switch arguments[0][1] {
  case "standard": TrainingRecipe.standard
  case "quick": TrainingRecipe.quick
  case let file:
    try JSONDecoder().decode(TrainingRecipe.self, from: Data(contentsOf: URL(filePath: file)))
  }
let parts = arguments[0][4].split(separator: ",").map(String.init)
guard parts.count == 4, let kernel = Int(parts[0]), let channels = Int(parts[1]),
  let activation = Activation(rawValue: parts[2]), let lookAhead = Int(parts[3])
else { fatalError("'\(arguments[0][4])' is not KERNEL,CHANNELS,ACTIVATION,LOOKAHEAD") }
let architecture = try Architecture(
  hiddenChannels: [channels], kernelSize: kernel, activation: activation, lookAhead: lookAhead)
let counts = arguments[1].compactMap(Double.init).map {
  $0 < 1 ? Mask.targetCount(for: architecture, sparsity: $0) : Int($0)
}
let schemes = try arguments[2].map { try QuantizationScheme(parsing: $0) }
let splits = try inverseTask(in: arguments[0][0])
let seeds = Array(1...seedCount)

var start = ContinuousClock.now
let dense = try await concurrently(seeds.indices, jobs) { index in
  try await Trainer(recipe, seed: seeds[index]).train(architecture, on: splits)
}
report("\(architecture.name) la\(lookAhead) dense", since: start, dense.map(\.nmse))
// Whole chains of each seed, so that a later choice never mixes seeds.
var parents = dense
for count in [architecture.weightCount] + counts {
  if count < architecture.weightCount {
    start = .now
    let before = parents
    let levels = try await concurrently(seeds.indices, jobs) { index in
      try await Trainer(recipe, seed: seeds[index]).pruneLevel(
        before[index], toNonZeroCount: count, on: splits)
    }
    report("nnz \(count)", since: start, levels.map(\.nmse))
    parents = levels.map(\.next)
    try await quantize(levels.map(\.tuned))
  } else {
    try await quantize(dense)
  }
}

func quantize(_ networks: [TrainedNetwork]) async throws {
  for scheme in schemes {
    let start = ContinuousClock.now
    let quantized = try await concurrently(seeds.indices, jobs) { index in
      try await Trainer(recipe, seed: seeds[index]).quantize(
        networks[index], by: scheme, on: splits)
    }
    report("  \(scheme)", since: start, quantized.map(\.nmse))
  }
}
