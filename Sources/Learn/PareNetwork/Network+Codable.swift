extension Network: Codable {
  private enum CodingKeys: String, CodingKey { case architecture, layers, mask }

  /// - Throws: ``NetworkError`` with code `.weights` when the parts do not fit each other: a damaged file never traps.
  public init(from decoder: any Decoder) throws {
    let values = try decoder.container(keyedBy: CodingKeys.self)
    let architecture = try values.decode(Architecture.self, forKey: .architecture)
    let layers = try values.decode([Layer].self, forKey: .layers)
    let mask = try values.decode(Mask.self, forKey: .mask)
    func check(_ holds: Bool, _ words: String) throws(NetworkError) {
      if !holds {
        throw NetworkError(.weights, words, hint: "the file was edited or damaged; make it again")
      }
    }
    try check(layers.map(\.shape) == architecture.layerShapes, "the layers do not fit")
    try check(
      mask.layers.map(\.count) == layers.map(\.weights.count), "the mask does not fit the layers")
    for (index, (layer, kept)) in zip(layers, mask.layers).enumerated() {
      try check(
        (layer.weights + layer.biases).allSatisfy(\.isFinite), "layer \(index) is not finite")
      try check(
        zip(layer.weights, kept).allSatisfy { $1 || $0 == 0 },
        "a pruned weight of layer \(index) is not zero")
      try check(
        architecture.hasBiases(inLayer: index) || layer.biases.allSatisfy { $0 == 0 },
        "layer \(index) has no biases")
    }
    try check(
      architecture.brokenTie(in: layers.map(\.weights)) == nil, "tied weights are not equal")
    self.init(architecture: architecture, layers: layers, mask: mask)
  }

  public func encode(to encoder: any Encoder) throws {
    var values = encoder.container(keyedBy: CodingKeys.self)
    try values.encode(architecture, forKey: .architecture)
    try values.encode(layers, forKey: .layers)
    try values.encode(mask, forKey: .mask)
  }
}
