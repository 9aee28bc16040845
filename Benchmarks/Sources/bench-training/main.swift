// Trained samples per second of processor time of one thread, and how much of the core's peak that is.
//
//   bench-training [--runs N] [--frames FRAMES,OUTPUTS] [NETWORK...]
//
// Every sample counts once per step it takes part in, and everything that a user of the trainer waits for (drawing frames,
// validation, the optimizer) is in the time. NETWORK is a name such as k5-c4-n2-relu; all when absent. Without --frames,
// each network is trained with the standard recipe's frames and with larger ones. Operations are those of the
// convolutions: the forward pass, the weights' gradient, and the input's gradient of all layers but the first, two for
// each multiply-add.
import Measurement
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

struct Frames {
  let perStep: Int
  let length: Int
}

func samplesPerSecond(
  _ architecture: Architecture, _ frames: Frames, steps: Int
) async throws -> Double {
  var recipe = TrainingRecipe.standard
  // Second-order steps see other samples, and are none of gradient descent's time.
  recipe.secondOrder.iterations = 0
  recipe.steps = steps
  recipe.framesPerStep = frames.perStep
  recipe.frameLength = frames.length
  recipe.validationInterval = 1_000
  let start = processorSeconds()
  _ = try await Trainer(recipe, seed: 7).train(architecture, on: splits)
  return Double(steps * frames.perStep * frames.length) / (processorSeconds() - start)
}

func operationsPerSample(_ architecture: Architecture) -> Double {
  let weights = architecture.layerShapes.map(\.weightCount)
  return Double(2 * (3 * weights.reduce(0, +) - weights[0]))
}

var runs = 7
var batches = [
  Frames(perStep: 4, length: 256), Frames(perStep: 4, length: 1_024),
  Frames(perStep: 16, length: 1_024),
]
var wanted: [String] = []
var arguments = CommandLine.arguments.dropFirst()
while let argument = arguments.popFirst() {
  switch argument {
  case "--runs":
    guard let count = arguments.popFirst().flatMap({ Int($0) }), count > 0 else {
      fatalError("--runs wants a positive number")
    }
    runs = count
  case "--frames":
    let sizes = (arguments.popFirst() ?? "").split(separator: ",").compactMap { Int($0) }
    guard sizes.count == 2, sizes.allSatisfy({ $0 > 0 }) else {
      fatalError("--frames wants FRAMES,OUTPUTS such as 4,256")
    }
    batches = [Frames(perStep: sizes[0], length: sizes[1])]
  default: wanted.append(argument)
  }
}

let peak = measuredPeak()
print("measured peak of multiply-adds: \((peak * 1e-9).rounded(to: 1)) GFLOP/s")
print("network           frames   million samples/s: median (lowest ... highest)   % of peak")
for shape in shapes {
  let architecture = try Architecture(
    hiddenChannels: shape.hidden, kernelSize: shape.kernel, activation: shape.activation,
    lookAhead: 1)
  guard wanted.isEmpty || wanted.contains(architecture.name) else { continue }
  for frames in batches {
    // Some tenths of a second a run, whatever the network's size.
    let samples = 9_000_000_000 / (600 + 3 * architecture.weightCount)
    let steps = max(50, samples / (frames.perStep * frames.length))
    var speeds: [Double] = []
    for _ in 0..<runs {
      speeds.append(try await samplesPerSecond(architecture, frames, steps: steps))
    }
    let percent = 100 * speeds.median * operationsPerSample(architecture) / peak
    func text(_ speed: Double) -> String { (speed * 1e-6).rounded(to: 1) }
    print(
      architecture.name.left(17) + "\(frames.perStep)x\(frames.length)".right(7)
        + text(speeds.median).right(10)
        + "  (\(text(speeds.min()!)) ... \(text(speeds.max()!)))".left(30)
        + percent.rounded(to: 0).right(6))
  }
}

// The streaming forward pass, as scoring a trained network runs it.
for activation in [Activation.relu, .tanh] {
  let architecture = try Architecture(
    hiddenChannels: [8], kernelSize: 5, activation: activation, lookAhead: 1)
  guard wanted.isEmpty || wanted.contains("forward") else { continue }
  var short = TrainingRecipe.standard
  short.steps = 50
  let network = try await Trainer(short, seed: 7).train(architecture, on: splits).network
  var milliseconds: [Double] = []
  for _ in 0..<50 {
    milliseconds.append(
      1e3
        * processorSeconds {
          let output = network(splits.training.input)
          precondition(output[0].count == splits.training.count)
        })
  }
  print(
    "forward pass of \(architecture.name) over \(splits.training.count) samples: "
      + "\(milliseconds.median.rounded(to: 3)) ms (lowest \(milliseconds.min()!.rounded(to: 3)))")
}
