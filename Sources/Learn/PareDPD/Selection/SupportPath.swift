/// Nested sets of terms, found in one run: forward with a price per product, then backward by exact saliency.
///
/// - Source: Chen, Billings, Luo, Orthogonal least squares methods, 1989 (forward); Hassibi, Stork, Optimal Brain Surgeon,
///   1993 (backward); differs: gains are divided by a price on new products, losses by one on freed products.
public struct SupportPath: Sendable {
  /// `supports[n]` has n terms, as places in the equations, ascending; nil below the smallest and above the largest.
  public let supports: [Int: [Int]]
  /// Terms in the order of their choice.
  public let forward: [Int]

  /// - Parameters:
  ///   - sizes: numbers of terms to keep.
  ///   - overshoot: the forward pass goes to so many times the largest size.
  ///   - price: a gain that needs k new products is divided by `1 + price * k`.
  public init(
    _ equations: SpectralEquations, sizes: ClosedRange<Int>, overshoot: Double = 1.4, price: Double
  ) throws {
    let limit = min(Int(Double(sizes.upperBound) * overshoot), equations.count)
    let forward = try Self.choose(equations, limit: limit, price: price)
    self.forward = forward
    supports = try Self.prune(
      equations, from: forward.sorted(), to: sizes, price: price)
  }

  private static func choose(
    _ equations: SpectralEquations, limit: Int, price: Double
  ) throws -> [Int] {
    let n = equations.count
    let nodes = equations.terms.map(\.channel.nodes)
    var known: Set<FeatureChannel.Node> = []
    var norms = (0..<n).map { equations.gram[$0 * n + $0] }
    let initial = norms
    var products = equations.right
    var isChosen = [Bool](repeating: false, count: n)
    var rows: [[Double]] = []
    var order: [Int] = []
    while order.count < limit {
      try Task.checkCancellation()
      var best = (place: -1, score: 0.0)
      for j in 0..<n where !isChosen[j] && norms[j] > 1e-9 * initial[j] {
        let fresh = nodes[j].reduce(0) { known.contains($1) ? $0 : $0 + $1.products }
        let score = products[j] * products[j] / norms[j] / (1 + price * Double(fresh))
        if score > best.score { best = (j, score) }
      }
      guard best.place >= 0 else { break }
      let p = best.place
      let root = norms[p].squareRoot()
      var row = (0..<n).map { equations.gram[max(p, $0) * n + min(p, $0)] }
      for earlier in rows {
        let factor = earlier[p]
        for j in 0..<n { row[j] -= factor * earlier[j] }
      }
      let gain = products[p] / root
      for j in 0..<n {
        row[j] /= root
        products[j] -= gain * row[j]
        norms[j] -= row[j] * row[j]
      }
      rows.append(row)
      isChosen[p] = true
      known.formUnion(nodes[p])
      order.append(p)
    }
    return order
  }

  private static func prune(
    _ equations: SpectralEquations, from start: [Int], to sizes: ClosedRange<Int>, price: Double
  ) throws -> [Int: [Int]] {
    var support = start
    var supports: [Int: [Int]] = [:]
    let quadratic = equations.restricted(to: start)
    var inverse = try quadratic.inverse()
    var coefficients = try quadratic.solution()
    let width = start.count
    // Places of the remaining terms in the matrix.
    var alive = Array(0..<width)
    while true {
      if sizes.contains(support.count) { supports[support.count] = support }
      guard support.count > max(sizes.lowerBound, 1) else { break }
      var users: [FeatureChannel.Node: Int] = [:]
      for place in support {
        for node in equations.terms[place].channel.nodes { users[node, default: 0] += 1 }
      }
      var worst = (index: 0, score: Double.infinity)
      for (index, a) in alive.enumerated() {
        let freed = equations.terms[support[index]].channel.nodes
          .reduce(0) { users[$1] == 1 ? $0 + $1.products : $0 }
        let loss = coefficients[a] * coefficients[a] / inverse[a * width + a]
        let score = loss / (1 + price * Double(freed))
        if score < worst.score { worst = (index, score) }
      }
      let gone = alive.remove(at: worst.index)
      support.remove(at: worst.index)
      let pivot = inverse[gone * width + gone]
      let step = coefficients[gone] / pivot
      let column = alive.map { inverse[$0 * width + gone] }
      for (x, a) in alive.enumerated() {
        coefficients[a] -= step * column[x]
        let factor = column[x] / pivot
        for (y, b) in alive.enumerated() { inverse[a * width + b] -= factor * column[y] }
      }
    }
    return supports
  }
}
