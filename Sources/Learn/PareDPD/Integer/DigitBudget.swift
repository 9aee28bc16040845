public import PareNumerics

/// Coefficients as few signed digits, chosen on the quadratic error.
///
/// Every coefficient starts with one digit; those whose next digit lowers the error most get another, and coordinate
/// descent moves the others along, until the error is near enough to the least.
public struct DigitBudget: Hashable, Sendable {
  /// Signed digits, the largest first; none for a coefficient of 0.
  public let digits: [[SignedDigit]]
  /// Least error without digits, and the error with them.
  public let leastError: Double
  public let error: Double

  public var digitCount: Int { digits.reduce(0) { $0 + $1.count } }
  public var coefficients: [Double] { digits.map { $0.reduce(0) { $0 + $1.value } } }

  /// - Parameters:
  ///   - excess: the search ends when the error is at most `1 + excess` times the least.
  ///   - limit: most digits in all.
  ///   - lowestExponent: of the smallest digit.
  /// - Throws: ``PredistortionError``; `CancellationError`.
  init(
    _ quadratic: QuadraticError, excess: Double, limit: Int = .max, lowestExponent: Int = -14
  ) throws {
    let n = quadratic.count
    let free = try quadratic.solution()
    let inverse = try quadratic.inverse()
    let least = quadratic.error(of: free)
    var counts = [Int](repeating: 1, count: n)
    var current = Self.rounded(quadratic, free, inverse, counts, lowestExponent)
    Self.descend(quadratic, &current, counts, lowestExponent)
    var error = quadratic.error(of: current)
    var best = (values: current, error: error)
    while error > least * (1 + excess) && counts.reduce(0, +) < limit {
      try Task.checkCancellation()
      let gradient = Self.gradient(quadratic, current)
      // What one more digit of a coefficient gains when all others stay.
      var gains = (0..<n).map { i -> (place: Int, gain: Double) in
        let curvature = quadratic.matrix[i * n + i]
        let wanted = current[i] - gradient[i] / curvature
        let moved = Self.nearest(wanted, digits: counts[i] + 1, lowest: lowestExponent) - current[i]
        return (i, -moved * (2 * gradient[i] + curvature * moved))
      }
      gains.sort { ($1.gain, $0.place) < ($0.gain, $1.place) }
      let share = min(max(1, n / 25), limit - counts.reduce(0, +))
      let chosen = gains.prefix(share).filter { $0.gain > 0 }
      guard !chosen.isEmpty else { break }
      for (place, _) in chosen { counts[place] += 1 }
      // Two starts: the point reached, and a fresh rounding with the new budget.
      Self.descend(quadratic, &current, counts, lowestExponent)
      var fresh = Self.rounded(quadratic, free, inverse, counts, lowestExponent)
      Self.descend(quadratic, &fresh, counts, lowestExponent)
      if quadratic.error(of: fresh) < quadratic.error(of: current) { current = fresh }
      error = quadratic.error(of: current)
      if error < best.error { best = (current, error) }
    }
    digits = best.values.map { Self.digits(of: $0, lowest: lowestExponent) }
    leastError = least
    self.error = best.error
  }

  /// Rounds one coefficient after the other, the best determined first, and refits the free ones exactly.
  ///
  /// - Source: Hassibi, Stork, Optimal Brain Surgeon, 1993: the update for a coefficient moved by a given amount.
  private static func rounded(
    _ quadratic: QuadraticError, _ solution: [Double], _ inverse: [Double], _ counts: [Int],
    _ lowest: Int
  ) -> [Double] {
    let n = quadratic.count
    var values = solution
    var inverse = inverse
    var open = Array(0..<n)
    while !open.isEmpty {
      var worst = (index: 0, loss: -1.0)
      for (index, i) in open.enumerated() {
        let move = nearest(values[i], digits: counts[i], lowest: lowest) - values[i]
        let loss = move * move / inverse[i * n + i]
        if loss > worst.loss { worst = (index, loss) }
      }
      let i = open.remove(at: worst.index)
      let target = nearest(values[i], digits: counts[i], lowest: lowest)
      let step = (target - values[i]) / inverse[i * n + i]
      let column = open.map { inverse[$0 * n + i] }
      for (x, a) in open.enumerated() {
        values[a] += step * column[x]
        let factor = column[x] / inverse[i * n + i]
        for (y, b) in open.enumerated() { inverse[a * n + b] -= factor * column[y] }
      }
      values[i] = target
    }
    return values
  }

  /// Half the slope of the error.
  private static func gradient(_ quadratic: QuadraticError, _ values: [Double]) -> [Double] {
    let n = quadratic.count
    return (0..<n).map { i in
      var sum = -quadratic.right[i]
      for j in 0..<n { sum += quadratic.matrix[i * n + j] * values[j] }
      return sum
    }
  }

  /// Moves single coefficients, then pairs, to the best values of their digit counts while the error falls.
  private static func descend(
    _ quadratic: QuadraticError, _ values: inout [Double], _ counts: [Int], _ lowest: Int
  ) {
    let n = quadratic.count
    let matrix = quadratic.matrix
    var slope = gradient(quadratic, values)
    func place(_ i: Int, _ slope: Double, _ value: Double) -> Double {
      nearest(value - slope / matrix[i * n + i], digits: counts[i], lowest: lowest)
    }
    func move(_ i: Int, by step: Double) {
      values[i] += step
      for j in 0..<n { slope[j] += matrix[i * n + j] * step }
    }
    // The error falls with every move, so this ends; the bound keeps rounding from cycling.
    for _ in 0..<20 {
      var hasMoved = false
      for i in 0..<n {
        let step = place(i, slope[i], values[i]) - values[i]
        if step * (2 * slope[i] + matrix[i * n + i] * step) < -1e-12 * quadratic.energy * 1e-6 {
          move(i, by: step)
          hasMoved = true
        }
      }
      if hasMoved { continue }
      // One coefficient to a neighbour on its grid, and the most coupled ones follow.
      for i in 0..<n {
        let grid =
          abs(values[i]) > 0 ? powerOfTwo(Int(abs(values[i]).exponent) - 3) : powerOfTwo(lowest)
        for sign in [-1.0, 1.0] {
          let first =
            nearest(values[i] + sign * grid, digits: counts[i], lowest: lowest) - values[i]
          guard first != 0 else { continue }
          let alone = first * (2 * slope[i] + matrix[i * n + i] * first)
          var best = (j: -1, step: 0.0, change: -1e-18 * quadratic.energy)
          for j in 0..<n where j != i {
            let shifted = slope[j] + matrix[i * n + j] * first
            let step = place(j, shifted, values[j]) - values[j]
            let change = alone + step * (2 * shifted + matrix[j * n + j] * step)
            if change < best.change { best = (j, step, change) }
          }
          if best.j >= 0 {
            move(i, by: first)
            move(best.j, by: best.step)
            hasMoved = true
          }
        }
      }
      if !hasMoved { return }
    }
  }

  /// A value near `value` with at most so many signed digits: the nearest power again and again.
  static func nearest(_ value: Double, digits: Int, lowest: Int) -> Double {
    var rest = value
    var sum = 0.0
    for _ in 0..<digits {
      let size = abs(rest)
      guard size >= powerOfTwo(lowest - 1) else { break }
      let below = max(Int(size.exponent), lowest)
      let exponent = size > 1.5 * powerOfTwo(below) ? below + 1 : below
      let digit = rest < 0 ? -powerOfTwo(exponent) : powerOfTwo(exponent)
      sum += digit
      rest -= digit
    }
    return sum
  }

  static func digits(of value: Double, lowest: Int) -> [SignedDigit] {
    canonicalSignedDigits(of: Int64(value * powerOfTwo(-lowest))).reversed()
      .map { SignedDigit(exponent: $0.exponent + lowest, isNegative: $0.isNegative) }
  }
}
