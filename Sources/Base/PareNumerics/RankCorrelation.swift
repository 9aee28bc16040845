/// How well one list of numbers orders what another is about: 1 the same order, -1 the opposite.
///
/// - Source: Spearman, The proof and measurement of association between two things, 1904; equal numbers share the mean of their
///   ranks, and the result is Pearson's correlation of the ranks.
public enum RankCorrelation {
  /// - Returns: nil when there are fewer than two numbers, or when all of a list are equal and have no order.
  public static func spearman(_ a: [Double], _ b: [Double]) -> Double? {
    precondition(a.count == b.count, "\(a.count) numbers and \(b.count)")
    let first = centered(meanRanks(of: a))
    let second = centered(meanRanks(of: b))
    let lengths = dotProduct(first, first) * dotProduct(second, second)
    guard lengths > 0 else { return nil }
    return dotProduct(first, second) / lengths.squareRoot()
  }

  /// The place of each number among all, from 1, rising.
  public static func meanRanks(of values: [Double]) -> [Double] {
    precondition(values.allSatisfy { !$0.isNaN }, "numbers without an order: \(values)")
    let order = values.indices.sorted { (values[$0], $0) < (values[$1], $1) }
    var ranks = [Double](repeating: 0, count: values.count)
    var start = 0
    while start < order.count {
      var end = start
      while end < order.count, values[order[end]] == values[order[start]] { end += 1 }
      for place in start..<end { ranks[order[place]] = Double(start + 1 + end) / 2 }
      start = end
    }
    return ranks
  }

  /// Less the mean, which of ranks is half the count plus a half; halves are exact.
  private static func centered(_ ranks: [Double]) -> [Double] {
    ranks.map { $0 - Double(ranks.count + 1) / 2 }
  }
}
