import PareNetwork
import PareNumerics

/// Brings the weights of a network onto the grids of a scheme, and moves them along these.
///
/// Everything is measured on the samples of `trial`, whose parameters are the state; weights of layers without a quantizer
/// stay floats, and adapt together with the biases.
struct WeightFreezer {
  let architecture: Architecture
  let scheme: QuantizationScheme
  let mask: Mask
  let recipe: QuantizationRecipe
  let trial: TrialError
  /// Nil for a layer that stays float.
  let grids: [QuantizerGrid?]
  /// The numbers that are to lie on a grid.
  let units: [TrialParameter]
  /// Biases, and the weights of layers without a quantizer.
  let floats: [TrialParameter]
  /// `s`, `[layer][output channel]`.
  var scales: [[Int]]
  /// Level of each unit; nil while it still adapts.
  var levels: [QuantizedValue?]

  init(
    _ network: Network, _ scheme: QuantizationScheme, _ recipe: QuantizationRecipe,
    _ trial: TrialError
  ) {
    self.scheme = scheme
    self.recipe = recipe
    self.trial = trial
    architecture = network.architecture
    mask = network.mask
    let grids = network.layers.indices.map { scheme.quantizer(ofLayer: $0).grid }
    self.grids = grids
    scales = network.layers.enumerated().map { index, layer in
      grids[index].map { network.scaleExponents(ofLayer: index, for: $0, scheme.scale) }
        ?? Array(repeating: 0, count: layer.shape.outputChannels)
    }
    let weights = mask.freeWeights(in: architecture)
    units = weights.filter { grids[$0.layer] != nil }
    floats = weights.filter { grids[$0.layer] == nil } + architecture.freeBiases
    levels = units.map { _ in nil }
    trial.load(network)
  }

  /// The same search, standing at a quantized network of its scheme.
  init(_ network: QuantizedNetwork, _ other: WeightFreezer) {
    self = other
    scales = network.layers.map(\.scaleExponents)
    trial.load(network.network)
    freezeAll()
  }

  // MARK: state

  /// What a search may return to.
  struct State {
    let error: Double
    let scales: [[Int]]
    let levels: [QuantizedValue?]
    let parameters: (weights: [[Float]], biases: [[Float]])
  }

  var state: State {
    get {
      State(
        error: trial.current, scales: scales, levels: levels, parameters: trial.parameters)
    }
    set {
      scales = newValue.scales
      levels = newValue.levels
      trial.parameters = newValue.parameters
    }
  }

  func scale(of unit: TrialParameter) -> Int {
    let shape = architecture.layerShapes[unit.layer]
    return scales[unit.layer][unit.indices[0] / (shape.inputChannels * shape.kernelSize)]
  }

  func nearest(_ unit: TrialParameter, to value: Float) -> QuantizedValue {
    let grid = grids[unit.layer]!
    let level = grid.nearest(to: Double(value), scaleExponent: scale(of: unit))
    if suits(unit, level) { return level }
    return grid.neighbours(of: level.value, scaleExponent: scale(of: unit)).first {
      suits(unit, $0)
    }!
  }

  /// Whether the follower of a tie can take the level too: the lowest integer of a word has no opposite.
  private func suits(_ unit: TrialParameter, _ level: QuantizedValue) -> Bool {
    guard let follower = unit.follower else { return true }
    let other = level.value * Double(follower.sign)
    return grids[unit.layer]!.nearest(to: other, scaleExponent: scale(of: unit)).value == other
  }

  func level(_ index: Int) -> QuantizedValue {
    guard let level = levels[index] else { preconditionFailure("\(units[index]) is not frozen") }
    return level
  }

  func neighbours(_ index: Int) -> [QuantizedValue] {
    grids[units[index].layer]!.neighbours(
      of: level(index).value, scaleExponent: scale(of: units[index])
    ).filter { suits(units[index], $0) }
  }

  /// The network as it stands.
  ///
  /// - Precondition: everything is frozen.
  func quantized() -> QuantizedNetwork {
    let shapes = architecture.layerShapes
    var values: [[QuantizedValue]] = shapes.map { Array(repeating: .zero, count: $0.weightCount) }
    for (index, unit) in units.enumerated() {
      values[unit.layer][unit.indices[0]] = level(index)
      if let follower = unit.follower {
        values[unit.layer][follower.index] = grids[unit.layer]!.nearest(
          to: level(index).value * Double(follower.sign), scaleExponent: scale(of: unit))
      }
    }
    let layers = shapes.indices.map { layer in
      guard grids[layer] != nil else {
        return QuantizedLayer(
          shape: shapes[layer], quantizer: .none, scaleExponents: scales[layer], digits: nil,
          weights: trial.weights[layer].values, biases: trial.biases[layer].values)
      }
      return QuantizedLayer(
        shape: shapes[layer], quantizer: scheme.quantizer(ofLayer: layer),
        scaleExponents: scales[layer], values: values[layer], biases: trial.biases[layer].values)
    }
    return QuantizedNetwork(
      architecture: architecture, scheme: scheme, layers: layers, mask: mask)
  }

  // MARK: freezing

  /// Rounds every weight.
  mutating func freezeAll() { freeze(Array(units.indices)) }

  /// Rounds weights and keeps them there.
  mutating func freeze(_ indices: [Int]) {
    for index in indices {
      levels[index] = nearest(units[index], to: trial.value(of: units[index]))
    }
    trial.set(
      indices.map { units[$0] }, to: indices.map { Float(level($0).value) })
  }

  /// Freezes all free weights in groups, largest first relative to their scale; the others adapt between two groups.
  mutating func freezeInStages(
    _ stages: Int, adapt: ([TrialParameter]) throws -> Void
  ) throws {
    let total = levels.count { $0 == nil }
    for stage in 1...stages {
      let free = units.indices.filter { levels[$0] == nil }
      let left = total - total * stage / stages
      let order = free.map { index in
        (
          index: index,
          size: Double(trial.value(of: units[index]).magnitude)
            / powerOfTwo(scale(of: units[index]))
        )
      }.sorted { $0.size > $1.size }
      freeze(order.prefix(free.count - left).map(\.index))
      let rest = units.indices.filter { levels[$0] == nil }.map { units[$0] }
      try adapt(rest + floats)
    }
  }

  /// Variances of relative errors that the recipe wants parameters to bear, for ``TrialError/fit(_:steps:tolerances:)``.
  func tolerances(of parameters: [TrialParameter]) -> [Double] {
    let variances = grids.map { $0?.relativeRoundingVariance ?? 0 }
    return parameters.map {
      $0.weightCount == 0 ? 0 : recipe.tolerance * variances[$0.layer]
    }
  }

  func fitFloats() throws { try trial.fit(floats, steps: recipe.biasFits) }
}

extension QuantizerGrid {
  /// Mean square of the relative error that rounding makes of values over the three octaves below the largest level.
  fileprivate var relativeRoundingVariance: Double {
    let values = (0..<192).map { largest * (0.125 + 0.875 * (Double($0) + 0.5) / 192) }
    let sum = values.reduce(0) { sum, value in
      let error = nearest(to: value, scaleExponent: 0).value / value - 1
      return sum + error * error
    }
    return sum / Double(values.count)
  }
}
