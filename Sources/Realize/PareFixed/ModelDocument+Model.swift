import PareNetwork
import PareNumerics

extension ModelDocument {
  /// The checked model: every shape, digit, format and range is verified, so that a damaged file never traps later.
  func model() throws -> ModelFile {
    guard schemaVersion == ModelFile.schemaVersion else {
      throw FixedError(
        .schemaVersion(schemaVersion),
        "schema version \(schemaVersion), and this program reads \(ModelFile.schemaVersion)",
        hint: "write the model again with this version of pare")
    }
    let shapes = architecture.layerShapes
    try requireAllOrNone()
    let scheme = quantizer ?? .none
    try scheme.validate(for: architecture)
    guard layers.count == shapes.count else {
      throw contradiction("layers", "\(layers.count) layers for \(shapes.count)")
    }
    let quantized = try zip(shapes, layers).enumerated().map { index, pair in
      try quantizedLayer(index, pair.1, scheme.quantizer(ofLayer: index), shape: pair.0)
    }
    if let tie = architecture.brokenTie(in: quantized.map(\.weights)) {
      throw contradiction(
        "layers[\(tie.layer)].weights", "the taps of the complex branch are not [[a, -b], [b, a]]")
    }
    let network = QuantizedNetwork(
      architecture: architecture, scheme: scheme, layers: quantized,
      mask: Mask(
        layers: try zip(shapes, layers).enumerated().map { index, pair in
          try mask(of: pair.1, shape: pair.0, path: "layers[\(index)].mask")
        }))
    return ModelFile(
      generator: generator, task: task, training: training, network: network,
      fixed: try fixedNetwork(of: network))
  }

  /// Refuses a file with only some of the members that may be left out together.
  private func requireAllOrNone() throws {
    let members =
      [("quantizer", quantizer != nil), ("fixed", fixed != nil)]
      + layers.enumerated().flatMap { index, layer in
        [
          ("layers[\(index)].mask", layer.mask != nil),
          ("layers[\(index)].scaleExponents", layer.scaleExponents != nil),
        ]
      }
    guard let missing = members.first(where: { !$0.1 }),
      members.contains(where: \.1) || layers.contains(where: { $0.digits != nil })
    else { return }
    throw FixedError(
      .contents(path: missing.0), "'\(missing.0)' is missing",
      hint: "a file has all of quantizer, mask, scaleExponents and fixed, or none of them")
  }

  private func mask(of layer: FloatLayer, shape: LayerShape, path: String) throws -> [Bool] {
    guard let listed = layer.mask else {
      return layer.weights.joined().joined().map { $0 != 0 }
    }
    guard let kept = shape.flattened(listed), kept.allSatisfy({ $0 == 0 || $0 == 1 }) else {
      throw contradiction(path, "not zeros and ones of the shape \(shape.text)")
    }
    let weights = layer.weights.joined().joined()
    guard zip(weights, kept).allSatisfy({ $1 == 1 || $0 == 0 }) else {
      throw contradiction(path, "a pruned weight is not zero")
    }
    return kept.map { $0 == 1 }
  }

  private func quantizedLayer(
    _ index: Int, _ layer: FloatLayer, _ quantizer: Quantizer, shape: LayerShape
  ) throws -> QuantizedLayer {
    let path = "layers[\(index)]"
    guard let weights = shape.flattened(layer.weights), layer.biases.count == shape.outputChannels
    else { throw contradiction(path, "weights or biases do not have the shape \(shape.text)") }
    guard (weights + layer.biases).allSatisfy(\.isFinite) else {
      throw contradiction(path, "a weight or a bias is not finite")
    }
    guard architecture.hasBiases(inLayer: index) || layer.biases.allSatisfy({ $0 == 0 }) else {
      throw contradiction("\(path).biases", "a layer without biases has one that is not 0")
    }
    let scales = layer.scaleExponents ?? Array(repeating: 0, count: shape.outputChannels)
    try checkScales(scales, index, quantizer, shape)
    let digits = try layer.digits.map {
      try signedDigits($0, weights: weights, scales, quantizer, shape, path)
    }
    guard (digits == nil) == (quantizer == .none) else {
      throw contradiction("\(path).digits", "quantizer \(quantizer) and digits do not agree")
    }
    return QuantizedLayer(
      shape: shape, quantizer: quantizer, scaleExponents: scales, digits: digits,
      weights: weights, biases: layer.biases)
  }

  private func checkScales(
    _ scales: [Int], _ index: Int, _ quantizer: Quantizer, _ shape: LayerShape
  ) throws {
    let path = "layers[\(index)].scaleExponents"
    guard scales.count == shape.outputChannels, scales.allSatisfy((-60...60).contains) else {
      throw contradiction(path, "not one from -60 to 60 for each output channel")
    }
    guard quantizer != .none || scales.allSatisfy({ $0 == 0 }) else {
      throw contradiction(path, "a layer without a quantizer has a scale")
    }
    let isTied = index == architecture.branchLayer && architecture.branch?.structure == .complex
    guard self.quantizer?.scale == .channel && !isTied || Set(scales).count == 1 else {
      throw contradiction(path, "channels that share a scale have different ones")
    }
  }

  /// The digits of a layer, each list that of a level of its channel's grid.
  private func signedDigits(
    _ nested: [[[[[Int]]]]], weights: [Float], _ scales: [Int], _ quantizer: Quantizer,
    _ shape: LayerShape, _ path: String
  ) throws -> [[SignedDigit]] {
    guard let lists = shape.flattened(nested) else {
      throw contradiction("\(path).digits", "not of the shape \(shape.text)")
    }
    let digits = try lists.map { list in
      try list.map { pair in
        guard pair.count == 2, pair[0].magnitude == 1, (-120...120).contains(pair[1]) else {
          throw contradiction("\(path).digits", "\(pair) is not [sign, exponent]")
        }
        return SignedDigit(exponent: pair[1], isNegative: pair[0] < 0)
      }
    }
    let row = shape.inputChannels * shape.kernelSize
    for (position, (list, weight)) in zip(digits, weights).enumerated() {
      guard list.reduce(0.0, { $0 + $1.value }) == Double(weight) else {
        throw contradiction("\(path).digits", "the digits of weight \(weight) sum to another value")
      }
      guard let grid = quantizer.grid else { continue }
      let scale = scales[position / row]
      let level = grid.nearest(to: Double(weight), scaleExponent: scale)
      guard level.value == Double(weight), level.digits == list else {
        throw contradiction(
          "\(path).digits", "\(weight) is no level of \(quantizer) at the scale 2^\(scale)")
      }
    }
    return digits
  }

  private func contradiction(_ path: String, _ words: String) -> FixedError {
    FixedError(contradiction: words, at: path)
  }
}

extension FixedError {
  init(contradiction words: String, at path: String) {
    self.init(
      .contents(path: path), "\(path): \(words)",
      hint: "the file was edited or damaged; docs/model-format.md describes it")
  }
}

extension LayerShape {
  var text: String { "[\(outputChannels)][\(inputChannels)][\(kernelSize)]" }
}
