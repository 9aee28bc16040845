/// Volumes of space that sets of costs dominate, up to a reference point.
///
/// Exact: a sweep for two costs, the algorithm WFG for any other number.
///
/// - Source: While, Bradstreet, Barone, A Fast Way of Calculating Exact Hypervolumes, IEEE Trans. Evolutionary Computation 16,
///   2012, doi:10.1109/TEVC.2010.2077298, without its slicing.
struct Hypervolume {
  /// A cost for each dimension.
  let reference: [Double]

  /// - Parameter points: costs, less is better; any order, dominated and equal ones too.
  /// - Complexity: O(n log n) for two dimensions; exponential in the dimension beyond.
  func volume(of points: [[Double]]) -> Double {
    let inside = undominated(points.filter(isInside))
    if reference.count == 2 { return area(of: inside) }
    return total(of: inside)
  }

  /// What each point alone dominates.
  ///
  /// - Parameter points: none dominated, ascending in the first cost; equal ones contribute nothing.
  func contributions(of points: [[Double]]) -> [Double] {
    points.indices.map { contribution(of: $0, among: points, alive: Array(points.indices)) }
  }

  /// The indices that are left when the point that contributes least is taken away again and again.
  ///
  /// A contribution can only grow when other points go, so a stale one is a lower bound: only the least is computed again.
  ///
  /// - Parameter points: none dominated, ascending in the first cost.
  func largest(_ count: Int, of points: [[Double]]) -> [Int] {
    var alive = Array(points.indices)
    guard alive.count > count else { return alive }
    var bounds = contributions(of: points)
    while alive.count > count {
      var place = least(alive, bounds)
      while true {
        let current = contribution(of: place, among: points, alive: alive)
        if current <= bounds[alive[place]] { break }
        bounds[alive[place]] = current
        let next = least(alive, bounds)
        if next == place { break }
        place = next
      }
      alive.remove(at: place)
    }
    return alive
  }

  /// The place of the smallest bound, the last one of equals.
  private func least(_ alive: [Int], _ bounds: [Double]) -> Int {
    var best = 0
    for place in alive.indices where bounds[alive[place]] <= bounds[alive[best]] { best = place }
    return best
  }

  /// What the point at a place of `alive` dominates and the others that are alive do not.
  private func contribution(of place: Int, among points: [[Double]], alive: [Int]) -> Double {
    let point = points[alive[place]]
    guard isInside(point) else { return 0 }
    guard reference.count == 2 else {
      let others = alive.indices.filter { $0 != place }.map { points[alive[$0]] }
      return exclusive(point, others: others.filter(isInside))
    }
    // In a plane only the neighbours bound what is a point's own.
    let right = place + 1 < alive.count ? points[alive[place + 1]][0] : reference[0]
    let above = place > 0 ? points[alive[place - 1]][1] : reference[1]
    return (min(right, reference[0]) - point[0]) * (min(above, reference[1]) - point[1])
  }

  private func isInside(_ point: [Double]) -> Bool { zip(point, reference).allSatisfy { $0 < $1 } }

  /// The box between a point and the reference.
  private func box(_ point: [Double]) -> Double {
    var product = 1.0
    for (cost, limit) in zip(point, reference) { product *= limit - cost }
    return product
  }

  /// What a point dominates and the others do not.
  private func exclusive(_ point: [Double], others: some Sequence<[Double]>) -> Double {
    // The part of another point's box that lies within this point's.
    let limited = undominated(others.map { zip(point, $0).map { max($0, $1) } })
    if let first = limited.first, first == point { return 0 }
    return box(point) - (reference.count == 2 ? area(of: limited) : total(of: limited))
  }

  /// - Parameter points: none dominated.
  private func total(of points: [[Double]]) -> Double {
    var sum = 0.0
    for (index, point) in points.enumerated() {
      sum += exclusive(point, others: points[(index + 1)...])
    }
    return sum
  }

  /// - Parameter points: ascending in the first cost, none dominated.
  private func area(of points: [[Double]]) -> Double {
    var sum = 0.0
    for (index, point) in points.enumerated() {
      let next = index + 1 < points.count ? points[index + 1][0] : reference[0]
      sum += (next - point[0]) * (reference[1] - point[1])
    }
    return sum
  }

  /// The points that no other one covers, each once, ascending.
  private func undominated(_ points: [[Double]]) -> [[Double]] {
    var kept: [[Double]] = []
    for point in points.sorted(by: { $0.lexicographicallyPrecedes($1) }) {
      let isCovered =
        reference.count == 2
        ? kept.last.map { $0[1] <= point[1] } ?? false
        : kept.contains { zip($0, point).allSatisfy { $0 <= $1 } }
      if !isCovered { kept.append(point) }
    }
    return kept
  }
}
