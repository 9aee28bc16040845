import PareNetwork

/// Chooses the weights to drop and keeps the mask.
struct Pruner {
  private(set) var mask: Mask
  private let optimization: Optimization
  /// Samples on which saliency is measured; the same in all rounds.
  private let frames: [Frame]

  init(_ mask: Mask, _ optimization: Optimization) {
    self.mask = mask
    self.optimization = optimization
    let recipe = optimization.recipe
    frames = optimization.training.spreadFrames(
      ofLength: recipe.frameLength, samples: recipe.pruning.saliencySamples)
  }

  /// Drops the least important weights one by one until `count` are left, each layer keeping one.
  ///
  /// Weights that no longer reach the output, or that nothing reaches, go first.
  mutating func drop(to count: Int) throws {
    let scores = try importance()
    let order = scores.enumerated().flatMap { layer, list in
      list.enumerated().compactMap { index, score in
        mask.layers[layer][index] ? (layer: layer, index: index, score: score) : nil
      }
    }.sorted { $0.score < $1.score }
    while mask.count > count {
      let dead = mask.deadWeights(in: optimization.engine.architecture)
      let next =
        order.first { candidate in
          mask.layers[candidate.layer][candidate.index] && hasSpare(candidate.layer)
            && (dead[candidate.layer][candidate.index])
        } ?? order.first { mask.layers[$0.layer][$0.index] && hasSpare($0.layer) }
      guard let next else { preconditionFailure("no weight to drop on the way to \(count)") }
      mask.layers[next.layer][next.index] = false
      let parameter = optimization.engine.plans[next.layer].weights.lowerBound + next.index
      optimization.engine.parameters[parameter] = 0
    }
    optimization.engine.allowTraining(of: mask)
  }

  private func hasSpare(_ layer: Int) -> Bool {
    mask.layers[layer].count(where: \.self) > 1
  }

  /// `[layer][weight]`; only live weights have a meaning.
  private func importance() throws -> [[Double]] {
    let engine = optimization.engine
    switch optimization.recipe.pruning.method {
    case .magnitude:
      return engine.plans.map { $0.weights.map { Double(engine.parameters[$0].magnitude) } }
    case .saliency:
      var scores: [[Double]] = []
      for (layer, plan) in engine.plans.enumerated() {
        var list: [Double] = []
        for (index, parameter) in plan.weights.enumerated() {
          guard mask.layers[layer][index] else {
            list.append(0)
            continue
          }
          try Task.checkCancellation()
          let weight = engine.parameters[parameter]
          engine.parameters[parameter] = 0
          list.append(engine.relativeError(on: optimization.training, frames))
          engine.parameters[parameter] = weight
        }
        scores.append(list)
      }
      return scores
    }
  }
}

extension Mask {
  /// Kept weights that cannot matter: their input channel hears nothing, or their output channel is not heard.
  func deadWeights(in architecture: Architecture) -> [[Bool]] {
    let shapes = architecture.layerShapes
    // hears[l][c]: channel c of layer l's input depends on the network's input.
    var hears = [Array(repeating: true, count: architecture.inputChannels)]
    for (layer, shape) in shapes.enumerated() {
      hears.append(
        (0..<shape.outputChannels).map { output in
          (0..<shape.inputChannels).contains { input in
            hears[layer][input] && connects(layer, shape, output, input)
          }
        })
    }
    var isHeard = Array(repeating: true, count: architecture.outputChannels)
    var dead: [[Bool]] = []
    for (layer, shape) in shapes.enumerated().reversed() {
      let after = isHeard
      dead.append(
        layers[layer].indices.map { index in
          let output = index / (shape.inputChannels * shape.kernelSize)
          let input = index / shape.kernelSize % shape.inputChannels
          return layers[layer][index] && !(after[output] && hears[layer][input])
        })
      isHeard = (0..<shape.inputChannels).map { input in
        (0..<shape.outputChannels).contains { output in
          after[output] && connects(layer, shape, output, input)
        }
      }
    }
    return dead.reversed()
  }

  private func connects(_ layer: Int, _ shape: LayerShape, _ output: Int, _ input: Int) -> Bool {
    (0..<shape.kernelSize).contains {
      layers[layer][shape.index(output: output, input: input, tap: $0)]
    }
  }
}
