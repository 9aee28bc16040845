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
    let size = batch.frames(of: frames.count)
    for first in Swift.stride(from: 0, to: frames.count, by: size) {
      let group = frames[first..<min(first + size, frames.count)]
      forward(to: batch.load(group, of: signal))
      sum += squaredError(group, of: signal, slopeScale: nil)
    }
    return sum * scale(of: frames, on: signal)
  }

  /// Puts the gradient of ``relativeError(on:_:)`` into `gradient`, each tied weight having a gradient of its own.
  ///
  /// Sums over time run in 16 lanes over the positions of a batch, and from batch to batch.
  ///
  /// - Returns: the error.
  func computeGradient(on signal: TrainingSignal, _ frames: [Frame]) -> Double {
    lanes.zero()
    flipWeights()
    let scale = scale(of: frames, on: signal)
    var sum = 0.0
    let size = batch.frames(of: frames.count)
    for first in Swift.stride(from: 0, to: frames.count, by: size) {
      let group = frames[first..<min(first + size, frames.count)]
      batch.prepareSlopes(for: group)
      let end = batch.load(group, of: signal)
      forward(to: end)
      sum += squaredError(group, of: signal, slopeScale: Float(2 * scale))
      backward(from: end)
    }
    unsafe pare_reduce_lanes(variant, parameterCount, lanes.base, gradient.base)
    return sum * scale
  }

  /// Moves the parameters along the gradient; weights that are tied move as one, along the mean of their gradients.
  ///
  /// - Parameter decay: `beta1^step` and `beta2^step`, steps counted from 1 since the moments were forgotten.
  func step(rate: Double, _ settings: AdamSettings, decay: (Double, Double)) {
    for tie in ties {
      let sign: Float = tie.isNegated ? -1 : 1
      let mean = (gradient[tie.leader] + sign * gradient[tie.follower]) / 2
      gradient[tie.leader] = mean
      gradient[tie.follower] = sign * mean
    }
    var constants = pare_adam(
      rate: Float(rate), beta1: Float(settings.beta1), beta2: Float(settings.beta2),
      correction1: Float(1 / (1 - decay.0)), correction2: Float(1 / (1 - decay.1)),
      epsilon: Float(settings.epsilon))
    unsafe pare_adam_step(
      variant, parameterCount, &constants, gradient.base, trainable.base, parameters.base,
      firstMoment.base, secondMoment.base)
  }

  /// The weight of one squared error in the mean.
  private func scale(of frames: [Frame], on signal: TrainingSignal) -> Double {
    var outputs = 0
    for frame in frames {
      precondition(
        frame.count <= frameLength, "a frame of \(frame.count) outputs, room for \(frameLength)")
      outputs += frame.count
    }
    return 1 / (Double(outputs * architecture.outputChannels) * signal.targetPower)
  }

  private func flipWeights() {
    for layer in 1..<batch.last + 1 {
      let stage = batch.stages[layer]
      var shape = stage.forward
      unsafe pare_conv1d_flip(&shape, parameters.base + stage.weights, stage.flipped)
    }
  }

  /// - Parameter end: one past the last output of the batch.
  private func forward(to end: Int) {
    let activation = architecture.activation.kernel
    let negativeSlope = architecture.activation.negativeSlope
    let stages = batch.stages
    for layer in 0..<stages.count {
      let stage = stages[layer]
      var shape = stage.forward
      unsafe pare_conv1d_activated(
        variant, &shape, end + stage.extra, stage.input, parameters.base + stage.weights,
        parameters.base + stage.biases, stage.isHidden ? activation : PARE_IDENTITY,
        negativeSlope, stage.output)
    }
  }

  /// Sum of squared errors of a batch; with a scale also the gradient of the last layer's output.
  private func squaredError(
    _ frames: ArraySlice<Frame>, of signal: TrainingSignal, slopeScale: Float?
  ) -> Double {
    let stack = batch.stages[batch.last]
    let branch = unsafe batch.branch.map { unsafe batch.stages[$0].output }
    var sum = 0.0
    var position = 0
    for frame in frames {
      for channel in 0..<architecture.outputChannels {
        let row = channel * batch.stride + position
        let at = channel * signal.stride + signal.margin + frame.start
        sum += unsafe Double(
          pare_squared_error(
            variant, frame.count, stack.output + row, branch.map { unsafe $0 + row },
            signal.residual.base + at, slopeScale ?? 0,
            slopeScale == nil ? nil : stack.slope + row))
      }
      position += frame.count + batch.gap
    }
    return sum
  }

  private func backward(from end: Int) {
    let activation = architecture.activation.kernel
    let negativeSlope = architecture.activation.negativeSlope
    let stages = batch.stages
    for layer in (0..<stages.count).reversed() {
      let stage = stages[layer]
      var shape = stage.forward
      let count = end + stage.extra
      let whole = (count + PARE_LANES - 1) / PARE_LANES * PARE_LANES
      unsafe pare_conv1d_weight_gradient(
        variant, &shape, whole, stage.input, stage.slope, lanes.base + stage.weights * PARE_LANES,
        stage.hasBiases ? lanes.base + stage.biases * PARE_LANES : nil)
      guard let inputSlope = unsafe stage.inputSlope else { continue }
      var transposed = stage.backward
      unsafe pare_conv1d_input_gradient(
        variant, &transposed, count + stage.memory, stage.slope - stage.memory, stage.flipped,
        activation, negativeSlope, stage.input, inputSlope)
    }
  }
}
