/// How floats come to lie on the grid.
public enum QuantizationMethod: String, Hashable, Sendable, Codable, CaseIterable {
  /// Each to the nearest level.
  case nearest
  /// Training with rounded weights, whose gradient moves the floats behind them; then to the nearest level.
  case straightThrough
  /// The largest weights to the nearest level, group by group, while the others adapt.
  case freezing
}

/// Knobs of quantization: a method, then a search over levels.
public struct QuantizationRecipe: Hashable, Sendable, Codable {
  public var method = QuantizationMethod.freezing
  /// Groups in which `freezing` freezes, largest weights first.
  public var stages = 12
  /// Optimizer steps in which the others adapt after each freeze.
  public var stageSteps = 0
  /// Gauss-Newton steps in which the others adapt after each freeze.
  public var stageFits = 4
  /// Relative errors that the weights still free are made to bear before and between the freezes: their variance, as a
  /// share of that of rounding to the grid.
  public var tolerance = 0.02
  /// Gauss-Newton steps that make them so before the first freeze.
  public var toleranceFits = 20
  /// Optimizer steps of `straightThrough`.
  public var straightThroughSteps = 5_000
  public var learningRate = LearningRate(peak: 3e-3, final: 1e-4, warmUpSteps: 20)
  /// Passes of coordinate descent over all weights, each weight to a neighbouring level.
  public var sweeps = 4
  /// Training samples on which the search measures the loss.
  public var sweepSamples = 16_384
  /// Pairs of weights that are tried together once no single one helps.
  public var pairs = 200
  /// Whether the search tries the scales beside those that round best.
  public var searchesScales = true
  /// Times that some weights are set free, adapt, and are frozen again; what does not help is undone.
  public var refreezes = 20
  /// Optimizer steps in which the biases adapt after the freeze, and at the end.
  public var biasSteps = 300
  /// Gauss-Newton steps in which the biases adapt after each part of the search.
  public var biasFits = 3
  /// Fraction bits to which biases are rounded at the end; -1 leaves them floats.
  public var biasFractionBits = -1

  public enum CodingKeys: String, CodingKey, CaseIterable {
    case method, stages, stageSteps, stageFits, tolerance, toleranceFits, straightThroughSteps,
      learningRate, sweeps,
      sweepSamples, pairs, searchesScales, refreezes, biasSteps, biasFits, biasFractionBits
  }

  /// Optimizer steps of one quantization.
  public var plannedSteps: Int {
    let method =
      switch self.method {
      case .nearest: 0
      case .straightThrough: straightThroughSteps
      case .freezing: stages * stageSteps
      }
    return method + 2 * biasSteps
  }

  public init() {}
}
