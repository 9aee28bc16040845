import PareNetwork
import PareNumerics
import Synchronization
import Testing

@testable import PareTrain

@Suite struct `Quantization` {
  @Test(arguments: [
    Quantizer.pot(bits: 4), .apot(terms: 2, bits: 4), .digits(2), .fixed(wordLength: 5),
  ])
  func `ends on the grid, within the mask, and beats rounding`(quantizer: Quantizer) async throws {
    let trainer = Trainer(Tasks.recipe, seed: 7)
    let dense = try await trainer.train(Tasks.small, on: Tasks.splits)
    let sparse = try await trainer.prune(dense, to: 0.4, on: Tasks.splits)
    let quantized = try await trainer.quantize(
      sparse, by: QuantizationScheme(quantizer), on: Tasks.splits)
    let grid = quantizer.grid!
    for (layer, kept) in zip(quantized.network.layers, sparse.network.mask.layers) {
      for (weight, isKept) in zip(layer.weights, kept) {
        let level = grid.nearest(to: Double(weight), scaleExponent: layer.scaleExponents[0])
        #expect(level.value == Double(weight))
        if !isKept { #expect(weight == 0) }
      }
      #expect(layer.digits != nil)
    }
    #expect(quantized.network.nonZeroCount <= sparse.network.mask.count)
    let rounded = try nmse(
      of: sparse.network.quantized(by: QuantizationScheme(quantizer)), on: Tasks.splits.test)
    #expect(quantized.nmse.test < rounded)
    #expect(quantized.nmse.test == (try nmse(of: quantized.network, on: Tasks.splits.test)))
    let again = try await trainer.quantize(
      sparse, by: QuantizationScheme(quantizer), on: Tasks.splits)
    #expect(again == quantized)
  }

  @Test func `none keeps the network`() async throws {
    let trainer = Trainer(Tasks.recipe, seed: 7)
    let dense = try await trainer.train(Tasks.small, on: Tasks.splits)
    let quantized = try await trainer.quantize(dense, by: .none, on: Tasks.splits)
    #expect(quantized.network.network.layers == dense.network.layers)
    #expect(quantized.nmse == dense.nmse)
  }

  static func freezer(
    _ scheme: QuantizationScheme, _ architecture: Architecture = Tasks.small
  ) async throws -> WeightFreezer {
    let dense = try await Trainer(Tasks.recipe, seed: 7).train(architecture, on: Tasks.splits)
    let signal = try TrainingSignal(Tasks.splits.training, for: architecture, named: "training")
    let trial = TrialError(
      architecture, on: signal, signal.spreadFrames(ofLength: 64, samples: 512))
    var freezer = WeightFreezer(dense.network, scheme, Tasks.recipe.quantization, trial)
    try freezer.freezeInStages(4) { try trial.fit($0, steps: 2) }
    return freezer
  }

  static func requireOnGrid(_ freezer: WeightFreezer) {
    for index in freezer.units.indices {
      let level = freezer.level(index).value
      #expect(freezer.trial.value(of: freezer.units[index]) == Float(level))
      #expect(Double(freezer.nearest(freezer.units[index], to: Float(level)).value) == level)
    }
  }

  @Test func `no part of the search raises the error it measures, or leaves the grid`()
    async throws
  {
    for scheme in [
      QuantizationScheme.pot(bits: 3), QuantizationScheme(.pot(bits: 3), scale: .channel),
    ] {
      var freezer = try await Self.freezer(scheme)
      var error = freezer.trial.current
      // A full pass after moves rounds otherwise than the moves did.
      func requireNoRise() {
        #expect(freezer.trial.current <= error * (1 + 1e-6))
        error = freezer.trial.current
        Self.requireOnGrid(freezer)
      }
      while try freezer.descendOnce() { requireNoRise() }
      _ = try freezer.searchScales()
      requireNoRise()
      var random = RandomStream(seed: 5)
      try freezer.refreeze(tries: 3, from: &random)
      requireNoRise()
      _ = try freezer.descendInPairs(tries: 10)
      requireNoRise()
    }
  }

  @Test(arguments: QuantizationMethod.allCases)
  func `every method beats rounding, and again with the same bits`(
    method: QuantizationMethod
  ) async throws {
    var recipe = Tasks.recipe
    recipe.quantization.method = method
    let trainer = Trainer(recipe, seed: 7)
    let dense = try await trainer.train(Tasks.small, on: Tasks.splits)
    let scheme = QuantizationScheme.pot(bits: 3)
    let quantized = try await trainer.quantize(dense, by: scheme, on: Tasks.splits)
    let rounded = try nmse(of: dense.network.quantized(by: scheme), on: Tasks.splits.test)
    #expect(quantized.nmse.test < rounded)
    #expect(try await trainer.quantize(dense, by: scheme, on: Tasks.splits) == quantized)
  }

  @Test func `a mixed scheme leaves its float layers off the grid, and a complex branch tied`()
    async throws
  {
    let architecture = try Architecture(
      hiddenChannels: [3], kernelSize: 3,
      branch: LinearBranch(kernelSize: 4, lookAhead: 1, structure: .complex))
    let scheme = try QuantizationScheme(parsing: "pot,none,fixed:4/channel")
    let trainer = Trainer(Tasks.recipe, seed: 7)
    let dense = try await trainer.train(architecture, on: Tasks.splits)
    let quantized = try await trainer.quantize(dense, by: scheme, on: Tasks.splits)
    let layers = quantized.network.layers
    #expect(layers.map(\.quantizer) == [.pot(bits: 4), .none, .fixed(wordLength: 4)])
    #expect(layers[1].digits == nil && layers[0].digits != nil)
    #expect(architecture.brokenTie(in: layers.map(\.weights)) == nil)
  }

  @Test func `rounded biases are multiples of their unit`() async throws {
    var recipe = Tasks.recipe
    recipe.quantization.biasFractionBits = 6
    let trainer = Trainer(recipe, seed: 7)
    let dense = try await trainer.train(Tasks.small, on: Tasks.splits)
    let quantized = try await trainer.quantize(dense, by: .apot(), on: Tasks.splits)
    for bias in quantized.network.layers.flatMap(\.biases) {
      #expect(bias * 64 == (bias * 64).rounded())
    }
  }

  @Test func `a caller's score decides, and is kept`() async throws {
    let trainer = Trainer(Tasks.recipe, seed: 7)
    let dense = try await trainer.train(Tasks.small, on: Tasks.splits)
    let seen = Mutex<[QuantizedNetwork]>([])
    // The first candidate is praised, all others are not.
    let quantized = try await trainer.quantize(dense, by: .pot(), on: Tasks.splits) { network in
      seen.withLock { list in
        list.append(network)
        let value = list.count == 1 ? -100.0 : Double(list.count)
        return SplitNMSE(training: 0, validation: value, test: 1)
      }
    }
    let all = seen.withLock { $0 }
    #expect(all.count > 2 && quantized.network == all[0])
    #expect(quantized.externalNMSE?.validation == -100)
  }
}
