import CPareKernels
import PareNetwork
import PareNumerics

/// The residuals of a network on frames of a signal, their Jacobian, and its products; serial.
///
/// A residual is output less target. Blocks of at most ``blockLength`` outputs are worked out in float; what is summed over
/// blocks is summed in double.
final class JacobianEngine {
  let architecture: Architecture
  let parameters: [FreeParameter]
  let blockLength: Int
  private let variant = pare_best_variant()
  private let plans: [JacobianPlan]

  /// `[layer]`, then flat; the network in work.
  private(set) var weights: [[Float]]
  private(set) var biases: [[Float]]
  private let mask: Mask

  /// Samples of each layer's output before the first of a block: what the layers behind need.
  private let extras: [Int]
  private let stride: Int
  /// Outputs of the hidden layers, and the slopes of their activations.
  private let signals: [FloatBuffer]
  private let slopes: [FloatBuffer]
  /// One row per output.
  private let residuals: FloatBuffer
  /// Sensitivities of one output, `[layer][row][time]`.
  private let sensitivities: [FloatBuffer]
  /// Columns of one output and its residual behind them, `[column][time]`.
  private let columns: FloatBuffer
  private let ones: FloatBuffer

  init(_ network: Network, free: FreeParameters) {
    architecture = network.architecture
    let list = free.list(for: network)
    parameters = list
    mask = network.mask
    weights = network.layers.map(\.weights)
    biases = network.layers.map(\.biases)
    let plans = (0..<architecture.outputChannels).map {
      JacobianPlan(output: $0, network: network, parameters: list)
    }
    self.plans = plans
    // A block of columns should stay in the second-level cache.
    let length = list.count > 160 ? 256 : 512
    blockLength = length
    let stack = architecture.layerShapes.prefix(architecture.convolutions)
    extras = stack.indices.map { stack[($0 + 1)...].reduce(0) { $0 + $1.memory } }
    let stride = length + (extras.first ?? 0) + 2 * PARE_LANES
    self.stride = stride
    signals = stack.dropLast().map { FloatBuffer(count: $0.outputChannels * stride) }
    slopes = stack.dropLast().map { FloatBuffer(count: $0.outputChannels * stride) }
    residuals = FloatBuffer(count: (architecture.outputChannels + PARE_GRAM_PADDING) * length)
    sensitivities = stack.indices.map { layer in
      FloatBuffer(count: max(1, plans.map { $0.rows[layer].count }.max()!) * length)
    }
    let most = plans.map(\.columns.count).max()!
    columns = FloatBuffer(count: (most + 1 + PARE_GRAM_PADDING) * length)
    ones = FloatBuffer(count: length)
    ones.values = Array(repeating: 1, count: length)
  }

  var liveCount: Int { mask.count }

  // MARK: parameters

  var values: [Double] {
    parameters.map { Double(value(at: $0.place)) }
  }

  /// Puts values, rounded to float, in all their places.
  func setValues(_ values: [Double]) {
    precondition(values.count == parameters.count, "\(values.count) for \(parameters.count)")
    for (parameter, value) in zip(parameters, values) {
      set(Float(value), at: parameter.place)
      for (place, isNegated) in parameter.followers {
        set(isNegated ? -Float(value) : Float(value), at: place)
      }
    }
  }

  private func value(at place: FreeParameter.Place) -> Float {
    place.isBias ? biases[place.layer][place.index] : weights[place.layer][place.index]
  }

  private func set(_ value: Float, at place: FreeParameter.Place) {
    if place.isBias {
      biases[place.layer][place.index] = value
    } else {
      weights[place.layer][place.index] = value
    }
  }

  var network: Network {
    Network(
      architecture: architecture,
      layers: zip(architecture.layerShapes, zip(weights, biases)).map {
        Layer(shape: $0, weights: $1.0, biases: $1.1)
      }, mask: mask)
  }

  // MARK: sums

  /// The sum of squared residuals over frames.
  func squaredError(on signal: TrainingSignal, _ frames: [Frame]) -> Double {
    var sum = 0.0
    for frame in frames {
      computeResiduals(frame, of: signal, withSlopes: false)
      sum += squaredResiduals(frame.count)
    }
    return sum
  }

  /// Adds up the normal equations over frames.
  func linearizedError(on signal: TrainingSignal, _ frames: [Frame]) -> LinearizedError {
    var grams = plans.map { plan in
      Array(repeating: 0.0, count: (plan.columns.count + 1) * (plan.columns.count + 1))
    }
    for frame in frames {
      computeResiduals(frame, of: signal, withSlopes: true)
      for (output, plan) in plans.enumerated() {
        computeColumns(output, frame, of: signal)
        unsafe pare_gram(
          variant, plan.columns.count + 1, padded(frame.count), columns.base, blockLength,
          &grams[output])
      }
    }
    var equations = LinearizedError(count: parameters.count)
    for (plan, gram) in zip(plans, grams) { equations.add(gram, plan.columns) }
    return equations
  }

  /// The Jacobian over one frame: `[output][parameter][time]`.
  func jacobian(on signal: TrainingSignal, _ frame: Frame) -> [[[Float]]] {
    computeResiduals(frame, of: signal, withSlopes: true)
    return plans.enumerated().map { output, plan in
      computeColumns(output, frame, of: signal)
      var result = parameters.map { _ in Array(repeating: Float(0), count: frame.count) }
      for (row, column) in plan.columns.enumerated() {
        for time in 0..<frame.count {
          let slope = columns[row * blockLength + time]
          result[column.parameter][time] += column.isNegated ? -slope : slope
        }
      }
      return result
    }
  }

  /// The residuals over one frame: `[output][time]`.
  func residuals(on signal: TrainingSignal, _ frame: Frame) -> [[Float]] {
    computeResiduals(frame, of: signal, withSlopes: false)
    return (0..<architecture.outputChannels).map { output in
      (0..<frame.count).map { residuals[output * blockLength + $0] }
    }
  }

  // MARK: one block

  private func padded(_ count: Int) -> Int { (count + PARE_LANES - 1) / PARE_LANES * PARE_LANES }

  private func squaredResiduals(_ count: Int) -> Double {
    var sum = 0.0
    for output in 0..<architecture.outputChannels {
      let row = unsafe residuals.base + output * blockLength
      unsafe pare_row_products(variant, 1, padded(count), row, blockLength, row, &sum)
    }
    return sum
  }

  /// The newest sample of a layer's input for the block's first output.
  @unsafe private func inputOrigin(
    _ layer: Int, _ channel: Int, _ frame: Frame, _ signal: TrainingSignal
  ) -> UnsafeMutablePointer<Float> {
    if layer == architecture.branchLayer {
      let time = signal.margin + frame.start + (architecture.branch?.lookAhead ?? 0)
      return unsafe signal.input.base + channel * signal.stride + time
    }
    if layer == 0 {
      let time = signal.margin + frame.start + architecture.lookAhead
      return unsafe signal.features.base + channel * signal.stride + time
    }
    return unsafe signals[layer - 1].base + channel * stride + extras[layer - 1]
  }

  /// Adds one layer's products to a row; `before` samples earlier than the block.
  @unsafe private func addProducts(
    _ layer: Int, _ output: Int, _ frame: Frame, _ signal: TrainingSignal, count: Int,
    before: Int, to row: UnsafeMutablePointer<Float>
  ) {
    let shape = architecture.layerShapes[layer]
    for input in 0..<shape.inputChannels {
      let origin = unsafe inputOrigin(layer, input, frame, signal) - before
      for tap in 0..<shape.kernelSize {
        let weight = weights[layer][shape.index(output: output, input: input, tap: tap)]
        if weight == 0 { continue }
        unsafe pare_add_scaled(variant, count, weight, origin - tap * shape.dilation, row)
      }
    }
  }

  private func computeResiduals(_ frame: Frame, of signal: TrainingSignal, withSlopes: Bool) {
    precondition(
      frame.count <= blockLength, "a frame of \(frame.count) outputs, room for \(blockLength)")
    for layer in signals.indices {
      let count = padded(extras[layer] + frame.count)
      for channel in biases[layer].indices {
        let row = unsafe signals[layer].base + channel * stride
        unsafe row.update(repeating: biases[layer][channel], count: count)
        unsafe addProducts(
          layer, channel, frame, signal, count: count, before: extras[layer], to: row)
        unsafe activate(
          row, slope: withSlopes ? slopes[layer].base + channel * stride : nil, count)
      }
    }
    let count = padded(frame.count)
    let last = architecture.convolutions - 1
    for output in 0..<architecture.outputChannels {
      let row = unsafe residuals.base + output * blockLength
      unsafe row.update(repeating: biases[last][output], count: count)
      unsafe addProducts(last, output, frame, signal, count: count, before: 0, to: row)
      if let branch = architecture.branchLayer {
        unsafe addProducts(branch, output, frame, signal, count: count, before: 0, to: row)
      }
      let wanted =
        unsafe signal.residual.base + output * signal.stride + signal.margin + frame.start
      unsafe pare_add_scaled(variant, count, -1, wanted, row)
      for time in frame.count..<count { unsafe row[time] = 0 }
    }
  }

  @unsafe private func activate(
    _ row: UnsafeMutablePointer<Float>, slope: UnsafeMutablePointer<Float>?, _ count: Int
  ) {
    let infinity = Float.infinity
    switch architecture.activation {
    case .relu:
      unsafe pare_relu(variant, count, row, row)
      if let slope = unsafe slope {
        unsafe pare_step_slope(variant, count, 0, infinity, 0, row, slope)
      }
    case .hardTanh:
      unsafe pare_hard_tanh(variant, count, row, row)
      if let slope = unsafe slope { unsafe pare_step_slope(variant, count, -1, 1, 0, row, slope) }
    case .leakyReLU(let shift):
      let factor = 1 / Float(1 << shift)
      unsafe pare_leaky_relu(variant, count, factor, row, row)
      if let slope = unsafe slope {
        unsafe pare_step_slope(variant, count, 0, infinity, factor, row, slope)
      }
    case .tanh:
      unsafe pare_tanh(variant, count, row, row)
      if let slope = unsafe slope {
        unsafe slope.update(repeating: 1, count: count)
        unsafe pare_tanh_gradient(variant, count, row, slope)
      }
    }
  }

  /// Fills the columns of one output, and its residual behind them; zeros follow the frame's last output.
  private func computeColumns(_ output: Int, _ frame: Frame, of signal: TrainingSignal) {
    let plan = plans[output]
    let count = padded(frame.count)
    let last = architecture.convolutions - 1
    for layer in Swift.stride(from: last - 1, through: 0, by: -1) {
      for (number, row) in plan.rows[layer].enumerated() {
        let to = unsafe sensitivities[layer].base + number * blockLength
        unsafe to.update(repeating: 0, count: count)
        for (source, weight) in row.sources {
          let from =
            unsafe layer + 1 == last
            ? ones.base : sensitivities[layer + 1].base + source * blockLength
          unsafe pare_add_scaled(variant, count, weights[layer + 1][weight], from, to)
        }
        let slope = unsafe slopes[layer].base + row.channel * stride + extras[layer] - row.lag
        unsafe pare_multiply(variant, count, slope, to)
      }
    }
    let noLags = Array(repeating: 0, count: plan.channels.flatMap { $0 }.map(\.lags.count).max()!)
    for (number, column) in plan.columns.enumerated() {
      let to = unsafe columns.base + number * blockLength
      let layer = column.place.layer
      let isConstant = layer >= last
      let lags = isConstant ? [0] : plan.channels[layer][column.channel].lags
      let taps =
        unsafe isConstant
        ? ones.base
        : sensitivities[layer].base + plan.channels[layer][column.channel].firstRow * blockLength
      if let input = column.input {
        let origin = unsafe inputOrigin(layer, input, frame, signal) - column.delay
        unsafe pare_varying_filter(
          variant, count, lags.count, taps, blockLength, lags, origin, to)
      } else {
        unsafe pare_varying_filter(
          variant, count, lags.count, taps, blockLength, noLags, ones.base, to)
      }
      for time in frame.count..<count { unsafe to[time] = 0 }
    }
    let to = unsafe columns.base + plan.columns.count * blockLength
    unsafe to.update(from: residuals.base + output * blockLength, count: count)
  }
}
