/// What networks of many weights are pruned and quantized by; plain data. What is absent when decoding has its default.
///
/// Fits by Gauss and Newton and the searches over single weights cost the square of the weights and more: beyond some size
/// optimizer steps are the better use of time.
public struct LargeNetworkRecipe: Hashable, Sendable, Codable {
  /// Networks that keep more weights than this are large. Pruning that starts above and ends below changes over on the way.
  public var weights = 1_000_000
  public var pruning = PruningRecipe()
  public var quantization = QuantizationRecipe()

  public enum CodingKeys: String, CodingKey, CaseIterable {
    case weights, pruning, quantization
  }

  public init() {}

  public init(from decoder: any Decoder) throws {
    self.init()
    let values = try decoder.container(keyedBy: CodingKeys.self)
    weights = try values.decodeIfPresent(Int.self, forKey: .weights) ?? weights
    pruning = try values.decodeIfPresent(PruningRecipe.self, forKey: .pruning) ?? pruning
    quantization =
      try values.decodeIfPresent(QuantizationRecipe.self, forKey: .quantization) ?? quantization
  }
}

extension TrainingRecipe {
  /// The recipe of a network with so many kept weights: that of a large one has its knobs in `pruning` and `quantization`.
  func sized(for keptWeights: Int) -> TrainingRecipe {
    guard keptWeights > large.weights else { return self }
    var recipe = self
    recipe.pruning = large.pruning
    recipe.quantization = large.quantization
    return recipe
  }

  /// Optimizer steps from one number of kept weights to a smaller one; pruning that converges early takes fewer.
  public func plannedPruningSteps(from available: Int, to target: Int) -> Int {
    guard available > large.weights, target < available else {
      return pruning.plannedSteps(from: available, to: target)
    }
    let middle = max(target, large.weights)
    let first = large.pruning.plannedSteps(from: available, to: middle)
    return middle == target ? first : first + pruning.plannedSteps(from: middle, to: target)
  }

  /// Optimizer steps of quantizing a network with so many kept weights.
  public func plannedQuantizationSteps(keptWeights: Int) -> Int {
    sized(for: keptWeights).quantization.plannedSteps
  }
}
