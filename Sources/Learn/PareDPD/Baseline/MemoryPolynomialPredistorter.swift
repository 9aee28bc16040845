public import PareSignal

/// A memory polynomial that inverts an amplifier, found by indirect learning: the reference that networks are held against.
///
///     let polynomial = try arena.memoryPolynomial(orders: 5, taps: 25)
///     let score = try arena.score(polynomial.predistort(arena.input(.test)), on: .test)
///
/// The drive is the sum of `c(k, q) x(n-q) |x(n-q)|^k` over k below ``orders`` and q below ``taps``; samples before the first
/// are zero. The coefficients bring the amplifier's output, divided by the wanted gain, back to its input; that the same
/// polynomial in front of the amplifier linearizes it is the assumption of indirect learning.
///
/// - Source: Ding et al., A Robust Digital Baseband Predistorter Constructed Using Memory Polynomials, 2004; columns of length
///   one and singular values cut as in `mp_ls` of OpenDPD 2.4.2.
public struct MemoryPolynomialPredistorter: Sendable {
  /// Powers of the magnitude, from 0.
  public let orders: Int
  /// Delays, from 0.
  public let taps: Int
  /// Complex, `[order][tap]` in one row.
  public let coefficients: [Complex]
  /// Directions that the least squares kept.
  public let rank: Int

  /// Least squares from an amplifier's output back to its input.
  ///
  /// - Parameters:
  ///   - output: divided by the wanted gain.
  ///   - cutoff: singular values at or below this part of the largest count as zero; at least 1e-6, since they are found as
  ///     roots of eigenvalues.
  /// - Throws: ``PredistortionError`` for signals of different lengths, samples that are not finite, a silent output.
  public init(
    from output: IQSignal, to input: IQSignal, orders: Int, taps: Int, cutoff: Double = 1e-4
  )
    throws
  {
    precondition(orders > 0 && taps > 0, "\(orders) orders of \(taps) taps")
    precondition(cutoff >= 1e-6 && cutoff < 1, "singular values cut at \(cutoff)")
    guard output.count == input.count else {
      throw PredistortionError(
        .wrongLength(what: "the amplifier's output", count: output.count, expected: input.count))
    }
    let columns = Self.columns(of: output, orders: orders, taps: taps)
    let lengths = columns.map { $0.energy().squareRoot() }
    for (index, length) in lengths.enumerated() where !(length > 0 && length.isFinite) {
      throw PredistortionError(.singular(what: "the basis of the polynomial", column: index))
    }
    let products = columns.indices.map { row in
      columns.indices.map { column in
        column < row
          ? Complex.zero
          : (1 / (lengths[row] * lengths[column]))
            * Self.product(columns[row], columns[column])
      }
    }
    let target = zip(columns, lengths).map { (1 / $1) * Self.product($0, input) }
    guard target.allSatisfy({ $0.squaredMagnitude.isFinite }) else {
      throw PredistortionError(.singular(what: "the input of the amplifier", column: 0))
    }
    // Eigenvalues of the products are squares of the columns' singular values.
    let solved = HermitianSystem(products).solution(for: target, cutoff: cutoff * cutoff)
    self.orders = orders
    self.taps = taps
    coefficients = zip(solved.values, lengths).map { (1 / $1) * $0 }
    rank = solved.rank
  }

  /// The drive for an input.
  public func predistort(_ x: IQSignal) -> IQSignal {
    var (i, q) = ([Double](repeating: 0, count: x.count), [Double](repeating: 0, count: x.count))
    for order in 0..<orders {
      let feature = Self.feature(of: x, order: order)
      for tap in 0..<min(taps, x.count) {
        let c = coefficients[order * taps + tap]
        for n in tap..<x.count {
          i[n] += c.re * feature.i[n - tap] - c.im * feature.q[n - tap]
          q[n] += c.re * feature.q[n - tap] + c.im * feature.i[n - tap]
        }
      }
    }
    return IQSignal(i: i, q: q)
  }

  private static func feature(of x: IQSignal, order: Int) -> IQSignal {
    var (i, q) = (x.i, x.q)
    for n in 0..<x.count {
      let magnitude = x[n].magnitude
      for _ in 0..<order {
        i[n] *= magnitude
        q[n] *= magnitude
      }
    }
    return IQSignal(i: i, q: q)
  }

  private static func columns(of x: IQSignal, orders: Int, taps: Int) -> [IQSignal] {
    (0..<orders).flatMap { order in
      let feature = feature(of: x, order: order)
      return (0..<taps).map { tap in
        let silence = [Double](repeating: 0, count: min(tap, x.count))
        return IQSignal(
          i: silence + feature.i.dropLast(tap), q: silence + feature.q.dropLast(tap))
      }
    }
  }

  /// Sum of `conj(a) b`.
  private static func product(_ a: IQSignal, _ b: IQSignal) -> Complex {
    let (aI, aQ, bI, bQ) = (a.i, a.q, b.i, b.q)
    var (same, other) = (0.0, 0.0)
    for n in aI.indices {
      same += aI[n] * bI[n] + aQ[n] * bQ[n]
      other += aI[n] * bQ[n] - aQ[n] * bI[n]
    }
    return Complex(same, other)
  }
}

extension PredistortionBenchmark {
  /// Indirect learning of a memory polynomial on the training split, through the frozen amplifier unless another is given.
  ///
  /// - Throws: ``PredistortionError``.
  public func memoryPolynomial(
    orders: Int, taps: Int, cutoff: Double = 1e-4,
    through amplifier: (any DifferentiableAmplifier)? = nil
  ) throws -> MemoryPolynomialPredistorter {
    let input = input(.train)
    let output = judge(amplifier).amplify(transmitted(input))
    return try MemoryPolynomialPredistorter(
      from: output.scaled(by: Complex(1 / calibration.gain)), to: input, orders: orders, taps: taps,
      cutoff: cutoff)
  }
}
