import PareNetwork
import PareNumerics

/// Brings the weights of an engine onto a grid, and moves them along it.
struct WeightFreezer {
  private let architecture: Architecture
  private let scheme: QuantizationScheme
  private let grid: QuantizerGrid
  private let optimization: Optimization
  private let mask: Mask
  /// `s` of each layer.
  private let scales: [Int]
  /// Levels of the frozen weights, `[layer][weight]`; nil while a weight still trains.
  private var levels: [[QuantizedValue?]]
  private let frames: [Frame]

  init(
    _ network: Network, _ scheme: QuantizationScheme, _ grid: QuantizerGrid,
    _ optimization: Optimization
  ) {
    self.scheme = scheme
    architecture = network.architecture
    self.grid = grid
    self.optimization = optimization
    mask = network.mask
    scales = network.layers.map { grid.bestScaleExponent(for: $0.weights) }
    levels = network.mask.layers.map { $0.map { $0 ? nil : .zero } }
    frames = optimization.training.spreadFrames(
      ofLength: optimization.recipe.frameLength,
      samples: optimization.recipe.quantization.sweepSamples)
  }

  /// Freezes everything; between two groups the weights that are still free adapt.
  mutating func freezeInStages() throws {
    let recipe = optimization.recipe.quantization
    let total = mask.count
    for stage in 1...recipe.stages {
      freezeLargest(untilFree: total - total * stage / recipe.stages)
      guard stage < recipe.stages else { break }
      try optimization.run(
        Descent(
          stage: .quantize, steps: recipe.stageSteps, learningRate: recipe.learningRate))
    }
  }

  /// Lets the biases alone adapt, and keeps what is best on the validation set.
  func fitBiases() throws {
    try optimization.run(
      Descent(
        stage: .quantize, steps: optimization.recipe.quantization.biasSteps,
        learningRate: optimization.recipe.quantization.learningRate, keepsBest: true))
  }

  /// Tries, weight by weight, the neighbouring levels, and keeps each that lowers the loss.
  ///
  /// - Returns: whether any weight moved.
  mutating func descendOnce() throws -> Bool {
    let engine = optimization.engine
    var least = engine.relativeError(on: optimization.training, frames)
    var hasMoved = false
    for (layer, plan) in engine.plans.enumerated() {
      for (index, parameter) in plan.weights.enumerated() where mask.layers[layer][index] {
        try Task.checkCancellation()
        var best = frozenLevel(layer, index)
        for level in grid.neighbours(of: best.value, scaleExponent: scales[layer]) {
          engine.parameters[parameter] = Float(level.value)
          let error = engine.relativeError(on: optimization.training, frames)
          if error < least { (least, best, hasMoved) = (error, level, true) }
        }
        engine.parameters[parameter] = Float(best.value)
        levels[layer][index] = best
      }
    }
    return hasMoved
  }

  func quantized() -> QuantizedNetwork {
    let engine = optimization.engine
    return QuantizedNetwork(
      architecture: architecture, scheme: scheme,
      layers: engine.plans.enumerated().map { layer, plan in
        QuantizedLayer(
          shape: plan.shape, quantizer: scheme.quantizer(ofLayer: layer),
          scaleExponents: Array(repeating: scales[layer], count: plan.shape.outputChannels),
          values: plan.weights.indices.map { frozenLevel(layer, $0 - plan.weights.lowerBound) },
          biases: plan.biases.map { engine.parameters[$0] })
      }, mask: mask)
  }

  private func frozenLevel(_ layer: Int, _ index: Int) -> QuantizedValue {
    guard let level = levels[layer][index] else {
      preconditionFailure("weight \(index) of layer \(layer) is not frozen")
    }
    return level
  }

  /// Rounds the largest free weights, relative to their layer's scale, and takes them from the optimizer.
  private mutating func freezeLargest(untilFree target: Int) {
    let engine = optimization.engine
    var free: [(layer: Int, index: Int, parameter: Int, size: Double)] = []
    for (layer, plan) in engine.plans.enumerated() {
      for (index, parameter) in plan.weights.enumerated() where levels[layer][index] == nil {
        let size = Double(engine.parameters[parameter].magnitude) / powerOfTwo(scales[layer])
        free.append((layer, index, parameter, size))
      }
    }
    free.sort { ($0.size, $1.parameter) > ($1.size, $0.parameter) }
    for weight in free.prefix(max(0, free.count - target)) {
      let level = grid.nearest(
        to: Double(engine.parameters[weight.parameter]), scaleExponent: scales[weight.layer])
      levels[weight.layer][weight.index] = level
      engine.parameters[weight.parameter] = Float(level.value)
      engine.trainable[weight.parameter] = 0
    }
  }
}
