import PareFixed
import PareNetwork
import PareNumerics
import PareTrain

extension Experiment {
  /// The recipe, told how coarse the word formats are unless it says so itself.
  var informedRecipe: TrainingRecipe {
    var recipe = recipe
    guard recipe.secondOrder.activationRounding < 0 else { return recipe }
    let format =
      switch point.formats {
      case .uniform(let format): format
      // Activations of trained networks reach a few times 1, and a saturating tanh needs the sign alone.
      case .observed(let wordLength):
        WordFormat(
          wordLength: wordLength, integerBits: point.architecture.activation == .tanh ? 1 : 3)
      }
    var assumed = FixedFormats.uniform(format, for: point.architecture)
    assumed.tanhTableBits = point.tanhTableBits
    recipe.secondOrder.activationRounding = assumed.activationRounding(
      of: point.architecture.activation)
    return recipe
  }

  /// Optimizer steps that one seed of this experiment will take; pruning that converges early takes fewer.
  var plannedSteps: Int {
    let kept = Mask.targetCount(for: point.architecture, sparsity: point.sparsity)
    let quantizing =
      point.quantizer.isNone ? 0 : recipe.plannedQuantizationSteps(keptWeights: kept)
    return recipe.steps + plannedPruningSteps + quantizing
  }

  var plannedPruningSteps: Int {
    guard point.sparsity > 0 else { return 0 }
    let counts =
      [point.architecture.weightCount]
      + (point.ladder + [point.sparsity]).map {
        Mask.targetCount(for: point.architecture, sparsity: $0)
      }
    return zip(counts, counts.dropFirst()).reduce(0) {
      $0 + recipe.plannedPruningSteps(from: $1.0, to: $1.1)
    }
  }
}
