import CPareKernels
import PareNetwork

/// Optimizer constants that stay the same over a run.
struct AdamSettings {
  let beta1: Double
  let beta2: Double
  let epsilon: Double
}

extension TrainingEngine {
  /// Squared error relative to the target's power, mean over the outputs of the frames.
  func relativeError(on signal: TrainingSignal, _ frames: [Frame]) -> Double {
    var sum = 0.0
    var outputs = 0
    for frame in frames {
      prepare(frame.count)
      forward(frame, of: signal)
      sum += squaredError(frame, of: signal, slopeScale: nil)
      outputs += frame.count
    }
    return sum / (Double(outputs * architecture.outputChannels) * signal.targetPower)
  }

  /// Puts the gradient of ``relativeError(on:_:)`` into `gradient`.
  ///
  /// - Returns: the error.
  func computeGradient(on signal: TrainingSignal, _ frames: [Frame]) -> Double {
    lanes.zero()
    flipWeights()
    let outputs = frames.reduce(0) { $0 + $1.count } * architecture.outputChannels
    let scale = 1 / (Double(outputs) * signal.targetPower)
    var sum = 0.0
    for frame in frames {
      prepare(frame.count)
      forward(frame, of: signal)
      sum += squaredError(frame, of: signal, slopeScale: Float(2 * scale))
      backward(frame, of: signal)
    }
    unsafe pare_reduce_lanes(variant, parameterCount, lanes.base, gradient.base)
    return sum * scale
  }

  /// Moves the parameters along the gradient.
  ///
  /// - Parameter decay: `beta1^step` and `beta2^step`, steps counted from 1 since the moments were forgotten.
  func step(rate: Double, _ settings: AdamSettings, decay: (Double, Double)) {
    var constants = pare_adam(
      rate: Float(rate), beta1: Float(settings.beta1), beta2: Float(settings.beta2),
      correction1: Float(1 / (1 - decay.0)), correction2: Float(1 / (1 - decay.1)),
      epsilon: Float(settings.epsilon))
    unsafe pare_adam_step(
      variant, parameterCount, &constants, gradient.base, trainable.base, parameters.base,
      firstMoment.base, secondMoment.base)
  }

  /// Restores the zeros around the gradients when the frame's length changes.
  private func prepare(_ count: Int) {
    precondition(count <= frameLength, "a frame of \(count) outputs, room for \(frameLength)")
    guard count != preparedCount else { return }
    for slope in slopes { slope.zero() }
    preparedCount = count
  }

  private func flipWeights() {
    for (plan, flipped) in zip(plans, flipped).dropFirst() {
      var shape = convolution(plan, inputStride: stride)
      unsafe pare_conv1d_flip(&shape, parameters.base + plan.weights.lowerBound, flipped.base)
    }
  }

  private func convolution(_ plan: Plan, inputStride: Int) -> pare_conv1d {
    pare_conv1d(
      output_channels: plan.shape.outputChannels, input_channels: plan.shape.inputChannels,
      kernel_size: plan.shape.kernelSize, dilation: plan.shape.dilation, input_stride: inputStride, output_stride: stride)
  }

  /// The newest inputs of output `start` lie `lookAhead` later, the oldest a receptive field earlier.
  private func firstInput(of frame: Frame, of signal: TrainingSignal) -> Int {
    signal.margin + frame.start + architecture.lookAhead - (architecture.receptiveField - 1)
  }

  private func forward(_ frame: Frame, of signal: TrainingSignal) {
    for (index, plan) in plans.enumerated() {
      let isLast = index == plans.count - 1
      let count = frame.count + plan.extra
      var shape = convolution(plan, inputStride: index == 0 ? signal.stride : stride)
      let x =
        unsafe index == 0
        ? signal.input.base + firstInput(of: frame, of: signal) : signals[index - 1].base
      let y = unsafe isLast ? prediction.base : signals[index].base
      unsafe pare_conv1d_forward(
        variant, &shape, count, x, parameters.base + plan.weights.lowerBound,
        parameters.base + plan.biases.lowerBound, y)
      if isLast { break }
      for channel in 0..<plan.shape.outputChannels {
        let row = unsafe y + channel * stride
        switch architecture.activation {
        case .relu: unsafe pare_relu(variant, count, row, row)
        case .tanh: unsafe pare_tanh(variant, count, row, row)
        case .leakyReLU, .hardTanh: preconditionFailure("\(architecture.name)")
        }
      }
    }
  }

  /// Sum of squared errors of the frame; with a scale also the gradient of the last layer's output.
  private func squaredError(_ frame: Frame, of signal: TrainingSignal, slopeScale: Float?) -> Double
  {
    var sum = 0.0
    for channel in 0..<architecture.outputChannels {
      let at = channel * signal.stride + signal.margin + frame.start
      let slope = unsafe slopes[plans.count - 1].base + channel * stride + halo
      sum += unsafe Double(
        pare_squared_error(
          variant, frame.count, prediction.base + channel * stride,
          architecture.hasSkip ? signal.input.base + at : nil, signal.target.base + at,
          slopeScale ?? 0, slopeScale == nil ? nil : slope))
    }
    return sum
  }

  private func backward(_ frame: Frame, of signal: TrainingSignal) {
    for (index, plan) in plans.enumerated().reversed() {
      let count = frame.count + plan.extra
      var shape = convolution(plan, inputStride: index == 0 ? signal.stride : stride)
      let x =
        unsafe index == 0
        ? signal.input.base + firstInput(of: frame, of: signal) : signals[index - 1].base
      let lane = PARE_LANES
      let whole = (count + lane - 1) / lane * lane
      unsafe pare_conv1d_weight_gradient(
        variant, &shape, whole, x, slopes[index].base + halo,
        lanes.base + plan.weights.lowerBound * lane, lanes.base + plan.biases.lowerBound * lane)
      if index == 0 { return }

      var transposed = pare_conv1d(
        output_channels: plan.shape.inputChannels, input_channels: plan.shape.outputChannels,
        kernel_size: plan.shape.kernelSize, dilation: plan.shape.dilation, input_stride: stride, output_stride: stride)
      let inputCount = count + halo
      let slope = unsafe slopes[index - 1].base + halo
      unsafe pare_conv1d_forward(
        variant, &transposed, inputCount, slopes[index].base, flipped[index].base, nil, slope)
      for channel in 0..<plan.shape.inputChannels {
        let signal = unsafe signals[index - 1].base + channel * stride
        let row = unsafe slope + channel * stride
        switch architecture.activation {
        case .relu: unsafe pare_relu_gradient(variant, inputCount, signal, row)
        case .tanh: unsafe pare_tanh_gradient(variant, inputCount, signal, row)
        case .leakyReLU, .hardTanh: preconditionFailure("\(architecture.name)")
        }
      }
    }
  }
}
