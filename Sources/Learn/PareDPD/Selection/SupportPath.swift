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
  /// - Throws: `CancellationError`.
  public init(
    _ equations: SpectralEquations, sizes: ClosedRange<Int>, overshoot: Double = 1.4, price: Double
  ) throws {
    var active = ActiveSet(equations)
    try active.grow(to: Int(Double(sizes.upperBound) * overshoot), price: price)
    forward = active.members
    var supports: [Int: [Int]] = [:]
    while true {
      try Task.checkCancellation()
      if sizes.contains(active.count) { supports[active.count] = active.members.sorted() }
      guard active.count > max(sizes.lowerBound, 1) else { break }
      active.drop(active.cheapest(price: price))
    }
    self.supports = supports
  }
}

extension ActiveSet {
  /// Adds the term of the largest gain, divided by `1 + price * new products`, again and again.
  ///
  /// - Parameter limit: multiplications of two signals that the set may have.
  mutating func grow(to size: Int, price: Double, limit: Int = .max) throws {
    while count < size {
      try Task.checkCancellation()
      guard let place = best(price: price, limit: limit) else { return }
      add(place)
    }
  }

  /// The term of the largest priced gain that keeps the products within a limit; nil when none is left.
  func best(price: Double, limit: Int) -> Int? {
    let room = limit == .max ? .max : limit - products
    var best: (place: Int, score: Double)?
    for place in slopes.indices where canAdd(place) {
      let fresh = fresh(place)
      guard fresh <= room else { continue }
      let score = gain(place) / (1 + price * Double(fresh))
      if score > best?.score ?? 0 { best = (place, score) }
    }
    return best?.place
  }

  /// The index of the member with the least loss, divided by `1 + price * freed products`.
  func cheapest(price: Double) -> Int {
    var worst = (index: 0, score: Double.infinity)
    for index in members.indices {
      let score = loss(index) / (1 + price * Double(freed(index)))
      if score < worst.score { worst = (index, score) }
    }
    return worst.index
  }
}
