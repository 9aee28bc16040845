public import PareNumerics

/// What a network is to learn from an amplifier's data.
public enum LearningTask: String, Hashable, Sendable, Codable, CaseIterable {
  /// From the output (divided by the gain) back to the input: a predistorter by indirect learning.
  case inverse
  /// From the input to the output (divided by the gain): a model of the amplifier.
  case forward
}

extension IQDataset {
  /// Neutral training, validation and test sets in single precision.
  ///
  /// The output is divided by ``leastSquaresGain`` of the training split in all three.
  ///
  /// - Returns: input and target, each of shape `[2][time]` (I, Q), with the segments of this data set.
  public func sampleSplits(for task: LearningTask) -> SampleSplits {
    let gain = leastSquaresGain.reciprocal
    func set(_ split: Split) -> SampleSet {
      let pair = self[split]
      let x = pair.input.channels
      let y = pair.output.scaled(by: gain).channels
      let segments = segments(of: split)
      return switch task {
      case .inverse: SampleSet(input: y, target: x, segments: segments)
      case .forward: SampleSet(input: x, target: y, segments: segments)
      }
    }
    return SampleSplits(
      training: set(.training), validation: set(.validation), test: set(.test))
  }

  /// A hash of all samples, rates and segments; names and free text do not enter.
  public var stableHash: UInt64 { hashed().value }

  func hashed() -> StableHash {
    var hash = StableHash()
    for split in Split.allCases {
      for signal in [self[split].input, self[split].output] {
        hash.combine(UInt64(signal.count))
        for n in 0..<signal.count {
          hash.combine(signal.i[n].bitPattern)
          hash.combine(signal.q[n].bitPattern)
        }
      }
    }
    for value in [sampleRate, bandwidth, subChannelBandwidth] { hash.combine(value.bitPattern) }
    for value in [subChannelCount, segmentLength, segmentsAreIndependent ? 1 : 0] {
      hash.combine(UInt64(value))
    }
    return hash
  }
}
