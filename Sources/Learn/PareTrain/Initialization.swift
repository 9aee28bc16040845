import PareNetwork
import PareNumerics

extension Network {
  /// Random weights to start from: variance 2/fan in hidden layers, with one and a half times the deviation in the first,
  /// 1/fan in the output layer; hidden biases, where there are any, with deviation 0.01, output biases 0. A linear branch
  /// starts from zero.
  ///
  /// - Source: He et al., Delving Deep into Rectifiers, ICCV 2015, equation 10, for the hidden layers.
  init(randomized architecture: Architecture, from random: RandomStream) {
    var layers: [Layer] = []
    for (index, shape) in architecture.layerShapes.enumerated() {
      var stream = random.fork("layer \(index)")
      let isLast = index == architecture.convolutions - 1
      let isBranch = index == architecture.branchLayer
      let fan = Double(shape.inputChannels * shape.kernelSize)
      let deviation = ((isLast ? 1 : 2) / fan).squareRoot() * (index == 0 && !isLast ? 1.5 : 1)
      let weights = (0..<shape.weightCount).map { _ in
        isBranch ? 0 : Float(stream.normal() * deviation)
      }
      let biases = (0..<shape.outputChannels).map { _ in
        isLast || !architecture.hasBiases(inLayer: index) ? 0 : Float(stream.normal() * 0.01)
      }
      layers.append(Layer(shape: shape, weights: weights, biases: biases))
    }
    self.init(architecture: architecture, layers: layers, mask: Mask(allOf: architecture))
  }
}
