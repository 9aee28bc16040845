/// The shape of a streaming 1-D convolutional network: everything but its weights.
///
/// A stack of causal convolutions, with `activation` after each but the last, runs over features of the signal
/// `lookAhead` samples early. With `hasSkip` the signal is added to its output, and with a `branch` a linear filter of it:
///
///     y[n] = stack(... f[n + lookAhead - 1], f[n + lookAhead]) + branch(... x[n + branch.lookAhead]) + x[n]
///
/// Every convolution starts from zeros before the first sample; as many zeros as the larger look-ahead follow the last.
///
/// ## Layers
/// Weights, masks and word formats are lists over ``layerShapes``: the stack from input to output, then the branch.
public struct Architecture: Hashable, Sendable, Codable {
  /// Channels of the signal.
  public let inputChannels: Int
  /// Input channels of the first convolution.
  public let features: [Feature]
  /// Channels of each hidden convolution; empty for a single convolution.
  public let hiddenChannels: [Int]
  public let outputChannels: Int
  public let kernelSize: Int
  /// Samples from one tap to the next, for each convolution of the stack.
  public let dilations: [Int]
  public let activation: Activation
  /// Samples of the future that an output of the stack sees; hardware pays it as latency.
  public let lookAhead: Int
  /// Whether the signal is added to the output.
  public let hasSkip: Bool
  /// Whether convolutions of the stack have biases; those of a network without are 0.
  public let hasBiases: Bool
  public let branch: LinearBranch?

  /// - Parameters:
  ///   - features: the signal's channels as they are when nil.
  ///   - dilations: 1 everywhere when nil.
  /// - Throws: ``NetworkError`` when a size is not positive, a look-ahead exceeds its receptive field, a feature or a skip
  ///   does not fit the channel counts, or a complex branch does not join 2 channels to 2.
  public init(
    inputChannels: Int = 2, features: [Feature]? = nil, hiddenChannels: [Int],
    outputChannels: Int = 2, kernelSize: Int, dilations: [Int]? = nil,
    activation: Activation = .relu, lookAhead: Int = 0, hasSkip: Bool = true,
    hasBiases: Bool = true, branch: LinearBranch? = nil
  ) throws(NetworkError) {
    self.inputChannels = inputChannels
    self.features = features ?? (0..<max(0, inputChannels)).map { .signal($0) }
    self.hiddenChannels = hiddenChannels
    self.outputChannels = outputChannels
    self.kernelSize = kernelSize
    self.dilations = dilations ?? Array(repeating: 1, count: hiddenChannels.count + 1)
    self.activation = activation
    self.lookAhead = lookAhead
    self.hasSkip = hasSkip
    self.hasBiases = hasBiases
    self.branch = branch
    try validate()
  }

  /// Members that a plain network has no need of may be absent.
  public init(from decoder: any Decoder) throws {
    let values = try decoder.container(keyedBy: CodingKeys.self)
    try self.init(
      inputChannels: values.decode(Int.self, forKey: .inputChannels),
      features: values.decodeIfPresent([Feature].self, forKey: .features),
      hiddenChannels: values.decode([Int].self, forKey: .hiddenChannels),
      outputChannels: values.decode(Int.self, forKey: .outputChannels),
      kernelSize: values.decode(Int.self, forKey: .kernelSize),
      dilations: values.decodeIfPresent([Int].self, forKey: .dilations),
      activation: values.decode(Activation.self, forKey: .activation),
      lookAhead: values.decode(Int.self, forKey: .lookAhead),
      hasSkip: values.decode(Bool.self, forKey: .hasSkip),
      hasBiases: values.decodeIfPresent(Bool.self, forKey: .hasBiases) ?? true,
      branch: values.decodeIfPresent(LinearBranch.self, forKey: .branch))
  }

  /// Convolutions of the stack, the output layer included (the paper's "hidden layers").
  public var convolutions: Int { hiddenChannels.count + 1 }

  /// The stack's convolutions from input to output, then the branch if there is one.
  public var layerShapes: [LayerShape] {
    let channels = [features.count] + hiddenChannels + [outputChannels]
    let stack = dilations.indices.map {
      LayerShape(
        outputChannels: channels[$0 + 1], inputChannels: channels[$0], kernelSize: kernelSize,
        dilation: dilations[$0])
    }
    guard let branch else { return stack }
    return stack + [
      LayerShape(
        outputChannels: outputChannels, inputChannels: inputChannels,
        kernelSize: branch.kernelSize)
    ]
  }

  /// The branch's place among the layers.
  public var branchLayer: Int? { branch == nil ? nil : convolutions }

  public var layerCount: Int { convolutions + (branch == nil ? 0 : 1) }

  /// Weights of all layers, biases not counted.
  public var weightCount: Int { layerShapes.reduce(0) { $0 + $1.weightCount } }

  /// Past samples that an output of the stack depends on.
  public var stackPastSamples: Int { convolutionMemory + featurePastSamples - lookAhead }

  /// Past features that an output of the stack depends on, were there no look-ahead.
  public var convolutionMemory: Int { dilations.reduce(0, +) * (kernelSize - 1) }

  /// Past samples that a feature depends on.
  public var featurePastSamples: Int { features.map(\.pastSamples).max()! }

  /// Past samples that an output depends on.
  public var pastSamples: Int { max(stackPastSamples, branch?.pastSamples ?? 0) }

  /// Future samples that an output depends on: the latency, in samples, that no pipelining removes.
  public var futureSamples: Int { max(lookAhead, branch?.lookAhead ?? 0) }

  /// Samples of the signal that one output depends on.
  public var receptiveField: Int { pastSamples + futureSamples + 1 }

  /// Short name such as `k5-c8-n2-relu` or `k5-c4-n2-tanh-fir31`.
  public var name: String {
    var parts = ["k\(kernelSize)"]
    if Set(hiddenChannels).count == 1 {
      parts.append("c\(hiddenChannels[0])")
    } else {
      parts.append("c\(hiddenChannels.map(String.init).joined(separator: "x"))")
      if hiddenChannels.isEmpty { parts[1] = "c0" }
    }
    parts.append("n\(convolutions)")
    parts.append(activation.rawValue.replacing(":", with: ""))
    if dilations.contains(where: { $0 != 1 }) {
      parts.append("d\(dilations.map(String.init).joined(separator: "x"))")
    }
    if features.count != inputChannels || features.contains(where: \.hasEnvelope) {
      parts.append("f\(features.count)")
    }
    if !hasBiases { parts.append("nobias") }
    if let branch {
      parts.append("\(branch.structure == .complex ? "cfir" : "fir")\(branch.kernelSize)")
    }
    return parts.joined(separator: "-")
  }
}
