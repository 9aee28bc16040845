package import CPareKernels

extension Activation {
  /// The kernels' name for it.
  package var kernel: pare_activation {
    switch self {
    case .relu: PARE_RELU
    case .leakyReLU: PARE_LEAKY_RELU
    case .hardTanh: PARE_HARD_TANH
    case .tanh: PARE_TANH
    }
  }

  /// What negative inputs are multiplied by: `2^-shift` of a leaky rectifier, else 0.
  package var negativeSlope: Float {
    guard case .leakyReLU(let shift) = self else { return 0 }
    return Float(sign: .plus, exponent: -shift, significand: 1)
  }
}
