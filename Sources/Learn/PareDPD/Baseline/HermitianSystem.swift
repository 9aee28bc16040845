import PareSignal

/// A Hermitian matrix without negative eigenvalues, taken apart by Jacobi rotations.
///
/// - Source: Golub, Van Loan, Matrix Computations, section 8.5; the phase of an element is turned away before each rotation.
struct HermitianSystem: Sendable {
  /// In the order of the rotations, not sorted.
  let eigenvalues: [Double]
  /// `[eigenvector][row]`
  private let vectors: [[Complex]]

  /// - Parameter matrix: `[row][column]`, finite; only what is on and above the diagonal is read.
  /// - Complexity: O(n³) a sweep, about ten sweeps.
  init(_ matrix: [[Complex]]) {
    let n = matrix.count
    precondition(matrix.allSatisfy { $0.count == n }, "\(n) rows, and not as many columns")
    var re = matrix.map { $0.map(\.re) }
    var im = matrix.map { $0.map(\.im) }
    for row in 0..<n {
      im[row][row] = 0
      for column in 0..<row {
        (re[row][column], im[row][column]) = (re[column][row], -im[column][row])
      }
    }
    var vectorsRe = (0..<n).map { row in (0..<n).map { $0 == row ? 1.0 : 0.0 } }
    var vectorsIm = [[Double]](repeating: [Double](repeating: 0, count: n), count: n)
    let scale = re.joined().reduce(0) { $0 + $1 * $1 } + im.joined().reduce(0) { $0 + $1 * $1 }
    precondition(scale.isFinite, "a matrix of energy \(scale)")
    // Thirty digits of energy below the matrix's own: nothing that a double could still show.
    func rest() -> Double {
      var sum = 0.0
      for row in 0..<n {
        for column in row + 1..<n {
          sum += re[row][column] * re[row][column] + im[row][column] * im[row][column]
        }
      }
      return 2 * sum
    }
    var sweeps = 0
    while rest() > 1e-30 * scale {
      precondition(sweeps < 60, "\(rest()) of \(scale) is left after \(sweeps) sweeps")
      sweeps += 1
      for p in 0..<n {
        for q in p + 1..<n {
          let size = (re[p][q] * re[p][q] + im[p][q] * im[p][q]).squareRoot()
          guard size > 0 else { continue }
          let phase = (re: re[p][q] / size, im: im[p][q] / size)
          let ratio = (re[q][q] - re[p][p]) / (2 * size)
          let tangent = (ratio < 0 ? -1 : 1) / (abs(ratio) + (1 + ratio * ratio).squareRoot())
          let cosine = 1 / (1 + tangent * tangent).squareRoot()
          let sine = tangent * cosine
          let diagonal = (re[p][p] - tangent * size, re[q][q] + tangent * size)
          Self.rotate(&re, &im, p, q, cosine, sine, phase)
          for k in 0..<n {
            (re[k][p], im[k][p]) = (re[p][k], -im[p][k])
            (re[k][q], im[k][q]) = (re[q][k], -im[q][k])
          }
          (re[p][p], re[q][q]) = diagonal
          (im[p][p], im[q][q]) = (0, 0)
          (re[p][q], im[p][q], re[q][p], im[q][p]) = (0, 0, 0, 0)
          Self.rotate(&vectorsRe, &vectorsIm, p, q, cosine, sine, phase)
        }
      }
    }
    eigenvalues = (0..<n).map { re[$0][$0] }
    // The rotations have been gathered as the conjugate transpose.
    vectors = (0..<n).map { k in zip(vectorsRe[k], vectorsIm[k]).map { Complex($0, -$1) } }
  }

  /// Rows p and q from the left: what a rotation of their columns is to a Hermitian matrix, conjugated.
  private static func rotate(
    _ re: inout [[Double]], _ im: inout [[Double]], _ p: Int, _ q: Int, _ cosine: Double,
    _ sine: Double, _ phase: (re: Double, im: Double)
  ) {
    var (pRe, pIm, qRe, qIm) = (re[p], im[p], re[q], im[q])
    for k in pRe.indices {
      let turnedRe = qRe[k] * phase.re - qIm[k] * phase.im
      let turnedIm = qRe[k] * phase.im + qIm[k] * phase.re
      let (oldRe, oldIm) = (pRe[k], pIm[k])
      pRe[k] = cosine * oldRe - sine * turnedRe
      pIm[k] = cosine * oldIm - sine * turnedIm
      qRe[k] = sine * oldRe + cosine * turnedRe
      qIm[k] = sine * oldIm + cosine * turnedIm
    }
    (re[p], im[p], re[q], im[q]) = (pRe, pIm, qRe, qIm)
  }

  /// The shortest solution, and how many directions it keeps.
  ///
  /// - Parameter cutoff: eigenvalues at or below this part of the largest count as zero.
  func solution(for target: [Complex], cutoff: Double) -> (values: [Complex], rank: Int) {
    precondition(target.count == eigenvalues.count, "\(target.count) of \(eigenvalues.count)")
    let least = cutoff * (eigenvalues.max() ?? 0)
    var values = [Complex](repeating: .zero, count: target.count)
    var rank = 0
    for (value, vector) in zip(eigenvalues, vectors) where value > least {
      rank += 1
      var share = Complex.zero
      for row in target.indices { share = share + vector[row].conjugate * target[row] }
      share = (1 / value) * share
      for row in target.indices { values[row] = values[row] + share * vector[row] }
    }
    return (values, rank)
  }
}
