import PareNetwork
import PareNumerics

/// How many integer bits a tensor needs, sign included.
public struct TensorRange: Hashable, Sendable {
  public let tensor: FixedTensor
  /// For every value on the samples.
  public let observedIntegerBits: Int
  /// For every value that any input within the input's format can cause, by the sum of the weights' magnitudes.
  public let provenIntegerBits: Int
}

extension QuantizedNetwork {
  /// Observed and proven ranges; `formats` are those observed.
  func ranges(in formats: FixedFormats) -> [TensorRange] {
    let signal = formats.input.largestMagnitude * formats.input.resolution
    let features = architecture.features.map { feature -> Double in
      let envelope = feature.hasEnvelope ? feature.envelope.bound(signal) : 1
      return feature.channel == nil ? envelope : signal * envelope
    }
    var bounds: [FixedTensor: Double] = [:]
    for (index, envelope) in architecture.features.envelopes.enumerated() {
      bounds[.envelope(index, envelope)] = envelope.bound(signal)
    }
    for (index, bound) in zip(architecture.features, features).filter({ $0.0.isProduct })
      .enumerated()
    {
      bounds[.product(index)] = bound.1
    }
    var inputs = features
    for index in 0..<architecture.convolutions {
      let shape = layers[index].shape
      var sums = (0..<shape.outputChannels).map { output in
        abs(Double(layers[index].biases[output]))
          + layers[index].bound(ofOutput: output, inputs: inputs)
      }
      if index == architecture.convolutions - 1 {
        if architecture.hasSkip { sums = sums.map { $0 + signal } }
        if let branch = architecture.branchLayer {
          let signals = Array(repeating: signal, count: architecture.inputChannels)
          for output in sums.indices {
            sums[output] += layers[branch].bound(ofOutput: output, inputs: signals)
          }
        }
        bounds[.output] = sums.max()!
      } else {
        switch architecture.activation {
        case .relu, .leakyReLU: break
        case .hardTanh, .tanh: sums = sums.map { min($0, 1) }
        }
        bounds[.activation(index)] = sums.max()!
        inputs = sums
      }
    }
    return fixedTensors.map { tensor in
      let format = formats[tensor]
      // Weights and biases are known exactly, and the input is what its format lets in.
      let proven =
        bounds[tensor].map {
          FixedFormats.fitting($0, wordLength: format.wordLength).integerBits
        } ?? format.integerBits
      return TensorRange(
        tensor: tensor, observedIntegerBits: format.integerBits,
        provenIntegerBits: max(proven, format.integerBits))
    }
  }
}

extension Feature.Envelope {
  /// The largest magnitude, given that of a channel of the signal.
  fileprivate func bound(_ signal: Double) -> Double {
    switch origin {
    case .squares, .correlation: 2 * signal * signal
    case .root: Self.power(2).bound(signal).squareRoot()
    case .product(let a, let b): a.bound(signal) * b.bound(signal)
    }
  }
}

extension QuantizedLayer {
  /// The largest magnitude of a sum without its bias, given those of the inputs.
  fileprivate func bound(ofOutput output: Int, inputs: [Double]) -> Double {
    (0..<shape.inputChannels).reduce(0) { sum, input in
      let start = shape.index(output: output, input: input, tap: 0)
      return weights[start..<(start + shape.kernelSize)].reduce(sum) {
        $0 + abs(Double($1)) * inputs[input]
      }
    }
  }
}
