import CPareKernels

/// Removes unknowns from a quadratic model and moves the others to its constrained minimum.
///
/// - Source: Hassibi, Stork, Second Order Derivatives for Network Pruning: Optimal Brain Surgeon, NeurIPS 1992,
///   equation 5.
struct BrainSurgeon {
  let count: Int
  private(set) var values: [Double]
  private(set) var isRemoved: [Bool]
  /// The inverse curvature over what is left, `[count][count]`.
  private var inverse: [Double]

  /// Nil when the damped curvature is not positive definite.
  ///
  /// - Parameter values: a minimum of the quadratic model.
  init?(_ equations: LinearizedError, _ values: [Double], damping: [Double]) {
    guard let factor = Cholesky(equations.matrix, count: equations.count, adding: damping) else {
      return nil
    }
    count = equations.count
    self.values = values
    isRemoved = Array(repeating: false, count: count)
    inverse = factor.inverse()
  }

  /// How much half the sum of squares rises when an unknown becomes zero and the others make up for it.
  func saliency(_ index: Int) -> Double {
    values[index] * values[index] / (2 * inverse[index * count + index])
  }

  /// The values after a removal.
  func values(without index: Int) -> [Double] {
    let factor = values[index] / inverse[index * count + index]
    var moved = values
    for n in 0..<count where !isRemoved[n] { moved[n] -= factor * inverse[index * count + n] }
    moved[index] = 0
    return moved
  }

  mutating func remove(_ index: Int) {
    values = values(without: index)
    isRemoved[index] = true
    let row = Array(inverse[index * count..<(index + 1) * count])
    let variant = pare_best_variant()
    unsafe inverse.withUnsafeMutableBufferPointer { inverse in
      for n in 0..<count where row[n] != 0 {
        unsafe pare_subtract_scaled(
          variant, count, row[n] / row[index], row, inverse.baseAddress! + n * count)
      }
    }
    for n in 0..<count {
      inverse[n * count + index] = 0
      inverse[index * count + n] = 0
    }
  }
}
