/// One complex number per column.
struct Coefficients {
  var re: [Double]
  var im: [Double]
}

extension NormalEquations {
  /// Coefficients of the columns `support` that minimize the squared error plus `ridge` times the energy of every column
  /// weighted by the distance of its coefficient from a wire's (1 for `x[n]`, 0 for all others).
  ///
  /// Columns are scaled to unit energy first, which brings the condition number of a Gram matrix to within the column count
  /// of the best that any scaling can reach (van der Sluis, Condition Numbers and Equilibration of Matrices, Numerische
  /// Mathematik 14, 1969); then Cholesky. A pivot is the share of a column that the columns before it cannot express.
  ///
  /// - Throws: ``TrainingError`` with code `.singular` when a pivot is within rounding of nothing.
  func solve(_ support: [Int], ridge: Double) throws(TrainingError) -> Coefficients {
    let n = support.count
    var scale = [Double](repeating: 0, count: n)
    for (row, column) in support.enumerated() {
      let energy = re[column * count + column]
      guard energy > 0 else { throw singular(column) }
      scale[row] = 1 / energy.squareRoot()
    }
    let right = right(ridge: ridge)
    // Lower triangle, row by row, in planes.
    var lRe = [Double](repeating: 0, count: n * n)
    var lIm = lRe
    var (wRe, wIm) = (scale, scale)
    for row in 0..<n {
      for column in 0...row {
        let place = support[row] * count + support[column]
        let factor = scale[row] * scale[column]
        var (sumRe, sumIm) = (re[place] * factor, im[place] * factor)
        if row == column { (sumRe, sumIm) = (1 + ridge, 0) }
        for k in 0..<column {
          let (a, b) = (row * n + k, column * n + k)
          sumRe -= lRe[a] * lRe[b] + lIm[a] * lIm[b]
          sumIm -= lIm[a] * lRe[b] - lRe[a] * lIm[b]
        }
        if row == column {
          guard sumRe > Self.smallestPivot(n) else { throw singular(support[row]) }
          lRe[row * n + row] = sumRe.squareRoot()
        } else {
          lRe[row * n + column] = sumRe / lRe[column * n + column]
          lIm[row * n + column] = sumIm / lRe[column * n + column]
        }
      }
      // Forward substitution along the way.
      var sumRe = right.re[support[row]] * scale[row]
      var sumIm = right.im[support[row]] * scale[row]
      for k in 0..<row {
        let a = row * n + k
        sumRe -= lRe[a] * wRe[k] - lIm[a] * wIm[k]
        sumIm -= lRe[a] * wIm[k] + lIm[a] * wRe[k]
      }
      wRe[row] = sumRe / lRe[row * n + row]
      wIm[row] = sumIm / lRe[row * n + row]
    }
    for row in (0..<n).reversed() {
      var (sumRe, sumIm) = (wRe[row], wIm[row])
      for k in row + 1..<max(row + 1, n) {
        let a = k * n + row
        sumRe -= lRe[a] * wRe[k] + lIm[a] * wIm[k]
        sumIm -= lRe[a] * wIm[k] - lIm[a] * wRe[k]
      }
      wRe[row] = sumRe / lRe[row * n + row]
      wIm[row] = sumIm / lRe[row * n + row]
    }
    for row in 0..<n {
      wRe[row] *= scale[row]
      wIm[row] *= scale[row]
    }
    return Coefficients(re: wRe, im: wIm)
  }

  /// The right side with the ridge's pull towards a wire.
  func right(ridge: Double) -> Coefficients {
    var result = Coefficients(re: rightRe, im: rightIm)
    if let wire = dictionary.index(of: PolynomialTerm(delay: 0)) {
      result.re[wire] += ridge * re[wire * count + wire]
    }
    return result
  }

  /// A pivot of unit columns below this is rounding: sums of many samples carry about 1e-14, and elimination adds to it
  /// with every column.
  static func smallestPivot(_ count: Int) -> Double { 1e-14 * Double(max(count, 10)) }

  private func singular(_ column: Int) -> TrainingError {
    let term = dictionary.terms[column]
    return TrainingError(
      .singular(term: term),
      "the samples cannot tell \(term) from the other terms",
      hint: "give a ridge above 0, fewer terms, or more samples")
  }
}
