/// Every knob of training; plain data, so that a run can be written down and repeated.
///
/// Decoding accepts any subset of the keys: what is absent has its default.
public struct TrainingRecipe: Hashable, Sendable, Codable {
  /// Optimizer steps from random weights to a dense network.
  public var steps = 12_000
  /// Learning rate of the dense network.
  public var learningRate = LearningRate(peak: 1e-2, final: 1e-4, warmUpSteps: 50)
  /// Frames whose gradients one step averages.
  public var framesPerStep = 4
  /// Outputs in a frame; a segment too short for one gives one frame of its own length.
  public var frameLength = 256
  /// Adam's decay of the mean gradient.
  public var beta1 = 0.9
  /// Adam's decay of the mean squared gradient.
  public var beta2 = 0.99
  /// Adam's guard against division by zero, for gradients of the loss relative to the target's power.
  public var epsilon = 1e-8
  /// Steps between two looks at the validation set; the best look is kept.
  public var validationInterval = 250
  /// Seeds that a design point is worked out with, the best on the validation set being kept.
  public var seedCount = 8
  public var pruning = PruningRecipe()
  public var quantization = QuantizationRecipe()

  public enum CodingKeys: String, CodingKey, CaseIterable {
    case steps, learningRate, framesPerStep, frameLength, beta1, beta2, epsilon,
      validationInterval, seedCount, pruning, quantization
  }

  public init() {}

  /// The quality that `docs/measurements.md` reports.
  public static let standard = TrainingRecipe()

  /// A handful of design points in a minute, within about half a decibel of ``standard``.
  public static let quick: TrainingRecipe = {
    var recipe = TrainingRecipe()
    recipe.steps = 8_000
    recipe.seedCount = 6
    recipe.pruning.roundSteps = 800
    recipe.pruning.finalSteps = 3_000
    recipe.quantization.stageSteps = 400
    recipe.quantization.sweeps = 3
    return recipe
  }()
}

/// How weights are removed.
public enum PruningMethod: String, Hashable, Sendable, Codable, CaseIterable {
  /// The smallest weights go first.
  case magnitude
  /// The weights whose absence raises the measured loss least go first.
  case saliency
}

/// Knobs of gradual pruning.
public struct PruningRecipe: Hashable, Sendable, Codable {
  public var method = PruningMethod.saliency
  /// Share of the live weights that one round removes, at least one weight.
  public var dropFraction = 0.04
  /// Fine-tuning steps after each round but the last.
  public var roundSteps = 1_200
  /// Fine-tuning steps once the target is reached.
  public var finalSteps = 4_000
  /// Learning rate of each fine-tuning.
  public var learningRate = LearningRate(peak: 5e-3, final: 1e-4, warmUpSteps: 20)
  /// Training samples on which a saliency is measured.
  public var saliencySamples = 4_096

  public enum CodingKeys: String, CodingKey, CaseIterable {
    case method, dropFraction, roundSteps, finalSteps, learningRate, saliencySamples
  }

  public init() {}
}

/// Knobs of quantization by incremental freezing and coordinate descent.
public struct QuantizationRecipe: Hashable, Sendable, Codable {
  /// Groups in which weights are frozen on the grid, largest first.
  public var stages = 8
  /// Steps in which the others adapt after each freeze.
  public var stageSteps = 500
  public var learningRate = LearningRate(peak: 3e-3, final: 1e-4, warmUpSteps: 20)
  /// Passes of coordinate descent over all weights.
  public var sweeps = 4
  /// Training samples on which coordinate descent measures the loss.
  public var sweepSamples = 16_384
  /// Steps in which the biases adapt after each pass.
  public var biasSteps = 300

  public enum CodingKeys: String, CodingKey, CaseIterable {
    case stages, stageSteps, learningRate, sweeps, sweepSamples, biasSteps
  }

  public init() {}
}
