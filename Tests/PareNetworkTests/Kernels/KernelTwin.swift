import CPareKernels

/// The kernels once more, from their contracts: scalar Swift, one operation after the other.
enum KernelTwin {
  static func forward(
    _ shape: pare_conv1d, _ count: Int, _ x: [Float], _ weights: [Float], _ biases: [Float]?
  ) -> [Float] {
    var y = [Float](repeating: 0, count: shape.output_channels * shape.output_stride)
    let taps = shape.kernel_size
    for o in 0..<shape.output_channels {
      for t in 0..<count {
        var sum = biases?[o] ?? 0
        for i in 0..<shape.input_channels {
          for k in 0..<taps {
            let weight = weights[(o * shape.input_channels + i) * taps + k]
            sum = sum.addingProduct(
              weight, x[i * shape.input_stride + t + (taps - 1 - k) * shape.dilation])
          }
        }
        y[o * shape.output_stride + t] = sum
      }
    }
    return y
  }

  /// Adds to lanes that the caller brings, as the kernel does.
  static func weightGradient(
    _ shape: pare_conv1d, _ count: Int, _ x: [Float], _ gradient: [Float],
    _ weightLanes: inout [Float], _ biasLanes: inout [Float]
  ) {
    let taps = shape.kernel_size
    for o in 0..<shape.output_channels {
      for t in 0..<count {
        let slope = gradient[o * shape.output_stride + t]
        biasLanes[o * 16 + t % 16] += slope
        for i in 0..<shape.input_channels {
          for k in 0..<taps {
            let lane = ((o * shape.input_channels + i) * taps + k) * 16 + t % 16
            weightLanes[lane] = weightLanes[lane].addingProduct(
              slope, x[i * shape.input_stride + t + (taps - 1 - k) * shape.dilation])
          }
        }
      }
    }
  }

  static func sum(ofLanes lanes: ArraySlice<Float>) -> Float {
    var lanes = Array(lanes)
    while lanes.count > 1 {
      let half = lanes.count / 2
      lanes = (0..<half).map { lanes[$0] + lanes[$0 + half] }
    }
    return lanes[0]
  }

  static func relu(_ x: Float) -> Float { x > 0 ? x : 0 }

  static func leakyReLU(_ x: Float, slope: Float) -> Float { x > 0 ? x : x * slope }

  static func hardTanh(_ x: Float) -> Float { x > 1 ? 1 : x < -1 ? -1 : x }

  /// Any activation of the kernels.
  static func activate(_ x: Float, _ activation: pare_activation, slope: Float) -> Float {
    switch activation {
    case PARE_RELU: relu(x)
    case PARE_LEAKY_RELU: leakyReLU(x, slope: slope)
    case PARE_HARD_TANH: hardTanh(x)
    case PARE_TANH: tanh(x)
    default: x
    }
  }

  /// A gradient behind the activation, brought in front of it; `y` is the activation's output.
  static func slope(
    of y: Float, _ gradient: Float, _ activation: pare_activation, slope: Float
  ) -> Float {
    switch activation {
    case PARE_RELU: y > 0 ? gradient : 0
    case PARE_LEAKY_RELU: y > 0 ? gradient : gradient * slope
    case PARE_HARD_TANH: abs(y) < 1 ? gradient : 0
    case PARE_TANH: tanhSlope(y, gradient)
    default: gradient
    }
  }

  static func tanh(_ x: Float) -> Float {
    let size = x.magnitude
    guard size <= 9.02 else { return x < 0 ? -1 : 1 }
    let z = size * size
    let top: [Float] = [
      1.33175656527e-8, 2.05824096219e-5, 0.00349397113197, 0.133796654851, 0.999999979212,
    ]
    let bottom: [Float] = [
      7.76140592895e-7, 0.000328298768874, 0.0258708346112, 0.467129808039, 1,
    ]
    func horner(_ terms: [Float]) -> Float {
      terms.dropFirst().reduce(terms[0]) { $1.addingProduct($0, z) }
    }
    let y = min(1, size * horner(top) / horner(bottom))
    return x.sign == .minus ? -y : y
  }

  static func tanhSlope(_ y: Float, _ gradient: Float) -> Float {
    gradient * Float(1).addingProduct(-y, y)
  }

  static func squaredError(
    _ prediction: [Float], _ skip: [Float]?, _ target: [Float], _ scale: Float
  ) -> (sum: Float, gradient: [Float]) {
    var lanes = [Float](repeating: 0, count: 16)
    var gradient: [Float] = []
    for t in prediction.indices {
      let error = (skip.map { prediction[t] + $0[t] } ?? prediction[t]) - target[t]
      lanes[t % 16] = lanes[t % 16].addingProduct(error, error)
      gradient.append(scale * error)
    }
    return (sum(ofLanes: lanes[...]), gradient)
  }

  struct AdamState: Equatable {
    var parameter: Float
    var first: Float
    var second: Float
  }

  static func adam(
    _ state: AdamState, _ constants: pare_adam, gradient: Float, trainable: Float
  ) -> AdamState {
    let g = gradient * trainable
    let first = state.first.addingProduct(1 - constants.beta1, g - state.first)
    let second = state.second.addingProduct(
      1 - constants.beta2, (-state.second).addingProduct(g, g))
    let size = (second * constants.correction2).squareRoot() + constants.epsilon
    let step = constants.rate * (first * constants.correction1) / size
    return AdamState(
      parameter: state.parameter.addingProduct(-step, trainable), first: first, second: second)
  }
}
