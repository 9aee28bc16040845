/// The candidates that no other one dominates: none is as good in every objective and better in one.
///
/// Candidates of equal figures do not dominate each other: all of them are members, and ``ExclusionRules`` decide between them.
/// A candidate that lacks an objective's figure, or has an infinite one, cannot be compared and is left out.
public struct ParetoFront: Hashable, Sendable {
  public let objectives: [Objective]
  /// Best first by the first objective, then by the others in turn, then by key.
  public let members: [CandidateSummary]
  /// Candidates that lack an objective.
  public let incomparableCount: Int
  /// One row of costs per member: its figures, negated where more is better.
  let costs: [[Double]]

  /// - Complexity: O(n log n) for up to two objectives, O(n * members) comparisons for more.
  public init(of candidates: [CandidateSummary], objectives: [Objective]) {
    precondition(!objectives.isEmpty, "a front of no objective")
    let width = objectives.count
    var comparable: [Int] = []
    comparable.reserveCapacity(candidates.count)
    // Flat, `[place * width + objective]`.
    var costs: [Double] = []
    costs.reserveCapacity(candidates.count * width)
    for (index, candidate) in candidates.enumerated() {
      let row = objectives.compactMap { $0.cost(of: candidate.metrics) }
      guard row.count == width else { continue }
      comparable.append(index)
      costs += row
    }
    let order = comparable.indices.sorted { a, b in
      for objective in 0..<width {
        let (left, right) = (costs[a * width + objective], costs[b * width + objective])
        if left != right { return left < right }
      }
      return candidates[comparable[a]].key < candidates[comparable[b]].key
    }
    let kept = Self.undominated(order, costs, width)
    self.objectives = objectives
    members = kept.map { candidates[comparable[$0]] }
    self.costs = kept.map { Array(costs[($0 * width)..<(($0 + 1) * width)]) }
    incomparableCount = candidates.count - comparable.count
  }

  /// The members among places that stand in the order of their costs: none is dominated by a later one.
  private static func undominated(_ order: [Int], _ costs: [Double], _ width: Int) -> [Int] {
    func row(_ place: Int) -> ArraySlice<Double> { costs[(place * width)..<((place + 1) * width)] }
    var kept: [Int] = []
    for place in order {
      if let last = kept.last, row(last).elementsEqual(row(place)) {
        // Equal to a member, so dominated by nobody either.
        kept.append(place)
        continue
      }
      let isDominated: Bool
      if width <= 2 {
        // Costs of the first objective rise, so the last member is the best one of the other.
        isDominated =
          kept.last.map { costs[$0 * width + width - 1] <= costs[place * width + width - 1] }
          ?? false
      } else {
        // Neighbours in the order are alike: the newest members are the likeliest to dominate.
        isDominated = kept.reversed().contains { member in
          (1..<width).allSatisfy { costs[member * width + $0] <= costs[place * width + $0] }
        }
      }
      if !isDominated { kept.append(place) }
    }
    return kept
  }

  /// The volume of what the members dominate, up to a reference point.
  ///
  /// - Parameter reference: a figure for each objective, worse than those of the members; a member that is not better in
  ///   every objective contributes nothing.
  /// - Returns: in the product of the objectives' units.
  public func hypervolume(reference: [Double]) -> Double {
    Hypervolume(reference: costs(of: reference)).volume(of: costs)
  }

  /// What each member alone adds to the volume, in the order of ``members``; 0 for members of equal figures.
  public func contributions(reference: [Double]) -> [Double] {
    Hypervolume(reference: costs(of: reference)).contributions(of: costs)
  }

  /// The members that are left when the one that contributes least is taken away again and again, in the order of ``members``.
  ///
  /// Each removal changes the contributions of the others, which is followed: of two members close together one stays, where a
  /// ranking by contribution alone would drop both. Of equal contributions the later member goes.
  public func top(_ count: Int, reference: [Double]) -> [CandidateSummary] {
    precondition(count >= 0, "the top \(count)")
    return Hypervolume(reference: costs(of: reference)).largest(count, of: costs)
      .map { members[$0] }
  }

  /// The worst figure of the members in each objective, and a tenth of their spread beyond; a spread of 0 counts as 10, so
  /// that a front of one member has a volume too.
  ///
  /// Nil for a front without members.
  public var defaultReference: [Double]? {
    Self.reference(for: [self], objectives: objectives)
  }

  /// The same for several fronts of the same objectives.
  static func reference(for fronts: [ParetoFront], objectives: [Objective]) -> [Double]? {
    guard fronts.contains(where: { !$0.members.isEmpty }) else { return nil }
    return objectives.indices.map { index in
      let costs = fronts.flatMap { $0.costs.map { $0[index] } }
      let (best, worst) = (costs.min()!, costs.max()!)
      return objectives[index].value(worst + (worst > best ? 0.1 * (worst - best) : 1))
    }
  }

  private func costs(of reference: [Double]) -> [Double] {
    precondition(reference.count == objectives.count, "\(reference.count) reference figures")
    return zip(objectives, reference).map { $0.cost($1) }
  }
}
