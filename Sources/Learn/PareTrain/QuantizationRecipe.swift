/// Knobs of quantization by incremental freezing and coordinate descent.
public struct QuantizationRecipe: Hashable, Sendable, Codable {
  /// Groups in which weights are frozen on the grid, largest first.
  public var stages = 8
  /// Steps in which the others adapt after each freeze.
  public var stageSteps = 500
  public var learningRate = LearningRate(peak: 3e-3, final: 1e-4, warmUpSteps: 20)
  /// Passes of coordinate descent over all weights.
  public var sweeps = 4
  /// Training samples on which coordinate descent measures the loss.
  public var sweepSamples = 16_384
  /// Steps in which the biases adapt after each pass.
  public var biasSteps = 300

  public enum CodingKeys: String, CodingKey, CaseIterable {
    case stages, stageSteps, learningRate, sweeps, sweepSamples, biasSteps
  }

  public init() {}
}
