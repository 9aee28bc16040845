/// Input and target signals to learn from: neutral, so that no workload brings its own trainer.
///
/// - Shape: `input[channel][time]`, `target[channel][time]`, all of one length.
public struct SampleSet: Hashable, Sendable {
  public let input: [[Float]]
  public let target: [[Float]]
  /// Independent stretches of time, in order, without gaps; filters start from zero state in each.
  public let segments: [Range<Int>]

  public var count: Int { input[0].count }

  /// - Precondition: at least one channel each, equal lengths, finite values, segments that cover `0..<count` in order.
  public init(input: [[Float]], target: [[Float]], segments: [Range<Int>]? = nil) {
    precondition(!input.isEmpty && !target.isEmpty, "a sample set needs input and target channels")
    let length = input[0].count
    precondition(
      (input + target).allSatisfy { $0.count == length },
      "channel lengths differ: \((input + target).map(\.count))")
    precondition(
      (input + target).allSatisfy { $0.allSatisfy(\.isFinite) }, "a sample is not finite")
    let segments = segments ?? [0..<length]
    var next = 0
    for segment in segments {
      precondition(segment.lowerBound == next && !segment.isEmpty, "segments \(segments)")
      next = segment.upperBound
    }
    precondition(next == length, "segments end at \(next), not \(length)")
    self.input = input
    self.target = target
    self.segments = segments
  }

  public var stableHash: UInt64 {
    var hash = StableHash()
    for channel in input + target { hash.combine(channel) }
    for segment in segments { hash.combine(UInt64(segment.upperBound)) }
    return hash.value
  }
}

/// Training, validation and test sets of one task.
public struct SampleSplits: Hashable, Sendable {
  public let training: SampleSet
  public let validation: SampleSet
  public let test: SampleSet

  public init(training: SampleSet, validation: SampleSet, test: SampleSet) {
    self.training = training
    self.validation = validation
    self.test = test
  }
}
