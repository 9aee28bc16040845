import PareNetwork
import PareNumerics
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

  @Test func `coordinate descent never raises the error it measures`() async throws {
    let trainer = Trainer(Tasks.recipe, seed: 7)
    let dense = try await trainer.train(Tasks.small, on: Tasks.splits)
    let optimization = try Optimization(
      Tasks.recipe, Tasks.small, on: Tasks.splits, frames: RandomStream(seed: 1), plannedSteps: 0,
      onProgress: { _ in })
    optimization.engine.load(dense.network)
    var freezer = WeightFreezer(
      dense.network, .pot(bits: 3), Quantizer.pot(bits: 3).grid!, optimization)
    try freezer.freezeInStages()
    let frames = optimization.training.spreadFrames(
      ofLength: Tasks.recipe.frameLength, samples: Tasks.recipe.quantization.sweepSamples)
    var error = optimization.engine.relativeError(on: optimization.training, frames)
    while try freezer.descendOnce() {
      let next = optimization.engine.relativeError(on: optimization.training, frames)
      #expect(next < error)
      error = next
    }
  }
}
