/// `H d = -g` with `H` = JᵀJ and `g` = Jᵀe, and the sum of squared residuals `e`.
struct LinearizedError {
  let count: Int
  /// - Shape: `[count][count]`, symmetric.
  var matrix: [Double]
  var gradient: [Double]
  var squaredError = 0.0

  init(count: Int) {
    self.count = count
    matrix = Array(repeating: 0, count: count * count)
    gradient = Array(repeating: 0, count: count)
  }

  /// Adds the products of one output's columns, of which the last is the residual.
  ///
  /// - Parameter gram: the lower triangle, `[columns + 1][columns + 1]`.
  mutating func add(_ gram: [Double], _ columns: [JacobianPlan.Column]) {
    let size = columns.count + 1
    for (i, row) in columns.enumerated() {
      for (j, column) in columns[...i].enumerated() {
        let isNegated = row.isNegated != column.isNegated
        let product = isNegated ? -gram[i * size + j] : gram[i * size + j]
        matrix[row.parameter * count + column.parameter] += product
        if i != j { matrix[column.parameter * count + row.parameter] += product }
      }
    }
    let last = columns.count * size
    for (j, column) in columns.enumerated() {
      gradient[column.parameter] += column.isNegated ? -gram[last + j] : gram[last + j]
    }
    squaredError += gram[last + columns.count]
  }

  var diagonal: [Double] { (0..<count).map { matrix[$0 * count + $0] } }

  var isFinite: Bool {
    squaredError.isFinite && gradient.allSatisfy(\.isFinite) && matrix.allSatisfy(\.isFinite)
  }
}
