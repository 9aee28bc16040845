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
    try quantizer.validate(for: architecture)
    guard layers.count == shapes.count, fixed.layers.count == shapes.count else {
      throw contradiction(
        "layers", "\(layers.count) and \(fixed.layers.count) layers for \(shapes.count)")
    }
    let network = QuantizedNetwork(
      architecture: architecture, scheme: quantizer,
      layers: try zip(shapes, layers).enumerated().map { index, pair in
        try quantizedLayer(
          pair.1, shape: pair.0, quantizer: quantizer.quantizer(ofLayer: index),
          path: "layers[\(index)]")
      },
      mask: Mask(
        layers: try zip(shapes, layers).enumerated().map { index, pair in
          try mask(of: pair.1, shape: pair.0, path: "layers[\(index)].mask")
        }))
    return ModelFile(
      generator: generator, task: task, training: training, network: network,
      fixed: try fixedNetwork(shapes: shapes))
  }

  private func mask(of layer: FloatLayer, shape: LayerShape, path: String) throws -> [Bool] {
    guard let kept = shape.flattened(layer.mask), kept.allSatisfy({ $0 == 0 || $0 == 1 }) else {
      throw contradiction(path, "not zeros and ones of the shape \(shape.text)")
    }
    let weights = layer.weights.joined().joined()
    guard zip(weights, kept).allSatisfy({ $1 == 1 || $0 == 0 }) else {
      throw contradiction(path, "a pruned weight is not zero")
    }
    return kept.map { $0 == 1 }
  }

  private func quantizedLayer(
    _ layer: FloatLayer, shape: LayerShape, quantizer: Quantizer, path: String
  ) throws -> QuantizedLayer {
    guard let weights = shape.flattened(layer.weights), layer.biases.count == shape.outputChannels
    else { throw contradiction(path, "weights or biases do not have the shape \(shape.text)") }
    guard (weights + layer.biases).allSatisfy(\.isFinite) else {
      throw contradiction(path, "a weight or a bias is not finite")
    }
    var digits: [[SignedDigit]]?
    if let nested = layer.digits {
      guard let lists = shape.flattened(nested) else {
        throw contradiction("\(path).digits", "not of the shape \(shape.text)")
      }
      digits = try lists.map { list in
        try list.map { pair in
          guard pair.count == 2, pair[0].magnitude == 1, (-40...40).contains(pair[1]) else {
            throw contradiction("\(path).digits", "\(pair) is not [sign, exponent]")
          }
          return SignedDigit(exponent: pair[1], isNegative: pair[0] < 0)
        }
      }
      for (list, weight) in zip(digits!, weights)
      where list.reduce(0.0, { $0 + $1.value }) != Double(weight) {
        throw contradiction("\(path).digits", "the digits of weight \(weight) sum to another value")
      }
    }
    guard (digits == nil) == (quantizer == .none) else {
      throw contradiction("\(path).digits", "quantizer \(quantizer) and digits do not agree")
    }
    guard layer.scaleExponents.count == shape.outputChannels else {
      throw contradiction("\(path).scaleExponents", "not one for each output channel")
    }
    return QuantizedLayer(
      shape: shape, quantizer: quantizer, scaleExponents: layer.scaleExponents, digits: digits,
      weights: weights, biases: layer.biases)
  }

  private func fixedNetwork(shapes: [LayerShape]) throws -> FixedNetwork {
    let inputFormat = try fixed.inputFormat.format("fixed.inputFormat")
    var currentFormat = inputFormat
    var fixedLayers: [FixedLayer] = []
    for (index, (shape, layer)) in zip(shapes, fixed.layers).enumerated() {
      let path = "fixed.layers[\(index)]"
      let isLast = index == shapes.count - 1
      guard let taps = shape.flattened(layer.taps), layer.biases.count == shape.outputChannels
      else { throw contradiction(path, "taps or biases do not have the shape \(shape.text)") }
      guard (taps + layer.biases).allSatisfy({ $0.magnitude < 1 << 60 }) else {
        throw contradiction(path, "a tap or a bias is beyond 60 bits")
      }
      let format = try layer.resultFormat.format("\(path).resultFormat")
      guard (0...60).contains(layer.weightFractionBits),
        layer.accumulatorFractionBits == currentFormat.fractionBits + layer.weightFractionBits,
        (-60...60).contains(layer.accumulatorFractionBits - format.fractionBits)
      else { throw contradiction(path, "the fraction bits do not add up") }
      let fixedLayer = FixedLayer(
        shape: shape, taps: taps, weightFractionBits: layer.weightFractionBits,
        biases: layer.biases, accumulatorFractionBits: layer.accumulatorFractionBits,
        activation: try activation(of: layer, format: format, isLast: isLast, path: path),
        result: Requantizer(to: format, rounding: layer.rounding, overflow: layer.overflow))
      let skip = isLast && architecture.hasSkip
      guard !skip || layer.accumulatorFractionBits >= inputFormat.fractionBits else {
        throw contradiction(path, "the accumulator is coarser than the input that the skip adds")
      }
      try fixedLayer.checkAccumulators(
        index: index, input: currentFormat, skip: skip ? inputFormat : nil)
      fixedLayers.append(fixedLayer)
      currentFormat = format
    }
    return FixedNetwork(architecture: architecture, inputFormat: inputFormat, layers: fixedLayers)
  }

  private func activation(
    of layer: IntegerLayer, format: WordFormat, isLast: Bool, path: String
  ) throws -> FixedActivation {
    switch (layer.activation, layer.table, isLast) {
    case ("identity", nil, true): return .identity
    case ("relu", nil, false): return .relu
    case ("lookup", let table?, false):
      guard (0...62).contains(table.shift), !table.values.isEmpty,
        table.values.allSatisfy({ format.range.contains($0) && format.range.contains(-$0) })
      else { throw contradiction("\(path).table", "a shift or a value is out of range") }
      return .lookup(OddTable(shift: table.shift, values: table.values))
    default:
      throw contradiction(
        "\(path).activation", "'\(layer.activation)' cannot stand here, or its table is missing")
    }
  }

  private func contradiction(_ path: String, _ words: String) -> FixedError {
    FixedError(
      .contents(path: path), "\(path): \(words)",
      hint: "the file was edited or damaged; docs/model-format.md describes it")
  }
}

extension LayerShape {
  fileprivate var text: String { "[\(outputChannels)][\(inputChannels)][\(kernelSize)]" }
}
