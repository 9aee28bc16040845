import PareNumerics

/// A stretch of gradient descent between two steps; going on from it gives the bits of a run that was never stopped.
struct DescentState: Hashable, Sendable, Codable {
  /// The parameters of the best look at the validation set so far.
  struct Best: Hashable, Sendable, Codable {
    var error: Double
    var parameters: [Float]
  }

  /// Steps done.
  var step = 0
  /// `beta1^step` and `beta2^step`.
  var decay1 = 1.0
  var decay2 = 1.0
  /// Sum and number of the errors since the last look.
  private var errors = 0.0
  private var errorCount = 0
  /// Nil for a stretch that ends with its last parameters.
  var best: Best?
  var frames = RandomStream(seed: 0)
  var parameters: [Float] = []
  var firstMoment: [Float] = []
  var secondMoment: [Float] = []
  var curve: [LearningPoint] = []

  mutating func advance(by error: Double, _ recipe: TrainingRecipe) {
    step += 1
    decay1 *= recipe.beta1
    decay2 *= recipe.beta2
    errors += error
    errorCount += 1
  }

  mutating func takeMeanError() -> Double {
    defer { (errors, errorCount) = (0, 0) }
    return errors / Double(errorCount)
  }
}
