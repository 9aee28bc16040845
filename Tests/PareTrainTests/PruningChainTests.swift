import PareNetwork
import PareNumerics
import Synchronization
import Testing

@testable import PareTrain

@Suite struct `Pruning chains and units` {
  static let tied = try! Architecture(
    hiddenChannels: [3], kernelSize: 3, lookAhead: 1,
    branch: LinearBranch(kernelSize: 5, lookAhead: 2, structure: .complex))

  @Test(arguments: [true, false])
  func `a chain is its steps, and hands over every level`(chainsTuned: Bool) async throws {
    var recipe = Tasks.recipe
    recipe.pruning.chainsTuned = chainsTuned
    let trainer = Trainer(recipe, seed: 7)
    let dense = try await trainer.train(Tasks.small, on: Tasks.splits)
    let seen = Mutex<[PrunedLevel]>([])
    let chain = try await trainer.pruneChain(
      dense, to: [0.3, 0.6, 0.9], on: Tasks.splits,
      onLevel: { index, level in
        seen.withLock {
          #expect($0.count == index)
          $0.append(level)
        }
      })
    #expect(seen.withLock { $0 } == chain)
    #expect(chain.map(\.tuned.network.mask.count) == [34, 19, 5])
    var start = dense
    for level in chain {
      let step = try await trainer.pruneLevel(
        start, toNonZeroCount: level.tuned.network.mask.count, on: Tasks.splits)
      #expect(step == level)
      #expect((step.next == step.tuned) == chainsTuned)
      start = step.next
    }
  }

  @Test func `levels that do not fall are refused`() async throws {
    let trainer = Trainer(Tasks.recipe, seed: 7)
    let dense = try await trainer.train(Tasks.small, on: Tasks.splits)
    let error = await #expect(throws: TrainingError.self) {
      _ = try await trainer.pruneChain(dense, toNonZeroCounts: [20, 30], on: Tasks.splits)
    }
    #expect(error?.code == .sparsity)
  }

  @Test(arguments: PruningMethod.allCases)
  func `tied weights go together, within one of the count`(method: PruningMethod) async throws {
    var recipe = Tasks.recipe
    recipe.pruning.method = method
    let trainer = Trainer(recipe, seed: 7)
    let dense = try await trainer.train(Self.tied, on: Tasks.splits)
    for count in [31, 12, 4] {
      let pruned = try await trainer.prune(dense, toNonZeroCount: count, on: Tasks.splits)
      let mask = pruned.network.mask
      #expect((count...count + 1).contains(mask.count))
      for tie in Self.tied.ties {
        #expect(mask.layers[tie.layer][tie.leader] == mask.layers[tie.layer][tie.follower])
      }
      #expect(mask.layers.allSatisfy { $0.contains(true) })
    }
  }

  @Test func `whole channels and taps go first, and leave no half of a unit`() async throws {
    var recipe = Tasks.recipe
    recipe.pruning.unit = .channel
    recipe.pruning.swaps = 0
    recipe.pruning.roundSteps = 10
    let architecture = try Architecture(
      hiddenChannels: [6], kernelSize: 3, branch: LinearBranch(kernelSize: 4))
    let trainer = Trainer(recipe, seed: 7)
    let dense = try await trainer.train(architecture, on: Tasks.splits)
    // 6 channels of 6 + 6 weights, 4 taps of 4: two channels and two taps can be all that is left.
    let pruned = try await trainer.prune(dense, toNonZeroCount: 32, on: Tasks.splits)
    let mask = pruned.network.mask
    #expect(mask.count == 32)
    var partial = 0
    for channel in 0..<6 {
      let into = mask.layers[0][channel * 6..<channel * 6 + 6].count { $0 }
      let out = [0, 1].reduce(0) { sum, output in
        sum
          + mask.layers[1][(output * 6 + channel) * 3..<(output * 6 + channel) * 3 + 3].count { $0 }
      }
      #expect((into == 0) == (out == 0), "channel \(channel) is half dead")
      if into + out != 0 && into + out != 12 { partial += 1 }
    }
    for tap in 0..<4 {
      let own = (0..<4).count { mask.layers[2][$0 * 4 + tap] }
      if own != 0 && own != 4 { partial += 1 }
    }
    // Single weights only make up the rest that no whole unit fits.
    #expect(partial <= 3)
  }

  @Test func `regrowing keeps the count, and brings weights back`() async throws {
    var recipe = Tasks.recipe
    recipe.pruning.swaps = 0
    recipe.pruning.regrow = 0.3
    let trainer = Trainer(recipe, seed: 7)
    let dense = try await trainer.train(Tasks.small, on: Tasks.splits)
    let chain = try await trainer.pruneChain(dense, toNonZeroCounts: [24, 12], on: Tasks.splits)
    #expect(chain.map(\.tuned.network.mask.count) == [24, 12])
    let returned = zip(chain[0].tuned.network.mask.layers, chain[1].tuned.network.mask.layers)
      .reduce(0) { $0 + zip($1.0, $1.1).count { !$0 && $1 } }
    #expect(returned > 0)
  }

  @Test func `exchanges keep the count and never raise the error they measure`() async throws {
    let trainer = Trainer(Tasks.recipe, seed: 7)
    let dense = try await trainer.train(Tasks.small, on: Tasks.splits)
    let optimization = try Optimization(
      Tasks.recipe, Tasks.small, on: Tasks.splits, frames: RandomStream(seed: 1), plannedSteps: 0,
      onProgress: { _ in })
    optimization.engine.load(dense.network)
    var pruner = Pruner(dense.network.mask, optimization)
    try pruner.drop(to: 12)
    let frames = pruner.trial.memory.frames
    let before = optimization.engine.relativeError(on: optimization.training, frames)
    try pruner.swap(tries: 10)
    #expect(pruner.mask.count == 12)
    #expect(optimization.engine.relativeError(on: optimization.training, frames) < before)
  }

  @Test func `a layer's share, a scaled and a plain magnitude drop different weights`() throws {
    let architecture = try Architecture(
      inputChannels: 1, hiddenChannels: [2], outputChannels: 1, kernelSize: 2, hasSkip: false)
    let network = Network(
      architecture: architecture,
      layers: zip(
        architecture.layerShapes, [[4, 5, 6, 7], [0.1, 0.2, 3, 0.4]] as [[Float]]
      ).map {
        Layer(shape: $0, weights: $1, biases: Array(repeating: 0, count: $0.outputChannels))
      },
      mask: Mask(allOf: architecture))
    let kept: [PruningScope: [Int]] = [.global: [4, 1], .scaled: [4, 1], .layer: [3, 2]]
    for (scope, counts) in kept {
      var recipe = Tasks.recipe
      recipe.pruning.method = .magnitude
      recipe.pruning.scope = scope
      let set = SampleSet(
        input: [Tasks.set(500, seed: 1).input[0]], target: [Tasks.set(500, seed: 1).target[0]])
      let optimization = try Optimization(
        recipe, architecture, on: SampleSplits(training: set, validation: set, test: set),
        frames: RandomStream(seed: 1), plannedSteps: 0, onProgress: { _ in })
      optimization.engine.load(network)
      var pruner = Pruner(network.mask, optimization)
      try pruner.drop(to: 5)
      #expect(pruner.mask.layers.map { $0.count { $0 } } == counts, "\(scope)")
    }
  }
}
