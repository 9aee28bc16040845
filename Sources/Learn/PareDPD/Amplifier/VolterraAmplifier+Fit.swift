import CPareKernels
import PareNumerics
public import PareSignal

extension VolterraAmplifier {
  /// What a fit is told beside the capture.
  public struct Prior: Sendable {
    /// An amplifier that the small-signal response outside the band should be near to.
    public let amplifier: any DifferentiableAmplifier
    /// Half the occupied band in cycles per sample; noise beyond it probes the response.
    public let halfBand: Double
    /// Weight of that error against the capture's.
    public let weight: Double

    public init(amplifier: any DifferentiableAmplifier, halfBand: Double, weight: Double) {
      self.amplifier = amplifier
      self.halfBand = halfBand
      self.weight = weight
    }
  }

  /// Fits the coefficients to a capture by least squares with a ridge.
  ///
  /// A capture of limited band says nothing about what the amplifier does with a drive outside the band, as a predistorted one
  /// is. With a prior, the response to weak noise out there is held near another amplifier's:
  ///
  ///     |Phi(x) c - y|^2 + weight |D Phi(x)[w] c - D f(x)[w]|^2 + ridge |c|^2
  ///
  /// where columns count in units of their norms.
  ///
  /// - Parameters:
  ///   - margin: samples at each end that do not count.
  ///   - ridge: over the number of terms' unit norms.
  /// - Throws: ``PredistortionError`` when the capture's lengths differ or the equations are singular; `CancellationError`.
  public init(
    name: String, terms: [VolterraTerm], input: IQSignal, output: IQSignal, margin: Int,
    ridge: Double = 1e-7, prior: Prior? = nil, seed: UInt64 = 1
  ) throws {
    guard input.count == output.count, input.count > 2 * margin + terms.count else {
      throw PredistortionError(
        .wrongLength(what: "the amplifier's output", count: output.count, expected: input.count))
    }
    let basis = VolterraBasis(terms.map(\.envelope), of: input)
    var equations = try ComplexEquations(
      terms.count, goal: output, margin: margin
    ) { terms[$0].values(basis) }
    if let prior {
      let noise = prior.noise(count: input.count, seed: seed, rms: input.rms)
      let change = VolterraBasis(derivativeOf: basis, along: noise)
      let wanted = prior.amplifier.tangent(at: input).derivative(along: noise)
      let response = try ComplexEquations(terms.count, goal: wanted, margin: margin) {
        terms[$0].derivative(basis, change)
      }
      equations.add(response, weight: prior.weight)
    }
    self.init(name: name, terms: terms, coefficients: try equations.solution(ridge: ridge))
  }
}

extension VolterraAmplifier.Prior {
  /// White noise with an empty band around 0.
  func noise(count: Int, seed: UInt64, rms: Double) -> IQSignal {
    let transform = FourierTransform(count: FourierTransform.fastCount(atLeast: count))
    var random = RandomStream(seed: seed).fork("out of band")
    var re = (0..<transform.count).map { _ in random.normal() }
    var im = (0..<transform.count).map { _ in random.normal() }
    transform.forward(&re, &im)
    for k in 0..<transform.count {
      let place = k < (transform.count + 1) / 2 ? k : k - transform.count
      if abs(Double(place)) / Double(transform.count) < halfBand {
        re[k] = 0
        im[k] = 0
      }
    }
    transform.inverse(&re, &im)
    let noise = IQSignal(i: Array(re[..<count]), q: Array(im[..<count]))
    return noise.scaled(by: Complex(rms / noise.rms))
  }
}

/// Least squares in complex coefficients, as real equations of twice the size.
private struct ComplexEquations {
  private let count: Int
  /// Lower triangle over the real and imaginary coefficients and the goal, `[row][column]`.
  private var gram: [Double]

  init(
    _ count: Int, goal: IQSignal, margin: Int, column: (Int) -> IQSignal
  ) throws {
    self.count = count
    let length = goal.count - 2 * margin
    let stride = (2 * length + 7) / 8 * 8
    let size = 2 * count + 1
    var rows = [Float](repeating: 0, count: size * stride)
    for term in 0..<count {
      try Task.checkCancellation()
      let values = column(term)
      let (real, imaginary) = (2 * term * stride, (2 * term + 1) * stride)
      for n in 0..<length {
        let (i, q) = (Float(values.i[margin + n]), Float(values.q[margin + n]))
        rows[real + n] = i
        rows[real + length + n] = q
        rows[imaginary + n] = -q
        rows[imaginary + length + n] = i
      }
    }
    for n in 0..<length {
      rows[2 * count * stride + n] = Float(goal.i[margin + n])
      rows[2 * count * stride + length + n] = Float(goal.q[margin + n])
    }
    var gram = [Double](repeating: 0, count: size * size)
    unsafe pare_gram_double(pare_best_variant(), size, stride, rows, stride, &gram)
    self.gram = gram
  }

  mutating func add(_ other: ComplexEquations, weight: Double) {
    for place in gram.indices { gram[place] += weight * other.gram[place] }
  }

  func solution(ridge: Double) throws(PredistortionError) -> [Complex] {
    let size = 2 * count + 1
    let norms = (0..<2 * count).map {
      max(gram[$0 * size + $0], .leastNormalMagnitude).squareRoot()
    }
    var matrix = [Double](repeating: 0, count: 4 * count * count)
    for i in 0..<2 * count {
      for j in 0..<2 * count {
        matrix[i * 2 * count + j] =
          gram[max(i, j) * size + min(i, j)] / (norms[i] * norms[j]) + (i == j ? ridge : 0)
      }
    }
    let quadratic = QuadraticError(
      matrix: matrix, right: (0..<2 * count).map { gram[2 * count * size + $0] / norms[$0] },
      energy: gram[size * size - 1])
    let solved = try quadratic.solution()
    return (0..<count).map {
      Complex(solved[2 * $0] / norms[2 * $0], solved[2 * $0 + 1] / norms[2 * $0 + 1])
    }
  }
}
