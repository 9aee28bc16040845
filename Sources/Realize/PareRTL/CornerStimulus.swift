public import PareDatapath
import PareNumerics

/// Inputs that reach the corners of a design: the ends of the words, -1, 0, alternation, impulses, and noise over the whole
/// range. Each pattern is a segment of its own.
public struct CornerStimulus: Hashable, Sendable {
  /// Raw integers `[input][sample]`.
  public let channels: [[Int64]]
  public let segments: [Range<Int>]

  /// - Parameters:
  ///   - patternLength: samples of each pattern; nil for 32, or more if the design remembers as much.
  ///   - randomCount: samples of noise.
  public init(
    for datapath: Datapath, patternLength: Int? = nil, randomCount: Int = 4096, seed: UInt64 = 1
  ) {
    let patternLength = patternLength ?? max(32, datapath.memory + 1)
    precondition(patternLength > 0 && randomCount > 0, "\(patternLength), \(randomCount) samples")
    var ranges = Array(repeating: IntegerRange(0), count: datapath.inputs.count)
    for node in datapath.nodes {
      if case .input(let channel) = node.op { ranges[channel] = node.range }
    }
    func inside(_ value: Int64, _ range: IntegerRange) -> Int64 {
      min(max(value, range.lower), range.upper)
    }
    let half = patternLength / 2
    typealias Pattern = (_ sample: Int, _ channel: Int, _ range: IntegerRange) -> Int64
    var patterns: [Pattern] = [
      { _, _, range in range.lower },
      { _, _, range in range.upper },
      { _, _, range in inside(0, range) },
      { _, _, range in inside(-1, range) },
      { sample, _, range in sample % 2 == 0 ? range.lower : range.upper },
      { sample, channel, range in (sample + channel) % 2 == 0 ? range.lower : range.upper },
      { sample, _, range in sample < half ? range.lower : range.upper },
      { sample, channel, range in
        channel % 2 == 0 ? (sample < half ? range.upper : range.lower) : range.lower
      },
    ]
    for target in ranges.indices {
      patterns.append { sample, channel, range in
        sample == 0 && channel == target ? range.upper : inside(0, range)
      }
      patterns.append { sample, channel, range in
        sample == half && channel == target ? range.lower : inside(0, range)
      }
    }
    var random = RandomStream(seed: seed)
    var segments: [Range<Int>] = []
    var channels = Array(repeating: [Int64](), count: ranges.count)
    for pattern in patterns {
      let start = segments.last?.upperBound ?? 0
      segments.append(start..<(start + patternLength))
      for (channel, range) in ranges.enumerated() {
        channels[channel] += (0..<patternLength).map { pattern($0, channel, range) }
      }
    }
    for (channel, range) in ranges.enumerated() {
      // One short of the span for a word of 63 bits, whose span is no Int.
      let span = min(Int(range.upper - range.lower), Int.max - 1) + 1
      channels[channel] += (0..<randomCount).map { _ in
        range.lower + Int64(random.index(below: span))
      }
    }
    let start = segments.last?.upperBound ?? 0
    segments.append(start..<(start + randomCount))
    self.channels = channels
    self.segments = segments
  }
}
