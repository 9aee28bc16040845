import PareNetwork
import PareNumerics

extension ModelDocument {
  /// The checked integer network, which must be the quantized one in integers.
  ///
  /// A file without one means the integers of the format <16,6>.
  func fixedNetwork(of network: QuantizedNetwork) throws -> FixedNetwork {
    guard let fixed else { return try network.fixed(to: .uniform(for: architecture)) }
    let inputFormat = try fixed.inputFormat.format("fixed.inputFormat")
    let features = try fixedFeatures(fixed)
    guard fixed.layers.count == architecture.convolutions else {
      throw FixedError(
        contradiction: "\(fixed.layers.count) layers for \(architecture.convolutions)",
        at: "fixed.layers")
    }
    var formats = features.formats(of: architecture.features, input: inputFormat)
    var layers: [FixedLayer] = []
    for (index, layer) in fixed.layers.enumerated() {
      layers.append(try fixedLayer(index, layer, inputs: formats, of: network))
      formats = Array(
        repeating: layers[index].result.format, count: layers[index].shape.outputChannels)
    }
    let bits = layers[layers.count - 1].accumulatorFractionBits
    guard !architecture.hasSkip || bits >= inputFormat.fractionBits else {
      throw FixedError(
        contradiction: "the accumulator is coarser than the input that the skip adds",
        at: "fixed.layers[\(layers.count - 1)]")
    }
    let fixedNetwork = FixedNetwork(
      architecture: architecture, inputFormat: inputFormat, features: features, layers: layers,
      branch: try fixedBranch(
        fixed.branch, input: inputFormat, fractionBits: bits, of: network))
    try fixedNetwork.check()
    return fixedNetwork
  }

  private func fixedFeatures(_ fixed: Fixed) throws -> FixedFeatures {
    func requantizers(
      _ list: [Requantization]?, _ name: String, _ count: Int
    ) throws -> [Requantizer] {
      let list = list ?? []
      guard list.count == count else {
        throw FixedError(
          contradiction: "\(list.count) formats where the features need \(count)",
          at: "fixed.\(name)")
      }
      return try list.enumerated().map { try $1.requantizer("fixed.\(name)[\($0)]") }
    }
    let needed = architecture.features.envelopes
    let envelopes = try requantizers(fixed.envelopes, "envelopes", needed.count)
    return FixedFeatures(
      envelopes: envelopes,
      products: try requantizers(
        fixed.products, "products", architecture.features.count(where: \.isProduct)),
      magnitude: try magnitude(
        fixed.magnitude,
        formats: Dictionary(uniqueKeysWithValues: zip(needed, envelopes.map(\.format)))))
  }

  private func magnitude(
    _ table: Table?, formats: [Feature.Envelope: WordFormat]
  ) throws -> OddTable? {
    guard let root = formats[.power(1)], let square = formats[.power(2)] else {
      guard table == nil else {
        throw FixedError(contradiction: "no feature needs a table", at: "fixed.magnitude")
      }
      return nil
    }
    guard let table, (0...62).contains(table.shift), !table.values.isEmpty else {
      throw FixedError(contradiction: "a feature needs a table", at: "fixed.magnitude")
    }
    let magnitude = OddTable(shift: table.shift, values: table.values)
    guard magnitude.isMagnitude(of: square, result: root) else {
      throw FixedError(
        contradiction: "not a rising list from 0 with words of \(root) for all words of \(square)",
        at: "fixed.magnitude")
    }
    return magnitude
  }

  private func fixedLayer(
    _ index: Int, _ layer: IntegerLayer, inputs: [WordFormat], of network: QuantizedNetwork
  ) throws -> FixedLayer {
    let path = "fixed.layers[\(index)]"
    let shape = architecture.layerShapes[index]
    guard let taps = shape.flattened(layer.taps), layer.biases.count == shape.outputChannels else {
      throw FixedError(
        contradiction: "taps or biases do not have the shape \(shape.text)", at: path)
    }
    guard (taps + layer.biases).allSatisfy({ $0.magnitude < 1 << 60 }) else {
      throw FixedError(contradiction: "a tap or a bias is beyond 60 bits", at: path)
    }
    guard (-128...188).contains(layer.accumulatorFractionBits) else {
      throw FixedError(
        contradiction: "\(layer.accumulatorFractionBits) fraction bits in an accumulator", at: path)
    }
    guard architecture.hasBiases || layer.biases.allSatisfy({ $0 == 0 }) else {
      throw FixedError(
        contradiction: "a layer without biases has one that is not 0", at: "\(path).biases")
    }
    try checkTaps(
      taps, network.layers[index], inputs: inputs, fractionBits: layer.accumulatorFractionBits, path
    )
    let format = try layer.resultFormat.format("\(path).resultFormat")
    return FixedLayer(
      shape: shape, taps: taps, biases: layer.biases,
      accumulatorFractionBits: layer.accumulatorFractionBits,
      activation: try activation(
        of: layer, format: format, isLast: index == architecture.convolutions - 1, path: path),
      result: Requantizer(to: format, rounding: layer.rounding, overflow: layer.overflow))
  }

  private func fixedBranch(
    _ branch: IntegerBranch?, input: WordFormat, fractionBits: Int, of network: QuantizedNetwork
  ) throws -> FixedBranch? {
    guard let layer = architecture.branchLayer, let branch else {
      guard architecture.branch == nil, branch == nil else {
        throw FixedError(
          contradiction: "architecture and integer network do not agree on a branch",
          at: "fixed.branch")
      }
      return nil
    }
    let shape = architecture.layerShapes[layer]
    guard let taps = shape.flattened(branch.taps), taps.allSatisfy({ $0.magnitude < 1 << 60 })
    else {
      throw FixedError(
        contradiction: "taps beyond 60 bits, or not of the shape \(shape.text)",
        at: "fixed.branch.taps")
    }
    try checkTaps(
      taps, network.layers[layer],
      inputs: Array(repeating: input, count: architecture.inputChannels),
      fractionBits: fractionBits, "fixed.branch")
    return FixedBranch(shape: shape, taps: taps)
  }

  /// Taps of a layer with a quantizer are its weights exactly.
  private func checkTaps(
    _ taps: [Int64], _ layer: QuantizedLayer, inputs: [WordFormat], fractionBits: Int,
    _ path: String
  ) throws {
    guard layer.digits != nil else { return }
    for (position, (tap, weight)) in zip(taps, layer.weights).enumerated() {
      let input = position / layer.shape.kernelSize % layer.shape.inputChannels
      let unit = powerOfTwo(fractionBits - inputs[input].fractionBits)
      guard Double(tap) == Double(weight) * unit else {
        throw FixedError(
          contradiction: "the tap \(tap) is not the weight \(weight)", at: "\(path).taps")
      }
    }
  }

  private func activation(
    of layer: IntegerLayer, format: WordFormat, isLast: Bool, path: String
  ) throws -> FixedActivation {
    if isLast {
      if layer.activation == "identity", layer.table == nil { return .identity }
    } else {
      switch (architecture.activation, layer.activation, layer.table) {
      case (.relu, "relu", nil): return .relu
      case (.leakyReLU(let shift), architecture.activation.rawValue, nil):
        return .leakyReLU(shift: shift)
      case (.hardTanh, "hardtanh", nil): return .hardTanh
      case (.tanh, "lookup", let table?):
        guard (0...62).contains(table.shift), !table.values.isEmpty,
          table.values.allSatisfy({ format.range.contains($0) && format.range.contains(-$0) })
        else {
          throw FixedError(
            contradiction: "a shift or a value is out of range", at: "\(path).table")
        }
        return .lookup(OddTable(shift: table.shift, values: table.values))
      default: break
      }
    }
    throw FixedError(
      contradiction: "'\(layer.activation)' cannot stand here, or its table is missing",
      at: "\(path).activation")
  }
}
