// What the recipes reach on measured data, as reported in docs/measurements.md.
//
//   measure-training FOLDER RECIPE SEEDS JOBS NETWORK... [-- SPARSITY...]
//
// FOLDER holds {train,val,test}_{input,output}.csv; RECIPE is standard or quick; NETWORK is KERNEL,CHANNELS,ACTIVATION,
// LOOKAHEAD such as 5,8,relu,1. The task is the inverse model: from y / g to x, g the least-squares gain of the training
// split. Every line is the test error of the seed that was best on the validation split.
import PareNetwork
import PareNumerics
import PareSignal
import PareText
import PareTrain

func measure(
  _ architecture: Architecture, _ recipe: TrainingRecipe, _ sparsities: [Double],
  seeds: [UInt64], jobs: Int, on splits: SampleSplits
) async throws {
  let clock = ContinuousClock()
  func report(_ label: String, since start: ContinuousClock.Instant, _ scores: [SplitNMSE]) {
    let best = scores.min { $0.validation < $1.validation }!
    let all = scores.map { $0.test.fixed(2) }.joined(separator: " ")
    print(
      "\(architecture.name) la\(architecture.lookAhead) \(label): test \(best.test.fixed(2)) dB, "
        + "validation \(best.validation.fixed(2)) dB; all tests \(all); "
        + "\(((clock.now - start) / .seconds(1)).fixed(2)) s")
  }
  var start = clock.now
  // Whole chains of each seed, so that a later choice never mixes seeds.
  var parents = try await boundedMap(Array(seeds.indices), jobs: jobs) { index in
    try await Trainer(recipe, seed: seeds[index]).train(architecture, on: splits)
  }
  report("dense", since: start, parents.map(\.nmse))
  for sparsity in [0] + sparsities {
    start = clock.now
    if sparsity > 0 {
      let dense = parents
      parents = try await boundedMap(Array(seeds.indices), jobs: jobs) { index in
        try await Trainer(recipe, seed: seeds[index]).prune(dense[index], to: sparsity, on: splits)
      }
      let count = parents[0].network.mask.count
      report("\((sparsity * 100).fixed(2)) % nnz \(count)", since: start, parents.map(\.nmse))
    }
    for quantizer in [QuantizationScheme.apot(), .pot()] {
      start = clock.now
      let sparse = parents
      let quantized = try await boundedMap(Array(seeds.indices), jobs: jobs) { index in
        try await Trainer(recipe, seed: seeds[index]).quantize(
          sparse[index], by: quantizer, on: splits)
      }
      report("  \(quantizer)", since: start, quantized.map(\.nmse))
    }
  }
}

let arguments = CommandLine.arguments.dropFirst().split(separator: "--").map(Array.init)
guard let head = arguments.first, head.count >= 5,
  let recipe = ["standard": TrainingRecipe.standard, "quick": .quick][head[1]],
  let seedCount = UInt64(head[2]), let jobs = Int(head[3])
else { fatalError("measure-training FOLDER RECIPE SEEDS JOBS NETWORK... [-- SPARSITY...]") }
let splits = try IQDataset(contentsOf: head[0]).sampleSplits(for: .inverse)
let sparsities = arguments.count > 1 ? arguments[1].compactMap(Double.init) : []
for network in head[4...] {
  let parts = network.split(separator: ",").map(String.init)
  guard parts.count == 4, let kernel = Int(parts[0]), let channels = Int(parts[1]),
    let activation = Activation(rawValue: parts[2]), let lookAhead = Int(parts[3])
  else { fatalError("'\(network)' is not KERNEL,CHANNELS,ACTIVATION,LOOKAHEAD") }
  let architecture = try Architecture(
    hiddenChannels: [channels], kernelSize: kernel, activation: activation, lookAhead: lookAhead)
  try await measure(
    architecture, recipe, sparsities, seeds: Array(1...seedCount), jobs: jobs, on: splits)
}
