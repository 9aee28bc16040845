extension TrainingRecipe {
  /// Checks every knob.
  ///
  /// - Throws: ``TrainingError`` with code `.recipe` naming the first knob that is out of range.
  public func validate() throws(TrainingError) {
    try check("steps", steps, in: 1...100_000_000)
    try check("framesPerStep", framesPerStep, in: 1...65_536)
    try check("frameLength", frameLength, in: 1...1_048_576)
    try check("beta1", beta1, in: 0...0.999_999)
    try check("beta2", beta2, in: 0...0.999_999)
    try check("epsilon", epsilon, in: 1e-30...1)
    try check("validationInterval", validationInterval, in: 1...100_000_000)
    try check("seedCount", seedCount, in: 1...10_000)
    try learningRate.validate(as: "learningRate")
    try secondOrder.validate()
    try pruning.validate(as: "pruning")
    try quantization.validate(as: "quantization")
    try check("large.weights", large.weights, in: 1...1_000_000_000)
    try large.pruning.validate(as: "large.pruning")
    try large.quantization.validate(as: "large.quantization")
  }
}

extension PruningRecipe {
  fileprivate func validate(as name: String) throws(TrainingError) {
    try check("\(name).dropFraction", dropFraction, in: 1e-6...1)
    try check("\(name).roundSteps", roundSteps, in: 0...100_000_000)
    try check("\(name).finalSteps", finalSteps, in: 0...100_000_000)
    try check("\(name).saliencySamples", saliencySamples, in: 1...1_000_000_000)
    try check("\(name).finalRuns", finalRuns, in: 1...1_000)
    try check("\(name).roundFits", roundFits, in: 0...100_000)
    try check("\(name).finalFits", finalFits, in: 0...100_000)
    try check("\(name).fitSamples", fitSamples, in: 1...1_000_000_000)
    try check("\(name).tolerance", tolerance, in: 0...1)
    try check("\(name).swaps", swaps, in: 0...1_000_000)
    try check("\(name).regrow", regrow, in: 0...0.5)
    try learningRate.validate(as: "\(name).learningRate")
  }
}

extension QuantizationRecipe {
  fileprivate func validate(as name: String) throws(TrainingError) {
    try check("\(name).stages", stages, in: 1...1_000)
    try check("\(name).stageSteps", stageSteps, in: 0...100_000_000)
    try check("\(name).sweeps", sweeps, in: 0...1_000)
    try check("\(name).sweepSamples", sweepSamples, in: 1...1_000_000_000)
    try check("\(name).biasSteps", biasSteps, in: 0...100_000_000)
    try check("\(name).stageFits", stageFits, in: 0...100_000)
    try check(
      "\(name).straightThroughSteps", straightThroughSteps, in: 0...100_000_000)
    try check("\(name).tolerance", tolerance, in: 0...1)
    try check("\(name).toleranceFits", toleranceFits, in: 0...100_000)
    try check("\(name).pairs", pairs, in: 0...1_000_000)
    try check("\(name).refreezes", refreezes, in: 0...1_000_000)
    try check("\(name).biasFits", biasFits, in: 0...100_000)
    try check("\(name).biasFractionBits", biasFractionBits, in: -1...40)
    try learningRate.validate(as: "\(name).learningRate")
  }
}

extension LearningRate {
  fileprivate func validate(as name: String) throws(TrainingError) {
    try check("\(name).peak", peak, in: 1e-12...100)
    try check("\(name).final", final, in: 0...peak)
    try check("\(name).warmUpSteps", warmUpSteps, in: 0...100_000_000)
  }
}

/// NaN is in no range, so it is caught too.
private func check<Value: Comparable>(
  _ name: String, _ value: Value, in range: ClosedRange<Value>
) throws(TrainingError) {
  guard range.contains(value) else {
    throw TrainingError(
      .recipe(name), "\(name) is \(value)",
      hint: "give a value from \(range.lowerBound) to \(range.upperBound)")
  }
}
