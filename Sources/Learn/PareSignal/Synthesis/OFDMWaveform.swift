public import PareNumerics

/// A multi-carrier OFDM test signal: QAM on subcarriers, cyclic prefix, soft symbol edges.
///
/// Each sub-channel occupies the inner 90 % of its slot; subcarriers are `sampleRate / transformLength` apart, so the
/// inverse transform also does the oversampling.
public struct OFDMWaveform: Hashable, Sendable, Codable {
  /// In Hz.
  public var sampleRate: Double
  /// Width of all sub-channels together in Hz.
  public var bandwidth: Double
  public var subChannelCount: Int
  /// Points of the square constellation: 4, 16, 64 or 256.
  public var constellationSize: Int
  /// Samples of one symbol without its prefix.
  public var transformLength: Int
  /// Samples that repeat the end of a symbol before its start.
  public var prefixLength: Int
  /// Samples over which neighbouring symbols fade into each other (raised cosine).
  public var edgeLength: Int

  /// The frequency plan of the measured APA_200MHz set, with symbols a quarter as long.
  public init(
    sampleRate: Double = 983.04e6, bandwidth: Double = 200e6, subChannelCount: Int = 5,
    constellationSize: Int = 64, transformLength: Int = 8192, prefixLength: Int = 576,
    edgeLength: Int = 512
  ) {
    self.sampleRate = sampleRate
    self.bandwidth = bandwidth
    self.subChannelCount = subChannelCount
    self.constellationSize = constellationSize
    self.transformLength = transformLength
    self.prefixLength = prefixLength
    self.edgeLength = edgeLength
  }

  private enum CodingKeys: String, CodingKey {
    case sampleRate = "sampleRateHz"
    case bandwidth = "bandwidthHz"
    case subChannelCount, constellationSize, transformLength, prefixLength, edgeLength
  }

  /// The signal with its largest magnitude at `peak`; the same for the same arguments on every machine.
  ///
  /// - Throws: ``SignalError`` when the parameters do not describe a waveform.
  public func signal(
    count: Int, peak: Double, random: RandomStream
  ) throws -> IQSignal {
    let occupied = try subcarriers()
    guard count >= 1 else { throw SignalError(.noSamples(path: "the waveform")) }
    guard peak > 0, peak.isFinite else {
      throw SignalError(.badPlan(reason: "a peak of \(peak) is not positive"))
    }
    let levels = constellationSize.squareRootOfPower!
    let transform = FourierTransform(count: transformLength)
    let symbolLength = transformLength + prefixLength
    let fade = (0..<edgeLength).map { n in
      0.5 - 0.5 * unitPhasor(turns: (Double(n) + 0.5) / Double(2 * edgeLength)).re
    }
    var i = [Double](repeating: 0, count: count)
    var q = i
    var random = random
    // The first symbol starts one edge early, so that the signal is stationary from its first sample.
    for start in stride(from: -edgeLength, to: count, by: symbolLength) {
      try Task.checkCancellation()
      var re = [Double](repeating: 0, count: transformLength)
      var im = re
      for bin in occupied {
        re[bin] = Double(2 * random.index(below: levels) - levels + 1)
        im[bin] = Double(2 * random.index(below: levels) - levels + 1)
      }
      transform.inverse(&re, &im)
      for n in 0..<symbolLength + edgeLength {
        guard (0..<count).contains(start + n) else { continue }
        let source = (n - prefixLength + 2 * transformLength) % transformLength
        let rising = n < edgeLength ? fade[n] : 1
        let falling = n >= symbolLength ? 1 - fade[n - symbolLength] : 1
        i[start + n] += re[source] * rising * falling
        q[start + n] += im[source] * rising * falling
      }
    }
    let signal = IQSignal(i: i, q: q)
    guard signal.peak > 0 else { throw SignalError(.silent(what: "the waveform")) }
    return signal.scaled(by: Complex(peak / signal.peak))
  }

  /// Transform bins that carry data, without repetition.
  private func subcarriers() throws(SignalError) -> [Int] {
    func bad(_ reason: String) -> SignalError { SignalError(.badPlan(reason: reason)) }
    _ = try BandPlan(
      sampleRate: sampleRate, bandwidth: bandwidth, subChannelCount: subChannelCount)
    guard constellationSize.squareRootOfPower != nil else {
      throw bad("a constellation of \(constellationSize) points is not 4, 16, 64 or 256")
    }
    guard (16...(1 << 24)).contains(transformLength) else {
      throw bad("a symbol of \(transformLength) samples is not possible")
    }
    guard 0 <= edgeLength, edgeLength <= prefixLength, prefixLength <= transformLength else {
      throw bad(
        "the symbol edge \(edgeLength) must fit the prefix \(prefixLength), and that the symbol")
    }
    let spacing = sampleRate / Double(transformLength)
    let width = bandwidth / Double(subChannelCount)
    // Rates near the smallest number there is make this neither a number nor finite.
    let room = 0.9 * width / spacing
    guard room >= 1, room <= Double(transformLength) else {
      throw bad("sub-channels of \(width) Hz hold no subcarriers \(spacing) Hz apart")
    }
    let active = Int(room)
    return (0..<subChannelCount).flatMap { channel -> [Int] in
      let center = (Double(channel) - Double(subChannelCount - 1) / 2) * width / spacing
      let first = Int((center - Double(active - 1) / 2).rounded(.toNearestOrEven))
      return (first..<first + active).map { ($0 + transformLength) % transformLength }
    }
  }
}

extension Int {
  /// Levels per axis of a square constellation with this many points.
  fileprivate var squareRootOfPower: Int? {
    switch self {
    case 4: 2
    case 16: 4
    case 64: 8
    case 256: 16
    default: nil
    }
  }
}
