extension TrainingRecipe {
  public init(from decoder: any Decoder) throws {
    self.init()
    let values = try decoder.container(keyedBy: CodingKeys.self)
    try values.read(.steps, into: &steps)
    try values.read(.learningRate, into: &learningRate)
    try values.read(.framesPerStep, into: &framesPerStep)
    try values.read(.frameLength, into: &frameLength)
    try values.read(.beta1, into: &beta1)
    try values.read(.beta2, into: &beta2)
    try values.read(.epsilon, into: &epsilon)
    try values.read(.validationInterval, into: &validationInterval)
    try values.read(.seedCount, into: &seedCount)
    try values.read(.secondOrder, into: &secondOrder)
    try values.read(.pruning, into: &pruning)
    try values.read(.quantization, into: &quantization)
    try values.read(.large, into: &large)
  }
}

extension PruningRecipe {
  public init(from decoder: any Decoder) throws {
    self.init()
    let values = try decoder.container(keyedBy: CodingKeys.self)
    try values.read(.method, into: &method)
    try values.read(.dropFraction, into: &dropFraction)
    try values.read(.roundSteps, into: &roundSteps)
    try values.read(.finalSteps, into: &finalSteps)
    try values.read(.learningRate, into: &learningRate)
    try values.read(.saliencySamples, into: &saliencySamples)
    try values.read(.scope, into: &scope)
    try values.read(.unit, into: &unit)
    try values.read(.finalRuns, into: &finalRuns)
    try values.read(.roundFits, into: &roundFits)
    try values.read(.finalFits, into: &finalFits)
    try values.read(.fitSamples, into: &fitSamples)
    try values.read(.tolerance, into: &tolerance)
    try values.read(.swaps, into: &swaps)
    try values.read(.regrow, into: &regrow)
    try values.read(.chainsTuned, into: &chainsTuned)
  }
}

extension QuantizationRecipe {
  public init(from decoder: any Decoder) throws {
    self.init()
    let values = try decoder.container(keyedBy: CodingKeys.self)
    try values.read(.stages, into: &stages)
    try values.read(.stageSteps, into: &stageSteps)
    try values.read(.learningRate, into: &learningRate)
    try values.read(.sweeps, into: &sweeps)
    try values.read(.sweepSamples, into: &sweepSamples)
    try values.read(.biasSteps, into: &biasSteps)
    try values.read(.method, into: &method)
    try values.read(.stageFits, into: &stageFits)
    try values.read(.straightThroughSteps, into: &straightThroughSteps)
    try values.read(.tolerance, into: &tolerance)
    try values.read(.toleranceFits, into: &toleranceFits)
    try values.read(.pairs, into: &pairs)
    try values.read(.searchesScales, into: &searchesScales)
    try values.read(.refreezes, into: &refreezes)
    try values.read(.biasFits, into: &biasFits)
    try values.read(.biasFractionBits, into: &biasFractionBits)
  }
}

extension KeyedDecodingContainer {
  /// Leaves the value as it is when the key is absent.
  fileprivate func read<Value: Decodable>(_ key: Key, into value: inout Value) throws {
    value = try decodeIfPresent(Value.self, forKey: key) ?? value
  }
}
