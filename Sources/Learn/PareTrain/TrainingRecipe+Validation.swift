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
    try check("pruning.dropFraction", pruning.dropFraction, in: 1e-6...1)
    try check("pruning.roundSteps", pruning.roundSteps, in: 0...100_000_000)
    try check("pruning.finalSteps", pruning.finalSteps, in: 0...100_000_000)
    try check("pruning.saliencySamples", pruning.saliencySamples, in: 1...1_000_000_000)
    try check("pruning.finalRuns", pruning.finalRuns, in: 1...1_000)
    try check("pruning.roundFits", pruning.roundFits, in: 0...100_000)
    try check("pruning.finalFits", pruning.finalFits, in: 0...100_000)
    try check("pruning.fitSamples", pruning.fitSamples, in: 1...1_000_000_000)
    try check("pruning.tolerance", pruning.tolerance, in: 0...1)
    try check("pruning.swaps", pruning.swaps, in: 0...1_000_000)
    try check("pruning.regrow", pruning.regrow, in: 0...0.5)
    try pruning.learningRate.validate(as: "pruning.learningRate")
    try check("quantization.stages", quantization.stages, in: 1...1_000)
    try check("quantization.stageSteps", quantization.stageSteps, in: 0...100_000_000)
    try check("quantization.sweeps", quantization.sweeps, in: 0...1_000)
    try check("quantization.sweepSamples", quantization.sweepSamples, in: 1...1_000_000_000)
    try check("quantization.biasSteps", quantization.biasSteps, in: 0...100_000_000)
    try check("quantization.stageFits", quantization.stageFits, in: 0...100_000)
    try check(
      "quantization.straightThroughSteps", quantization.straightThroughSteps, in: 0...100_000_000)
    try check("quantization.tolerance", quantization.tolerance, in: 0...1)
    try check("quantization.toleranceFits", quantization.toleranceFits, in: 0...100_000)
    try check("quantization.pairs", quantization.pairs, in: 0...1_000_000)
    try check("quantization.refreezes", quantization.refreezes, in: 0...1_000_000)
    try check("quantization.biasFits", quantization.biasFits, in: 0...100_000)
    try check("quantization.biasFractionBits", quantization.biasFractionBits, in: -1...40)
    try quantization.learningRate.validate(as: "quantization.learningRate")
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
