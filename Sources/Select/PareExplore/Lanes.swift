import PareRTL

/// Streams as hardware takes them that works on several samples in one clock: sample `k` of a segment is in lane
/// `k % count` of clock `k / count`.
struct Lanes: Hashable, Sendable {
  let count: Int

  init(_ count: Int) { self.count = count }

  /// What a testbench feeds and expects: a segment is continued with zeros up to a whole clock, and the model is asked for
  /// the results of these too.
  func vectors(
    _ words: [[Int64]], segments: [Range<Int>], model: DesignSource
  ) -> TestVectors {
    var padded = Array(repeating: [Int64](), count: words.count)
    var places: [Range<Int>] = []
    for segment in segments {
      let start = padded[0].count
      let zeros = (count - segment.count % count) % count
      for channel in words.indices {
        padded[channel] += words[channel][segment]
        padded[channel] += Array(repeating: 0, count: zeros)
      }
      places.append(start..<padded[0].count)
    }
    return TestVectors(
      inputs: lanes(padded), outputs: lanes(model.run(padded, segments: places)),
      segments: places.map { ($0.lowerBound / count)..<($0.upperBound / count) })
  }

  /// `[channel][sample]` as `[channel * count + lane][clock]`.
  private func lanes(_ channels: [[Int64]]) -> [[Int64]] {
    channels.flatMap { channel in
      (0..<count).map { lane in
        stride(from: lane, to: channel.count, by: count).map { channel[$0] }
      }
    }
  }

  /// The samples of the segments from what the lanes gave, without those that only filled a clock.
  func samples(_ lanes: [[Int64]], segments: [Range<Int>]) -> [[Int64]] {
    (0..<(lanes.count / count)).map { channel in
      var clock = 0
      var samples: [Int64] = []
      for segment in segments {
        for sample in 0..<segment.count {
          samples.append(lanes[channel * count + sample % count][clock + sample / count])
        }
        clock += (segment.count + count - 1) / count
      }
      return samples
    }
  }
}
