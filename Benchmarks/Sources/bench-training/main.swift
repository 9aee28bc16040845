// Trained samples per second of processor time of one thread: every sample counts once per step it takes part in, and
// everything that a user of the trainer waits for (drawing frames, validation, the optimizer) is in the time.
#if canImport(Glibc)
  import Glibc
#elseif canImport(Darwin)
  import Darwin
#endif
import PareNetwork
import PareNumerics
import PareTrain

let shapes: [(kernel: Int, hidden: [Int], activation: Activation)] = [
  (3, [2], .relu), (5, [4], .relu), (5, [8], .relu), (5, [8], .tanh), (7, [8], .relu),
  (11, [16], .relu), (11, [16, 16], .relu),
]

/// A seeded stand-in for a measurement; speed does not depend on the values.
func noise(_ count: Int, seed: UInt64) -> SampleSet {
  var random = RandomStream(seed: seed)
  let input = (0..<2).map { _ in (0..<count).map { _ in Float(random.normal() * 0.3) } }
  let target = input.map { $0.map { $0 - 0.2 * $0 * $0 * $0 } }
  return SampleSet(input: input, target: target)
}

let splits = SampleSplits(
  training: noise(58_980, seed: 1), validation: noise(2_048, seed: 2), test: noise(2_048, seed: 3))

func run(_ architecture: Architecture, steps: Int) async throws -> Double {
  var recipe = TrainingRecipe.standard
  recipe.steps = steps
  recipe.validationInterval = 1_000
  let start = clock()
  _ = try await Trainer(recipe, seed: 7).train(architecture, on: splits)
  let seconds = Double(clock() - start) / Double(CLOCKS_PER_SEC)
  return Double(steps * recipe.framesPerStep * recipe.frameLength) / seconds
}

print("network            million samples/s: median of 7 runs (lowest ... highest)")
for shape in shapes {
  let architecture = try Architecture(
    hiddenChannels: shape.hidden, kernelSize: shape.kernel, activation: shape.activation,
    lookAhead: 1)
  // About a second in all, whatever the network's size.
  let steps = max(50, 6_000_000 / (600 + 3 * architecture.weightCount))
  var speeds: [Double] = []
  for _ in 0..<7 { speeds.append(try await run(architecture, steps: steps) / 1e6) }
  speeds.sort()
  func text(_ value: Double) -> String {
    let tenths = Int((value * 10).rounded())
    return "\(tenths / 10).\(tenths % 10)"
  }
  let name = architecture.name + String(repeating: " ", count: 20 - architecture.name.count)
  print("\(name)\(text(speeds[3]))  (\(text(speeds[0])) ... \(text(speeds[6])))")
}

// The streaming forward pass, as scoring a trained network runs it.
let forward = try Architecture(hiddenChannels: [8], kernelSize: 5, lookAhead: 1)
var short = TrainingRecipe.standard
short.steps = 50
let network = try await Trainer(short, seed: 7).train(forward, on: splits).network
var milliseconds: [Double] = []
for _ in 0..<7 {
  let start = clock()
  let output = network(splits.training.input)
  milliseconds.append(Double(clock() - start) / Double(CLOCKS_PER_SEC) * 1e3)
  precondition(output[0].count == splits.training.count)
}
let median = (milliseconds.sorted()[3] * 100).rounded() / 100
print("forward pass of \(forward.name) over \(splits.training.count) samples: \(median) ms")
