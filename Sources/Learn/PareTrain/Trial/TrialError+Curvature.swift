import CPareKernels
import PareNetwork

extension TrialError {
  /// The quadratic model of the error around the network as it is loaded.
  ///
  /// - Complexity: O(samples × parameters × (parameters + weights that one parameter feeds)).
  func quadraticModel(of parameters: [TrialParameter]) -> QuadraticModel {
    let count = parameters.count
    let outputs = architecture.outputChannels
    let longest = memory.frames.map(\.count).max() ?? 0
    let padded = (longest + PARE_LANES - 1) / PARE_LANES * PARE_LANES
    let row = outputs * padded
    // The derivative of all outputs by each parameter, then the residual.
    let derivatives = FloatBuffer(count: (count + 1) * row)
    var blocks: [Block] = stride(from: 0, to: count, by: Block.rows).map {
      Block(first: $0, rows: min(Block.rows, count - $0))
    }
    blocks.append(Block(first: count, rows: 1))
    for frame in memory.frames.indices {
      derivatives.zero()
      for (index, parameter) in parameters.enumerated() {
        unsafe derive(parameter, frame, into: derivatives.base + index * row, padded)
      }
      unsafe residual(frame, into: derivatives.base + count * row, padded)
      for block in blocks { unsafe block.accumulate(derivatives.base, row, variant) }
    }
    var curvature = Array(repeating: 0.0, count: count * count)
    var gradient = Array(repeating: 0.0, count: count)
    for block in blocks {
      let sums = block.sums(variant)
      for inner in 0..<block.rows {
        let index = block.first + inner
        for other in 0...min(index, count - 1) {
          let value = Double(sums[inner * block.columns + other]) / energy
          if index == count {
            gradient[other] = value
          } else {
            curvature[index * count + other] = value
            curvature[other * count + index] = value
          }
        }
      }
    }
    return QuadraticModel(count: count, gradient: gradient, curvature: curvature)
  }

  /// Rows of the lower triangle of products, as sixteen partial sums each.
  private struct Block {
    static let rows = 32
    let first: Int
    let rows: Int
    let lanes: FloatBuffer
    let unused: FloatBuffer

    init(first: Int, rows: Int) {
      self.first = first
      self.rows = rows
      lanes = FloatBuffer(count: rows * (first + rows) * PARE_LANES)
      unused = FloatBuffer(count: rows * PARE_LANES)
    }

    var columns: Int { first + rows }

    /// The products of rows are the gradient of a convolution with one tap.
    func accumulate(_ base: UnsafePointer<Float>, _ row: Int, _ variant: pare_variant) {
      var shape = pare_conv1d(
        output_channels: rows, input_channels: columns, kernel_size: 1, dilation: 1,
        input_stride: row, output_stride: row)
      unsafe pare_conv1d_weight_gradient(
        variant, &shape, row, base, base + first * row, lanes.base, unused.base)
    }

    func sums(_ variant: pare_variant) -> [Float] {
      let sums = FloatBuffer(count: rows * columns)
      unsafe pare_reduce_lanes(variant, sums.count, lanes.base, sums.base)
      return sums.values
    }
  }

  private func residual(
    _ frame: Int, into row: UnsafeMutablePointer<Float>, _ padded: Int
  ) {
    let stack = architecture.convolutions
    for channel in 0..<architecture.outputChannels {
      let output = unsafe memory.sum(frame, stack - 1, channel)
      let target = unsafe memory.signal(frame, stack + 1, channel)
      let to = unsafe row + channel * padded
      for n in 0..<memory.frames[frame].count { unsafe to[n] = output[n] - target[n] }
    }
  }

  /// Writes the derivative of a frame's outputs by a parameter, `[channel * padded + time]`; expects zeros there.
  private func derive(
    _ parameter: TrialParameter, _ frame: Int, into row: UnsafeMutablePointer<Float>, _ padded: Int
  ) {
    let stack = architecture.convolutions
    let layer = parameter.layer
    let shape = shapes[layer]
    let isBranch = layer == stack
    let count = memory.frames[frame].count + (isBranch ? 0 : memory.extra[layer])
    func source(_ index: Int) -> UnsafePointer<Float> {
      let input = index / shape.kernelSize % shape.inputChannels
      let tap = index % shape.kernelSize
      return unsafe UnsafePointer(
        memory.signal(frame, layer, input) + shape.memory - tap * shape.dilation)
    }
    let output: Int
    let from: UnsafePointer<Float>
    switch parameter.place {
    case .weight(let index):
      output = index / (shape.inputChannels * shape.kernelSize)
      unsafe from = source(index)
    case .bias(let channel):
      output = channel
      unsafe from = UnsafePointer(memory.ones)
    }
    guard layer < stack - 1 else {
      unsafe (row + output * padded).update(from: from, count: count)
      if let follower = parameter.follower {
        let to = unsafe row + follower.index / (shape.inputChannels * shape.kernelSize) * padded
        let other = unsafe source(follower.index)
        for n in 0..<count { unsafe to[n] = follower.sign * other[n] }
      }
      return
    }
    var changed = [output]
    var bank = layer % 2
    let tangent = unsafe memory.difference(bank, output)
    unsafe tangent.update(from: from, count: count)
    unsafe multiplyBySlope(count, memory.signal(frame, layer + 1, output), tangent)
    for next in layer + 1..<stack {
      let count = memory.frames[frame].count + memory.extra[next]
      spread(changed, into: next, count, bank: bank)
      bank = 1 - bank
      changed = Array(0..<shapes[next].outputChannels)
      for channel in changed {
        let addition = unsafe memory.addition(channel)
        if next == stack - 1 {
          unsafe (row + channel * padded).update(from: addition, count: count)
        } else {
          let tangent = unsafe memory.difference(bank, channel)
          unsafe tangent.update(from: addition, count: count)
          unsafe multiplyBySlope(count, memory.signal(frame, next + 1, channel), tangent)
        }
      }
    }
  }

  private func multiplyBySlope(
    _ count: Int, _ signal: UnsafePointer<Float>, _ tangent: UnsafeMutablePointer<Float>
  ) {
    switch architecture.activation {
    case .relu: unsafe pare_relu_gradient(variant, count, signal, tangent)
    case .leakyReLU(let shift):
      unsafe pare_leaky_relu_gradient(
        variant, count, Float(sign: .plus, exponent: -shift, significand: 1), signal, tangent)
    case .hardTanh: unsafe pare_hard_tanh_gradient(variant, count, signal, tangent)
    case .tanh: unsafe pare_tanh_gradient(variant, count, signal, tangent)
    }
  }
}
