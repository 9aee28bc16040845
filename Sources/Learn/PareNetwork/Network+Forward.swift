import CPareKernels

extension Network {
  /// Runs the network over a signal.
  ///
  /// Every segment is a stream of its own: all delay lines, hidden ones included, are zero before its first sample, and
  /// as many zeros as the larger look-ahead follow its last. The output is `(stack + branch) + signal`, rounded after each
  /// sum. The result has the same bits on every processor.
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
    // Every sample is written below: the segments cover the signal.
    var output = (0..<architecture.outputChannels).map { _ in
      unsafe [Float](unsafeUninitializedCapacity: count) { $1 = count }
    }
    var pass = ForwardPass(self)
    for segment in segments where !segment.isEmpty {
      for start in stride(from: segment.lowerBound, to: segment.upperBound, by: pass.chunk) {
        let times = start..<min(start + pass.chunk, segment.upperBound)
        pass.run(times, in: segment, of: channels, into: &output)
      }
    }
    return output
  }
}

/// The buffers of one pass. A chunk of outputs is worked out with all of its history, so that nothing is carried from one
/// chunk to the next; its signals stay in the first-level cache through all layers.
private struct ForwardPass {
  let chunk: Int
  private let network: Network
  private let variant = pare_best_variant()
  private let stack: ArraySlice<Layer>
  private let memory: Int
  /// Floats from one channel to the next in all buffers.
  private let stride: Int
  /// The input of each layer of the stack and the output of the last: `[layer][channel * stride + time]`.
  private var signals: [[Float]]
  private var branchInput: [Float] = []
  private var branchOutput: [Float] = []

  init(_ network: Network) {
    self.network = network
    let architecture = network.architecture
    stack = network.layers[..<architecture.convolutions]
    memory = architecture.layerShapes[..<architecture.convolutions].reduce(0) { $0 + $1.memory }
    let longest = max(memory, (architecture.branch?.kernelSize ?? 1) - 1)
    chunk = max(768, longest)
    // An odd number of cache lines, so that the channels do not compete for the same ones.
    stride = (chunk + longest) / 32 * 32 + 48
    let widths = [architecture.features.count] + stack.map(\.shape.outputChannels)
    signals = widths.map { [stride] in Array(repeating: 0, count: $0 * stride) }
    if architecture.branch != nil {
      branchInput = Array(repeating: 0, count: architecture.inputChannels * stride)
      branchOutput = Array(repeating: 0, count: architecture.outputChannels * stride)
    }
  }

  mutating func run(
    _ times: Range<Int>, in segment: Range<Int>, of input: [[Float]], into output: inout [[Float]]
  ) {
    let architecture = network.architecture
    // Times of the samples that the stack takes in for these outputs.
    var window =
      times.lowerBound + architecture.lookAhead - memory..<times.upperBound
      + architecture.lookAhead
    for (index, feature) in architecture.features.enumerated() {
      let known = window.clamped(to: segment)
      let first = index * stride
      zero(&signals[0], first..<first + window.count, but: known, of: window)
      feature.write(
        known, of: input, in: segment, to: &signals[0],
        at: first + known.lowerBound - window.lowerBound)
    }
    for index in stack.indices {
      window = window.lowerBound + stack[index].shape.memory..<window.upperBound
      runLayer(index, window.count)
      // Before the first sample every delay line is zero, whatever a layer makes of zeros.
      let early = min(max(0, segment.lowerBound - window.lowerBound), window.count)
      if early > 0 && index + 1 < stack.count {
        for channel in 0..<stack[index].shape.outputChannels {
          zero(&signals[index + 1], channel * stride..<channel * stride + early)
        }
      }
    }
    runBranch(times, in: segment, of: input)
    for channel in output.indices {
      store(times, from: channel, skip: input, into: &output[channel])
    }
  }

  /// Zeros the places of a row that lie outside the known part of its window.
  private func zero(
    _ buffer: inout [Float], _ row: Range<Int>, but known: Range<Int>, of window: Range<Int>
  ) {
    let before = min(max(0, known.lowerBound - window.lowerBound), row.count)
    let after = min(max(0, window.upperBound - known.upperBound), row.count)
    zero(&buffer, row.lowerBound..<row.lowerBound + (known.isEmpty ? row.count : before))
    zero(&buffer, row.upperBound - after..<row.upperBound)
  }

  private func zero(_ buffer: inout [Float], _ range: Range<Int>) {
    for index in range { buffer[index] = 0 }
  }

  private mutating func runLayer(_ index: Int, _ count: Int) {
    let layer = stack[index]
    var shape = convolution(layer)
    let activation = network.architecture.activation
    let isLast = index + 1 == stack.count
    // Taken out of the array, so that it can be written while its neighbour is read.
    var result: [Float] = []
    swap(&result, &signals[index + 1])
    unsafe pare_conv1d_activated(
      variant, &shape, count, signals[index], layer.weights, layer.biases,
      isLast ? PARE_IDENTITY : activation.kernel, activation.negativeSlope, &result)
    swap(&result, &signals[index + 1])
  }

  private mutating func runBranch(
    _ times: Range<Int>, in segment: Range<Int>, of input: [[Float]]
  ) {
    guard let branch = network.architecture.branch, let layer = network.layers.last else { return }
    let first = times.lowerBound + branch.lookAhead - (branch.kernelSize - 1)
    let window = first..<times.upperBound + branch.lookAhead
    let known = window.clamped(to: segment)
    for channel in input.indices {
      let row = channel * stride
      zero(&branchInput, row..<row + window.count, but: known, of: window)
      Feature.signal(channel).write(
        known, of: input, in: segment, to: &branchInput,
        at: row + known.lowerBound - window.lowerBound)
    }
    var shape = convolution(layer)
    unsafe pare_conv1d_forward(
      variant, &shape, times.count, branchInput, layer.weights, nil, &branchOutput)
  }

  private func convolution(_ layer: Layer) -> pare_conv1d {
    pare_conv1d(
      output_channels: layer.shape.outputChannels, input_channels: layer.shape.inputChannels,
      kernel_size: layer.shape.kernelSize, dilation: layer.shape.dilation, input_stride: stride,
      output_stride: stride)
  }

  private func store(
    _ times: Range<Int>, from channel: Int, skip input: [[Float]], into output: inout [Float]
  ) {
    let row = channel * stride
    unsafe output.withUnsafeMutableBufferPointer { output in
      let to = unsafe output.baseAddress! + times.lowerBound
      unsafe signals[stack.count].withUnsafeBufferPointer { stack in
        let sums = unsafe stack.baseAddress! + row
        if network.architecture.branch != nil {
          for n in 0..<times.count { unsafe to[n] = sums[n] + branchOutput[row + n] }
        } else {
          unsafe to.update(from: sums, count: times.count)
        }
      }
      if network.architecture.hasSkip {
        unsafe input[channel].withUnsafeBufferPointer { input in
          let past = unsafe input.baseAddress! + times.lowerBound
          for n in 0..<times.count { unsafe to[n] += past[n] }
        }
      }
    }
  }
}

extension Feature {
  /// Puts the feature's values at some times of a segment into a buffer; the bits are those of calling it.
  fileprivate func write(
    _ times: Range<Int>, of signal: [[Float]], in segment: Range<Int>, to buffer: inout [Float],
    at first: Int
  ) {
    guard !times.isEmpty else { return }
    unsafe buffer.withUnsafeMutableBufferPointer { buffer in
      let to = unsafe buffer.baseAddress! + first
      if !hasEnvelope, let channel {
        unsafe signal[channel].withUnsafeBufferPointer { samples in
          unsafe to.update(from: samples.baseAddress! + times.lowerBound, count: times.count)
        }
      } else {
        let values = self(signal, at: times, in: segment)
        for n in values.indices { unsafe to[n] = values[n] }
      }
    }
  }
}
