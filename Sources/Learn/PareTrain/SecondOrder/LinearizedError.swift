/// `H d = -g` with `H` = JᵀJ and `g` = Jᵀe, and the sum of squared residuals `e`.
public struct LinearizedError: Sendable {
  public let count: Int
  /// - Shape: `[count][count]`, symmetric.
  public internal(set) var matrix: [Double]
  public internal(set) var gradient: [Double]
  public internal(set) var squaredError = 0.0

  /// - Parameter gram: products of the columns of J and, last, of the residuals: the lower triangle of
  ///   `[count + 1][count + 1]`.
  public init(gram: [Double], count: Int) {
    let size = count + 1
    precondition(gram.count == size * size, "\(gram.count) products of \(size) columns")
    self.init(count: count)
    for i in 0..<count {
      for j in 0...i {
        matrix[i * count + j] = gram[i * size + j]
        matrix[j * count + i] = gram[i * size + j]
      }
      gradient[i] = gram[count * size + i]
    }
    squaredError = gram[count * size + count]
  }

  /// Adds errors of the same unknowns.
  public mutating func add(_ other: LinearizedError) {
    precondition(count == other.count, "\(count) unknowns and \(other.count)")
    for place in matrix.indices { matrix[place] += other.matrix[place] }
    for place in gradient.indices { gradient[place] += other.gradient[place] }
    squaredError += other.squaredError
  }

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
