import PareNetwork
import PareNumerics

/// A stretch of outputs whose inputs, hidden history included, all come from one segment.
struct Frame: Hashable {
  let start: Int
  let count: Int
}

/// The outputs of a segment that depend on true samples only, neither on the zeros before it nor on those after it.
func outputsWithTrueContext(of segment: Range<Int>, for architecture: Architecture) -> Range<Int> {
  let first = segment.lowerBound + architecture.pastSamples
  return first..<max(first, segment.upperBound - architecture.futureSamples)
}

/// A sample set laid out for the kernels.
final class TrainingSignal {
  let input: FloatBuffer
  /// The network's features of the input; the same buffer when they are its channels.
  let features: FloatBuffer
  let target: FloatBuffer
  /// What the convolutions have to give: the target, less the input if the network has a skip.
  let residual: FloatBuffer
  /// Floats from one channel to the next.
  let stride: Int
  /// Floats before sample 0.
  let margin: Int
  /// Outputs with true context, one range per segment that has any.
  let usable: [Range<Int>]
  /// Mean of the squared target over channels and time.
  let targetPower: Double

  /// - Throws: ``TrainingError`` with code `.data` when channels do not fit, no segment is longer than the receptive
  ///   field, or the target is silent; `name` is the split's.
  init(_ set: SampleSet, for architecture: Architecture, named name: String) throws(TrainingError) {
    guard
      set.input.count == architecture.inputChannels
        && set.target.count == architecture.outputChannels
    else {
      throw TrainingError(
        .data,
        "the \(name) set has \(set.input.count) inputs and \(set.target.count) targets, "
          + "the network \(architecture.inputChannels) and \(architecture.outputChannels)",
        hint: "match the channel counts")
    }
    usable = set.segments.map { outputsWithTrueContext(of: $0, for: architecture) }
      .filter { !$0.isEmpty }
    guard !usable.isEmpty else {
      throw TrainingError(
        .data,
        "no segment of the \(name) set is as long as the receptive field, "
          + "\(architecture.receptiveField) samples",
        hint: "give longer segments or a smaller kernel")
    }
    let energy = set.target.reduce(0.0) { $0 + $1.reduce(0.0) { $0 + Double($1) * Double($1) } }
    guard energy > 0 else {
      throw TrainingError(
        .data, "the target of the \(name) set is zero", hint: "check the data set's columns")
    }
    targetPower = energy / Double(set.count * set.target.count)
    margin = architecture.receptiveField
    stride = Self.stride(of: set.count, margin: margin)
    let (stride, margin) = (stride, margin)
    func laidOut(_ channels: [[Float]]) -> FloatBuffer {
      Self.laidOut(channels, stride: stride, margin: margin)
    }
    input = laidOut(set.input)
    target = laidOut(set.target)
    features =
      Self.isPlain(architecture) ? input : laidOut(architecture.features.map { $0(set.input) })
    residual =
      architecture.hasSkip
      ? laidOut(zip(set.target, set.input).map { zip($0, $1).map { $0 - $1 } }) : target
  }

  /// A waveform without a target: residuals are the outputs themselves.
  ///
  /// - Precondition: as many channels as the network has inputs, all of one length.
  init(_ channels: [[Float]], for architecture: Architecture) {
    precondition(
      channels.count == architecture.inputChannels,
      "\(channels.count) channels for \(architecture.inputChannels)")
    let count = channels[0].count
    let range = outputsWithTrueContext(of: 0..<count, for: architecture)
    usable = range.isEmpty ? [] : [range]
    targetPower = 1
    margin = architecture.receptiveField
    stride = Self.stride(of: count, margin: margin)
    let (stride, margin) = (stride, margin)
    func laidOut(_ channels: [[Float]]) -> FloatBuffer {
      Self.laidOut(channels, stride: stride, margin: margin)
    }
    let silence = [Float](repeating: 0, count: count)
    input = laidOut(channels)
    target = laidOut((0..<architecture.outputChannels).map { _ in silence })
    features =
      Self.isPlain(architecture) ? input : laidOut(architecture.features.map { $0(channels) })
    residual = architecture.hasSkip ? laidOut(channels.map { $0.map { -$0 } }) : target
  }

  private static func stride(of count: Int, margin: Int) -> Int { count + 2 * margin + 32 }

  private static func laidOut(_ channels: [[Float]], stride: Int, margin: Int) -> FloatBuffer {
    let buffer = FloatBuffer(count: stride * channels.count)
    for (channel, samples) in channels.enumerated() {
      let base = channel * stride + margin
      for index in samples.indices { unsafe buffer.base[base + index] = samples[index] }
    }
    return buffer
  }

  /// Whether the features are the channels themselves.
  private static func isPlain(_ architecture: Architecture) -> Bool {
    architecture.features == (0..<architecture.inputChannels).map { .signal($0) }
  }

  /// Frames that cover every usable output once.
  func allFrames(ofLength length: Int) -> [Frame] {
    usable.flatMap { range in
      Swift.stride(from: range.lowerBound, to: range.upperBound, by: length).map {
        Frame(start: $0, count: min(length, range.upperBound - $0))
      }
    }
  }

  /// A frame drawn evenly from all usable outputs; a shorter range gives all of itself.
  func randomFrame(ofLength length: Int, from random: inout RandomStream) -> Frame {
    func starts(_ range: Range<Int>) -> Int { max(1, range.count - length + 1) }
    var pick = random.index(below: usable.reduce(0) { $0 + starts($1) })
    for range in usable {
      let count = starts(range)
      if pick < count {
        return Frame(start: range.lowerBound + pick, count: min(length, range.count))
      }
      pick -= count
    }
    preconditionFailure("the pick lies beyond all ranges")
  }

  /// Frames spread evenly over the usable outputs, about `samples` outputs in all.
  func spreadFrames(ofLength length: Int, samples: Int) -> [Frame] {
    let all = allFrames(ofLength: length)
    let wanted = min(all.count, max(1, (samples + length - 1) / length))
    return (0..<wanted).map { all[$0 * all.count / wanted] }
  }
}
