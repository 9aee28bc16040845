import PareNetwork
import PareNumerics

extension FixedNetwork {
  /// The integer forward pass, sample by sample what the hardware computes.
  ///
  /// - Parameters:
  ///   - channels: raw words of the input, `[channel][time]`, each inside `inputFormat`.
  ///   - segments: independent stretches; state is zero at the start of each. Nil is one segment.
  /// - Returns: raw words in `outputFormat`, `[channel][time]`, as long as the input.
  /// - Complexity: O(samples × non-zero weights); memory beside the result does not grow with the signal.
  public func run(_ channels: [[Int64]], segments: [Range<Int>]? = nil) -> [[Int64]] {
    isExactInDouble
      ? run(channels, segments: segments, in: FixedStream<Double>(self)).outputs
      : run(channels, segments: segments, in: FixedStream<Int64>(self)).outputs
  }

  /// The forward pass in one of the exact number types, and the largest magnitude in the results of each convolution.
  func run<Word: ExactWord>(
    _ channels: [[Int64]], segments: [Range<Int>]?, in stream: FixedStream<Word>
  ) -> (outputs: [[Int64]], peaks: [Int64]) {
    var stream = stream
    precondition(
      channels.count == architecture.inputChannels,
      "\(channels.count) channels for \(architecture.inputChannels) inputs")
    let range = inputFormat.range
    for channel in channels {
      for word in channel { precondition(range.contains(word), "\(word) outside \(inputFormat)") }
    }
    let length = channels[0].count
    var outputs = Array(
      repeating: [Int64](repeating: 0, count: length), count: architecture.outputChannels)
    for segment in segments ?? [0..<length] { stream.run(segment, of: channels, into: &outputs) }
    return (outputs, stream.peaks)
  }

  /// Raw words of a real signal: rounded half up, saturated (what the converter in front of the hardware must do).
  public func quantize(_ channels: [[Float]]) -> [[Int64]] {
    let requantizer = Requantizer(to: inputFormat)
    return channels.map { $0.map { requantizer(Double($0)) } }
  }

  /// The values of raw output words; exact for word lengths up to 53 bits.
  public func real(_ outputs: [[Int64]]) -> [[Double]] {
    let unit = outputFormat.resolution
    return outputs.map { $0.map { Double($0) * unit } }
  }

  /// A real signal through the integer network.
  public func callAsFunction(
    _ channels: [[Float]], segments: [Range<Int>]? = nil
  ) -> [[Double]] {
    real(run(quantize(channels), segments: segments))
  }
}
