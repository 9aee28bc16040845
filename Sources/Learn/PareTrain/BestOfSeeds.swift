public import PareNetwork
public import PareNumerics

/// The same work done with several seeds, and its best result.
public struct BestOfSeeds<Outcome: TrainingOutcome>: Sendable {
  /// The outcome with the lowest validation error; of equal ones that of the earliest seed.
  public let best: Outcome
  public let bestSeed: UInt64
  /// Scores of all seeds, in the order they were given.
  public let scores: [(seed: UInt64, nmse: SplitNMSE)]

  /// How far the worst seed lies above the best one on the validation set, in dB.
  public var spread: Double {
    let values = scores.map(\.nmse.validation)
    return values.max()! - values.min()!
  }
}

/// Does the same work with several seeds, at most `jobs` at a time, and picks the best on the validation set.
///
/// The result does not depend on `jobs`.
///
/// - Precondition: at least one seed.
@concurrent public func bestOfSeeds<Outcome: TrainingOutcome>(
  _ seeds: [UInt64], jobs: Int = 1,
  work: @escaping @Sendable (UInt64) async throws -> Outcome
) async throws -> BestOfSeeds<Outcome> {
  precondition(!seeds.isEmpty && jobs >= 1, "\(seeds.count) seeds, \(jobs) jobs")
  let all = try await boundedMap(seeds, jobs: jobs, work: work)
  let best = all.indices.min { all[$0].nmse.validation < all[$1].nmse.validation }!
  return BestOfSeeds(
    best: all[best], bestSeed: seeds[best],
    scores: zip(seeds, all).map { (seed: $0, nmse: $1.nmse) })
}

extension Trainer {
  /// This trainer's seed and those that follow it, as many as the recipe asks for.
  public var seeds: [UInt64] { (0..<UInt64(max(1, recipe.seedCount))).map { seed &+ $0 } }

  /// Trains with each of ``seeds`` and picks the best on the validation set.
  @concurrent public func trainBest(
    _ architecture: Architecture, on splits: SampleSplits, jobs: Int = 1,
    onProgress: @escaping @Sendable (TrainingProgress) -> Void = { _ in }
  ) async throws -> BestOfSeeds<TrainedNetwork> {
    try await bestOfSeeds(seeds, jobs: jobs) { seed in
      try await Trainer(recipe, seed: seed).train(architecture, on: splits, onProgress: onProgress)
    }
  }
}
