public import PareNetwork
import PareText
public import PareTrain

/// What decides a dense network but its seed: all pruning levels and quantizers below it can share its training.
public struct DenseParent: Hashable, Sendable {
  public let architecture: Architecture
  /// Told how coarse the word formats are; knobs of later stages stand at their defaults, ``TrainingRecipe/seedCount`` at 1.
  public let recipe: TrainingRecipe
}

extension DesignPoint {
  /// The dense network that a recipe makes on the way to this point.
  public func parent(with recipe: TrainingRecipe) -> DenseParent {
    var experiment = Experiment(architecture: architecture)
    experiment.point = self
    experiment.recipe = recipe
    return DenseParent(
      architecture: architecture, recipe: experiment.informedRecipe.withoutLaterStages)
  }
}

extension PlannedPoint {
  /// The dense network that this point comes from.
  public var parent: DenseParent { point.parent(with: recipe) }
}

extension TrainingRecipe {
  /// The recipe as far as it decides a dense network.
  var withoutLaterStages: TrainingRecipe {
    var recipe = self
    recipe.pruning = TrainingRecipe.standard.pruning
    recipe.quantization = TrainingRecipe.standard.quantization
    recipe.large = TrainingRecipe.standard.large
    recipe.seedCount = 1
    return recipe
  }

  /// Texts that say all that decides how a dense network is pruned.
  var pruningKey: [String] {
    [JSONText.encode(pruning), "\(large.weights)", JSONText.encode(large.pruning)]
  }

  /// Texts that say all that decides how a pruned network is quantized.
  var quantizationKey: [String] {
    [JSONText.encode(quantization), "\(large.weights)", JSONText.encode(large.quantization)]
  }
}
