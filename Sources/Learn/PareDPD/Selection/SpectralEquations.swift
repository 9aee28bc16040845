import CPareKernels
import PareNumerics
import PareSignal

/// How much an error counts, by frequency.
public struct BandWeights: Hashable, Sendable {
  /// Power weights: in band, in the two adjacent channels, and elsewhere.
  public var inBand = 1.0
  public var adjacent = 6.0
  public var rest = 0.12
  /// One bin in so many is kept elsewhere.
  public var restStride = 10
  /// Half the band and the width of an adjacent channel, in cycles per sample.
  public var halfBand: Double
  public var channel: Double

  public init(_ calibration: BenchmarkCalibration) {
    halfBand = calibration.bandwidth / 2 / calibration.sampleRate
    channel =
      calibration.bandwidth / Double(calibration.carrierCount) / calibration.sampleRate
  }

  public init(halfBand: Double, channel: Double) {
    self.halfBand = halfBand
    self.channel = channel
  }
}

/// A weighted spectrum of the interior of a signal, as one row of real numbers.
struct SpectralRow: Sendable {
  private let transform: FourierTransform
  private let window: [Double]
  private let bins: [(place: Int, factor: Double)]
  /// Numbers of a row, a multiple of 8.
  let stride: Int

  init(count: Int, margin: Int, _ weights: BandWeights) {
    let transform = FourierTransform(count: FourierTransform.fastCount(atLeast: count))
    // Edges are faded over as many samples as are left out, so that they do not leak over the spectrum.
    window = (0..<count).map { n in
      let edge = Double(min(n, count - 1 - n) - margin / 2) / Double(max(margin / 2, 1))
      return 0.5 - 0.5 * unitPhasor(turns: min(max(edge, 0), 1) / 2).re
    }
    var bins: [(Int, Double)] = []
    for k in 0..<transform.count {
      let place = k < (transform.count + 1) / 2 ? k : k - transform.count
      let frequency = abs(Double(place)) / Double(transform.count)
      let weight: Double
      if frequency < weights.halfBand {
        weight = weights.inBand
      } else if frequency < weights.halfBand + weights.channel {
        weight = weights.adjacent
      } else if k % weights.restStride == 0 {
        weight = weights.rest
      } else {
        continue
      }
      bins.append((k, (weight / Double(transform.count)).squareRoot()))
    }
    self.transform = transform
    self.bins = bins
    stride = (2 * bins.count + 7) / 8 * 8
  }

  /// Writes the row of `i + jq`, of which more samples than the window's are left out.
  func write(_ i: [Float], _ q: [Float], to rows: inout [Float], at start: Int) {
    var re = [Double](repeating: 0, count: transform.count)
    var im = re
    for n in 0..<window.count {
      re[n] = window[n] * Double(i[n])
      im[n] = window[n] * Double(q[n])
    }
    transform.forward(&re, &im)
    for (place, bin) in bins.enumerated() {
      rows[start + 2 * place] = Float(bin.factor * re[bin.place])
      rows[start + 2 * place + 1] = Float(bin.factor * im[bin.place])
    }
  }
}

/// The quadratic error of a predistorter around one drive: `energy - 2 b'c + c'Gc` for coefficients c of scaled channels.
///
/// Every term is pushed through the amplifier's derivative; errors are weighted by frequency. A channel counts in units
/// of the power of two above its peak.
public struct SpectralEquations: Sendable {
  public let terms: [PredistorterTerm]
  /// Power of two of each term's channel.
  let exponents: [Int]
  /// `G`, `[row][column]`, symmetric.
  public private(set) var gram: [Double]
  /// `b`.
  public private(set) var right: [Double]
  /// Weighted energy of what is to be matched.
  public private(set) var energy: Double
  /// What the terms share.
  let products: SharedProducts
  /// Weighted energy that white noise of variance 1 in one part of the drive causes.
  private(set) var noiseEnergy: Double

  public var count: Int { terms.count }

  /// - Parameters:
  ///   - goal: the drive's direction to be matched: at the ideal drive, the drive itself.
  ///   - residual: what the output still lacks, added to the pushed goal.
  init(
    _ terms: [PredistorterTerm], _ bank: FeatureBank, _ jacobian: BandedJacobian,
    goal: IQSignal, residual: IQSignal?, margin: Int, _ weights: BandWeights
  ) throws {
    let places = Dictionary(uniqueKeysWithValues: bank.channels.enumerated().map { ($1, $0) })
    let row = SpectralRow(count: jacobian.count, margin: margin, weights)
    let reach = terms.reduce(1) { max($0, abs($1.delay)) }
    let (front, back) = jacobian.padding(reach: reach)
    func padded(_ signal: [Double], scale: Double) -> [Float] {
      [Float](repeating: 0, count: front) + signal.map { Float($0 * scale) }
        + [Float](repeating: 0, count: back)
    }
    // The last row is the goal.
    var rows = [Float](repeating: 0, count: (terms.count + 1) * row.stride)
    var current: (place: Int, signal: [Float]) = (-1, [])
    for (index, term) in terms.enumerated() {
      try Task.checkCancellation()
      let place = places[term.channel]!
      if current.place != place {
        current = (
          place, padded(bank.values[place], scale: powerOfTwo(-bank.exponents[place]))
        )
      }
      let pushed = jacobian.push(
        current.signal, front: front, delay: term.delay, part: term.output.rawValue)
      row.write(pushed.i, pushed.q, to: &rows, at: index * row.stride)
    }
    let goalI = jacobian.push(padded(goal.i, scale: 1), front: front, delay: 0, part: 0)
    let goalQ = jacobian.push(padded(goal.q, scale: 1), front: front, delay: 0, part: 1)
    var sum = (i: goalI.i, q: goalI.q)
    for n in 0..<jacobian.count {
      sum.i[n] += goalQ.i[n] + Float(residual?.i[n] ?? 0)
      sum.q[n] += goalQ.q[n] + Float(residual?.q[n] ?? 0)
    }
    row.write(sum.i, sum.q, to: &rows, at: terms.count * row.stride)

    let size = terms.count + 1
    var gram = [Double](repeating: 0, count: size * size)
    unsafe pare_gram_double(pare_best_variant(), size, row.stride, rows, row.stride, &gram)
    self.terms = terms
    exponents = terms.map { bank.exponents[places[$0.channel]!] }
    right = Array(gram[terms.count * size..<terms.count * size + terms.count])
    energy = gram[size * size - 1]
    self.gram = Self.mirrored(gram, size: size, count: terms.count)
    products = SharedProducts(terms)

    var random = RandomStream(seed: 1).fork("white")
    let white = (0..<jacobian.count).map { _ in random.normal() }
    let noise = jacobian.push(padded(white, scale: 1), front: front, delay: 0, part: 0)
    var line = [Float](repeating: 0, count: row.stride)
    row.write(noise.i, noise.q, to: &line, at: 0)
    noiseEnergy = line.reduce(0) { $0 + Double($1) * Double($1) }
  }

  /// Adds a multiple of the error through another amplifier, of the same terms over the same input.
  mutating func add(_ other: SpectralEquations, times weight: Double = 1) {
    precondition(terms == other.terms && exponents == other.exponents, "the terms differ")
    for place in gram.indices { gram[place] += weight * other.gram[place] }
    for place in right.indices { right[place] += weight * other.right[place] }
    energy += weight * other.energy
    noiseEnergy += weight * other.noiseEnergy
  }

  /// The same with all errors multiplied.
  func scaled(by weight: Double) -> Self {
    var result = self
    result.gram = gram.map { $0 * weight }
    result.right = right.map { $0 * weight }
    result.energy *= weight
    result.noiseEnergy *= weight
    return result
  }

  /// The first rows and columns of a matrix of which the lower triangle is known.
  private static func mirrored(_ lower: [Double], size: Int, count: Int) -> [Double] {
    var result = [Double](repeating: 0, count: count * count)
    unsafe result.withUnsafeMutableBufferPointer { result in
      unsafe lower.withUnsafeBufferPointer { lower in
        for i in 0..<count {
          for j in 0...i {
            let value = unsafe lower[i * size + j]
            unsafe result[i * count + j] = value
            unsafe result[j * count + i] = value
          }
        }
      }
    }
    return result
  }

  /// Adds what rounding the input and the channels to their word lengths costs: an error uniform over one step each, white.
  ///
  /// It keeps large coefficients of opposite sign from cancelling.
  ///
  /// - Source: variance of a uniform error of one step, step^2 / 12.
  mutating func addRounding(_ words: PredistorterWords) {
    for index in 0..<count {
      let bits = terms[index].channel.envelope == .one ? words.input : words.feature
      let step = powerOfTwo(1 - bits)
      gram[index * count + index] += step * step / 12 * noiseEnergy
    }
  }

  /// The least error of some terms, in units of ``energy``.
  ///
  /// - Parameter support: places in ``terms``.
  /// - Throws: ``PredistortionError`` with code `.singular`.
  public func leastError(of support: [Int]) throws(PredistortionError) -> Double {
    let quadratic = restricted(to: support)
    return quadratic.error(of: try quadratic.solution())
  }

  /// Multiplications, additions and tables of the features that some terms need.
  public func cost(of support: [Int]) -> FeatureCost {
    FeatureCost(of: support.map { terms[$0].channel })
  }

  /// The equations of some terms.
  func restricted(to support: [Int]) -> QuadraticError {
    var matrix = [Double](repeating: 0, count: support.count * support.count)
    for (a, i) in support.enumerated() {
      for (b, j) in support.enumerated() {
        matrix[a * support.count + b] = gram[i * count + j]
      }
    }
    return QuadraticError(matrix: matrix, right: support.map { right[$0] }, energy: energy)
  }
}
