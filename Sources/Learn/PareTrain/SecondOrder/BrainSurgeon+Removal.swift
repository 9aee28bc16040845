import PareNetwork

extension BrainSurgeon {
  /// With the least damping, from `leastDamping` on in tens, that makes the curvature positive definite; nil when 1e8 does
  /// not.
  init?(
    _ equations: LinearizedError, _ values: [Double], scale: [Double], leastDamping: Double
  ) {
    var damping = leastDamping
    while damping < 1e9 {
      if let surgeon = BrainSurgeon(equations, values, damping: scale.map { $0 * damping }) {
        self = surgeon
        return
      }
      damping *= 10
    }
    return nil
  }

  /// Unknowns whose weights may go, the least saliency first: every layer keeps a weight, tied weights go together, and no
  /// more go than down to `least`.
  func removable(_ parameters: [FreeParameter], _ mask: Mask, downTo least: Int) -> [Int] {
    let room = mask.count - least
    var eligible = parameters.indices.filter { index in
      let parameter = parameters[index]
      let places = 1 + parameter.followers.count
      return !parameter.place.isBias && !isRemoved[index] && places <= room
        && mask.layers[parameter.place.layer].count(where: \.self) > places
    }
    let single = eligible.filter { parameters[$0].followers.isEmpty }
    // How many of them can go before each layer is down to one.
    let spare = mask.layers.indices.reduce(0) { sum, layer in
      let here = single.count { parameters[$0].place.layer == layer }
      return sum + min(here, mask.layers[layer].count(where: \.self) - 1)
    }
    if room.isMultiple(of: 2), spare == 1, eligible.count > single.count {
      // The last single weight would leave an odd number to pairs.
      eligible.removeAll { single.contains($0) }
    }
    return eligible.map { (index: $0, saliency: saliency($0)) }
      .sorted { ($0.saliency, $0.index) < ($1.saliency, $1.index) }.map(\.index)
  }
}

extension Mask {
  /// Prunes every weight of an unknown.
  mutating func remove(_ parameter: FreeParameter) {
    for place in [parameter.place] + parameter.followers.map(\.place) {
      layers[place.layer][place.index] = false
    }
  }
}
