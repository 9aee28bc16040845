import CPareKernels
import PareSignal

/// Derivatives of the outputs of a ``ConvolutionalAmplifier`` by all its parameters at one input, a block of samples at a time.
struct ConvolutionalJacobian {
  let amplifier: ConvolutionalAmplifier
  let output: IQSignal
  private let input: IQSignal
  private let features: [Float]
  private let hidden: [Float]
  /// `1 - h^2`
  private let slopes: [Float]

  init(_ amplifier: ConvolutionalAmplifier, at input: IQSignal) {
    self.amplifier = amplifier
    self.input = input
    (output, hidden) = amplifier.run(input)
    features = amplifier.features(of: input)
    var slopes = [Float](repeating: 1, count: hidden.count)
    unsafe pare_tanh_gradient(pare_best_variant(), hidden.count, hidden, &slopes)
    self.slopes = slopes
  }

  /// Writes a row per parameter: the derivatives of I over the block, then, `stride` further, those of Q.
  ///
  /// - Parameter rows: `[parameters][2 * stride]` or more, the block's samples zero or to be overwritten.
  func write(_ block: Range<Int>, stride: Int, to rows: inout [Float]) {
    let shape = amplifier.shape
    let length = 2 * stride
    let width = input.count + shape.outputTaps - 1
    let featureWidth = width + shape.inputTaps - 1
    let hiddenCount = block.count + shape.outputTaps - 1
    var moved = [Float](repeating: 0, count: hiddenCount)
    var sizes = pare_conv1d(
      output_channels: 2, input_channels: 1, kernel_size: shape.outputTaps, dilation: 1,
      input_stride: hiddenCount, output_stride: stride)
    let parameters = amplifier.parameters
    for c in 0..<shape.hidden {
      let weights = (0..<2).flatMap { o in
        parameters[(shape.outputStart + (o * shape.hidden + c) * shape.outputTaps)...]
          .prefix(shape.outputTaps)
      }
      func push(row: Int, _ rows: inout [Float]) {
        unsafe rows.withUnsafeMutableBufferPointer { rows in
          unsafe pare_conv1d_forward(
            pare_best_variant(), &sizes, block.count, moved, weights, nil,
            rows.baseAddress! + row * length)
        }
      }
      let slope = c * width + block.lowerBound
      for f in 0..<ConvolutionalAmplifier.Shape.features {
        for k in 0..<shape.inputTaps {
          let feature = f * featureWidth + block.lowerBound + shape.inputTaps - 1 - k
          for m in 0..<hiddenCount { moved[m] = slopes[slope + m] * features[feature + m] }
          push(row: (c * ConvolutionalAmplifier.Shape.features + f) * shape.inputTaps + k, &rows)
        }
      }
      for m in 0..<hiddenCount { moved[m] = slopes[slope + m] }
      push(row: shape.biasStart + c, &rows)
      for o in 0..<2 {
        for k in 0..<shape.outputTaps {
          let row = shape.outputStart + (o * shape.hidden + c) * shape.outputTaps + k
          let from = slope + shape.outputTaps - 1 - k
          for n in 0..<block.count {
            rows[row * length + o * stride + n] = hidden[from + n]
            rows[row * length + (1 - o) * stride + n] = 0
          }
        }
      }
    }
    for k in 0..<shape.filterTaps {
      let real = (shape.filterStart + k) * length
      let imaginary = (shape.filterStart + shape.filterTaps + k) * length
      for n in 0..<block.count {
        let from = block.lowerBound + n + shape.filterAhead - k
        let isInside = from >= 0 && from < input.count
        let (i, q) = isInside ? (Float(input.i[from]), Float(input.q[from])) : (0, 0)
        rows[real + n] = i
        rows[real + stride + n] = q
        rows[imaginary + n] = -q
        rows[imaginary + stride + n] = i
      }
    }
  }
}
