import PareNumerics

/// `G c = b` for the complex coefficients `c` of a dictionary: `G` holds the inner products of its columns, `b` those of
/// the columns with the target, over all outputs with true context.
///
/// Columns are features at different delays, so the products of two features at delays `(l, l')` and `(l + 1, l' + 1)` sum
/// over almost the same samples. Only one delay difference in full per pair of features is summed; the others follow from
/// it by taking in one product at the start of every stretch and giving up one at its end.
struct NormalEquations {
  let dictionary: PolynomialDictionary
  /// Columns.
  let count: Int
  /// Real parts of `G`, `[row][column]`; Hermitian.
  let re: [Double]
  let im: [Double]
  /// `b`.
  let rightRe: [Double]
  let rightIm: [Double]
  /// Energy of the target.
  let targetEnergy: Double

  /// Outputs per pass, so that the features of a pass stay in the second-level cache.
  private static let block = 1024

  /// - Throws: `CancellationError`.
  /// - Complexity: O(samples × features² × delays) multiplications and O(terms²) memory.
  init(_ samples: PolynomialSamples, _ dictionary: PolynomialDictionary) throws {
    let features = dictionary.features
    let (delays, span) = (dictionary.delays, dictionary.delays.count)
    let (n, pairs) = (features.count, features.count * features.count)
    // [a][b][d]: conj(a at the first delay) times b at the first delay + d; then the target in place of a.
    var sums = [Double](repeating: 0, count: 2 * span * (pairs + n))
    let stride = Self.block + span - 1
    var rows = [Double](repeating: 0, count: 2 * stride * (n + 1))
    for range in samples.usable {
      for start in Swift.stride(from: range.lowerBound, to: range.upperBound, by: Self.block) {
        try Task.checkCancellation()
        let times = start..<min(start + Self.block, range.upperBound)
        samples.write(
          features,
          over: times.lowerBound - delays.upperBound..<times.upperBound - delays.lowerBound,
          stride: stride, to: &rows)
        let target = 2 * stride * n + span - 1
        for offset in 0..<times.count {
          rows[target + offset] = samples.targetRe[times.lowerBound + offset]
          rows[target + stride + offset] = samples.targetIm[times.lowerBound + offset]
        }
        for a in 0...n {
          for b in 0..<n {
            Correlations.add(
              a, b, of: rows, stride: stride, first: span - 1, count: times.count, results: span,
              to: &sums, at: 2 * span * (a * n + b))
          }
        }
      }
    }
    self.dictionary = dictionary
    count = n * span
    targetEnergy = samples.targetEnergy
    // conj(target) times column is the conjugate of what the right side holds.
    rightRe = (0..<count).map { sums[2 * (span * pairs + $0)] }
    rightIm = (0..<count).map { -sums[2 * (span * pairs + $0) + 1] }
    (re, im) = Self.matrix(sums, samples, dictionary, features)
  }

  /// Follows every diagonal of every pair of features.
  private static func matrix(
    _ sums: [Double], _ samples: PolynomialSamples, _ dictionary: PolynomialDictionary,
    _ features: [PolynomialFeature]
  ) -> (re: [Double], im: [Double]) {
    let (span, n) = (dictionary.delays.count, features.count)
    let count = n * span
    let edges = EdgeSamples(samples, dictionary, features)
    var re = [Double](repeating: 0, count: count * count)
    var im = re
    for a in 0..<n {
      for b in a..<n {
        // Differences d > 0 put b at the later delay; those below 0 mirror the pair (b, a).
        for d in (a == b ? 0 : 1 - span)..<span {
          let (first, second) = d >= 0 ? (a, b) : (b, a)
          let place = 2 * (span * (first * n + second) + abs(d))
          var (sumRe, sumIm) = (sums[place], sums[place + 1])
          for i in 0..<span - abs(d) {
            let row = first * span + i
            let column = second * span + i + abs(d)
            re[row * count + column] = sumRe
            im[row * count + column] = sumIm
            re[column * count + row] = sumRe
            im[column * count + row] = -sumIm
            if i + 1 < span - abs(d) {
              edges.step(first, second, i, i + abs(d), &sumRe, &sumIm)
            }
          }
        }
      }
    }
    for index in 0..<count { im[index * count + index] = 0 }
    return (re, im)
  }
}

/// The samples of every feature around both ends of every usable stretch.
private struct EdgeSamples {
  private let span: Int
  private let stretches: Int
  /// `[stretch][end][feature][re, im][delay]`: the sample that comes in when a delay grows by one, and the one that leaves.
  private var values: [Double] = []
  private let features: Int

  init(
    _ samples: PolynomialSamples, _ dictionary: PolynomialDictionary,
    _ features: [PolynomialFeature]
  ) {
    span = dictionary.delays.count
    stretches = samples.usable.count
    self.features = features.count
    var rows = [Double](repeating: 0, count: 2 * span * features.count)
    for range in samples.usable {
      for end in [range.lowerBound, range.upperBound] {
        // At delay l the sums reach from lowerBound - l to upperBound - 1 - l: the next delay brings lowerBound - 1 - l
        // in and leaves upperBound - 1 - l out.
        samples.write(
          features,
          over: end - 1 - dictionary.delays.upperBound..<end - dictionary.delays.lowerBound,
          stride: span, to: &rows)
        values += rows
      }
    }
  }

  /// Turns the sum at delays number `i` of feature `a` and `j` of feature `b` into that at `i + 1` and `j + 1`.
  func step(_ a: Int, _ b: Int, _ i: Int, _ j: Int, _ re: inout Double, _ im: inout Double) {
    let size = 2 * span * features
    for stretch in 0..<stretches {
      let enter = 2 * stretch * size
      let (entersRe, entersIm) = product(enter, a, b, i, j)
      let (leavesRe, leavesIm) = product(enter + size, a, b, i, j)
      re += entersRe - leavesRe
      im += entersIm - leavesIm
    }
  }

  /// `conj(a) * b`; rows run towards newer samples, delays towards older ones.
  private func product(_ base: Int, _ a: Int, _ b: Int, _ i: Int, _ j: Int) -> (Double, Double) {
    let x = base + 2 * span * a + span - 1 - i
    let y = base + 2 * span * b + span - 1 - j
    let (xRe, xIm, yRe, yIm) = (values[x], values[x + span], values[y], values[y + span])
    return (xRe * yRe + xIm * yIm, xRe * yIm - xIm * yRe)
  }
}
