// Where the processor time of the paper's sweep goes, and what its chains reach on measured data.
//
//   measure-sweep FOLDER RECIPE SEEDS ACTIVATION PARENT...
//
// FOLDER holds {train,val,test}_{input,output}.csv; RECIPE is standard, quick, sweep, or a JSON file with any of a recipe's
// keys; PARENT is KERNEL,CHANNELS,CONVOLUTIONS such as 5,8,2. Each chain is what a sweep does for one parent and seed: dense
// training, the paper's eight levels, and at each of them integers of format <16,6> by every quantizer. The last lines are
// the fronts of the parents measured, and the time of all 56 parents, interpolated by their weights.
import FoundationEssentials
import Measurement
import PareFixed
import PareNetwork
import PareNumerics
import PareSignal
import PareText
import PareTrain
import Synchronization

enum Chain {
  static let sparsities = [0, 0.3, 0.65, 0.83, 0.91, 0.95, 0.98, 0.99]
  static let schemes: [QuantizationScheme] = [.none, .pot(), .apot()]
}

func architecture(
  _ kernel: Int, _ channels: Int, _ convolutions: Int, _ activation: Activation
) throws -> Architecture {
  let span = convolutions * (kernel - 1)
  return try Architecture(
    hiddenChannels: Array(repeating: channels, count: convolutions - 1), kernelSize: kernel,
    activation: activation, lookAhead: span / 4)
}

func integerScore(of network: QuantizedNetwork, on set: SampleSet) throws -> Double {
  let fixed = try network.fixed(to: FixedFormats.uniform(for: network.architecture))
  let output = fixed(set.input, segments: set.segments)
  return try nmse(ofOutput: output.map { $0.map(Float.init) }, on: set, for: fixed.architecture)
}

/// One point of one seed.
struct Point {
  let level: Int
  let scheme: QuantizationScheme
  let count: Int
  /// Of the float network with the same weights, and in integers.
  let float: SplitNMSE
  let fixed: SplitNMSE
}

/// Processor seconds of a chain by stage.
struct Times {
  var dense = 0.0
  var pruning = Array(repeating: 0.0, count: Chain.sparsities.count)
  /// `[level][scheme]`
  var quantizing = Array(
    repeating: Array(repeating: 0.0, count: Chain.schemes.count), count: Chain.sparsities.count)
  /// Of quantizing, what running the integers took.
  var scoring = 0.0
  var total: Double { dense + (pruning + quantizing.flatMap { $0 }).reduce(0, +) }
}

func runChain(
  _ architecture: Architecture, _ recipe: TrainingRecipe, seed: UInt64, on splits: SampleSplits
) async throws -> (points: [Point], times: Times) {
  let trainer = Trainer(recipe, seed: seed)
  var times = Times()
  var points: [Point] = []
  var start = processorSeconds()
  func lap() -> Double {
    defer { start = processorSeconds() }
    return processorSeconds() - start
  }
  var next = try await trainer.train(architecture, on: splits)
  times.dense = lap()
  for (index, sparsity) in Chain.sparsities.enumerated() {
    var tuned = next
    if index > 0 {
      let level = try await trainer.pruneChain(next, to: [sparsity], on: splits)[0]
      (tuned, next) = (level.tuned, level.next)
      times.pruning[index] = lap()
    }
    for (place, scheme) in Chain.schemes.enumerated() {
      let scoring = Mutex(0.0)
      let quantized = try await trainer.quantize(
        tuned, by: scheme, on: splits,
        judge: { network in
          let start = processorSeconds()
          defer { scoring.withLock { $0 += processorSeconds() - start } }
          return try integerScore(of: network, on: splits.validation)
        })
      let fixed = try SplitNMSE(
        training: 0, validation: integerScore(of: quantized.network, on: splits.validation),
        test: integerScore(of: quantized.network, on: splits.test))
      times.scoring += scoring.withLock { $0 }
      points.append(
        Point(
          level: index, scheme: scheme,
          count: quantized.network.network.layers.reduce(0) { sum, layer in
            sum + layer.weights.count { $0 != 0 }
          }, float: quantized.nmse, fixed: fixed))
      times.quantizing[index][place] = lap()
    }
  }
  return (points, times)
}

let arguments = CommandLine.arguments.dropFirst()
guard arguments.count >= 5, let seedCount = UInt64(Array(arguments)[2]),
  let activation = Activation(rawValue: Array(arguments)[3])
else { fatalError("measure-sweep FOLDER RECIPE SEEDS ACTIVATION PARENT...") }
var recipe =
  switch Array(arguments)[1] {
  case "standard": TrainingRecipe.standard
  case "quick": TrainingRecipe.quick
  case "sweep": TrainingRecipe.sweep
  case let file:
    try JSONDecoder().decode(TrainingRecipe.self, from: Data(contentsOf: URL(filePath: file)))
  }
let splits = try IQDataset(contentsOf: Array(arguments)[0]).sampleSplits(for: .inverse)

func texts(_ values: [Double], _ digits: Int) -> String {
  values.map { $0.fixed(digits).right(digits + 5) }.joined()
}

/// Every point's best seed.
var best: [Point] = []
var samples: [(weights: Double, convolutions: Int, seconds: Double)] = []
for argument in arguments.dropFirst(4) {
  let parts = argument.split(separator: ",").compactMap { Int($0) }
  guard parts.count == 3 else { fatalError("'\(argument)' is not KERNEL,CHANNELS,CONVOLUTIONS") }
  let architecture = try architecture(parts[0], parts[1], parts[2], activation)
  var informed = recipe
  informed.secondOrder.activationRounding = FixedFormats.uniform(for: architecture)
    .activationRounding(of: activation)
  var chains: [(points: [Point], times: Times)] = []
  for seed in 1...seedCount {
    chains.append(try await runChain(architecture, informed, seed: seed, on: splits))
  }
  func mean(_ value: (Times) -> Double) -> Double {
    chains.reduce(0) { $0 + value($1.times) } / Double(chains.count)
  }
  let total = mean(\.total)
  samples.append((Double(architecture.weightCount), parts[2], total))
  print(
    "\(architecture.name), \(architecture.weightCount) weights: \(total.fixed(2)) s a chain; dense "
      + "\(mean(\.dense).fixed(2)), pruning \(mean { $0.pruning.reduce(0, +) }.fixed(2)), "
      + "quantizing \(mean { $0.quantizing.flatMap { $0 }.reduce(0, +) }.fixed(2)), "
      + "of that running integers \(mean(\.scoring).fixed(2))")
  print("  level        " + texts(Chain.sparsities, 2))
  print("  pruning s    " + texts(Chain.sparsities.indices.map { i in mean { $0.pruning[i] } }, 2))
  for (place, scheme) in Chain.schemes.enumerated() {
    let name = "\(scheme)".left(7)
    print(
      "  \(name)s    "
        + texts(Chain.sparsities.indices.map { i in mean { $0.quantizing[i][place] } }, 2))
    let winners = Chain.sparsities.indices.map { level in
      chains.map { $0.points[level * Chain.schemes.count + place] }.min {
        $0.fixed.validation < $1.fixed.validation
      }!
    }
    best += winners
    print("  \(name)nnz  " + winners.map { "\($0.count)".right(7) }.joined())
    print("  \(name)float" + texts(winners.map(\.float.test), 2))
    print("  \(name)fixed" + texts(winners.map(\.fixed.test), 2))
  }
}

print("fronts, test dB in integers (in floats):")
for scheme in Chain.schemes {
  let points = best.filter { $0.scheme == scheme }.sorted {
    ($0.count, $0.fixed.validation) < ($1.count, $1.fixed.validation)
  }
  var front: [Point] = []
  for point in points
  where front.last.map({ point.fixed.validation < $0.fixed.validation }) ?? true {
    front.append(point)
  }
  print(
    "  \(scheme): "
      + front.map { "\($0.count) \($0.fixed.test.fixed(2)) (\($0.float.test.fixed(2)))" }
      .joined(separator: ", "))
}

/// Linear between the parents measured with as many convolutions, and beyond them.
func seconds(
  _ weights: Double, _ convolutions: Int,
  from samples: [(weights: Double, convolutions: Int, seconds: Double)]
) -> Double? {
  let known = samples.filter { $0.convolutions == convolutions }.sorted { $0.weights < $1.weights }
  guard let first = known.first, let last = known.last else { return nil }
  guard weights > first.weights else { return first.seconds }
  guard weights < last.weights else { return last.seconds * weights / last.weights }
  let above = known.firstIndex { $0.weights >= weights }!
  let (a, b) = (known[above - 1], known[above])
  return a.seconds + (b.seconds - a.seconds) * (weights - a.weights) / (b.weights - a.weights)
}

for convolutions in [2, 3] where samples.contains(where: { $0.convolutions == convolutions }) {
  var sum = 0.0
  for kernel in [3, 5, 7, 11] {
    for channels in [2, 4, 6, 8, 10, 14, 16] {
      let network = try architecture(kernel, channels, convolutions, activation)
      sum += 3 * seconds(Double(network.weightCount), convolutions, from: samples)!
    }
  }
  print("all 84 chains of \(convolutions) convolutions: about \(sum.fixed(0)) s of processor time")
}
