public import PareNetwork

/// Which parameters of a network may change; the others keep their values.
///
/// Pruned weights, and biases that the architecture does not have, never change whatever is said here. Tied weights
/// must agree.
public struct FreeParameters: Hashable, Sendable {
  /// - Shape: `[layer]`, then flat `[out][in][tap]`.
  public var weights: [[Bool]]
  /// - Shape: `[layer][out]`.
  public var biases: [[Bool]]

  public init(weights: [[Bool]], biases: [[Bool]]) {
    self.weights = weights
    self.biases = biases
  }

  /// Every kept weight and every bias.
  public init(allOf network: Network) {
    self.init(
      weights: network.mask.layers,
      biases: network.architecture.layerShapes.map {
        Array(repeating: true, count: $0.outputChannels)
      })
  }

  /// The biases alone.
  public init(biasesOf network: Network) {
    self.init(allOf: network)
    weights = weights.map { $0.map { _ in false } }
  }
}

/// One unknown of second-order training and every place in the network where it stands.
struct FreeParameter: Hashable {
  struct Place: Hashable {
    let layer: Int
    let isBias: Bool
    /// In the layer's flat weights or its biases.
    let index: Int
  }

  let place: Place
  /// Weights tied to the place.
  var followers: [(place: Place, isNegated: Bool)] = []

  static func == (left: FreeParameter, right: FreeParameter) -> Bool { left.place == right.place }

  func hash(into hasher: inout Hasher) { hasher.combine(place) }
}

extension FreeParameters {
  /// The unknowns, layer by layer, weights before biases; tied weights are one.
  ///
  /// - Precondition: sizes fit the network, and tied weights are both free or both fixed.
  func list(for network: Network) -> [FreeParameter] {
    let architecture = network.architecture
    precondition(
      weights.map(\.count) == network.layers.map(\.weights.count)
        && biases.map(\.count) == network.layers.map(\.biases.count),
      "free parameters do not fit \(architecture.name)")
    var leaders: [FreeParameter.Place: (leader: FreeParameter.Place, isNegated: Bool)] = [:]
    for tie in architecture.ties {
      precondition(
        weights[tie.layer][tie.leader] == weights[tie.layer][tie.follower]
          && network.mask.layers[tie.layer][tie.leader]
            == network.mask.layers[tie.layer][tie.follower],
        "only one of the tied weights \(tie) is free")
      leaders[.init(layer: tie.layer, isBias: false, index: tie.follower)] = (
        .init(layer: tie.layer, isBias: false, index: tie.leader), tie.isNegated
      )
    }
    var list: [FreeParameter] = []
    var followers: [(FreeParameter.Place, FreeParameter.Place, Bool)] = []
    for layer in network.layers.indices {
      for index in weights[layer].indices
      where weights[layer][index] && network.mask.layers[layer][index] {
        let place = FreeParameter.Place(layer: layer, isBias: false, index: index)
        if let (leader, isNegated) = leaders[place] {
          followers.append((leader, place, isNegated))
        } else {
          list.append(FreeParameter(place: place))
        }
      }
      guard architecture.hasBiases(inLayer: layer) else { continue }
      for index in biases[layer].indices where biases[layer][index] {
        list.append(FreeParameter(place: .init(layer: layer, isBias: true, index: index)))
      }
    }
    for (leader, place, isNegated) in followers {
      let position = list.firstIndex { $0.place == leader }!
      list[position].followers.append((place, isNegated))
    }
    return list
  }
}
