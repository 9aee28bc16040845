public import PareText

/// Faults of recipes, data and training runs.
public struct TrainingError: PareError {
  public enum Code: Hashable, Sendable {
    /// A knob of the recipe, by its name.
    case recipe(String)
    /// The samples do not fit the network, or there are too few.
    case data
    /// The loss left the range of useful numbers.
    case diverged(stage: TrainingStage, step: Int, learningRate: Double)
    /// A checkpoint that this training cannot go on from.
    case checkpoint
    /// Orders, delays or lags of a polynomial that are not possible.
    case dictionary
    /// Terms of a polynomial that the samples cannot tell apart.
    case singular(term: PolynomialTerm)
    /// A file of a polynomial, by its name.
    case document(file: String)
    /// A pruning target that cannot be met.
    case sparsity
  }

  public let code: Code
  public let message: String
  public let hint: String
  public var kind: FailureKind {
    if case .diverged = code { .failed } else { .badData }
  }

  public init(_ code: Code, _ message: String, hint: String) {
    self.code = code
    self.message = message
    self.hint = hint
  }
}

/// The steps of a network's way from random to quantized weights.
public enum TrainingStage: String, Hashable, Sendable, Codable, CaseIterable {
  case train
  /// Second-order steps of a dense network.
  case refine
  case prune
  case quantize
}
