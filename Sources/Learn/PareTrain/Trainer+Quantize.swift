public import PareNetwork
public import PareNumerics

extension Trainer {
  /// Quantizes a network: freezes its weights on the grid group by group, largest first, while the others adapt; then
  /// moves single weights to neighbouring levels as long as the measured loss falls, and refits the biases.
  ///
  /// `none` returns the weights as they are. The scale of each layer is that of ``PareNetwork/Network/quantized(by:)``. A
  /// pruned weight stays zero; a kept one may become zero.
  ///
  /// - Throws: ``TrainingError`` for a recipe or data that cannot be used and for a run that diverges;
  ///   `CancellationError`.
  /// - Source: Zhou et al., Incremental Network Quantization, ICLR 2017, for the freezing.
  @concurrent public func quantize(
    _ trained: TrainedNetwork, by scheme: QuantizationScheme, on splits: SampleSplits,
    onProgress: @escaping @Sendable (TrainingProgress) -> Void = { _ in }
  ) async throws -> TrainedQuantizedNetwork {
    guard let grid = scheme.quantizer(ofLayer: 0).grid else {
      try recipe.validate()
      return TrainedQuantizedNetwork(
        network: trained.network.quantized(by: scheme),
        nmse: try SplitNMSE(of: trained.network, on: splits), curve: trained.curve,
        seed: seed, steps: trained.steps)
    }
    let plan = recipe.quantization
    let optimization = try Optimization(
      recipe, trained.network.architecture, on: splits,
      frames: random.fork("quantize \(scheme)"),
      curve: trained.curve, stepsDone: trained.steps,
      plannedSteps: (plan.stages - 1) * plan.stageSteps + (plan.sweeps + 1) * plan.biasSteps,
      onProgress: onProgress)
    optimization.nonZeroCount = trained.network.mask.count
    optimization.engine.load(trained.network)
    var freezer = WeightFreezer(trained.network, scheme, grid, optimization)
    try freezer.freezeInStages()
    try freezer.fitBiases()
    for _ in 0..<plan.sweeps {
      let hasMoved = try freezer.descendOnce()
      try freezer.fitBiases()
      if !hasMoved { break }
    }
    let network = freezer.quantized()
    return TrainedQuantizedNetwork(
      network: network, nmse: try SplitNMSE(of: network.network, on: splits),
      curve: optimization.curve, seed: seed, steps: optimization.stepsDone)
  }
}
