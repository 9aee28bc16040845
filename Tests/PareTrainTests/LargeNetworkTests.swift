import PareNetwork
import PareNumerics
import Synchronization
import Testing

@testable import PareTrain

@Suite struct `Large networks` {
  /// 48 weights are large, 24 are not.
  static let recipe: TrainingRecipe = {
    var recipe = Tasks.recipe
    recipe.large.weights = 24
    recipe.large.pruning = recipe.pruning
    recipe.large.pruning.method = .magnitude
    recipe.large.pruning.swaps = 0
    recipe.large.pruning.finalSteps = 200
    recipe.large.quantization = recipe.quantization
    recipe.large.quantization.method = .nearest
    recipe.large.quantization.sweeps = 0
    recipe.large.quantization.refreezes = 0
    recipe.large.quantization.pairs = 0
    recipe.large.quantization.searchesScales = false
    return recipe
  }()

  @Test func `pruning changes over on the way as two prunings would`() async throws {
    let trainer = Trainer(Self.recipe, seed: 7)
    let dense = try await trainer.train(Tasks.small, on: Tasks.splits)
    var first = Self.recipe
    first.pruning = first.large.pruning
    first.large.weights = 1_000
    let middle = try await Trainer(first, seed: 7).pruneLevel(
      dense, toNonZeroCount: 24, on: Tasks.splits)
    #expect(
      try await trainer.pruneLevel(dense, toNonZeroCount: 24, on: Tasks.splits) == middle)
    let last = try await Trainer(Tasks.recipe, seed: 7).pruneLevel(
      middle.next, toNonZeroCount: 10, on: Tasks.splits)
    let whole = try await trainer.pruneLevel(dense, toNonZeroCount: 10, on: Tasks.splits)
    #expect(whole == last)
    #expect(whole.tuned.steps == dense.steps + Self.recipe.plannedPruningSteps(from: 48, to: 10))
  }

  @Test func `a network is quantized by the knobs of its size`() async throws {
    let trainer = Trainer(Self.recipe, seed: 7)
    let dense = try await trainer.train(Tasks.small, on: Tasks.splits)
    let sparse = try await trainer.prune(dense, toNonZeroCount: 24, on: Tasks.splits)
    var large = Self.recipe
    large.quantization = large.large.quantization
    for (network, recipe) in [(dense, large), (sparse, Tasks.recipe)] {
      let expected = try await Trainer(recipe, seed: 7).quantize(
        network, by: .pot(), on: Tasks.splits)
      #expect(
        try await trainer.quantize(network, by: .pot(), on: Tasks.splits).network
          == expected.network)
    }
  }

  @Test func `a judge decides, sees nothing twice in a row, and leaves the score for the end`()
    async throws
  {
    let trainer = Trainer(Tasks.recipe, seed: 7)
    let dense = try await trainer.train(Tasks.small, on: Tasks.splits)
    let judged = Mutex<[QuantizedNetwork]>([])
    let scored = Mutex<[QuantizedNetwork]>([])
    let quantized = try await trainer.quantize(
      dense, by: .pot(), on: Tasks.splits,
      score: { network in
        scored.withLock { $0.append(network) }
        return SplitNMSE(training: 1, validation: 2, test: 3)
      },
      judge: { network in
        judged.withLock {
          $0.append(network)
          // The second is praised, all others are not.
          return $0.count == 2 ? -100 : Double($0.count)
        }
      })
    let all = judged.withLock { $0 }
    #expect(all.count > 2 && quantized.network == all[1])
    #expect(zip(all, all.dropFirst()).allSatisfy { $0 != $1 })
    #expect(scored.withLock { $0 } == [all[1]])
    #expect(quantized.externalNMSE == SplitNMSE(training: 1, validation: 2, test: 3))
  }
}
