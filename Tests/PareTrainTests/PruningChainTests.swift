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
    let trainer = Trainer(recipe, seed: 7)
    // Six channels of 6 + 6 weights: three are left.
    let channels = try Architecture(hiddenChannels: [6], kernelSize: 3)
    let dense = try await trainer.train(channels, on: Tasks.splits)
    let mask = try await trainer.prune(dense, toNonZeroCount: 36, on: Tasks.splits).network.mask
    let sizes = (0..<6).map { channel in
      mask.layers[0][channel * 6..<channel * 6 + 6].count { $0 }
        + [0, 6].reduce(0) { sum, row in
          let first = (row + channel) * 3
          return sum + mask.layers[1][first..<first + 3].count { $0 }
        }
    }
    #expect(sizes.sorted() == [0, 0, 0, 12, 12, 12])
    // Six taps of four weights: three are left.
    let taps = try Architecture(
      hiddenChannels: [], kernelSize: 1, branch: LinearBranch(kernelSize: 6))
    let linear = try await trainer.train(taps, on: Tasks.splits)
    let pruned = try await trainer.prune(linear, toNonZeroCount: 16, on: Tasks.splits)
    let rows = pruned.network.mask.layers[1]
    let counts = (0..<6).map { tap in (0..<4).count { rows[$0 * 6 + tap] } }
    #expect(counts.sorted() == [0, 0, 0, 4, 4, 4])
    // One weight more: whole units where they fit, then single ones.
    let odd = try await trainer.prune(dense, toNonZeroCount: 35, on: Tasks.splits)
    #expect(odd.network.mask.count == 35)
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

  @Test func `exchanges bring back nothing that an earlier level dropped`() async throws {
    let trainer = Trainer(Tasks.recipe, seed: 7)
    let dense = try await trainer.train(Tasks.small, on: Tasks.splits)
    let optimization = try Optimization(
      Tasks.recipe, Tasks.small, on: Tasks.splits, frames: RandomStream(seed: 1), plannedSteps: 0,
      onProgress: { _ in })
    // The earlier level drops the weights that matter most, so that every exchange would like them back.
    var worst = dense.network
    for layer in worst.layers.indices {
      let sizes = worst.layers[layer].weights.map(\.magnitude)
      let order = sizes.indices.sorted { sizes[$0] > sizes[$1] }
      for index in order.prefix(sizes.count / 3) {
        worst.layers[layer].weights[index] = 0
        worst.mask.layers[layer][index] = false
      }
    }
    optimization.engine.load(worst)
    var pruner = Pruner(worst.mask, optimization)
    try pruner.drop(to: 12)
    try pruner.swap(tries: 10)
    for (kept, before) in zip(pruner.mask.layers.joined(), worst.mask.layers.joined()) {
      #expect(before || !kept)
    }
    #expect(pruner.mask.count == 12)
  }

  @Test func `a layer's share, a scaled and a plain magnitude drop different weights`() throws {
    let architecture = try Architecture(
      inputChannels: 1, hiddenChannels: [2], outputChannels: 1, kernelSize: 2, hasSkip: false)
    let set = Tasks.set(500, seed: 1)
    let mono = SampleSet(input: [set.input[0]], target: [set.target[0]])
    // Weights of both layers, and how many of each are left of six.
    let cases: [(weights: [[Float]], scope: PruningScope, left: [Int])] = [
      ([[0.1, 5, 6, 0.2], [0.3, 3, 0.9, 2.9]], .global, [2, 4]),
      ([[0.1, 5, 6, 0.2], [0.3, 3, 0.9, 2.9]], .layer, [3, 3]),
      ([[1, 5, 6, 1.5], [0.3, 3, 0.9, 2.9]], .global, [4, 2]),
      ([[1, 5, 6, 1.5], [0.3, 3, 0.9, 2.9]], .scaled, [3, 3]),
    ]
    for (weights, scope, left) in cases {
      var recipe = Tasks.recipe
      recipe.pruning.method = .magnitude
      recipe.pruning.scope = scope
      let optimization = try Optimization(
        recipe, architecture, on: SampleSplits(training: mono, validation: mono, test: mono),
        frames: RandomStream(seed: 1), plannedSteps: 0, onProgress: { _ in })
      let layers = zip(architecture.layerShapes, weights).map {
        Layer(shape: $0, weights: $1, biases: Array(repeating: 0, count: $0.outputChannels))
      }
      let mask = Mask(allOf: architecture)
      optimization.engine.load(Network(architecture: architecture, layers: layers, mask: mask))
      var pruner = Pruner(mask, optimization)
      try pruner.drop(to: 6)
      #expect(pruner.mask.layers.map { $0.count { $0 } } == left, "\(scope)")
    }
  }
}
