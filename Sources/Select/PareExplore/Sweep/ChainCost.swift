import PareNetwork

/// What a chain is expected to cost: only for the order of work and for time estimates.
enum ChainCost {
  /// Seconds on one core, roughly, of one seed of a parent with these points.
  static func seconds(of points: [PlannedPoint]) -> Double {
    let weights = Double(points[0].point.architecture.weightCount)
    let quantized = Double(points.count { !$0.point.quantizer.isNone })
    return (0.5 + weights / 200) * (1 + 0.1 * quantized)
  }
}
