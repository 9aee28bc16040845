/// The nonlinearity between two convolutions; the last convolution has none.
public enum Activation: String, Hashable, Sendable, Codable, CaseIterable {
  case relu
  case tanh
}

/// Sizes of one convolution.
public struct LayerShape: Hashable, Sendable, Codable {
  public let outputChannels: Int
  public let inputChannels: Int
  public let kernelSize: Int

  public init(outputChannels: Int, inputChannels: Int, kernelSize: Int) {
    self.outputChannels = outputChannels
    self.inputChannels = inputChannels
    self.kernelSize = kernelSize
  }

  public var weightCount: Int { outputChannels * inputChannels * kernelSize }

  /// Position of a tap in a flat `[out][in][tap]` array; tap 0 meets the newest sample.
  public func index(output: Int, input: Int, tap: Int) -> Int {
    (output * inputChannels + input) * kernelSize + tap
  }
}

/// The shape of a streaming 1-D convolutional network: everything but its weights.
///
/// A stack of causal convolutions, with `activation` after each but the last, runs over the signal `lookAhead` samples
/// early; with `hasSkip` the input is added to its output:
///
///     y[n] = stack(... x[n + lookAhead - 1], x[n + lookAhead]) + x[n]
///
/// Every convolution starts from zeros before the first sample; `lookAhead` zeros follow the last.
public struct Architecture: Hashable, Sendable, Codable {
  public let inputChannels: Int
  /// Channels of each hidden convolution; empty for a single convolution.
  public let hiddenChannels: [Int]
  public let outputChannels: Int
  public let kernelSize: Int
  public let activation: Activation
  /// Samples of the future that an output sees; hardware pays it as latency.
  public let lookAhead: Int
  /// Whether the input is added to the output.
  public let hasSkip: Bool

  /// - Throws: ``NetworkError`` when a size is not positive, the look-ahead exceeds the receptive field, or a skip joins
  ///   different channel counts.
  public init(
    inputChannels: Int = 2, hiddenChannels: [Int], outputChannels: Int = 2, kernelSize: Int,
    activation: Activation = .relu, lookAhead: Int = 0, hasSkip: Bool = true
  ) throws(NetworkError) {
    for (name, size) in [
      ("input channels", inputChannels), ("output channels", outputChannels),
      ("kernel size", kernelSize),
    ] + hiddenChannels.map({ ("hidden channels", $0) }) {
      guard (1...4096).contains(size) else {
        throw NetworkError(.architecture, "\(name) is \(size)", hint: "give a size from 1 to 4096")
      }
    }
    let receptiveField = (hiddenChannels.count + 1) * (kernelSize - 1) + 1
    guard (0..<receptiveField).contains(lookAhead) else {
      throw NetworkError(
        .architecture, "look-ahead \(lookAhead) is outside the receptive field",
        hint: "give 0 to \(receptiveField - 1)")
    }
    guard !hasSkip || inputChannels == outputChannels else {
      throw NetworkError(
        .architecture, "a skip cannot join \(inputChannels) inputs to \(outputChannels) outputs",
        hint: "make the counts equal or turn the skip off")
    }
    self.inputChannels = inputChannels
    self.hiddenChannels = hiddenChannels
    self.outputChannels = outputChannels
    self.kernelSize = kernelSize
    self.activation = activation
    self.lookAhead = lookAhead
    self.hasSkip = hasSkip
  }

  public init(from decoder: any Decoder) throws {
    let values = try decoder.container(keyedBy: CodingKeys.self)
    try self.init(
      inputChannels: values.decode(Int.self, forKey: .inputChannels),
      hiddenChannels: values.decode([Int].self, forKey: .hiddenChannels),
      outputChannels: values.decode(Int.self, forKey: .outputChannels),
      kernelSize: values.decode(Int.self, forKey: .kernelSize),
      activation: values.decode(Activation.self, forKey: .activation),
      lookAhead: values.decode(Int.self, forKey: .lookAhead),
      hasSkip: values.decode(Bool.self, forKey: .hasSkip))
  }

  /// All convolutions, the output layer included (the paper's "hidden layers").
  public var convolutions: Int { hiddenChannels.count + 1 }

  /// Input samples that one output depends on.
  public var receptiveField: Int { convolutions * (kernelSize - 1) + 1 }

  public var layerShapes: [LayerShape] {
    let channels = [inputChannels] + hiddenChannels + [outputChannels]
    return zip(channels, channels.dropFirst()).map {
      LayerShape(outputChannels: $1, inputChannels: $0, kernelSize: kernelSize)
    }
  }

  /// Weights of all layers, biases not counted.
  public var weightCount: Int { layerShapes.reduce(0) { $0 + $1.weightCount } }

  /// Short name such as `k5-c8-n2-relu`.
  public var name: String {
    let hidden =
      Set(hiddenChannels).count == 1
      ? "\(hiddenChannels[0])" : hiddenChannels.map(String.init).joined(separator: "x")
    return
      "k\(kernelSize)-c\(hiddenChannels.isEmpty ? "0" : hidden)-n\(convolutions)-\(activation.rawValue)"
  }
}
