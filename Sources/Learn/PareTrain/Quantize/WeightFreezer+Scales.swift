import PareNetwork

extension WeightFreezer {
  /// Tries the scales beside each one: rounds what shares it anew, moves these weights along their new grid, and keeps what
  /// lowers the error.
  ///
  /// - Returns: whether any scale changed.
  mutating func searchScales() throws -> Bool {
    var hasChanged = false
    for layer in grids.indices where grids[layer] != nil {
      for channels in channelGroups(ofLayer: layer) {
        let own = units.indices.filter { index in
          units[index].layer == layer && channels.contains(channel(of: units[index]))
        }
        guard !own.isEmpty else { continue }
        for step in [-1, 1] {
          try Task.checkCancellation()
          let before = state
          for channel in channels { scales[layer][channel] += step }
          freeze(own)
          try fitFloats()
          _ = try descendOnce(over: own)
          try fitFloats()
          if trial.current < before.error {
            hasChanged = true
            break
          }
          state = before
        }
      }
    }
    return hasChanged
  }

  private func channel(of unit: TrialParameter) -> Int {
    let shape = architecture.layerShapes[unit.layer]
    return unit.indices[0] / (shape.inputChannels * shape.kernelSize)
  }

  /// Output channels that share a scale.
  private func channelGroups(ofLayer layer: Int) -> [Range<Int>] {
    let channels = architecture.layerShapes[layer].outputChannels
    let isTied = layer == architecture.branchLayer && architecture.branch?.structure == .complex
    return scheme.scale == .layer || isTied
      ? [0..<channels] : (0..<channels).map { $0..<$0 + 1 }
  }
}
