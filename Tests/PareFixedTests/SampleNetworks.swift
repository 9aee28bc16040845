import PareNetwork
import PareNumerics

/// A small quantized network with seeded digits: no training, every weight a sum of up to two digits.
func sampleNetwork(
  seed: UInt64, hidden: [Int] = [3], kernelSize: Int = 3, activation: Activation = .relu,
  lookAhead: Int = 1, hasSkip: Bool = true, quantizer: Quantizer = .apot(terms: 2, bits: 4)
) throws -> QuantizedNetwork {
  let architecture = try Architecture(
    hiddenChannels: hidden, kernelSize: kernelSize, activation: activation, lookAhead: lookAhead,
    hasSkip: hasSkip)
  var random = RandomStream(seed: seed).fork("sample network")
  let layers = architecture.layerShapes.map { shape in
    let digits: [[SignedDigit]] = (0..<shape.weightCount).map { _ in
      guard random.uniform() < 0.7 else { return [] }
      let isNegative = random.next() & 1 == 1
      let first = -random.index(below: 4)
      return [first, first - 1 - random.index(below: 3)].prefix(1 + random.index(below: 2)).map {
        SignedDigit(exponent: $0, isNegative: isNegative)
      }
    }
    let biases = (0..<shape.outputChannels).map { _ in Float(random.uniform() - 0.5) * 0.3 }
    let weights = digits.map { Float($0.reduce(0.0) { $0 + $1.value }) }
    return QuantizedLayer(
      shape: shape, quantizer: quantizer,
      scaleExponents: Array(repeating: 0, count: shape.outputChannels),
      digits: quantizer == .none ? nil : digits,
      weights: weights, biases: biases)
  }
  return QuantizedNetwork(
    architecture: architecture, scheme: QuantizationScheme(quantizer), layers: layers)
}

/// Seeded noise, `[channel][time]`, uniform in ±amplitude.
func noise(seed: UInt64, channels: Int = 2, count: Int, amplitude: Float = 1) -> [[Float]] {
  var random = RandomStream(seed: seed).fork("noise")
  return (0..<channels).map { _ in
    (0..<count).map { _ in Float(random.uniform() * 2 - 1) * amplitude }
  }
}

/// The network by its definition in double precision, one output at a time: an oracle that shares no code.
func directOutput(
  of network: QuantizedNetwork, _ input: [[Float]], activation: (Double) -> Double
) -> [[Double]] {
  let shape = network.architecture
  let length = input[0].count + shape.lookAhead
  var signal = input.map { $0.map(Double.init) + Array(repeating: 0, count: shape.lookAhead) }
  let padded = signal
  for (index, layer) in network.layers.enumerated() {
    signal = (0..<layer.shape.outputChannels).map { out in
      (0..<length).map { time in
        var sum = Double(layer.biases[out])
        for channel in 0..<layer.shape.inputChannels {
          for tap in 0..<layer.shape.kernelSize where time >= tap {
            sum +=
              Double(layer.weights[layer.shape.index(output: out, input: channel, tap: tap)])
              * signal[channel][time - tap]
          }
        }
        return index < network.layers.count - 1 ? activation(sum) : sum
      }
    }
  }
  return (0..<shape.outputChannels).map { out in
    (0..<input[0].count).map { time in
      signal[out][time + shape.lookAhead] + (shape.hasSkip ? padded[out][time] : 0)
    }
  }
}
