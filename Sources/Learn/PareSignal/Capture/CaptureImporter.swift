/// How two captures fitted together.
public struct Alignment: Hashable, Sendable, Codable {
  /// Samples by which the output lagged the input; the amplifier's own group delay is part of it.
  public let delay: Double
  /// Complex least-squares gain after alignment.
  public let gain: Complex
  /// Magnitude of the normalized correlation after alignment, 0...1.
  public let correlation: Double
  /// Samples left after the ends that have no partner were trimmed.
  public let count: Int

  private enum CodingKeys: String, CodingKey {
    case delay = "delaySamples"
    case gain, correlation
    case count = "sampleCount"
  }
}

/// Makes a data set from a raw pair of captures: aligns them, trims the ends, and splits 60 : 20 : 20.
///
///     var importer = CaptureImporter(bandwidth: 200e6)
///     importer.sampleRate = 983.04e6
///     let (dataset, alignment) = try importer.dataset(named: "mine", input: "x.csv", output: "y.csv")
public struct CaptureImporter: Hashable, Sendable {
  /// Width of the main channel in Hz.
  public var bandwidth: Double
  public var subChannelCount: Int
  /// In Hz; needed unless a capture tells it.
  public var sampleRate: Double?
  /// Window of the spectral metrics; chosen by the length of the capture when absent.
  public var segmentLength: Int?
  /// Judged by the file names when absent.
  public var inputFormat: CaptureFormat?
  public var outputFormat: CaptureFormat?
  /// Delay of the output in samples, when it is known; estimated when absent.
  public var delay: Double?

  /// Below this the two captures do not belong together: an NMSE of -1 dB goes with 0.45.
  public static let lowestCorrelation = 0.5

  public init(
    bandwidth: Double, subChannelCount: Int = 1, sampleRate: Double? = nil,
    segmentLength: Int? = nil, inputFormat: CaptureFormat? = nil,
    outputFormat: CaptureFormat? = nil, delay: Double? = nil
  ) {
    self.bandwidth = bandwidth
    self.subChannelCount = subChannelCount
    self.sampleRate = sampleRate
    self.segmentLength = segmentLength
    self.inputFormat = inputFormat
    self.outputFormat = outputFormat
    self.delay = delay
  }

  /// Reads, aligns and splits two files.
  ///
  /// - Throws: ``SignalError`` for a bad file, a missing or contradictory sample rate, or a pair that hardly
  ///   correlates; `CancellationError` when the task is cancelled.
  public func dataset(
    named name: String, input: String, output: String
  ) throws -> (dataset: IQDataset, alignment: Alignment) {
    let x = try Capture(contentsOf: input, format: inputFormat)
    let y = try Capture(contentsOf: output, format: outputFormat)
    var rate = sampleRate
    for (path, capture) in [(input, x), (output, y)] {
      guard let told = capture.sampleRate else { continue }
      if let rate, abs(rate - told) > 1e-9 * rate {
        throw SignalError(
          .badCapture(path: path, reason: "its sample rate is \(told) Hz, not \(rate) Hz"))
      }
      rate = told
    }
    guard let rate else {
      throw SignalError(.badPlan(reason: "the sample rate is not known: neither file tells it"))
    }
    return try dataset(named: name, input: x.signal, output: y.signal, sampleRate: rate)
  }

  /// Aligns and splits two signals.
  ///
  /// - Throws: ``SignalError`` as for files.
  public func dataset(
    named name: String, input: IQSignal, output: IQSignal, sampleRate: Double
  ) throws -> (dataset: IQDataset, alignment: Alignment) {
    // The length is settled after alignment; this checks the rates before any work.
    _ = try BandPlan(
      sampleRate: sampleRate, bandwidth: bandwidth, subChannelCount: subChannelCount)
    let shortest = 320
    for (what, signal) in [("the input", input), ("the output", output)] {
      guard signal.count >= shortest else {
        throw SignalError(.tooShort(what: what, count: signal.count, needed: shortest))
      }
      guard signal.peak > 0 else { throw SignalError(.silent(what: what)) }
    }
    if let delay, !(abs(delay) < 1e9) {
      throw SignalError(.badPlan(reason: "a delay of \(delay) samples is not possible"))
    }
    let found = try delay ?? estimatedDelay(input, output, sampleRate)
    guard let pair = try aligned(input, output, delay: found), pair.count >= shortest else {
      throw SignalError(
        .tooShort(
          what: "the overlap of input and output (delay \(found) samples)", count: 0,
          needed: shortest))
    }
    let match = correlation(pair.input, pair.output)
    guard match >= Self.lowestCorrelation else {
      throw SignalError(
        .uncorrelated(
          correlation: match,
          conjugateCorrelation: try conjugateCorrelation(input, output)))
    }
    var length = 4096
    while length > pair.count / 5 { length /= 2 }
    let dataset = try IQDataset(
      name: name, splitting: pair,
      plan: BandPlan(
        sampleRate: sampleRate, bandwidth: bandwidth, subChannelCount: subChannelCount,
        segmentLength: segmentLength ?? length))
    return (
      dataset,
      Alignment(
        delay: found, gain: leastSquaresGain(from: pair.input, to: pair.output),
        correlation: match, count: pair.count)
    )
  }

  private func estimatedDelay(
    _ x: IQSignal, _ y: IQSignal, _ sampleRate: Double
  ) throws -> Double {
    var delay = Double(try DelayEstimate.wholeSamples(of: y, behind: x))
    // Each round measures what the last left over; two are enough in practice.
    for _ in 0..<5 {
      guard let pair = try aligned(x, y, delay: delay), pair.count >= 16 else { break }
      let rest = DelayEstimate.fraction(
        of: pair.output, behind: pair.input, band: min(1, bandwidth / sampleRate))
      delay += rest
      if abs(rest) < 1e-6 { break }
    }
    return delay
  }

  /// The stretch that both signals cover once the output is advanced, or nil when there is none.
  private func aligned(_ x: IQSignal, _ y: IQSignal, delay: Double) throws -> IQPair? {
    let shift = FractionalShift(by: delay)
    let range = shift.range(forCount: y.count).clamped(to: 0..<x.count)
    guard !range.isEmpty else { return nil }
    return IQPair(input: x[range], output: try shift(y, range))
  }

  /// The correlation that the conjugated output would reach, to tell a swap of I and Q from a wrong file.
  private func conjugateCorrelation(_ x: IQSignal, _ y: IQSignal) throws -> Double {
    let mirrored = IQSignal(i: y.i, q: y.q.map { -$0 })
    let delay = Double(try DelayEstimate.wholeSamples(of: mirrored, behind: x))
    guard let pair = try aligned(x, mirrored, delay: delay) else { return 0 }
    return correlation(pair.input, pair.output)
  }
}
