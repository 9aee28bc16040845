import PareNumerics
import Testing

@Suite struct NonNegativeLeastSquaresTests {
  /// A problem with some columns that help and some that do not.
  private func problem(_ seed: UInt64) -> (columns: [[Double]], target: [Double]) {
    var stream = RandomStream(seed: seed)
    let rows = 3 + stream.index(below: 8)
    let count = 1 + stream.index(below: 5)
    // Lengths from 1e-6 to 1e6: energies and amounts differ by as much.
    let columns = (0..<count).map { _ in
      let scale = [1e-6, 1, 1e6][stream.index(below: 3)]
      return (0..<rows).map { _ in scale * stream.normal() }
    }
    return (columns, (0..<rows).map { _ in stream.normal() })
  }

  private func product(_ a: [Double], _ b: [Double]) -> Double {
    zip(a, b).reduce(0) { $0 + $1.0 * $1.1 }
  }

  private func length(_ a: [Double]) -> Double { product(a, a).squareRoot() }

  /// Normal equations by Gauss-Jordan on columns of length one: another way than the one under test.
  private func unconstrained(_ columns: [[Double]], _ target: [Double]) -> [Double] {
    let lengths = columns.map { length($0) }
    let unit = zip(columns, lengths).map { column, length in column.map { $0 / length } }
    var rows = unit.map { column in
      unit.map { product(column, $0) } + [product(column, target)]
    }
    for pivot in rows.indices {
      let best = (pivot..<rows.count).max { abs(rows[$0][pivot]) < abs(rows[$1][pivot]) }!
      rows.swapAt(pivot, best)
      let scale = rows[pivot][pivot]
      rows[pivot] = rows[pivot].map { $0 / scale }
      for other in rows.indices where other != pivot {
        let factor = rows[other][pivot]
        for column in rows[other].indices { rows[other][column] -= factor * rows[pivot][column] }
      }
    }
    return zip(rows, lengths).map { $0.last! / $1 }
  }

  private func error(_ columns: [[Double]], _ amounts: [Double], _ target: [Double]) -> Double {
    let residual = target.indices.map { row in
      target[row] - zip(columns, amounts).reduce(0) { $0 + $1.0[row] * $1.1 }
    }
    return product(residual, residual)
  }

  @Test(arguments: 0..<200 as Range<UInt64>)
  func `no amount is negative, and no column would still help`(seed: UInt64) {
    let (columns, target) = problem(seed)
    let fit = NonNegativeLeastSquares(columns: columns, target: target)
    for (column, amount) in zip(columns, fit.solution) {
      // Karush-Kuhn-Tucker: the slope is zero where something is taken, and not upward elsewhere. Rounding of about ten sums,
      // multiplied by what nearly parallel columns cost.
      let slope = product(column, fit.residual) / (length(column) * length(target))
      #expect(amount >= 0)
      #expect(slope < 1e-11)
      if amount > 0 { #expect(slope > -1e-11) }
    }
  }

  @Test(arguments: 0..<200 as Range<UInt64>)
  func `no choice of columns comes nearer`(seed: UInt64) {
    let (columns, target) = problem(seed)
    let fit = NonNegativeLeastSquares(columns: columns, target: target)
    var best = product(target, target)
    for choice in 1..<(1 << columns.count) {
      let chosen = columns.indices.filter { choice >> $0 & 1 == 1 }
      guard chosen.count <= target.count else { continue }
      let subset = chosen.map { columns[$0] }
      let amounts = unconstrained(subset, target)
      if amounts.allSatisfy({ $0 >= 0 }) { best = min(best, error(subset, amounts, target)) }
    }
    let reached = error(columns, fit.solution, target)
    // Normal equations square the condition of a problem: half of sixteen digits.
    #expect(abs(reached - best) <= 1e-8 * product(target, target), "\(reached) and \(best)")
    #expect(abs(product(fit.residual, fit.residual) - reached) <= 1e-12 * product(target, target))
  }

  @Test(arguments: 0..<50 as Range<UInt64>)
  func `a solution without negative amounts is found as it is`(seed: UInt64) {
    var (columns, target) = problem(seed)
    columns = Array(columns.prefix(target.count - 1))
    var stream = RandomStream(seed: seed).fork("amounts")
    let known = columns.map { (0.1 + stream.uniform()) / length($0) }
    target = target.indices.map { row in
      zip(columns, known).reduce(0) { $0 + $1.0[row] * $1.1 }
    }
    let fit = NonNegativeLeastSquares(columns: columns, target: target)
    for (found, known) in zip(fit.solution, known) {
      // Rounding times the condition of a few random columns.
      #expect(abs(found / known - 1) < 1e-9)
    }
  }

  @Test func `a published example comes out as published`() {
    // Of the documentation of scipy.optimize.nnls.
    let columns = [[1.0, 1, 0], [0, 0, 1]]
    let fit = NonNegativeLeastSquares(columns: columns, target: [2, 1, 1])
    #expect(abs(fit.solution[0] - 1.5) < 1e-15 * 4 && abs(fit.solution[1] - 1) < 1e-15)
    let none = NonNegativeLeastSquares(columns: columns, target: [-1, -1, -1])
    #expect(none.solution == [0, 0])
    #expect(none.residual == [-1, -1, -1])
  }

  @Test func `twins and empty columns leave one answer`() {
    let fit = NonNegativeLeastSquares(
      columns: [[0, 0], [1, 2], [1, 2], [2, 4]], target: [3, 6])
    #expect(fit.solution[0] == 0)
    #expect(fit.solution.count { $0 > 0 } == 1)
    // One rounding of each step of six.
    #expect(length(fit.residual) < 1e-14)
    #expect(NonNegativeLeastSquares(columns: [], target: [1]).residual == [1])
  }

  @Test func `dependent columns are told from independent ones`() {
    var factors = OrthogonalFactors(tolerance: 1e-6)
    let answers = [[1, 1, 0], [1, 0, 0], [3, 2, 0], [0, 0, 0], [3, 2, 1e-3]].map { factors.add($0) }
    #expect(answers == [true, true, false, false, true])
  }
}
