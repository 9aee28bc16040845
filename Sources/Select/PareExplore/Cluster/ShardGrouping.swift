/// How the parents of a sweep are dealt out to shards.
enum ShardGrouping {
  /// Shards that a large sweep should have, so that a wide cluster is in use: what a task is made longer or shorter for.
  private static let preferredCount = 200.0
  /// Expected seconds of a task: shorter ones are mostly start-up, longer ones lose more when they are killed.
  private static let shortest = 60.0
  private static let longest = 1800.0

  /// Expected seconds of a shard on one core.
  static func target(total: Double, minutes: Double?) -> Double {
    if let minutes { return minutes * 60 }
    return min(max(total / preferredCount, shortest), longest)
  }

  /// Gathers neighbours until they cost what a shard should; one that is dearer is a shard of its own.
  ///
  /// - Parameter costs: expected seconds of each parent with all its seeds; falling costs give the evenest shards.
  /// - Returns: ranges of the parents, in order, together all of them.
  static func ranges(of costs: [Double], target: Double) -> [Range<Int>] {
    precondition(target > 0, "target is \(target)")
    var ranges: [Range<Int>] = []
    var start = 0
    var sum = 0.0
    for (index, cost) in costs.enumerated() {
      if index > start, sum + cost > target {
        ranges.append(start..<index)
        start = index
        sum = 0
      }
      sum += cost
    }
    if start < costs.count { ranges.append(start..<costs.count) }
    return ranges
  }
}
