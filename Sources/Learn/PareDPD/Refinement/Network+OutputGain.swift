public import PareNetwork
public import PareSignal

extension Network {
  /// The network of two outputs whose output, read as I + jQ, is multiplied by a complex gain.
  ///
  /// The gain goes into the last convolution and the branch, where pruned weights come to life if the other part's are kept.
  /// A skip becomes a skip and a tap of the branch; a network that has none gets a branch of one tap.
  ///
  /// - Precondition: two inputs and two outputs.
  public func multiplied(by gain: Complex) -> Network {
    precondition(
      architecture.inputChannels == 2 && architecture.outputChannels == 2,
      "\(architecture.inputChannels) inputs and \(architecture.outputChannels) outputs")
    guard gain != Complex(1, 0) else { return self }
    var result = architecture.hasSkip && architecture.branch == nil ? withBranch() : self
    let last = architecture.convolutions - 1
    result.multiply(layer: last, by: gain)
    guard let layer = result.architecture.branchLayer, let branch = result.architecture.branch
    else { return result }
    result.multiply(layer: layer, by: gain)
    guard architecture.hasSkip else { return result }
    let shape = result.layers[layer].shape
    // What the skip lacks of the gain.
    let (re, im) = (Float(gain.re - 1), Float(gain.im))
    for (output, input, value) in [(0, 0, re), (0, 1, -im), (1, 0, im), (1, 1, re)] {
      let index = shape.index(output: output, input: input, tap: branch.lookAhead)
      result.layers[layer].weights[index] += value
      result.mask.layers[layer][index] = true
    }
    return result
  }

  private mutating func multiply(layer: Int, by gain: Complex) {
    let (re, im) = (Float(gain.re), Float(gain.im))
    let shape = layers[layer].shape
    let row = shape.inputChannels * shape.kernelSize
    for place in 0..<row {
      let (i, q) = (layers[layer].weights[place], layers[layer].weights[row + place])
      layers[layer].weights[place] = re * i - im * q
      layers[layer].weights[row + place] = im * i + re * q
      let isKept = mask.layers[layer][place] || mask.layers[layer][row + place]
      let isReal = im == 0
      mask.layers[layer][place] = isReal ? mask.layers[layer][place] : isKept
      mask.layers[layer][row + place] = isReal ? mask.layers[layer][row + place] : isKept
    }
    let (i, q) = (layers[layer].biases[0], layers[layer].biases[1])
    layers[layer].biases = [re * i - im * q, im * i + re * q]
  }

  private func withBranch() -> Network {
    guard
      let wider = try? Architecture(
        inputChannels: architecture.inputChannels, features: architecture.features,
        hiddenChannels: architecture.hiddenChannels,
        outputChannels: architecture.outputChannels, kernelSize: architecture.kernelSize,
        dilations: architecture.dilations, activation: architecture.activation,
        lookAhead: architecture.lookAhead, hasSkip: architecture.hasSkip,
        hasBiases: architecture.hasBiases, branch: LinearBranch(kernelSize: 1))
    else { preconditionFailure("no branch fits \(architecture.name)") }
    let shape = wider.layerShapes[architecture.convolutions]
    return Network(
      architecture: wider,
      layers: layers + [
        Layer(
          shape: shape, weights: Array(repeating: 0, count: shape.weightCount),
          biases: Array(repeating: 0, count: shape.outputChannels))
      ], mask: Mask(layers: mask.layers + [Array(repeating: false, count: shape.weightCount)]))
  }
}
