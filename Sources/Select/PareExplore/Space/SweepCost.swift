public import PareNetwork
public import PareTrain

/// A rough model of the computing time of training, of one core: an estimate, good to a factor of two.
///
///     dense        = steps * outputs * (weights + overhead) * product + fits(iterations, samples, weights)
///     level        = as dense with the recipe's pruning steps, at the weights of the level, + its fits
///     quantization = steps and fits at the weights of the dense network, + sweeps * weights * samples * trial
///     fits(n, s, w) = n * 2 s * w^2 * gram
public struct SweepCost: Hashable, Sendable {
  /// Seconds per weight and output of an optimizer step, forward and backward.
  public var product = 6e-10
  /// Weights whose work is as long as what a step does beside its products.
  public var overhead = 30.0
  /// Seconds per product of a second-order fit's normal equations.
  public var gram = 1.2e-10
  /// Seconds per sample and weight of a search over quantized weights.
  public var trial = 1e-8
  /// What the fits of quantization look at.
  private static let samplesOfFit = 16_384.0

  public init() {}

  /// A dense training, one seed.
  public func dense(_ shape: Architecture, _ recipe: TrainingRecipe) -> Double {
    let weights = Double(shape.weightCount)
    return steps(recipe.steps, recipe, weights)
      + (isRefined(shape, recipe)
        ? fits(recipe.secondOrder.iterations, Double(recipe.secondOrder.samples), weights) : 0)
  }

  /// A pruning chain over rising sparsities, one seed.
  public func chain(
    _ shape: Architecture, _ sparsities: [Double], _ recipe: TrainingRecipe
  ) -> Double {
    var live = shape.weightCount
    var seconds = 0.0
    for sparsity in sparsities where sparsity > 0 {
      let target = shape.targetNonZeroCount(sparsity: sparsity)
      let mean = Double(live + target) / 2
      seconds += steps(recipe.pruning.plannedSteps(from: live, to: target), recipe, mean)
      if isRefined(shape, recipe) {
        let samples = Double(recipe.pruning.fitSamples)
        // Each round drops a share of the live weights and fits the rest.
        var rounds = 0
        var count = live
        while count > target {
          count = max(target, count - max(1, Int(Double(count) * recipe.pruning.dropFraction)))
          rounds += 1
        }
        seconds += fits(rounds * recipe.pruning.roundFits, samples, mean)
        seconds += fits(recipe.pruning.finalFits, samples, Double(target))
      }
      live = target
    }
    return seconds
  }

  /// The quantization of one network, one seed; sparse levels cost less, and half the weights stand for all levels.
  public func quantization(
    _ shape: Architecture, _ space: DesignSpace, _ recipe: TrainingRecipe
  ) -> Double {
    let share = space.sparsities.reduce(0) { $0 + (1 - $1) } / Double(space.sparsities.count)
    let weights = max(1, Double(shape.weightCount) * share)
    let knobs = recipe.quantization
    let stages = knobs.stages * knobs.stageFits + knobs.toleranceFits + knobs.biasFits
    return steps(knobs.plannedSteps, recipe, weights)
      + (isRefined(shape, recipe) ? fits(stages, Self.samplesOfFit, weights) : 0)
      + Double(knobs.sweeps * knobs.sweepSamples) * weights * trial
  }

  private func steps(_ count: Int, _ recipe: TrainingRecipe, _ weights: Double) -> Double {
    Double(count * recipe.framesPerStep * recipe.frameLength) * (weights + overhead) * product
  }

  private func fits(_ count: Int, _ samples: Double, _ weights: Double) -> Double {
    Double(count) * 2 * samples * weights * weights * gram
  }

  private func isRefined(_ shape: Architecture, _ recipe: TrainingRecipe) -> Bool {
    shape.weightCount <= recipe.secondOrder.maximumParameters
  }
}
