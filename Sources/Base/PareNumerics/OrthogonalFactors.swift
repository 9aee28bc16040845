/// Columns as orthonormal ones and a triangle: what least squares are solved with, and what tells dependent columns.
///
/// Grows a column at a time.
///
/// - Source: Golub, Van Loan, Matrix Computations, section 5.2.8 (modified Gram-Schmidt, here run twice so that the basis stays
///   orthonormal to rounding).
public struct OrthogonalFactors: Sendable {
  /// What is left of a column after the others, as a share of its length, below which it counts as dependent on them.
  public let tolerance: Double
  private var basis: [[Double]] = []
  /// Column j of the triangle has j + 1 entries.
  private var triangle: [[Double]] = []

  /// Ten digits of a column's sixteen have to be shared before it adds nothing.
  public init(tolerance: Double = 1e-10) {
    precondition(tolerance > 0 && tolerance < 1, "a tolerance of \(tolerance)")
    self.tolerance = tolerance
  }

  /// Adds a column, of the length of those before.
  ///
  /// - Returns: false, and nothing is added, when it is a combination of them or all zeros.
  public mutating func add(_ column: [Double]) -> Bool {
    precondition(
      basis.allSatisfy { $0.count == column.count }, "a column of \(column.count) among others")
    var left = column
    var entries = [Double](repeating: 0, count: basis.count)
    for _ in 0..<2 {
      for (index, direction) in basis.enumerated() {
        let share = dotProduct(direction, left)
        entries[index] += share
        for row in left.indices { left[row] -= share * direction[row] }
      }
    }
    let length = dotProduct(left, left).squareRoot()
    guard length > tolerance * dotProduct(column, column).squareRoot() else { return false }
    basis.append(left.map { $0 / length })
    triangle.append(entries + [length])
    return true
  }

  /// The amounts of the columns, in the order they were added, whose sum comes nearest to the target.
  public func solution(for target: [Double]) -> [Double] {
    var amounts = basis.map { dotProduct($0, target) }
    for column in amounts.indices.reversed() {
      amounts[column] /= triangle[column][column]
      for row in 0..<column { amounts[row] -= triangle[column][row] * amounts[column] }
    }
    return amounts
  }
}

/// From the first to the last, one rounding after each operation.
func dotProduct(_ a: [Double], _ b: [Double]) -> Double {
  precondition(a.count == b.count, "\(a.count) numbers by \(b.count)")
  var sum = 0.0
  for index in a.indices { sum += a[index] * b[index] }
  return sum
}
