import PareNetwork
import PareNumerics
import Testing

@testable import PareTrain

@Suite struct `Pruning` {
  @Test(arguments: PruningMethod.allCases)
  func `reaches the exact count, and what is pruned stays zero`(method: PruningMethod) async throws
  {
    var recipe = Tasks.recipe
    recipe.pruning.method = method
    recipe.pruning.swaps = 0
    let trainer = Trainer(recipe, seed: 7)
    let dense = try await trainer.train(Tasks.small, on: Tasks.splits)
    var parent = dense
    for sparsity in [0.3, 0.65, 0.9, 0.99] {
      let pruned = try await trainer.prune(parent, to: sparsity, on: Tasks.splits)
      let target = Mask.targetCount(for: Tasks.small, sparsity: sparsity)
      #expect(pruned.network.mask.count == target)
      #expect(pruned.network.nonZeroCount <= target)
      #expect(pruned.network.mask.layers.allSatisfy { $0.contains(true) })
      for (kept, before) in zip(pruned.network.mask.layers, parent.network.mask.layers) {
        #expect(zip(kept, before).allSatisfy { !$0 || $1 }, "the mask grew")
      }
      #expect(pruned.steps > parent.steps && pruned.curve.count > parent.curve.count)
      parent = pruned
    }
    #expect(parent.nmse.test > dense.nmse.test, "two weights cannot do the work of forty-eight")
  }

  @Test func `is reproducible, and needs no rounds when nothing is to be dropped`() async throws {
    let trainer = Trainer(Tasks.recipe, seed: 7)
    let dense = try await trainer.train(Tasks.small, on: Tasks.splits)
    let once = try await trainer.prune(dense, to: 0.5, on: Tasks.splits)
    let again = try await trainer.prune(dense, to: 0.5, on: Tasks.splits)
    #expect(once == again)
    #expect(try await trainer.prune(dense, to: 0, on: Tasks.splits).network == dense.network)
  }

  @Test func `targets out of reach are refused`() async throws {
    let trainer = Trainer(Tasks.recipe, seed: 7)
    let dense = try await trainer.train(Tasks.small, on: Tasks.splits)
    for count in [1, 49] {
      let error = await #expect(throws: TrainingError.self) {
        _ = try await trainer.prune(dense, toNonZeroCount: count, on: Tasks.splits)
      }
      #expect(error?.code == .sparsity)
    }
    for sparsity in [-0.1, 1, Double.nan] {
      let error = await #expect(throws: TrainingError.self) {
        _ = try await trainer.prune(dense, to: sparsity, on: Tasks.splits)
      }
      #expect(error?.code == .sparsity)
    }
  }

  @Test func `rounds shrink by the fraction and end on the target`() {
    var recipe = PruningRecipe()
    recipe.dropFraction = 0.25
    #expect(recipe.counts(from: 100, to: 30) == [75, 56, 42, 31, 30])
    #expect(recipe.counts(from: 3, to: 1) == [2, 1])
    #expect(recipe.counts(from: 5, to: 5) == [])
  }

  @Test func `weights that cannot matter are found through all layers`() throws {
    let architecture = try Architecture(
      inputChannels: 1, hiddenChannels: [2, 2], outputChannels: 1, kernelSize: 1, hasSkip: false)
    // in -> a0, a1; a0 -> b0; a1 -> nothing; nothing -> b1; b0, b1 -> out.
    let mask = Mask(layers: [[true, true], [true, false, false, false], [true, true]])
    #expect(
      mask.deadWeights(in: architecture) == [
        [false, true], [false, false, false, false], [false, true],
      ])
  }

  /// Saliency must see what magnitude cannot: a large weight on a silent input.
  @Test func `saliency drops a large weight that does nothing before a small one that does`()
    async throws
  {
    let architecture = try Architecture(
      hiddenChannels: [], outputChannels: 1, kernelSize: 1, hasSkip: false)
    let loud = Tasks.set(2_000, seed: 3).target[0]
    let set = SampleSet(
      input: [loud, loud.map { $0 * 1e-4 }], target: [loud.map { $0 * 0.1 }])
    let splits = SampleSplits(training: set, validation: set, test: set)
    let network = Network(
      architecture: architecture,
      layers: [Layer(shape: architecture.layerShapes[0], weights: [0.1, 3], biases: [0])],
      mask: Mask(allOf: architecture))
    let start = TrainedNetwork(
      network: network, nmse: try SplitNMSE(of: network, on: splits), curve: [], seed: 1, steps: 0)
    var recipe = Tasks.recipe
    for (method, survivor) in [(PruningMethod.saliency, 0), (.magnitude, 1)] {
      recipe.pruning.method = method
      let pruned = try await Trainer(recipe, seed: 1).prune(start, toNonZeroCount: 1, on: splits)
      #expect(pruned.network.mask.layers[0][survivor], "\(method)")
    }
  }
}
