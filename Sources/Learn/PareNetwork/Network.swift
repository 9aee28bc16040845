/// Weights and biases of one convolution.
public struct Layer: Hashable, Sendable, Codable {
  public let shape: LayerShape
  /// - Shape: `[out][in][tap]`, flat; tap 0 is the newest sample.
  public var weights: [Float]
  /// - Shape: `[out]`.
  public var biases: [Float]

  private enum CodingKeys: String, CodingKey { case shape, weights, biases }

  /// - Throws: ``NetworkError`` with code `.weights` when there are more or fewer weights or biases than the shape has.
  public init(from decoder: any Decoder) throws {
    let values = try decoder.container(keyedBy: CodingKeys.self)
    shape = try values.decode(LayerShape.self, forKey: .shape)
    weights = try values.decode([Float].self, forKey: .weights)
    biases = try values.decode([Float].self, forKey: .biases)
    guard weights.count == shape.weightCount, biases.count == shape.outputChannels else {
      throw NetworkError(
        .weights, "\(weights.count) weights and \(biases.count) biases for \(shape)",
        hint: "the file was edited or damaged; make it again")
    }
  }

  public init(shape: LayerShape, weights: [Float], biases: [Float]) {
    precondition(
      weights.count == shape.weightCount && biases.count == shape.outputChannels,
      "\(weights.count) weights and \(biases.count) biases for \(shape)")
    self.shape = shape
    self.weights = weights
    self.biases = biases
  }
}

/// Which weights are kept; pruned ones stay zero.
public struct Mask: Hashable, Sendable, Codable {
  /// - Shape: `[layer]`, then flat `[out][in][tap]`.
  public var layers: [[Bool]]

  public init(layers: [[Bool]]) { self.layers = layers }

  /// Keeps everything.
  public init(allOf architecture: Architecture) {
    layers = architecture.layerShapes.map { Array(repeating: true, count: $0.weightCount) }
  }

  /// Kept weights.
  public var count: Int { layers.reduce(0) { $0 + $1.count(where: \.self) } }

  /// How many weights a pruning level keeps: `round((1 - sparsity) * weights)`, at least one per layer.
  public static func targetCount(for architecture: Architecture, sparsity: Double) -> Int {
    let exact = (1 - sparsity) * Double(architecture.weightCount)
    return max(architecture.layerCount, Int(exact.rounded(.toNearestOrAwayFromZero)))
  }
}

/// A trained network in floating point.
public struct Network: Hashable, Sendable {
  public let architecture: Architecture
  /// In the order of ``Architecture/layerShapes``.
  public var layers: [Layer]
  public var mask: Mask

  /// - Precondition: layers have the shapes of the architecture, masked weights are 0, tied weights agree, and biases
  ///   that the architecture does not have are 0.
  public init(architecture: Architecture, layers: [Layer], mask: Mask) {
    precondition(layers.map(\.shape) == architecture.layerShapes, "layers do not fit")
    architecture.requireTies(layers.map(\.weights), biases: layers.map(\.biases))
    for (layer, kept) in zip(layers, mask.layers) {
      precondition(
        zip(layer.weights, kept).allSatisfy { $1 || $0 == 0 }, "a pruned weight is not zero")
    }
    self.architecture = architecture
    self.layers = layers
    self.mask = mask
  }

  /// Weights that are not zero, biases not counted.
  public var nonZeroCount: Int {
    layers.reduce(0) { $0 + $1.weights.count { $0 != 0 } }
  }
}
