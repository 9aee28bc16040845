import CPareKernels
import PareSignal

/// Least squares in complex coefficients, as real equations of twice the size.
struct ComplexEquations {
  private(set) var count: Int
  /// Lower triangle over the real and imaginary coefficients and the goal, `[row][column]`.
  private var gram: [Double]

  /// The equations of a polynomial amplifier's terms for a capture.
  ///
  /// - Throws: ``PredistortionError`` when the capture's lengths differ; `CancellationError`.
  init(
    of terms: [VolterraTerm], input: IQSignal, output: IQSignal, margin: Int,
    prior: VolterraAmplifier.Prior?, seed: UInt64
  ) throws {
    guard input.count == output.count, input.count > 2 * margin + terms.count else {
      throw PredistortionError(
        .wrongLength(what: "the amplifier's output", count: output.count, expected: input.count))
    }
    let basis = VolterraBasis(terms.map(\.envelope), of: input)
    try self.init(terms.count, goal: output, margin: margin) { terms[$0].values(basis) }
    guard let prior else { return }
    let noise = prior.noise(count: input.count, seed: seed, rms: input.rms)
    let change = VolterraBasis(derivativeOf: basis, along: noise)
    let wanted = prior.amplifier.tangent(at: input).derivative(along: noise)
    let response = try ComplexEquations(terms.count, goal: wanted, margin: margin) {
      terms[$0].derivative(basis, change)
    }
    add(response, weight: prior.weight)
  }

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

  /// The equations of some terms.
  func restricted(to terms: [Int]) -> ComplexEquations {
    let size = 2 * count + 1
    let rows = terms.flatMap { [2 * $0, 2 * $0 + 1] } + [size - 1]
    var part = self
    part.count = terms.count
    part.gram = [Double](repeating: 0, count: rows.count * rows.count)
    for (a, i) in rows.enumerated() {
      for (b, j) in rows.prefix(a + 1).enumerated() {
        part.gram[a * rows.count + b] = gram[max(i, j) * size + min(i, j)]
      }
    }
    return part
  }

  /// Terms in the order in which each lowers the error most, given those before it.
  ///
  /// - Source: Chen, Billings, Luo, Orthogonal least squares methods, 1989, in complex numbers.
  func order(limit: Int, ridge: Double) throws -> [Int] {
    var norms = (0..<count).map { product($0, $0).re * (1 + ridge) }
    let initial = norms
    let least = 1e-9 + 3 * ridge
    var products = (0..<count).map { goal($0) }
    var rows: [[Complex]] = []
    var order: [Int] = []
    var isChosen = [Bool](repeating: false, count: count)
    while order.count < min(limit, count) {
      try Task.checkCancellation()
      var best = (place: -1, gain: 0.0)
      // What is left of a column must be more than rounding, and than the ridge leaves of an equal one, twice itself.
      for j in 0..<count where !isChosen[j] && norms[j] > least * initial[j] {
        let gain = products[j].squaredMagnitude / norms[j]
        if gain > best.gain { best = (j, gain) }
      }
      guard best.place >= 0 else { break }
      let p = best.place
      var row = (0..<count).map { product(p, $0) }
      row[p] = Complex(initial[p])
      for earlier in rows {
        let factor = earlier[p].conjugate
        for j in 0..<count { row[j] = row[j] - factor * earlier[j] }
      }
      let root = norms[p].squareRoot()
      let gain = (1 / root) * products[p]
      for j in 0..<count {
        row[j] = (1 / root) * row[j]
        products[j] = products[j] - row[j].conjugate * gain
        norms[j] -= row[j].squaredMagnitude
      }
      rows.append(row)
      isChosen[p] = true
      order.append(p)
    }
    return order
  }

  /// Sum of `conj(a) b` over two terms' columns.
  private func product(_ a: Int, _ b: Int) -> Complex {
    let size = 2 * count + 1
    func entry(_ i: Int, _ j: Int) -> Double { gram[max(i, j) * size + min(i, j)] }
    return Complex(entry(2 * a, 2 * b), -entry(2 * a, 2 * b + 1))
  }

  /// Sum of `conj(a)` times the goal.
  private func goal(_ a: Int) -> Complex {
    let row = 2 * count * (2 * count + 1)
    return Complex(gram[row + 2 * a], gram[row + 2 * a + 1])
  }
}
