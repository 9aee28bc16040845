public import PareNetwork
public import PareTrain

/// What decides a dense network but its seed: all pruning levels and quantizers below it can share its training.
public struct DenseParent: Hashable, Sendable {
  public let architecture: Architecture
  /// Told how coarse the word formats are; knobs of later stages stand at their defaults, ``TrainingRecipe/seedCount`` at 1.
  public let recipe: TrainingRecipe
}

/// What decides a pruning chain but its seed.
public struct PruningChain: Hashable, Sendable {
  public let parent: DenseParent
  public let pruning: PruningRecipe
}

extension DesignPoint {
  /// The dense network that a recipe makes on the way to this point.
  public func parent(with recipe: TrainingRecipe) -> DenseParent {
    var experiment = Experiment(architecture: architecture)
    experiment.point = self
    experiment.recipe = recipe
    var dense = experiment.informedRecipe
    dense.pruning = TrainingRecipe.standard.pruning
    dense.quantization = TrainingRecipe.standard.quantization
    dense.seedCount = 1
    return DenseParent(architecture: architecture, recipe: dense)
  }
}

extension PlannedPoint {
  /// The dense network that this point comes from.
  public var parent: DenseParent { point.parent(with: recipe) }

  /// The pruning chain that this point hangs on; nil for a dense point, which needs none.
  public var chain: PruningChain? {
    point.sparsity > 0 ? PruningChain(parent: parent, pruning: recipe.pruning) : nil
  }
}
