public import PareNetwork
public import PareNumerics

extension Trainer {
  /// Quantizes a network: brings its weights onto the grid by the recipe's method, then searches over levels and scales as
  /// long as the measured loss falls, the biases adapting.
  ///
  /// `none` returns the weights as they are, and a layer whose quantizer is `none` stays float. A pruned weight stays zero;
  /// a kept one may become zero. Of the networks that stand at the end of each part of the search the best on the
  /// validation set is kept.
  ///
  /// - Parameters:
  ///   - score: is returned beside the other scores; its validation score decides when there is no `judge`.
  ///   - judge: when given, decides in the validation error's place which network is kept, say by running it in integers:
  ///     the lower the better. Called for a handful of networks, so it should look at the validation split alone.
  /// - Throws: ``TrainingError`` for a recipe or data that cannot be used and for a run that diverges; `NetworkError` when
  ///   the scheme does not fit the architecture; `CancellationError`; what `score` throws.
  /// - Source: Zhou et al., Incremental Network Quantization, ICLR 2017, for the freezing.
  @concurrent public func quantize(
    _ trained: TrainedNetwork, by scheme: QuantizationScheme, on splits: SampleSplits,
    score: (@Sendable (QuantizedNetwork) throws -> SplitNMSE)? = nil,
    judge: (@Sendable (QuantizedNetwork) throws -> Double)? = nil,
    onProgress: @escaping @Sendable (TrainingProgress) -> Void = { _ in }
  ) async throws -> TrainedQuantizedNetwork {
    try recipe.validate()
    try scheme.validate(for: trained.network.architecture)
    if scheme.isNone {
      let network = trained.network.quantized(by: scheme)
      return TrainedQuantizedNetwork(
        network: network, nmse: try SplitNMSE(of: trained.network, on: splits),
        curve: trained.curve, seed: seed, steps: trained.steps, externalNMSE: try score?(network))
    }
    let search = try QuantizationSearch(
      self, trained, scheme, on: splits, judge: judge, score: score, onProgress: onProgress)
    return try search.run()
  }
}
