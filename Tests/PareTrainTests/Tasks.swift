import PareNetwork
import PareNumerics

@testable import PareTrain

/// Small seeded tasks: a complex signal bent by a cubic with memory, to be straightened.
enum Tasks {
  static func set(_ count: Int, seed: UInt64, segments: [Range<Int>]? = nil) -> SampleSet {
    var random = RandomStream(seed: seed)
    var state = [Float](repeating: 0, count: 2)
    var clean: [[Float]] = [[], []]
    for _ in 0..<count {
      for channel in 0..<2 {
        // A little colour, so that neighbouring samples have something to say about each other.
        state[channel] = 0.5 * state[channel] + 0.25 * Float(random.normal())
        clean[channel].append(state[channel])
      }
    }
    let bent = clean.map { channel in
      channel.indices.map { n in
        let past = n > 0 ? channel[n - 1] : 0
        return channel[n] + 0.15 * past - 0.3 * channel[n] * channel[n] * channel[n]
      }
    }
    return SampleSet(input: bent, target: clean, segments: segments)
  }

  static let splits = SampleSplits(
    training: set(4_000, seed: 1), validation: set(1_000, seed: 2), test: set(1_000, seed: 3))

  /// Seconds, not minutes: enough to see every stage at work.
  static let recipe: TrainingRecipe = {
    var recipe = TrainingRecipe()
    recipe.steps = 400
    // Second-order steps have tests of their own.
    recipe.secondOrder.iterations = 0
    recipe.frameLength = 64
    recipe.validationInterval = 100
    recipe.pruning.dropFraction = 0.2
    recipe.pruning.roundSteps = 50
    recipe.pruning.finalSteps = 100
    recipe.pruning.saliencySamples = 512
    recipe.pruning.fitSamples = 1_024
    recipe.pruning.finalFits = 3
    recipe.pruning.roundFits = 1
    recipe.pruning.swaps = 2
    recipe.quantization.stages = 4
    recipe.quantization.stageFits = 2
    recipe.quantization.toleranceFits = 3
    recipe.quantization.straightThroughSteps = 100
    recipe.quantization.refreezes = 1
    recipe.quantization.pairs = 5
    recipe.quantization.sweeps = 2
    recipe.quantization.sweepSamples = 512
    recipe.quantization.biasSteps = 30
    return recipe
  }()

  static let small = try! Architecture(hiddenChannels: [4], kernelSize: 3, lookAhead: 1)
}
