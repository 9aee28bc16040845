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
import PareSignal
import PareText
import PareTrain

func report(
  _ label: String, since start: ContinuousClock.Instant, _ scores: [SplitNMSE]
) {
  let best = scores.min { $0.validation < $1.validation }!
  let all = scores.map { $0.test.fixed(2) }.joined(separator: " ")
  let label = label + String(repeating: " ", count: max(0, 24 - label.count))
  print(
    "\(label) test \(best.test.fixed(2)) dB, validation \(best.validation.fixed(2)) dB; all tests \(all); "
      + "\(((ContinuousClock.now - start) / .seconds(1)).fixed(2)) s")
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
let splits = try IQDataset(contentsOf: arguments[0][0]).sampleSplits(for: .inverse)
let seeds = Array(1...seedCount)

var start = ContinuousClock.now
let dense = try await boundedMap(Array(seeds.indices), jobs: jobs) { index in
  try await Trainer(recipe, seed: seeds[index]).train(architecture, on: splits)
}
report("\(architecture.name) la\(lookAhead) dense", since: start, dense.map(\.nmse))
// Whole chains of each seed, so that a later choice never mixes seeds.
var parents = dense
for count in [architecture.weightCount] + counts {
  if count < architecture.weightCount {
    start = .now
    let before = parents
    let levels = try await boundedMap(Array(seeds.indices), jobs: jobs) { index in
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
    let quantized = try await boundedMap(Array(seeds.indices), jobs: jobs) { index in
      try await Trainer(recipe, seed: seeds[index]).quantize(
        networks[index], by: scheme, on: splits)
    }
    report("  \(scheme)", since: start, quantized.map(\.nmse))
  }
}
