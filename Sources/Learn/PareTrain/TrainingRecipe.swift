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
  /// How a small dense network is refined once its optimizer steps are done.
  public var secondOrder = SecondOrderRecipe()
  public var pruning = PruningRecipe()
  public var quantization = QuantizationRecipe()
  /// What large networks have in place of `pruning` and `quantization`.
  public var large = LargeNetworkRecipe()

  public enum CodingKeys: String, CodingKey, CaseIterable {
    case steps, learningRate, framesPerStep, frameLength, beta1, beta2, epsilon,
      validationInterval, seedCount, secondOrder, pruning, quantization, large
  }

  public init() {}

  /// The quality that `docs/measurements.md` reports.
  public static let standard = TrainingRecipe()

  /// A handful of design points in a minute, within about half a decibel of ``standard``.
  public static let quick: TrainingRecipe = {
    var recipe = TrainingRecipe()
    recipe.steps = 8_000
    recipe.seedCount = 6
    recipe.pruning.roundSteps = 400
    recipe.pruning.roundFits = 2
    recipe.pruning.finalSteps = 3_000
    recipe.pruning.finalFits = 10
    recipe.pruning.swaps = 20
    recipe.quantization.stages = 8
    recipe.quantization.sweeps = 3
    recipe.quantization.refreezes = 8
    return recipe
  }()

  /// Thousands of design points: the paper's 1,344 in minutes, small networks within about half a decibel of ``standard``.
  public static let sweep: TrainingRecipe = {
    var recipe = TrainingRecipe.quick
    recipe.seedCount = 3
    recipe.steps = 6_000
    recipe.secondOrder.maximumParameters = 250
    recipe.secondOrder.samples = 8_192
    recipe.pruning.roundSteps = 0
    recipe.pruning.finalSteps = 0
    recipe.pruning.dropFraction = 0.08
    recipe.pruning.finalFits = 8
    recipe.pruning.fitSamples = 8_192
    recipe.pruning.swaps = 8
    recipe.quantization.stages = 6
    recipe.quantization.stageFits = 2
    recipe.quantization.toleranceFits = 4
    recipe.quantization.sweeps = 2
    recipe.quantization.sweepSamples = 8_192
    recipe.quantization.refreezes = 2
    recipe.quantization.pairs = 40
    recipe.quantization.biasSteps = 0
    // Beyond: optimizer steps alone.
    recipe.large.weights = 250
    recipe.large.pruning = recipe.pruning
    recipe.large.pruning.method = .saliency
    recipe.large.pruning.dropFraction = 0.1
    recipe.large.pruning.saliencySamples = 2_048
    recipe.large.pruning.roundSteps = 250
    recipe.large.pruning.roundFits = 0
    recipe.large.pruning.finalSteps = 1_000
    recipe.large.pruning.finalFits = 0
    recipe.large.pruning.swaps = 0
    recipe.large.quantization = recipe.quantization
    recipe.large.quantization.stages = 6
    recipe.large.quantization.stageSteps = 200
    recipe.large.quantization.stageFits = 0
    recipe.large.quantization.toleranceFits = 0
    recipe.large.quantization.sweeps = 2
    recipe.large.quantization.sweepSamples = 2_048
    recipe.large.quantization.pairs = 0
    recipe.large.quantization.searchesScales = false
    recipe.large.quantization.refreezes = 0
    recipe.large.quantization.biasSteps = 100
    return recipe
  }()
}
