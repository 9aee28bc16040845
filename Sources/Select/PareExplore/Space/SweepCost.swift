public import PareNetwork
public import PareTrain

/// A rough model of the computing time of a sweep on one core: an estimate, good to a factor of two or three.
///
///     dense        = steps * outputs * (weights + overhead) * product + fits(iterations, samples, weights)
///     level        = the same with the steps and fits of pruning, at the mean weights of the level
///     quantization = the same with the steps and fits of quantizing, + sweeps * weights^2 * samples * trial
///     fits(n, s, w) = n * 2 s * w^2 * gram
///     point        = point, for its integers, their score and its row
public struct SweepCost: Hashable, Sendable {
  /// Seconds per weight and output of an optimizer step, forward and backward.
  ///
  /// - Source: `docs/measurements.md`, section Speed: 62 million samples a second at 160 weights and tanh.
  public var product = 8.5e-11
  /// Weights whose products take as long as what a step does besides. From the same table, k3 C2 against k5 C8.
  public var overhead = 24.0
  /// Seconds per product of the normal equations of a second-order fit. Assumed: half the speed of a step's products.
  public var gram = 4e-11
  /// Seconds per product of a trial of one weight. Assumed: that of a step, forward only, two neighbours.
  public var trial = 6e-11
  /// Seconds of a point beside training. Assumed.
  public var point = 0.03

  public init() {}

  /// A dense training, one seed.
  public func dense(_ shape: Architecture, _ recipe: TrainingRecipe) -> Double {
    let weights = Double(shape.weightCount)
    return steps(recipe.steps, recipe, weights)
      + (shape.weightCount <= recipe.secondOrder.maximumParameters
        ? fits(recipe.secondOrder.iterations, recipe.secondOrder.samples, weights) : 0)
  }

  /// A pruning chain over rising sparsities, one seed.
  public func chain(
    _ shape: Architecture, _ sparsities: [Double], _ recipe: TrainingRecipe
  ) -> Double {
    var live = shape.weightCount
    var seconds = 0.0
    for sparsity in sparsities where sparsity > 0 {
      let target = shape.targetNonZeroCount(sparsity: sparsity)
      seconds += steps(
        recipe.plannedPruningSteps(from: live, to: target), recipe, Double(live + target) / 2)
      // Each round drops a share of the live weights and fits the rest.
      while live > target {
        let knobs = live > recipe.large.weights ? recipe.large.pruning : recipe.pruning
        live = max(target, live - max(1, Int((Double(live) * knobs.dropFraction).rounded())))
        seconds += fits(knobs.roundFits, knobs.fitSamples, Double(live))
      }
      let knobs = target > recipe.large.weights ? recipe.large.pruning : recipe.pruning
      seconds += fits(knobs.finalFits + knobs.swaps, knobs.fitSamples, Double(target))
    }
    return seconds
  }

  /// The quantization of a level, one seed.
  public func quantization(
    _ shape: Architecture, sparsity: Double, _ recipe: TrainingRecipe
  ) -> Double {
    let kept = shape.targetNonZeroCount(sparsity: sparsity)
    let weights = Double(kept)
    let knobs = kept > recipe.large.weights ? recipe.large.quantization : recipe.quantization
    let count = knobs.stages * knobs.stageFits + knobs.toleranceFits + knobs.biasFits
    return steps(recipe.plannedQuantizationSteps(keptWeights: kept), recipe, weights)
      + fits(count, knobs.sweepSamples, weights)
      + Double(knobs.sweeps * knobs.sweepSamples) * weights * weights * trial
  }

  private func steps(_ count: Int, _ recipe: TrainingRecipe, _ weights: Double) -> Double {
    Double(count * recipe.framesPerStep * recipe.frameLength) * (weights + overhead) * product
  }

  private func fits(_ count: Int, _ samples: Int, _ weights: Double) -> Double {
    Double(2 * count * samples) * weights * weights * gram
  }
}

extension SweepCost {
  /// One seed of a dense network with the points that go on from it, seconds.
  ///
  /// - Precondition: at least one point, all of one dense network.
  func seconds(of points: [PlannedPoint]) -> Double {
    let shape = points[0].point.architecture
    var deepest: [String: PlannedPoint] = [:]
    for planned in points {
      let other = deepest[planned.recipeHash]?.point.sparsity ?? -1
      if planned.point.sparsity > other { deepest[planned.recipeHash] = planned }
    }
    let chains = deepest.keys.sorted().reduce(0) { sum, hash in
      let last = deepest[hash]!
      return sum + chain(shape, last.point.ladder + [last.point.sparsity], last.recipe)
    }
    return points.reduce(dense(shape, points[0].recipe) + chains) { sum, planned in
      sum + point
        + (planned.point.quantizer.isNone
          ? 0 : quantization(shape, sparsity: planned.point.sparsity, planned.recipe))
    }
  }
}
