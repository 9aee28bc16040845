/// The best candidates so far, by non-zero weights and NMSE: what a progress line shows.
public struct RunningFront: Hashable, Sendable {
  public struct Member: Hashable, Sendable, Codable {
    public let nnz: Int
    /// In dB, validation split, in integers.
    public let nmse: Double
  }

  /// By rising ``Member/nnz``, and so by falling NMSE.
  public private(set) var members: [Member] = []

  public init() {}

  mutating func insert(_ metrics: Metrics) {
    guard let nnz = metrics[.nnz], let nmse = metrics[.nmse] else { return }
    let member = Member(nnz: Int(nnz), nmse: nmse)
    guard !members.contains(where: { $0.nnz <= member.nnz && $0.nmse <= member.nmse }) else {
      return
    }
    members.removeAll { $0.nnz >= member.nnz && $0.nmse >= member.nmse }
    members.insert(member, at: members.firstIndex { $0.nnz > member.nnz } ?? members.count)
  }

  /// A few members, from the smallest to the best.
  public func sample(of count: Int) -> [Member] {
    guard members.count > count, count > 1 else { return members }
    return (0..<count).map { members[$0 * (members.count - 1) / (count - 1)] }
  }
}

extension Ledger {
  /// The front of those points that the ledger has.
  func front(of points: [PlannedPoint]) throws -> RunningFront {
    let own = Set(points.map(\.key))
    var front = RunningFront()
    for summary in try summaries() where own.contains(summary.key) {
      front.insert(summary.metrics)
    }
    return front
  }
}
