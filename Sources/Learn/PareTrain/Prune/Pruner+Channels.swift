import PareNetwork

extension Pruner {
  /// All weights that a hidden channel, or a tap of the branch, has.
  private struct Group {
    /// Distinct numbers; tied weights are one.
    let units: [TrialParameter]
    /// Those whose absence silences it.
    let outgoing: [TrialParameter]
    var weightCount: Int { units.reduce(0) { $0 + $1.weightCount } }
  }

  /// Drops whole groups, those whose absence raises the measured loss least per weight first; single weights once no group
  /// fits.
  ///
  /// - Parameter floor: how far below the count a group may lead.
  mutating func dropChannels(to count: Int, floor: Int) throws {
    while mask.count > count {
      try Task.checkCancellation()
      let groups = groups().filter { fits($0, floor) }
      guard !groups.isEmpty else { return try dropWeights(to: count) }
      trial.load(optimization.engine)
      let costs = groups.map { group in
        (trial.error(with: group.outgoing.flatMap { $0.changes(to: 0) }) - trial.current)
          / Double(group.weightCount)
      }
      let best = groups.indices.min { costs[$0] < costs[$1] }!
      for unit in groups[best].units { remove(unit) }
    }
  }

  private func fits(_ group: Group, _ count: Int) -> Bool {
    guard mask.count - group.weightCount >= count else { return false }
    return mask.layers.indices.allSatisfy { layer in
      let own = group.units.reduce(0) { $0 + ($1.layer == layer ? $1.weightCount : 0) }
      return own == 0 || mask.layers[layer].count(where: \.self) > own
    }
  }

  private func groups() -> [Group] {
    let units = mask.freeWeights(in: architecture)
    let shapes = architecture.layerShapes
    var groups: [Group] = []
    for (layer, channels) in architecture.hiddenChannels.enumerated() {
      for channel in 0..<channels {
        let into = units.filter { unit in
          unit.layer == layer
            && unit.indices[0] / (shapes[layer].inputChannels * shapes[layer].kernelSize) == channel
        }
        let out = units.filter { unit in
          unit.layer == layer + 1
            && unit.indices[0] / shapes[layer + 1].kernelSize % shapes[layer + 1].inputChannels
              == channel
        }
        if !(into + out).isEmpty { groups.append(Group(units: into + out, outgoing: out)) }
      }
    }
    if let branch = architecture.branchLayer {
      for tap in 0..<shapes[branch].kernelSize {
        let own = units.filter {
          $0.layer == branch && $0.indices[0] % shapes[branch].kernelSize == tap
        }
        if !own.isEmpty { groups.append(Group(units: own, outgoing: own)) }
      }
    }
    return groups
  }
}
