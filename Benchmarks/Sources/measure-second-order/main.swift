// What second-order training gains over gradient descent alone, and what it costs.
//
//   measure-second-order FOLDER STEPS SEEDS JOBS JSON METHOD NETWORK... [-- COUNT...]
//
// FOLDER holds {train,val,test}_{input,output}.csv; STEPS are those of gradient descent before; JSON are knobs of a
// SecondOrderRecipe, such as {"iterations":20}; METHOD prunes: curvature, or saliency for the recipe `standard`; NETWORK is
// KERNEL,CHANNELS,ACTIVATION,LOOKAHEAD; COUNT are falling numbers of kept weights. The task is the inverse model: from y / g
// to x, g the least-squares gain of the training split. Every line is the test error of the seed that was best on the
// validation split; seconds are those of all seeds.
import FoundationEssentials
import PareNetwork
import PareNumerics
import PareSignal
import PareText
import PareTrain

func measure(
  _ architecture: Architecture, steps: Int, _ recipe: SecondOrderRecipe, _ method: String,
  _ counts: [Int], seeds: [UInt64], jobs: Int, on splits: SampleSplits
) async throws {
  let clock = ContinuousClock()
  func report(_ label: String, since start: ContinuousClock.Instant, _ all: [TrainedNetwork]) {
    let best = all.map(\.nmse).min { $0.validation < $1.validation }!
    let tests = all.map { $0.nmse.test.fixed(2) }.joined(separator: " ")
    print(
      "\(architecture.name) la\(architecture.lookAhead) \(label): test \(best.test.fixed(2)) dB, "
        + "validation \(best.validation.fixed(2)) dB, training \(best.training.fixed(2)) dB; all tests "
        + "\(tests); \(((clock.now - start) / .seconds(1)).fixed(2)) s")
  }
  var descent = TrainingRecipe.standard
  descent.steps = steps
  let standard = descent
  var start = clock.now
  let trained = try await boundedMap(Array(seeds.indices), jobs: jobs) { index in
    try await Trainer(standard, seed: seeds[index]).train(architecture, on: splits)
  }
  report("\(steps) steps", since: start, trained)
  start = clock.now
  let refined =
    recipe.iterations == 0
    ? trained
    : try await boundedMap(Array(seeds.indices), jobs: jobs) { index in
      try await Trainer(standard, seed: seeds[index]).refine(
        trained[index], by: recipe, on: splits)
    }
  let iterations = zip(refined, trained).map { $0.steps - $1.steps }
  report("  refined \(iterations)", since: start, refined)
  guard !counts.isEmpty else { return }
  start = clock.now
  let chains = try await boundedMap(Array(seeds.indices), jobs: jobs) { index in
    if method == "curvature" {
      return try GaussNewtonPruner(recipe).path(
        refined[index].network, toNonZeroCounts: counts, on: splits
      ).map {
        TrainedNetwork(
          network: $0.network, nmse: try SplitNMSE(of: $0.network, on: splits), curve: [],
          seed: seeds[index], steps: 0)
      }
    }
    var levels: [TrainedNetwork] = []
    for count in counts {
      levels.append(
        try await Trainer(standard, seed: seeds[index]).prune(
          levels.last ?? refined[index], toNonZeroCount: count, on: splits))
    }
    return levels
  }
  for (level, count) in counts.enumerated() {
    report("  \(method) nnz \(count)", since: start, chains.map { $0[level] })
  }
}

let arguments = CommandLine.arguments.dropFirst().split(separator: "--").map(Array.init)
guard let head = arguments.first, head.count >= 7, let steps = Int(head[1]),
  let seedCount = UInt64(head[2]), let jobs = Int(head[3])
else {
  fatalError(
    "measure-second-order FOLDER STEPS SEEDS JOBS JSON METHOD NETWORK... [-- COUNT...]")
}
let splits = try IQDataset(contentsOf: head[0]).sampleSplits(for: .inverse)
let recipe = try JSONDecoder().decode(SecondOrderRecipe.self, from: Data(head[4].utf8))
let counts = arguments.count > 1 ? arguments[1].compactMap(Int.init) : []
for network in head[6...] {
  let parts = network.split(separator: ",").map(String.init)
  guard parts.count == 4, let kernel = Int(parts[0]), let channels = Int(parts[1]),
    let activation = Activation(rawValue: parts[2]), let lookAhead = Int(parts[3])
  else { fatalError("'\(network)' is not KERNEL,CHANNELS,ACTIVATION,LOOKAHEAD") }
  let architecture = try Architecture(
    hiddenChannels: [channels], kernelSize: kernel, activation: activation, lookAhead: lookAhead)
  try await measure(
    architecture, steps: steps, recipe, head[5], counts, seeds: Array(1...seedCount), jobs: jobs,
    on: splits)
}
