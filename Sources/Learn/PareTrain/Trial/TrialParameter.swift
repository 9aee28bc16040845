import PareNetwork

/// One number that a fit may choose: a weight, a bias, or two tied weights.
struct TrialParameter: Hashable {
  let layer: Int
  let place: ParameterChange.Place
  /// The weight that follows, up to the sign.
  var follower: (index: Int, sign: Float)? { followerIndex.map { ($0, isNegated ? -1 : 1) } }
  private let followerIndex: Int?
  private let isNegated: Bool

  init(_ layer: Int, _ place: ParameterChange.Place, tie: WeightTie? = nil) {
    self.layer = layer
    self.place = place
    followerIndex = tie?.follower
    isNegated = tie?.isNegated ?? false
  }

  /// Weights that are one number.
  var weightCount: Int {
    switch place {
    case .weight: followerIndex == nil ? 1 : 2
    case .bias: 0
    }
  }

  /// What makes the parameter take a value.
  func changes(to value: Float) -> [ParameterChange] {
    let own = ParameterChange(layer: layer, place: place, value: value)
    guard let follower else { return [own] }
    return [own, .weight(layer, follower.index, value * follower.sign)]
  }

  /// Its positions in a layer's weights, the leader first.
  var indices: [Int] {
    guard case .weight(let index) = place else { return [] }
    return [index] + (followerIndex.map { [$0] } ?? [])
  }
}

extension Mask {
  /// The numbers behind the kept weights, in the order of layers and positions, without followers of ties.
  func freeWeights(in architecture: Architecture) -> [TrialParameter] {
    var ties: [[Int: WeightTie]] = layers.map { _ in [:] }
    var followers = layers.map { $0.map { _ in false } }
    for tie in architecture.ties {
      ties[tie.layer][tie.leader] = tie
      followers[tie.layer][tie.follower] = true
    }
    return layers.indices.flatMap { layer in
      layers[layer].indices.compactMap { index in
        layers[layer][index] && !followers[layer][index]
          ? TrialParameter(layer, .weight(index), tie: ties[layer][index]) : nil
      }
    }
  }
}

extension Architecture {
  /// All biases that exist.
  var freeBiases: [TrialParameter] {
    layerShapes.enumerated().flatMap { layer, shape in
      hasBiases(inLayer: layer)
        ? (0..<shape.outputChannels).map { TrialParameter(layer, .bias($0)) } : []
    }
  }
}

extension TrialError {
  func value(of parameter: TrialParameter) -> Float {
    switch parameter.place {
    case .weight(let index): weights[parameter.layer][index]
    case .bias(let channel): biases[parameter.layer][channel]
    }
  }
}
