import PareNetwork
import PareTrain

extension Experiment {
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
