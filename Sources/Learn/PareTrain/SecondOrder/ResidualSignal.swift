import PareNetwork
import PareNumerics

/// A sample set with the features of a network, laid out for a ``JacobianEngine``.
final class ResidualSignal {
  private let samples: TrainingSignal
  private let features: FloatBuffer
  /// Outputs with true context, one range per segment that has any.
  let usable: [Range<Int>]
  /// Mean of the squared target over channels and time.
  var targetPower: Double { samples.targetPower }

  /// - Throws: ``TrainingError`` as `TrainingSignal`.
  init(_ set: SampleSet, for architecture: Architecture, named name: String) throws(TrainingError) {
    let samples = try TrainingSignal(set, for: architecture, named: name)
    self.samples = samples
    usable = set.segments.map {
      let first = $0.lowerBound + architecture.pastSamples
      return first..<max(first, $0.upperBound - architecture.futureSamples)
    }.filter { !$0.isEmpty }
    features = FloatBuffer(count: samples.stride * architecture.features.count)
    for (channel, feature) in architecture.features.enumerated() {
      let base = channel * samples.stride + samples.margin
      for (index, value) in feature(set.input).enumerated() {
        unsafe features.base[base + index] = value
      }
    }
  }

  @unsafe func input(_ channel: Int, at time: Int) -> UnsafeMutablePointer<Float> {
    unsafe samples.input.base + channel * samples.stride + samples.margin + time
  }

  @unsafe func target(_ channel: Int, at time: Int) -> UnsafeMutablePointer<Float> {
    unsafe samples.target.base + channel * samples.stride + samples.margin + time
  }

  @unsafe func feature(_ channel: Int, at time: Int) -> UnsafeMutablePointer<Float> {
    unsafe features.base + channel * samples.stride + samples.margin + time
  }

  /// Frames of at most `length` outputs, spread evenly over the usable ones, about `samples` outputs in all.
  func frames(ofLength length: Int, samples: Int) -> [Frame] {
    let all = usable.flatMap { range in
      stride(from: range.lowerBound, to: range.upperBound, by: length).map {
        Frame(start: $0, count: min(length, range.upperBound - $0))
      }
    }
    let (parts, _) = samples.addingReportingOverflow(length - 1)
    let wanted = min(all.count, max(1, parts / length))
    return (0..<wanted).map { all[$0 * all.count / wanted] }
  }
}
