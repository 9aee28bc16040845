/// Several samples per clock: sample `n` of a stream is lane `n mod count` of block `n / count`, lane 0 the oldest of a block.
///
/// A block is what an unfolded graph takes as one sample: it has an input channel for each channel and lane, in the order
/// `x0_0, x0_1, ..., x1_0, ...`.
public struct SampleLanes: Hashable, Sendable, Codable {
  public let count: Int

  /// - Precondition: `count` is at least 1.
  public init(_ count: Int) {
    precondition(count > 0, "\(count) lanes")
    self.count = count
  }

  /// Ports of one lane and of several differ: a single lane keeps the name.
  public func name(of port: String, lane: Int) -> String {
    count == 1 ? port : "\(port)_\(lane)"
  }

  /// Blocks that hold so many samples, the last of them filled up.
  public func blockCount(_ samples: Int) -> Int { (samples + count - 1) / count }

  /// A stream in blocks; every segment is continued by zeros to whole blocks.
  ///
  /// - Parameters:
  ///   - channels: `[channel][sample]`.
  ///   - segments: stretches that cover the samples in order; one when absent.
  /// - Returns: `[channel and lane][block]`, and the segments in blocks.
  /// - Precondition: the channels have one length, which the segments cover.
  public func blocks(
    of channels: [[Int64]], segments: [Range<Int>]? = nil
  ) -> (channels: [[Int64]], segments: [Range<Int>]) {
    let segments = segments ?? [0..<(channels.first?.count ?? 0)]
    var lanes = Array(repeating: [Int64](), count: channels.count * count)
    var ranges: [Range<Int>] = []
    for segment in segments {
      let start = ranges.last?.upperBound ?? 0
      let blocks = blockCount(segment.count)
      ranges.append(start..<(start + blocks))
      for (channel, samples) in channels.enumerated() {
        for lane in 0..<count {
          for block in 0..<blocks {
            let sample = segment.lowerBound + block * count + lane
            lanes[channel * count + lane].append(
              sample < segment.upperBound ? samples[sample] : 0)
          }
        }
      }
    }
    return (lanes, ranges)
  }

  /// The stream that blocks hold: the inverse of ``blocks(of:segments:)``.
  ///
  /// - Parameters:
  ///   - lanes: `[channel and lane][block]`.
  ///   - segments: of the samples, not of the blocks.
  public func samples(of lanes: [[Int64]], segments: [Range<Int>]) -> [[Int64]] {
    precondition(lanes.count % count == 0, "\(lanes.count) channels in \(count) lanes")
    var channels = Array(repeating: [Int64](), count: lanes.count / count)
    var start = 0
    for segment in segments {
      for channel in channels.indices {
        for sample in 0..<segment.count {
          channels[channel].append(
            lanes[channel * count + sample % count][start + sample / count])
        }
      }
      start += blockCount(segment.count)
    }
    return channels
  }
}
