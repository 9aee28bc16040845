public import PareNetwork

/// The points of a sweep, gathered under the dense networks that they share.
public struct SweepTree: Sendable {
  /// A dense network, trained once per seed, and the points that are made of it.
  public struct Parent: Sendable {
    /// Of all that decides the dense network but the seed.
    public let key: String
    public let architecture: Architecture
    public let points: [PlannedPoint]
    /// Seconds that one seed is expected to take on one core.
    public let cost: Double
  }

  /// The dearest first, so that no long chain is left for the end; parents of equal cost by key.
  public let parents: [Parent]
  public let points: [PlannedPoint]

  public init(_ points: [PlannedPoint], of experiment: SweepContext) {
    let cost = SweepCost()
    self.points = points
    var gathered: [String: [PlannedPoint]] = [:]
    var order: [String] = []
    for point in points {
      let key = experiment.denseKey(of: point)
      if gathered[key] == nil { order.append(key) }
      gathered[key, default: []].append(point)
    }
    parents = order.map { key in
      let points = gathered[key]!
      return Parent(
        key: key, architecture: points[0].point.architecture, points: points,
        cost: cost.seconds(of: points))
    }.sorted { ($1.cost, $0.key) < ($0.cost, $1.key) }
  }
}
