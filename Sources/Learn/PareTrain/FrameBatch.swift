import CPareKernels
import PareNetwork

/// Frames end to end, so that one call of a kernel works on all of them.
///
/// Every frame brings its own past; between one frame's outputs and the next one's, the convolutions give numbers that mean
/// nothing. Their errors are never taken and their slopes are zero, so that they touch neither the loss nor a gradient.
///
/// Everything is counted in positions: output `p` of a layer meets its inputs `p ... p + memory`, and a layer of the stack
/// gives `extra` outputs more than the last, for the taps of the layers behind it.
@safe final class FrameBatch {
  /// One layer and its signals; channels are `stride` floats apart.
  @safe struct Stage {
    let input: UnsafeMutablePointer<Float>
    /// After the activation.
    let output: UnsafeMutablePointer<Float>
    /// The gradient of the output before its activation, with zeros on both sides.
    let slope: UnsafeMutablePointer<Float>
    /// The same of the layer in front; nil for the first layer and the branch.
    let inputSlope: UnsafeMutablePointer<Float>?
    /// The weights, transposed and reversed.
    let flipped: UnsafeMutablePointer<Float>
    let extra: Int
    let memory: Int
    let isHidden: Bool
    /// The places of the first weight and the first bias among the parameters.
    let weights: Int
    let biases: Int
    let hasBiases: Bool
    /// The layer's convolution, and the one that gives the gradient of its input.
    let forward: pare_conv1d
    let backward: pare_conv1d
  }

  /// In the order of `Architecture.layerShapes`.
  let stages: [Stage]
  /// The last layer of the stack.
  let last: Int
  let branch: Int?
  let stride: Int
  /// Positions between two frames' outputs.
  let gap: Int

  private let architecture: Architecture
  /// Owns what the stages point to.
  private let buffers: [FloatBuffer]
  private let slopes: [FloatBuffer]
  private let stackMemory: Int
  private let branchMemory: Int
  /// Frames of full length that fit.
  private let capacity: Int
  /// The frames' lengths that the zeros in the slopes fit.
  private var zeroedFor: [Int] = []

  /// Floats of all signals of a batch: 352 KB, which leaves room in a second-level cache of 512 KB.
  private static let cachedFloats = 90_112

  init(_ architecture: Architecture, _ plans: [TrainingEngine.Plan], frameLength: Int) {
    let shapes = architecture.layerShapes
    let stack = shapes[..<architecture.convolutions]
    self.architecture = architecture
    last = stack.count - 1
    branch = architecture.branchLayer
    stackMemory = stack.reduce(0) { $0 + $1.memory }
    branchMemory = (architecture.branch?.kernelSize ?? 1) - 1
    gap = max(stackMemory, branchMemory)
    let channels =
      architecture.features.count + 2 * architecture.hiddenChannels.reduce(0, +)
      + 3 * architecture.outputChannels + (branch == nil ? 0 : architecture.inputChannels)
    capacity = max(1, Self.cachedFloats / channels / (frameLength + gap))
    // Whole cache lines, so that slopes start on one.
    let halo = (stack.map(\.memory).max()! + 15) / 16 * 16
    let needed = capacity * (frameLength + gap) + gap + 2 * halo + 32
    // An odd number of cache lines, so that the channels do not compete for the same ones.
    let stride = needed / 32 * 32 + 48
    self.stride = stride

    func rows(_ count: Int) -> FloatBuffer { FloatBuffer(count: count * stride) }
    func stage(
      _ layer: Int, _ input: FloatBuffer, _ output: FloatBuffer, _ slope: FloatBuffer,
      _ inputSlope: FloatBuffer?, _ flipped: FloatBuffer, extra: Int
    ) -> Stage {
      let shape = shapes[layer]
      func convolution(_ outputs: Int, _ inputs: Int) -> pare_conv1d {
        pare_conv1d(
          output_channels: outputs, input_channels: inputs, kernel_size: shape.kernelSize,
          dilation: shape.dilation, input_stride: stride, output_stride: stride)
      }
      return unsafe Stage(
        input: input.base, output: output.base, slope: slope.base + halo,
        inputSlope: inputSlope.map { unsafe $0.base + halo }, flipped: flipped.base, extra: extra,
        memory: shape.memory, isHidden: layer + 1 < stack.count,
        weights: plans[layer].weights.lowerBound,
        biases: plans[layer].biases.lowerBound, hasBiases: plans[layer].hasBiases,
        forward: convolution(shape.outputChannels, shape.inputChannels),
        backward: convolution(shape.inputChannels, shape.outputChannels))
    }

    let signals =
      [rows(architecture.features.count)] + stack.map { rows($0.outputChannels) }
    let slopes = stack.map { rows($0.outputChannels) }
    let flipped = shapes.map { FloatBuffer(count: $0.weightCount) }
    var stages: [Stage] = []
    var extra = stackMemory
    for (layer, shape) in stack.enumerated() {
      extra -= shape.memory
      stages.append(
        stage(
          layer, signals[layer], signals[layer + 1], slopes[layer],
          layer == 0 ? nil : slopes[layer - 1], flipped[layer], extra: extra))
    }
    var buffers = signals + slopes + flipped
    if let branch {
      let (input, output) = (rows(architecture.inputChannels), rows(architecture.outputChannels))
      buffers += [input, output]
      stages.append(
        stage(branch, input, output, slopes[slopes.count - 1], nil, flipped[branch], extra: 0))
    }
    self.stages = stages
    self.slopes = slopes
    self.buffers = buffers
  }

  /// How many of so many frames go into one batch: near-equal batches, all of which fit.
  func frames(of count: Int) -> Int {
    let batches = (count + capacity - 1) / capacity
    return batches == 0 ? 1 : (count + batches - 1) / batches
  }

  /// Takes over the frames' inputs.
  ///
  /// - Returns: one past the position of the last output.
  func load(_ frames: ArraySlice<Frame>, of signal: TrainingSignal) -> Int {
    var end = -gap
    for frame in frames {
      let position = end + gap
      end = position + frame.count
      copy(
        frame, signal.features, of: signal, channels: architecture.features.count,
        to: stages[0], at: position, lookAhead: architecture.lookAhead, memory: stackMemory)
      if let branch, let shape = architecture.branch {
        copy(
          frame, signal.input, of: signal, channels: architecture.inputChannels,
          to: stages[branch], at: position, lookAhead: shape.lookAhead, memory: branchMemory)
      }
    }
    return end
  }

  /// Fetches from memory what ``load(_:of:)`` and the loss will read; a step reaches for places far apart.
  func prefetch(_ frames: [Frame], of signal: TrainingSignal) {
    let first = signal.margin + architecture.lookAhead - stackMemory
    for frame in frames {
      for channel in 0..<architecture.features.count {
        unsafe pare_prefetch(
          frame.count + stackMemory,
          signal.features.base + channel * signal.stride + first + frame.start)
      }
      for channel in 0..<architecture.outputChannels {
        unsafe pare_prefetch(
          frame.count,
          signal.residual.base + channel * signal.stride + signal.margin + frame.start)
      }
    }
  }

  private func copy(
    _ frame: Frame, _ source: FloatBuffer, of signal: TrainingSignal, channels: Int,
    to stage: Stage, at position: Int, lookAhead: Int, memory: Int
  ) {
    let first = signal.margin + frame.start + lookAhead - memory
    for channel in 0..<channels {
      unsafe (stage.input + channel * stride + position).update(
        from: source.base + channel * signal.stride + first, count: frame.count + memory)
    }
  }

  /// Zeros the slopes where no gradient will be written, if the frames lie otherwise than the last time.
  func prepareSlopes(for frames: ArraySlice<Frame>) {
    var isPrepared = zeroedFor.count == frames.count
    for (count, frame) in zip(zeroedFor, frames) where count != frame.count { isPrepared = false }
    if isPrepared { return }
    for slope in slopes { slope.zero() }
    zeroedFor = frames.map(\.count)
  }
}
