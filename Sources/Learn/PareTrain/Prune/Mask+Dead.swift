import PareNetwork

extension Mask {
  /// Kept weights that cannot matter: their input channel hears nothing, or their output channel is not heard.
  ///
  /// Those of a linear branch always matter.
  func deadWeights(in architecture: Architecture) -> [[Bool]] {
    let shapes = Array(architecture.layerShapes.prefix(architecture.convolutions))
    // hears[l][c]: channel c of layer l's input depends on the network's input.
    var hears = [Array(repeating: true, count: architecture.features.count)]
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
    let branch = layers.dropFirst(shapes.count).map { $0.map { _ in false } }
    return dead.reversed() + branch
  }

  private func connects(_ layer: Int, _ shape: LayerShape, _ output: Int, _ input: Int) -> Bool {
    (0..<shape.kernelSize).contains {
      layers[layer][shape.index(output: output, input: input, tap: $0)]
    }
  }
}
