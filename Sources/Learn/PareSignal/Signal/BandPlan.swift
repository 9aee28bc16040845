/// Where a signal sits in frequency, and how long the windows are that measure it.
///
/// The main channel lies around 0 Hz and is cut into `subChannelCount` carriers of equal width.
///
/// - Units: Hz for rates and widths, samples for lengths.
public struct BandPlan: Hashable, Sendable, Codable {
  public let sampleRate: Double
  public let bandwidth: Double
  public let subChannelCount: Int
  /// Length of a spectral window, and of an independent segment where a capture is made of such.
  public let segmentLength: Int

  /// Width of one carrier.
  public var subChannelWidth: Double { bandwidth / Double(subChannelCount) }

  /// - Throws: ``SignalError`` when a value is not positive, or the main channel does not fit the sample rate.
  public init(
    sampleRate: Double, bandwidth: Double, subChannelCount: Int = 1, segmentLength: Int = 4096
  ) throws(SignalError) {
    guard sampleRate > 0, sampleRate.isFinite else {
      throw SignalError(.badPlan(reason: "the sample rate \(sampleRate) Hz is not positive"))
    }
    guard bandwidth > 0, bandwidth <= sampleRate else {
      throw SignalError(
        .badPlan(
          reason:
            "the bandwidth \(bandwidth) Hz is not between 0 and the sample rate \(sampleRate) Hz"))
    }
    guard (1...1_000_000).contains(subChannelCount) else {
      throw SignalError(.badPlan(reason: "\(subChannelCount) sub-channels are not possible"))
    }
    guard (2...(1 << 24)).contains(segmentLength) else {
      throw SignalError(
        .badPlan(reason: "a segment length of \(segmentLength) samples is not possible"))
    }
    self.sampleRate = sampleRate
    self.bandwidth = bandwidth
    self.subChannelCount = subChannelCount
    self.segmentLength = segmentLength
  }

  private enum CodingKeys: String, CodingKey {
    case sampleRate = "sampleRateHz"
    case bandwidth = "bandwidthHz"
    case subChannelCount, segmentLength
  }
}
