import PareNumerics

@testable import PareTrain

/// Seeded signals, and models to find again in them.
enum PolynomialTasks {
  /// White, complex, variance 0.5 in each part.
  static func noise(_ count: Int, seed: UInt64, scale: Double = 0.7) -> [[Float]] {
    var random = RandomStream(seed: seed)
    var channels: [[Float]] = [[], []]
    for _ in 0..<count {
      channels[0].append(Float(scale * random.normal()))
      channels[1].append(Float(scale * random.normal()))
    }
    return channels
  }

  static let dictionary = try! PolynomialDictionary(orders: [2], delays: -2...3, lags: -1...1)

  /// An aligned, a lagging and a leading term beside two linear ones.
  static let model = try! PolynomialModel(
    dictionary: dictionary,
    terms: [
      .init(PolynomialTerm(delay: 0), re: 1, im: 0.25),
      .init(PolynomialTerm(delay: 3), re: -0.3, im: 0.1),
      .init(PolynomialTerm(delay: 0, lag: 0, order: 2), re: -0.1, im: 0.05),
      .init(PolynomialTerm(delay: 1, lag: 1, order: 2), re: 0.05, im: 0.08),
      .init(PolynomialTerm(delay: -2, lag: -1, order: 2), re: 0, im: -0.06),
    ])

  /// What a model answers to noise, with noise added to the answer.
  static func set(
    _ count: Int, seed: UInt64, noise level: Double = 0, segments: [Range<Int>]? = nil,
    model: PolynomialModel = Self.model
  ) -> SampleSet {
    let input = noise(count, seed: seed)
    var target = model(input, segments: segments)
    let added = noise(count, seed: seed + 1_000, scale: level)
    if level > 0 {
      for channel in 0..<2 {
        for n in 0..<count { target[channel][n] += added[channel][n] }
      }
    }
    return SampleSet(input: input, target: target, segments: segments)
  }

  static func splits(noise: Double = 0, segments: [Range<Int>]? = nil) -> SampleSplits {
    SampleSplits(
      training: set(600, seed: 1, noise: noise, segments: segments),
      validation: set(300, seed: 2, noise: noise), test: set(300, seed: 3, noise: noise))
  }
}

/// The columns of a dictionary over all outputs with true context, straight from the definition, and their least squares
/// by Householder reflections: an oracle that shares no code with the normal equations.
struct DirectLeastSquares {
  /// `[column][row]`
  var columns: [[(re: Double, im: Double)]]
  var target: [(re: Double, im: Double)]

  init(_ terms: [PolynomialTerm], _ set: SampleSet, past: Int, lookAhead: Int) {
    let rows = set.segments.flatMap { segment in
      Array(segment.lowerBound + past..<segment.upperBound - lookAhead)
    }
    columns = terms.map { term in
      rows.map { n in
        let (xRe, xIm) = Self.sample(set.input, n - term.delay)
        let (eRe, eIm) = Self.sample(set.input, n - term.delay - term.lag)
        var factor = 1.0
        for _ in 0..<term.order { factor *= (eRe * eRe + eIm * eIm).squareRoot() }
        return (xRe * factor, xIm * factor)
      }
    }
    target = rows.map { Self.sample(set.target, $0) }
  }

  private static func sample(_ channels: [[Float]], _ n: Int) -> (re: Double, im: Double) {
    (Double(channels[0][n]), Double(channels[1][n]))
  }

  /// `conj(column a)` times column `b`; the target for nil.
  func product(_ a: Int, _ b: Int?) -> (re: Double, im: Double) {
    let other = b.map { columns[$0] } ?? target
    return zip(columns[a], other).reduce((0, 0)) { sum, pair in
      (
        sum.0 + pair.0.re * pair.1.re + pair.0.im * pair.1.im,
        sum.1 + pair.0.re * pair.1.im - pair.0.im * pair.1.re
      )
    }
  }

  func solved() -> [(re: Double, im: Double)] {
    // As a real problem of twice the size: [Re -Im; Im Re].
    let (m, n) = (2 * target.count, 2 * columns.count)
    var a = columns.flatMap { column in
      [column.map(\.re) + column.map(\.im), column.map { -$0.im } + column.map(\.re)]
    }
    var b = target.map(\.re) + target.map(\.im)
    for k in 0..<n {
      let norm = a[k][k...].reduce(0) { $0 + $1 * $1 }.squareRoot()
      let alpha = a[k][k] > 0 ? -norm : norm
      var v = Array(a[k][k...])
      v[0] -= alpha
      let length = v.reduce(0) { $0 + $1 * $1 }
      func reflect(_ x: inout [Double]) {
        var dot = 0.0
        for i in k..<m { dot += v[i - k] * x[i] }
        for i in k..<m { x[i] -= 2 * dot / length * v[i - k] }
      }
      for j in k..<n { reflect(&a[j]) }
      reflect(&b)
    }
    var x = [Double](repeating: 0, count: n)
    for k in (0..<n).reversed() {
      var sum = b[k]
      for j in k + 1..<max(k + 1, n) { sum -= a[j][k] * x[j] }
      x[k] = sum / a[k][k]
    }
    return columns.indices.map { (x[2 * $0], x[2 * $0 + 1]) }
  }
}
