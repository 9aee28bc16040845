/// The error around a point, to second order in some parameters: `error + 2 gradient·d + dᵀ curvature d`.
///
/// The curvature is that of Gauss and Newton, `JᵀJ / energy`, J being the derivatives of all outputs.
struct QuadraticModel {
  let count: Int
  /// Half the derivative of the error.
  let gradient: [Double]
  /// Symmetric, `[row * count + column]`.
  let curvature: [Double]

  /// What gives every parameter a curvature of 1; 0 for one that the outputs do not depend on.
  var scale: [Double] {
    (0..<count).map { index in
      let diagonal = curvature[index * count + index]
      return diagonal > 0 ? 1 / diagonal.squareRoot() : 0
    }
  }

  /// The inverse of the curvature with its diagonal raised by a share of itself, or by more where that is not enough to make
  /// it positive definite.
  ///
  /// Parameters that the outputs do not depend on get an inverse diagonal of 0: they never move.
  ///
  /// - Throws: ``TrainingError`` when the curvature is not finite.
  /// - Complexity: O(count³).
  func inverse(damping: Double) throws(TrainingError) -> [Double] {
    guard let model = definite(damping: damping) else {
      throw TrainingError(
        .diverged(stage: .prune, step: 0, learningRate: 0),
        "the curvature of the error is not finite",
        hint: "lower the learning rate, or scale the signals to a magnitude of about 1")
    }
    let scale = scale
    var matrix = model.matrix
    for row in 0..<count { matrix[row * count + row] += model.damping }
    invertPositiveDefinite(&matrix, count)
    for row in 0..<count {
      for column in 0..<count { matrix[row * count + column] *= scale[row] * scale[column] }
    }
    return matrix
  }

  /// The curvature scaled to a diagonal of 1, the least damping from the given one up that makes it positive definite, and
  /// the factor of both together; nil when the curvature is not finite.
  ///
  /// Rounding alone can make the model of parameters that repeat each other indefinite.
  func definite(damping: Double) -> (matrix: [Double], damping: Double, factor: Cholesky)? {
    let scale = scale
    var matrix = curvature
    for row in 0..<count {
      for column in 0..<count { matrix[row * count + column] *= scale[row] * scale[column] }
      matrix[row * count + row] = 1
    }
    var raised = damping
    while raised < 1e12 {
      let added = Array(repeating: raised, count: count)
      if let factor = Cholesky(matrix, count: count, adding: added) {
        return (matrix, raised, factor)
      }
      raised = max(10 * raised, 1e-12)
    }
    return nil
  }
}

/// Gauss and Jordan's elimination without pivots, which a positive definite matrix does not need; in place.
private func invertPositiveDefinite(_ matrix: inout [Double], _ count: Int) {
  unsafe matrix.withUnsafeMutableBufferPointer { buffer in
    guard let base = buffer.baseAddress else { return }
    for pivot in 0..<count {
      let pivotRow = unsafe base + pivot * count
      // Rounding alone can take a pivot to zero, of a parameter that repeats others.
      let reciprocal = unsafe 1 / max(pivotRow[pivot], 1e-12)
      for row in 0..<count where row != pivot {
        let current = unsafe base + row * count
        let factor = unsafe current[pivot] * reciprocal
        unsafe current[pivot] = 0
        for column in 0..<count { unsafe current[column] -= factor * pivotRow[column] }
        unsafe current[pivot] = -factor
      }
      for column in 0..<count { unsafe pivotRow[column] *= reciprocal }
      unsafe pivotRow[pivot] = reciprocal
    }
  }
}
