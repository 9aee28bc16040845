import PareNetwork
import PareNumerics
import Testing

@Suite struct `Rounding a network` {
  /// Some weights pruned, layers of very different size.
  func network() throws -> Network {
    let architecture = try Architecture(hiddenChannels: [6], kernelSize: 5)
    var random = RandomStream(seed: 21)
    let layers = architecture.layerShapes.enumerated().map { index, shape in
      Layer(
        shape: shape,
        weights: (0..<shape.weightCount).map {
          $0 % 4 == 1 ? 0 : Float(random.normal() * (index == 0 ? 3.7 : 0.011))
        },
        biases: (0..<shape.outputChannels).map { _ in Float(random.normal()) })
    }
    return Network(
      architecture: architecture, layers: layers,
      mask: Mask(layers: layers.map { $0.weights.indices.map { $0 % 4 != 1 } }))
  }

  @Test(arguments: `Quantizer grids`.quantizers)
  func `every weight is the nearest level at the layer's scale`(quantizer: Quantizer) throws {
    let network = try network()
    let quantized = network.quantized(by: QuantizationScheme(quantizer))
    let grid = quantizer.grid!
    for (layer, original) in zip(quantized.layers, network.layers) {
      for (weight, source) in zip(layer.weights, original.weights) {
        let level = grid.nearest(to: Double(source), scaleExponent: layer.scaleExponents[0])
        #expect(level.value == Double(weight))
        #expect(
          grid.nearest(to: Double(weight), scaleExponent: layer.scaleExponents[0]).value
            == Double(weight))
      }
      #expect(layer.biases == original.biases)
    }
    #expect(quantized.nonZeroCount <= network.mask.count)
    #expect(quantized.network.layers.map(\.weights) == quantized.layers.map(\.weights))
  }

  @Test(arguments: `Quantizer grids`.quantizers)
  func `no other scale has a smaller squared error`(quantizer: Quantizer) throws {
    let network = try network()
    let grid = quantizer.grid!
    for layer in network.layers {
      func error(_ scale: Int) -> Double {
        layer.weights.reduce(0) {
          let error = grid.nearest(to: Double($1), scaleExponent: scale).value - Double($1)
          return $0 + error * error
        }
      }
      let chosen = grid.bestScaleExponent(for: layer.weights)
      for scale in -40...20 { #expect(error(chosen) <= error(scale), "\(scale) beats \(chosen)") }
    }
  }

  @Test func `without a quantizer weights stay and have no digits`() throws {
    let network = try network()
    let quantized = network.quantized(by: .none)
    #expect(quantized.layers.allSatisfy { $0.digits == nil })
    #expect(quantized.layers.map(\.weights) == network.layers.map(\.weights))
  }

  @Test func `a layer of zeros stays zero`() throws {
    let architecture = try Architecture(hiddenChannels: [], kernelSize: 2)
    let shape = architecture.layerShapes[0]
    let network = Network(
      architecture: architecture,
      layers: [Layer(shape: shape, weights: [Float](repeating: 0, count: 8), biases: [1, 2])],
      mask: Mask(allOf: architecture))
    let quantized = network.quantized(by: .pot(bits: 4))
    #expect(quantized.nonZeroCount == 0 && quantized.layers[0].scaleExponents == [0, 0])
  }

  @Test func `a scale for each channel rounds at least as well as one for the layer`() throws {
    let network = try network()
    let scheme = QuantizationScheme(.pot(bits: 3), scale: .channel)
    let byChannel = network.quantized(by: scheme)
    let byLayer = network.quantized(by: .pot(bits: 3))
    for (index, layer) in network.layers.enumerated() {
      let row = layer.shape.inputChannels * layer.shape.kernelSize
      let grid = Quantizer.pot(bits: 3).grid!
      for (position, weight) in byChannel.layers[index].weights.enumerated() {
        let scale = byChannel.layers[index].scaleExponents[position / row]
        #expect(
          grid.nearest(to: Double(layer.weights[position]), scaleExponent: scale).value
            == Double(weight))
      }
      func error(_ quantized: QuantizedLayer) -> Double {
        zip(quantized.weights, layer.weights).reduce(0) {
          $0 + (Double($1.0) - Double($1.1)) * (Double($1.0) - Double($1.1))
        }
      }
      #expect(error(byChannel.layers[index]) <= error(byLayer.layers[index]))
    }
  }

  @Test func `layers may have different quantizers, or none`() throws {
    let network = try network()
    let scheme = QuantizationScheme([.none, .digits(2)])
    let quantized = network.quantized(by: scheme)
    #expect(quantized.layers[0].digits == nil && quantized.layers[1].digits != nil)
    #expect(quantized.layers[0].weights == network.layers[0].weights)
    #expect(quantized.layers.map(\.quantizer) == [.none, .digits(2)])
  }
}
