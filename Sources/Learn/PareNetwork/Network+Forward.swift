import CPareKernels

extension Network {
  /// Runs the network over a signal.
  ///
  /// Every segment is a stream of its own: all delay lines, hidden ones included, are zero before its first sample, and
  /// `lookAhead` zeros follow its last. The result has the same bits on every processor.
  ///
  /// - Parameters:
  ///   - channels: the input, `[channel][time]`, all of one length.
  ///   - segments: independent stretches that cover the signal in order; nil for one.
  /// - Returns: the output, `[channel][time]`, as long as the input.
  /// - Complexity: O(samples × weights); memory beside the result does not grow with the signal.
  public func callAsFunction(_ channels: [[Float]], segments: [Range<Int>]? = nil) -> [[Float]] {
    precondition(
      channels.count == architecture.inputChannels,
      "\(channels.count) channels for \(architecture.inputChannels)")
    let count = channels[0].count
    precondition(channels.allSatisfy { $0.count == count }, "channel lengths differ")
    let segments = segments ?? (count == 0 ? [] : [0..<count])
    precondition(
      zip([0] + segments.map(\.upperBound), segments.map(\.lowerBound) + [count])
        .allSatisfy { $0 == $1 }, "segments \(segments) do not cover 0..<\(count)")
    var output = Array(
      repeating: [Float](repeating: 0, count: count), count: architecture.outputChannels)
    var stream = ForwardStream(self)
    for segment in segments { stream.run(segment, of: channels, into: &output) }
    return output
  }
}

/// Delay lines and chunk buffers of one pass; a chunk stays in the first-level cache through all layers.
private struct ForwardStream {
  private static let chunk = 512

  private let network: Network
  private let variant = pare_best_variant()
  /// Samples of the past in front of every buffer.
  private let history: Int
  private let stride: Int
  /// The input of each layer and the output of the last: `[layer][channel * stride + history + time]`.
  private var signals: [[Float]]

  init(_ network: Network) {
    self.network = network
    history = network.architecture.kernelSize - 1
    stride = history + Self.chunk
    let widths = [network.architecture.inputChannels] + network.layers.map(\.shape.outputChannels)
    signals = widths.map { [stride] in Array(repeating: 0, count: $0 * stride) }
  }

  mutating func run(_ segment: Range<Int>, of input: [[Float]], into output: inout [[Float]]) {
    for index in signals.indices {
      signals[index] = Array(repeating: 0, count: signals[index].count)
    }
    // Output sample n leaves the stack as input sample n + lookAhead enters.
    let total = segment.count + network.architecture.lookAhead
    for start in Swift.stride(from: 0, to: total, by: Self.chunk) {
      let times = start..<min(start + Self.chunk, total)
      for (channel, samples) in input.enumerated() {
        load(times, of: samples[segment], to: channel)
      }
      for index in network.layers.indices { runLayer(index, times.count) }
      for channel in output.indices {
        store(times, of: segment, from: channel, skip: input, into: &output[channel])
      }
      for index in network.layers.indices { keepHistory(of: index, after: times.count) }
    }
  }

  /// Puts samples of one channel, and zeros after its last, behind the history.
  private mutating func load(_ times: Range<Int>, of samples: ArraySlice<Float>, to channel: Int) {
    let first = channel * stride + history
    let known = min(times.upperBound, samples.count) - times.lowerBound
    let from = samples.startIndex + times.lowerBound
    if known > 0 {
      signals[0].replaceSubrange(first..<first + known, with: samples[from..<from + known])
    }
    for n in max(known, 0)..<times.count { signals[0][first + n] = 0 }
  }

  private func store(
    _ times: Range<Int>, of segment: Range<Int>, from channel: Int, skip input: [[Float]],
    into output: inout [Float]
  ) {
    let lookAhead = network.architecture.lookAhead
    let wanted = times.clamped(to: max(times.lowerBound, lookAhead)..<Int.max)
    let stack = signals[signals.count - 1]
    let from = channel * stride + history - times.lowerBound
    let to = segment.lowerBound - lookAhead
    if network.architecture.hasSkip {
      let past = input[channel]
      for time in wanted { output[to + time] = stack[from + time] + past[to + time] }
    } else {
      for time in wanted { output[to + time] = stack[from + time] }
    }
  }

  private mutating func runLayer(_ index: Int, _ count: Int) {
    let layer = network.layers[index]
    let isLast = index == network.layers.count - 1
    var shape = pare_conv1d(
      output_channels: layer.shape.outputChannels, input_channels: layer.shape.inputChannels,
      kernel_size: layer.shape.kernelSize, dilation: layer.shape.dilation, input_stride: stride, output_stride: stride)
    // Taken out of the array, so that it can be written while its neighbour is read.
    var result: [Float] = []
    swap(&result, &signals[index + 1])
    unsafe signals[index].withUnsafeBufferPointer { x in
      unsafe result.withUnsafeMutableBufferPointer { y in
        let fresh = unsafe y.baseAddress! + history
        unsafe pare_conv1d_forward(
          variant, &shape, count, x.baseAddress!, layer.weights, layer.biases, fresh)
        if isLast { return }
        for channel in 0..<layer.shape.outputChannels {
          let row = unsafe fresh + channel * stride
          switch network.architecture.activation {
          case .relu: unsafe pare_relu(variant, count, row, row)
          case .tanh: unsafe pare_tanh(variant, count, row, row)
          case .leakyReLU, .hardTanh: preconditionFailure("\(network.architecture.name)")
          }
        }
      }
    }
    swap(&result, &signals[index + 1])
  }

  private mutating func keepHistory(of index: Int, after count: Int) {
    for base in Swift.stride(from: 0, to: signals[index].count, by: stride) {
      for n in 0..<history { signals[index][base + n] = signals[index][base + count + n] }
    }
  }
}
