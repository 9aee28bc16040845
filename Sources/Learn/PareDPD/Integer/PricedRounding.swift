import PareNumerics

/// Coefficients of few digits that minimize `error + price * digits`.
struct PricedRounding {
  private let quadratic: QuadraticError
  var price: Double
  private let lowest: Int
  private(set) var values: [Double]
  private var counts: [Int]
  /// Half the slope of the error at the values.
  private var slopes: [Double] = []
  /// For each coefficient, the others that it is most coupled with.
  private let partners: [[Int]]

  /// - Parameter partners: ``partners(in:)`` of the quadratic.
  init(_ quadratic: QuadraticError, price: Double, lowest: Int, partners: [[Int]]) {
    self.quadratic = quadratic
    self.price = price
    self.lowest = lowest
    values = Array(repeating: 0, count: quadratic.count)
    counts = Array(repeating: 0, count: quadratic.count)
    self.partners = partners
  }

  /// For each coefficient, the 24 others that it is most coupled with.
  static func partners(in quadratic: QuadraticError) -> [[Int]] {
    let n = quadratic.count
    return (0..<n).map { i in
      func coupling(_ j: Int) -> Double {
        let g = quadratic.matrix[i * n + j]
        return g * g / quadratic.matrix[j * n + j]
      }
      let others = (0..<n).filter { $0 != i }
        .sorted { (coupling($1), $0) < (coupling($0), $1) }
      return Array(others.prefix(24))
    }
  }

  var digitCount: Int { counts.reduce(0, +) }
  var total: Double { quadratic.error(of: values) + price * Double(digitCount) }

  /// The value of few digits that costs least near a wanted one, when a miss costs `curvature * miss^2`.
  private func choice(_ wanted: Double, _ curvature: Double) -> (value: Double, count: Int) {
    var best = (value: 0.0, count: 0)
    var cost = curvature * wanted * wanted
    var sum = 0.0
    for count in 1...DigitBudget.most {
      let rest = wanted - sum
      guard let digit = DigitBudget.digit(near: rest, lowest: lowest) else { break }
      sum += digit
      let own = curvature * (wanted - sum) * (wanted - sum) + price * Double(count)
      if own < cost { (best, cost) = ((sum, count), own) }
    }
    return best
  }

  /// Rounds one coefficient after the other, the one that loses most first, and refits the free ones exactly.
  ///
  /// - Source: Hassibi, Stork, Optimal Brain Surgeon, 1993: the update for a coefficient moved by a given amount.
  mutating func round(_ solution: [Double], _ inverse: [Double]) {
    let n = quadratic.count
    var free = solution
    var inverse = inverse
    var open = Array(0..<n)
    while !open.isEmpty {
      var worst = (index: 0, loss: -1.0, choice: (value: 0.0, count: 0))
      for (index, i) in open.enumerated() {
        let curvature = 1 / inverse[i * n + i]
        let chosen = choice(free[i], curvature)
        let miss = chosen.value - free[i]
        if curvature * miss * miss > worst.loss {
          worst = (index, curvature * miss * miss, chosen)
        }
      }
      let i = open.remove(at: worst.index)
      let step = (worst.choice.value - free[i]) / inverse[i * n + i]
      let column = open.map { inverse[$0 * n + i] }
      for (x, a) in open.enumerated() {
        free[a] += step * column[x]
        let factor = column[x] / inverse[i * n + i]
        for (y, b) in open.enumerated() { inverse[a * n + b] -= factor * column[y] }
      }
      (values[i], counts[i]) = worst.choice
    }
  }

  /// Moves single coefficients, then pairs, while the total falls.
  mutating func descend() {
    let n = quadratic.count
    slopes = (0..<n).map { i in
      var sum = -quadratic.right[i]
      for j in 0..<n { sum += quadratic.matrix[i * n + j] * values[j] }
      return sum
    }
    // The total falls with every move, so this ends; the bound keeps rounding from cycling.
    for _ in 0..<12 {
      var hasMoved = false
      for i in 0..<n where moveAlone(i) { hasMoved = true }
      if hasMoved { continue }
      for i in 0..<n where moveWithPartner(i) { hasMoved = true }
      if !hasMoved { return }
    }
  }

  /// Takes digits away where that costs least until there are few enough.
  mutating func thin(to limit: Int) {
    let kept = price
    while digitCount > limit {
      price *= 1.05
      let before = digitCount
      descend()
      if digitCount == before && price > 1e3 * kept { return }
    }
    price = kept
  }

  /// What a move adds to the total: `2 * slope * step + curvature * step^2`, and the price of its digits.
  private func change(
    _ i: Int, _ slope: Double, to chosen: (value: Double, count: Int)
  ) -> Double {
    let step = chosen.value - values[i]
    let curvature = quadratic.matrix[i * quadratic.count + i]
    return step * (2 * slope + curvature * step) + price * Double(chosen.count - counts[i])
  }

  private mutating func moveAlone(_ i: Int) -> Bool {
    let curvature = quadratic.matrix[i * quadratic.count + i]
    let chosen = choice(values[i] - slopes[i] / curvature, curvature)
    guard change(i, slopes[i], to: chosen) < -1e-9 * price else { return false }
    move(i, to: chosen)
    return true
  }

  /// One coefficient to a value with a digit more or less, or to a neighbour, and its best partner follows.
  private mutating func moveWithPartner(_ i: Int) -> Bool {
    let n = quadratic.count
    var best: (first: (value: Double, count: Int), j: Int, second: (value: Double, count: Int))?
    var least = -1e-9 * price
    for first in neighbours(i) {
      let alone = change(i, slopes[i], to: first)
      let step = first.value - values[i]
      for j in partners[i] {
        let slope = slopes[j] + quadratic.matrix[i * n + j] * step
        let curvature = quadratic.matrix[j * n + j]
        let second = choice(values[j] - slope / curvature, curvature)
        let sum = alone + change(j, slope, to: second)
        if sum < least { (best, least) = ((first, j, second), sum) }
      }
    }
    guard let best else { return false }
    move(i, to: best.first)
    move(best.j, to: best.second)
    return true
  }

  /// The value with one digit less, with its last digit doubled or halved, and with one more beside the last.
  private func neighbours(_ i: Int) -> [(value: Double, count: Int)] {
    let own = DigitBudget.digits(of: values[i], lowest: lowest).map(\.value)
    var sums: [Double] = []
    for place in own.indices {
      let without = values[i] - own[place]
      sums.append(without)
      sums += [2.0, 0.5, -1].map { without + $0 * own[place] }
    }
    if let last = own.last {
      sums += [0.5, -0.5, 0.25, -0.25, 0.125, -0.125].map { values[i] + $0 * last }
    }
    return sums.compactMap { value in
      guard value != values[i] else { return nil }
      let digits = DigitBudget.digits(of: value, lowest: lowest)
      guard digits.count <= DigitBudget.most, digits.reduce(0, { $0 + $1.value }) == value else {
        return nil
      }
      return (value, digits.count)
    }
  }

  private mutating func move(_ i: Int, to chosen: (value: Double, count: Int)) {
    let n = quadratic.count
    let step = chosen.value - values[i]
    (values[i], counts[i]) = chosen
    for j in 0..<n { slopes[j] += quadratic.matrix[i * n + j] * step }
  }
}
