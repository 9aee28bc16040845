/// `energy - 2 b'c + c'Gc`, small and dense.
struct QuadraticError: Sendable {
  /// `G`, `[row][column]`, symmetric.
  let matrix: [Double]
  let right: [Double]
  let energy: Double

  var count: Int { right.count }

  func error(of c: [Double]) -> Double {
    var sum = energy
    for i in 0..<count {
      var row = 0.0
      for j in 0..<count { row += matrix[i * count + j] * c[j] }
      sum += c[i] * (row - 2 * right[i])
    }
    return sum
  }

  /// The inverse of `G`, through its Cholesky factor.
  ///
  /// - Throws: ``PredistortionError`` with code `.singular`.
  func inverse() throws(PredistortionError) -> [Double] {
    let n = count
    let factor = try cholesky()
    // Columns of the inverse of the factor, then their products.
    var lower = [Double](repeating: 0, count: n * n)
    for j in 0..<n {
      lower[j * n + j] = 1 / factor[j * n + j]
      for i in j + 1..<max(n, j + 1) {
        var sum = 0.0
        for k in j..<i { sum -= factor[i * n + k] * lower[k * n + j] }
        lower[i * n + j] = sum / factor[i * n + i]
      }
    }
    var result = [Double](repeating: 0, count: n * n)
    for i in 0..<n {
      for j in 0...i {
        var sum = 0.0
        for k in i..<n { sum += lower[k * n + i] * lower[k * n + j] }
        result[i * n + j] = sum
        result[j * n + i] = sum
      }
    }
    return result
  }

  /// The coefficients of the least error.
  func solution() throws(PredistortionError) -> [Double] {
    let n = count
    let factor = try cholesky()
    var c = right
    for i in 0..<n {
      for k in 0..<i { c[i] -= factor[i * n + k] * c[k] }
      c[i] /= factor[i * n + i]
    }
    for i in (0..<n).reversed() {
      for k in i + 1..<max(n, i + 1) { c[i] -= factor[k * n + i] * c[k] }
      c[i] /= factor[i * n + i]
    }
    return c
  }

  private func cholesky() throws(PredistortionError) -> [Double] {
    let n = count
    var factor = matrix
    for j in 0..<n {
      for i in j..<n {
        var sum = factor[i * n + j]
        for k in 0..<j { sum -= factor[i * n + k] * factor[j * n + k] }
        if i == j {
          guard sum > 1e-13 * matrix[j * n + j] else {
            throw PredistortionError(.singular(what: "the normal equations", column: j))
          }
          factor[j * n + j] = sum.squareRoot()
        } else {
          factor[i * n + j] = sum / factor[j * n + j]
        }
      }
    }
    return factor
  }
}
