import CPareKernels

/// The factor `UᵀU` of a symmetric positive definite matrix, in double.
struct Cholesky {
  let count: Int
  /// - Shape: `[count][count]`; the upper triangle is U, the rest has no meaning.
  private var upper: [Double]

  /// Factors `matrix + diag(added)`; nil when it is not positive definite to working precision, or not finite.
  init?(_ matrix: [Double], count: Int, adding added: [Double]) {
    self.count = count
    upper = matrix
    let variant = pare_best_variant()
    for n in 0..<count { upper[n * count + n] += added[n] }
    let isDefinite = unsafe upper.withUnsafeMutableBufferPointer { values in
      for k in 0..<count {
        let row = unsafe values.baseAddress! + k * count
        let pivot = unsafe row[k]
        // What cancellation leaves of a pivot says nothing below this share of it.
        guard pivot.isFinite, pivot > 1e-15 * (matrix[k * count + k] + added[k]), pivot > 0 else {
          return false
        }
        let root = pivot.squareRoot()
        unsafe row[k] = root
        for j in k + 1..<max(count, k + 1) { unsafe row[j] /= root }
        for i in k + 1..<max(count, k + 1) where unsafe row[i] != 0 {
          unsafe pare_subtract_scaled(
            variant, count - i, row[i], row + i, values.baseAddress! + i * count + i)
        }
      }
      return true
    }
    guard isDefinite else { return nil }
  }

  /// The solution of `UᵀU x = right`.
  func solve(_ right: [Double]) -> [Double] {
    precondition(right.count == count, "\(right.count) for \(count)")
    let variant = pare_best_variant()
    var x = right
    unsafe x.withUnsafeMutableBufferPointer { x in
      unsafe upper.withUnsafeBufferPointer { upper in
        for k in 0..<count {
          let row = unsafe upper.baseAddress! + k * count
          unsafe x[k] /= row[k]
          if unsafe x[k] == 0 { continue }
          unsafe pare_subtract_scaled(
            variant, count - k - 1, x[k], row + k + 1, x.baseAddress! + k + 1)
        }
        for k in (0..<count).reversed() {
          let row = unsafe upper.baseAddress! + k * count
          var sum = unsafe x[k]
          for j in k + 1..<max(count, k + 1) { unsafe sum -= row[j] * x[j] }
          unsafe x[k] = sum / row[k]
        }
      }
    }
    return x
  }

  /// The inverse, `[count][count]`, symmetric.
  func inverse() -> [Double] {
    var result = Array(repeating: 0.0, count: count * count)
    var unit = Array(repeating: 0.0, count: count)
    for column in 0..<count {
      unit[column] = 1
      let x = solve(unit)
      unit[column] = 0
      // Both triangles from one half, so that the result is symmetric to the last bit.
      for row in column..<count {
        result[row * count + column] = x[row]
        result[column * count + row] = x[row]
      }
    }
    return result
  }
}
