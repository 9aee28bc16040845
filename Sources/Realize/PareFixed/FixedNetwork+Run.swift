import PareNetwork
import PareNumerics

extension FixedNetwork {
  /// The integer forward pass, sample by sample what the hardware computes.
  ///
  /// - Parameters:
  ///   - channels: raw words of the input, `[channel][time]`, each inside `inputFormat`.
  ///   - segments: independent stretches; state is zero at the start of each. Nil is one segment.
  /// - Returns: raw words in `outputFormat`, `[channel][time]`, as long as the input.
  public func run(_ channels: [[Int64]], segments: [Range<Int>]? = nil) -> [[Int64]] {
    run(channels, segments: segments) { _, _ in }
  }

  /// As ``run(_:segments:)``; `observe` is given the result of every layer of every segment.
  func run(
    _ channels: [[Int64]], segments: [Range<Int>]?,
    observe: (_ layer: Int, _ result: [[Int64]]) -> Void
  ) -> [[Int64]] {
    precondition(
      channels.count == architecture.inputChannels,
      "\(channels.count) channels for \(architecture.inputChannels) inputs")
    for channel in channels {
      for word in channel {
        precondition(inputFormat.range.contains(word), "\(word) outside \(inputFormat)")
      }
    }
    let length = channels[0].count
    var outputs = Array(
      repeating: [Int64](), count: architecture.outputChannels)
    for segment in segments ?? [0..<length] {
      let flush = [Int64](repeating: 0, count: architecture.lookAhead)
      let input = channels.map { Array($0[segment]) + flush }
      var signal = input
      for (index, layer) in layers.enumerated() {
        let isLast = index == layers.count - 1
        signal = layer.run(
          signal, skip: isLast && architecture.hasSkip ? input : nil,
          skipDelay: architecture.lookAhead, inputFractionBits: inputFormat.fractionBits)
        observe(index, signal)
      }
      for (channel, values) in signal.enumerated() {
        outputs[channel] += values[architecture.lookAhead...]
      }
    }
    return outputs
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

extension FixedLayer {
  /// The layer over one segment from zero state.
  func run(
    _ input: [[Int64]], skip: [[Int64]]?, skipDelay: Int, inputFractionBits: Int
  ) -> [[Int64]] {
    let length = input[0].count
    return (0..<shape.outputChannels).map { output in
      var sum = [Int64](repeating: biases[output], count: length)
      for channel in 0..<shape.inputChannels {
        for tap in 0..<min(shape.kernelSize, length) {
          Self.add(
            taps[shape.index(output: output, input: channel, tap: tap)], times: input[channel],
            delayedBy: tap, to: &sum)
        }
      }
      if let skip {
        Self.add(
          Int64(1) << Int64(accumulatorFractionBits - inputFractionBits), times: skip[output],
          delayedBy: skipDelay, to: &sum)
      }
      return finish(sum)
    }
  }

  private static func add(
    _ coefficient: Int64, times signal: [Int64], delayedBy delay: Int, to sum: inout [Int64]
  ) {
    guard coefficient != 0, delay < sum.count else { return }
    // Wrapping operators: the accumulators are proven to fit (checkAccumulators), and they vectorize.
    for time in delay..<sum.count { sum[time] &+= coefficient &* signal[time - delay] }
  }

  private func finish(_ sum: [Int64]) -> [Int64] {
    switch activation {
    case .identity: sum.map { result($0, fractionBits: accumulatorFractionBits) }
    case .relu: sum.map { result(max(0, $0), fractionBits: accumulatorFractionBits) }
    case .lookup(let table): sum.map { table($0) }
    }
  }
}
