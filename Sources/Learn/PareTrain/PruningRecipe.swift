/// What decides which weights go first.
public enum PruningMethod: String, Hashable, Sendable, Codable, CaseIterable {
  /// `surgeon` for smooth activations; `curvature` for those with a kink, whose weights need to be tried.
  case automatic
  /// The smallest weights.
  case magnitude
  /// The weights whose absence alone raises the measured loss least.
  case saliency
  /// The weights whose absence raises the loss least once all others have made up for it, to second order; the others
  /// move at once.
  case surgeon
  /// As `surgeon`, but of the candidates that second order names the one goes whose absence measures best, and the whole
  /// network is fitted between groups: ``GaussNewtonPruner`` with the knobs of ``SecondOrderRecipe``. A network with more
  /// free parameters than those allow is pruned by `saliency` until it is small enough.
  case curvature
}

/// How magnitudes of different layers compare.
public enum PruningScope: String, Hashable, Sendable, Codable, CaseIterable {
  /// As they are.
  case global
  /// Relative to the root mean square of the layer's kept weights.
  case scaled
  /// Not at all: every layer loses the same share.
  case layer
}

/// What is removed at once.
public enum PruningUnit: String, Hashable, Sendable, Codable, CaseIterable {
  /// Single weights, tied ones together.
  case weight
  /// Whole hidden channels, and whole taps of the branch, as long as one fits into what is still to go; then single
  /// weights, so that the count is met.
  case channel
}

/// Knobs of pruning.
public struct PruningRecipe: Hashable, Sendable, Codable {
  public var method = PruningMethod.automatic
  /// Used by `magnitude`.
  public var scope = PruningScope.scaled
  public var unit = PruningUnit.weight
  /// Share of the live weights that one round removes, at least one; 1 for a single drop.
  public var dropFraction = 0.04
  /// Fine-tuning steps after each round but the last.
  public var roundSteps = 800
  /// Fine-tuning steps once the target is reached.
  public var finalSteps = 4_000
  /// Times that this final tuning is done, each over other frames; the best on the validation set is kept.
  public var finalRuns = 1
  /// Learning rate of each fine-tuning.
  public var learningRate = LearningRate(peak: 5e-3, final: 1e-4, warmUpSteps: 20)
  /// Training samples on which a saliency is measured, and which the Gauss-Newton steps of a round see.
  public var saliencySamples = 4_096
  /// Gauss-Newton steps that end the tuning of each round but the last.
  public var roundFits = 3
  /// Gauss-Newton steps that end the final tuning.
  public var finalFits = 20
  /// Training samples of a Gauss-Newton step of the final tuning.
  public var fitSamples = 16_384
  /// Variance of relative errors of the weights that Gauss-Newton steps make the network bear: small weights that suit
  /// quantization, for a little more error.
  public var tolerance = 1e-5
  /// Times that a level tries to exchange kept weights for others that it dropped itself, before its final tuning; what
  /// an earlier level dropped never returns.
  public var swaps = 60
  /// Share of the live weights that each round brings back where the gradient is largest, dropping as many others; 0
  /// never lets a pruned weight return.
  public var regrow = 0.0
  /// Whether the next level of a chain starts from the finally tuned network, and not from the one before.
  public var chainsTuned = true

  public enum CodingKeys: String, CodingKey, CaseIterable {
    case method, scope, unit, dropFraction, roundSteps, finalSteps, finalRuns, learningRate,
      saliencySamples, roundFits, finalFits, fitSamples, tolerance, swaps, regrow, chainsTuned
  }

  public init() {}
}
