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
      switch formats {
      case .uniform(let format): format
      // Activations of trained networks reach a few times 1, and a saturating tanh needs the sign alone.
      case .observed(let wordLength):
        WordFormat(wordLength: wordLength, integerBits: architecture.activation == .tanh ? 1 : 3)
      }
    var assumed = FixedFormats.uniform(format, for: architecture)
    assumed.tanhTableBits = tanhTableBits
    recipe.secondOrder.activationRounding = assumed.activationRounding(of: architecture.activation)
    return recipe
  }

  /// Optimizer steps that one seed of this experiment will take; pruning that converges early takes fewer.
  var plannedSteps: Int {
    let quantizing = quantizer.isNone ? 0 : recipe.quantization.plannedSteps
    return recipe.steps + plannedPruningSteps + quantizing
  }

  var plannedPruningSteps: Int {
    guard sparsity > 0 else { return 0 }
    return recipe.pruning.plannedSteps(
      from: architecture.weightCount,
      to: Mask.targetCount(for: architecture, sparsity: sparsity))
  }
}
