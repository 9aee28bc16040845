import CPareKernels
public import PareNetwork
import PareNumerics
import PareSignal
public import PareTrain

/// What amplifiers' outputs lack for the drive that a network makes, weighted by frequency: the error that a network
/// predistorter is refined for.
///
///     var refiner = try ObjectiveRefiner(PredistortionObjective(on: arena), recipe)
///     let sparse = try refiner.prune(network, toNonZeroCount: 100)
///
/// The drive is the network's output as it is, limited to the transmitter's peak; its derivative goes through the limiter and
/// each amplifier's ``BandedJacobian``. That is kept while the drive stays within -40 dB of where it was worked out: the
/// amplifier's derivative moves by about as much as the drive, a hundredth, and steps are accepted by the true error.
///
/// Weights, windows and splits are those of ``PredistorterStudy``: the error is of the training split, the score of the
/// validation split.
public struct PredistortionObjective: NetworkObjective {
  /// - Shape: `[2][time]`.
  let channels: [[Float]]
  let target: IQSignal
  let amplifiers: [any DifferentiableAmplifier]
  let row: SpectralRow
  let peak: Double
  /// Weighted energy of the target through all amplifiers.
  let energy: Double
  private let derivatives = NearbyDerivatives()
  /// Less the quality of a drive of the validation split.
  private let judge: @Sendable (Network) throws -> Double

  /// - Parameter amplifiers: models whose errors are added; the benchmark's own when empty.
  /// - Throws: ``PredistortionError``.
  public init(
    on benchmark: PredistortionBenchmark, through amplifiers: [any DifferentiableAmplifier] = [],
    _ weights: BandWeights? = nil
  ) throws {
    let all = amplifiers.isEmpty ? [benchmark.judge(nil)] : amplifiers
    let baselines = try all.map { try benchmark.baseline(on: .validation, through: $0) }
    self.init(
      input: benchmark.input(.train), target: benchmark.target(.train), through: all,
      weights ?? BandWeights(benchmark.calibration),
      margin: benchmark.calibration.windows[.train]!.metricStart,
      peak: benchmark.calibration.peak
    ) { network in
      let drive = IQSignal(channels: network(benchmark.input(.validation).channels))
      let qualities = try zip(all, baselines).map { amplifier, baseline in
        try benchmark.score(drive, on: .validation, through: amplifier).quality(over: baseline)
      }
      return -qualities.min()!
    }
  }

  /// - Parameters:
  ///   - margin: samples at each end that count less and less, or not at all; at least the network's context.
  ///   - judge: the score of a network.
  init(
    input: IQSignal, target: IQSignal, through amplifiers: [any DifferentiableAmplifier],
    _ weights: BandWeights, margin: Int, peak: Double,
    judge: @escaping @Sendable (Network) throws -> Double
  ) {
    channels = input.channels
    self.target = target
    self.amplifiers = amplifiers
    row = SpectralRow(count: input.count, margin: margin, weights)
    self.peak = peak
    self.judge = judge
    energy = Double(amplifiers.count) * row.energy(of: target)
  }

  public func score(of network: Network) throws -> Double { try judge(network) }

  /// Weighted energy of what the outputs lack, over that of the target.
  public func error(of network: Network) throws -> Double {
    let drive = IQSignal(channels: network(channels)).limited(to: peak)
    return try amplifiers.reduce(0) { sum, amplifier in
      try Task.checkCancellation()
      return sum + row.energy(of: target - amplifier.amplify(drive))
    } / energy
  }

  public func linearized(around network: Network) throws -> LinearizedError {
    let tangent = try NetworkTangent(of: network, at: channels)
    let full = IQSignal(channels: tangent.output)
    let drive = full.limited(to: peak)
    let columns = tangent.slopes.map { limited($0, around: full) }
    let size = columns.count + 1
    let unit = (1 / energy).squareRoot()
    var gram = [Double](repeating: 0, count: size * size)
    for (amplifier, jacobian) in zip(amplifiers, try derivatives.around(drive, of: amplifiers)) {
      // The last row is the residual.
      var rows = [Float](repeating: 0, count: size * row.stride)
      for (index, pushed) in try jacobian.push(columns).enumerated() {
        row.write(pushed.i, pushed.q, to: &rows, at: index * row.stride)
      }
      let residual = amplifier.amplify(drive) - target
      row.write(
        residual.i.map(Float.init), residual.q.map(Float.init), to: &rows,
        at: (size - 1) * row.stride)
      for place in rows.indices { rows[place] *= Float(unit) }
      unsafe pare_gram_double(pare_best_variant(), size, row.stride, rows, row.stride, &gram)
    }
    return LinearizedError(gram: gram, count: size - 1)
  }

  /// What an error of variance 1 in one output adds, were the amplifiers a gain of the target over the input.
  public var noiseError: Double {
    let gain = target.energy() / IQSignal(channels: channels).energy()
    var random = RandomStream(seed: 1).fork("white")
    let white = IQSignal(
      i: (0..<target.count).map { _ in random.normal() },
      q: [Double](repeating: 0, count: target.count))
    return Double(amplifiers.count) * gain * row.energy(of: white) / energy
  }

  /// A change of the drive behind the limiter: where that acts, the radial part is lost and the rest shrinks.
  private func limited(_ column: [[Float]], around drive: IQSignal) -> [[Float]] {
    var result = column
    for n in 0..<drive.count {
      let u = drive[n]
      let magnitude = u.magnitude
      guard magnitude > peak else { continue }
      let d = Complex(Double(column[0][n]), Double(column[1][n]))
      let radial = (u.re * d.re + u.im * d.im) / (magnitude * magnitude)
      result[0][n] = Float(peak / magnitude * (d.re - radial * u.re))
      result[1][n] = Float(peak / magnitude * (d.im - radial * u.im))
    }
    return result
  }
}

extension SpectralRow {
  /// The sum of squares of a signal's row.
  func energy(of signal: IQSignal) -> Double {
    var line = [Float](repeating: 0, count: stride)
    write(signal.i.map(Float.init), signal.q.map(Float.init), to: &line, at: 0)
    return line.reduce(0) { $0 + Double($1) * Double($1) }
  }
}
