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

func measure(
  _ architecture: Architecture, steps: Int, _ recipe: SecondOrderRecipe, _ method: String,
  _ counts: [Int], seeds: [UInt64], jobs: Int, on splits: SampleSplits
) async throws {
  let clock = ContinuousClock()
  func report(_ label: String, since start: ContinuousClock.Instant, _ all: [TrainedNetwork]) {
    let best = all.map(\.nmse).min { $0.validation < $1.validation }!
    let tests = all.map { text($0.nmse.test) }.joined(separator: " ")
    print(
      "\(architecture.name) la\(architecture.lookAhead) \(label): test \(text(best.test)) dB, "
        + "validation \(text(best.validation)) dB, training \(text(best.training)) dB; all tests "
        + "\(tests); \(text((clock.now - start) / .seconds(1))) s")
  }
  var descent = TrainingRecipe.standard
  descent.steps = steps
  let standard = descent
  var start = clock.now
  let trained = try await concurrently(seeds.indices, jobs) { index in
    try await Trainer(standard, seed: seeds[index]).train(architecture, on: splits)
  }
  report("\(steps) steps", since: start, trained)
  start = clock.now
  let refined =
    recipe.iterations == 0
    ? trained
    : try await concurrently(seeds.indices, jobs) { index in
      try await Trainer(standard, seed: seeds[index]).refine(
        trained[index], by: recipe, on: splits)
    }
  let iterations = zip(refined, trained).map { $0.steps - $1.steps }
  report("  refined \(iterations)", since: start, refined)
  guard !counts.isEmpty else { return }
  start = clock.now
  let chains = try await concurrently(seeds.indices, jobs) { index in
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

let arguments = CommandLine.arguments.dropFirst().split(separator: "--").map(Array.init)
guard let head = arguments.first, head.count >= 7, let steps = Int(head[1]),
  let seedCount = UInt64(head[2]), let jobs = Int(head[3])
else {
  fatalError(
    "measure-second-order FOLDER STEPS SEEDS JOBS JSON METHOD NETWORK... [-- COUNT...]")
}
let splits = try inverseTask(in: head[0])
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
