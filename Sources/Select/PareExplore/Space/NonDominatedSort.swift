/// Ranks of solutions by dominance, and how alone each stands among those of its rank.
///
/// - Source: Deb, Pratap, Agarwal, Meyarivan, A Fast and Elitist Multiobjective Genetic Algorithm: NSGA-II, IEEE
///   Transactions on Evolutionary Computation 6(2), 2002, doi:10.1109/4235.996017, sections III-A and III-B; differs: of
///   several solutions with equal objectives all but the first have no distance, so that copies do not fill a population.
struct NonDominatedSort: Sendable {
  /// 0 for what nothing dominates; solutions without objectives have a last rank of their own.
  let ranks: [Int]
  /// Crowding distance within the rank; infinite at its ends.
  let distances: [Double]

  /// - Parameter objectives: of each solution, all to be small; nil for one that failed.
  /// - Complexity: O(m n log n + m n²) for n solutions of m objectives.
  init(_ objectives: [[Double]?]) {
    let count = objectives.count
    var ranks = Array(repeating: 0, count: count)
    var distances = Array(repeating: 0.0, count: count)
    var dominated: [[Int]] = Array(repeating: [], count: count)
    var dominators = Array(repeating: 0, count: count)
    let valid = objectives.indices.filter { objectives[$0] != nil }
    for (position, i) in valid.enumerated() {
      for j in valid[(position + 1)...] {
        switch Self.relation(objectives[i]!, objectives[j]!) {
        case .first:
          dominated[i].append(j)
          dominators[j] += 1
        case .second:
          dominated[j].append(i)
          dominators[i] += 1
        case .neither: break
        }
      }
    }
    var front = valid.filter { dominators[$0] == 0 }
    var rank = 0
    while !front.isEmpty {
      Self.setDistances(&distances, of: front, objectives)
      var next: [Int] = []
      for i in front {
        ranks[i] = rank
        for j in dominated[i] {
          dominators[j] -= 1
          if dominators[j] == 0 { next.append(j) }
        }
      }
      front = next.sorted()
      rank += 1
    }
    for i in objectives.indices where objectives[i] == nil { ranks[i] = rank }
    self.ranks = ranks
    self.distances = distances
  }

  /// Whether the first is the better one: a lower rank, then more room; equal ones keep their order.
  func isBetter(_ first: Int, than second: Int) -> Bool {
    ranks[first] != ranks[second]
      ? ranks[first] < ranks[second] : distances[first] > distances[second]
  }

  /// All solutions, the best first; ties in the order given.
  var order: [Int] {
    ranks.indices.sorted {
      isBetter($0, than: $1) || (!isBetter($1, than: $0) && $0 < $1)
    }
  }

  private enum Relation { case first, second, neither }

  /// Which of two dominates the other.
  private static func relation(_ a: [Double], _ b: [Double]) -> Relation {
    var aIsBetter = false
    var bIsBetter = false
    for (x, y) in zip(a, b) {
      if x < y { aIsBetter = true }
      if y < x { bIsBetter = true }
    }
    return aIsBetter == bIsBetter ? .neither : aIsBetter ? .first : .second
  }

  private static func setDistances(
    _ distances: inout [Double], of front: [Int], _ objectives: [[Double]?]
  ) {
    var firsts: [Int] = []
    var seen: Set<[Double]> = []
    for i in front where seen.insert(objectives[i]!).inserted { firsts.append(i) }
    for objective in objectives[front[0]]!.indices {
      func value(_ i: Int) -> Double { objectives[i]![objective] }
      let sorted = firsts.sorted { (value($0), $0) < (value($1), $1) }
      let span = value(sorted.last!) - value(sorted[0])
      distances[sorted[0]] = .infinity
      distances[sorted.last!] = .infinity
      guard span > 0, sorted.count > 2 else { continue }
      for place in 1..<sorted.count - 1 {
        distances[sorted[place]] += (value(sorted[place + 1]) - value(sorted[place - 1])) / span
      }
    }
  }
}
