public import PareNetwork
public import PareNumerics

/// A tensor of a network that has a word format of its own.
public enum FixedTensor: Hashable, Sendable, CustomStringConvertible {
  case input
  /// An envelope and its place in `[Feature].envelopes`.
  case envelope(Int, Feature.Envelope)
  /// A feature that is a product of a channel and an envelope, in the order of such features.
  case product(Int)
  /// The weights of a layer without a quantizer, the branch last; signed digits are exact and have no format.
  case weights(layer: Int)
  /// The biases of a convolution.
  case biases(layer: Int)
  /// The result of a hidden convolution.
  case activation(Int)
  case output

  public var description: String {
    switch self {
    case .input: "input"
    case .envelope(_, let envelope): envelope.description
    case .product(let index): "product \(index)"
    case .weights(let layer): "weights \(layer)"
    case .biases(let layer): "biases \(layer)"
    case .activation(let layer): "activation \(layer)"
    case .output: "output"
    }
  }
}

extension QuantizedNetwork {
  /// The tensors whose formats can be chosen, in the order of the flow.
  public var fixedTensors: [FixedTensor] {
    var tensors: [FixedTensor] = [.input]
    tensors += architecture.features.envelopes.enumerated().map { .envelope($0, $1) }
    tensors += (0..<architecture.features.count(where: \.isProduct)).map { .product($0) }
    for index in layers.indices {
      if layers[index].digits == nil { tensors.append(.weights(layer: index)) }
      guard index < architecture.convolutions else { continue }
      if architecture.hasBiases { tensors.append(.biases(layer: index)) }
      if index < architecture.convolutions - 1 { tensors.append(.activation(index)) }
    }
    return tensors + [.output]
  }
}

extension FixedFormats {
  /// The format of one tensor.
  ///
  /// - Precondition: the tensor exists, and biases have formats.
  public subscript(_ tensor: FixedTensor) -> WordFormat {
    get {
      switch tensor {
      case .input: input
      case .envelope(let index, _): envelopes[index]
      case .product(let index): products[index]
      case .weights(let layer): weights[layer]
      case .biases(let layer): biases[layer]
      case .activation(let layer): activations[layer]
      case .output: output
      }
    }
    set {
      switch tensor {
      case .input: input = newValue
      case .envelope(let index, _): envelopes[index] = newValue
      case .product(let index): products[index] = newValue
      case .weights(let layer): weights[layer] = newValue
      case .biases(let layer): biases[layer] = newValue
      case .activation(let layer): activations[layer] = newValue
      case .output: output = newValue
      }
    }
  }
}
