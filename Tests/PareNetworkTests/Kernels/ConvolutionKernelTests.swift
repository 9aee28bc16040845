import CPareKernels
import PareNumerics
import Testing

@Suite struct `Convolution kernels` {
  /// Channels and taps around the sizes of the register tiles.
  struct Size: Sendable, CustomTestStringConvertible {
    let outputs: Int
    let inputs: Int
    let taps: Int
    var dilation = 1
    /// Delay of the oldest tap.
    var memory: Int { (taps - 1) * dilation }
    var testDescription: String {
      "\(inputs) to \(outputs) channels, \(taps) taps\(dilation == 1 ? "" : ", \(dilation) apart")"
    }

    static let all = [
      Size(outputs: 8, inputs: 2, taps: 5), Size(outputs: 2, inputs: 8, taps: 5),
      Size(outputs: 7, inputs: 3, taps: 3), Size(outputs: 1, inputs: 1, taps: 1),
      Size(outputs: 5, inputs: 4, taps: 7), Size(outputs: 16, inputs: 6, taps: 11),
      Size(outputs: 3, inputs: 2, taps: 2), Size(outputs: 4, inputs: 2, taps: 6),
      Size(outputs: 6, inputs: 1, taps: 4), Size(outputs: 2, inputs: 3, taps: 31),
      Size(outputs: 4, inputs: 2, taps: 3, dilation: 2),
      Size(outputs: 7, inputs: 5, taps: 5, dilation: 7),
      Size(outputs: 2, inputs: 4, taps: 8, dilation: 16),
      Size(outputs: 1, inputs: 3, taps: 2, dilation: 33),
    ]

    func shape(count: Int) -> pare_conv1d {
      pare_conv1d(
        output_channels: outputs, input_channels: inputs, kernel_size: taps,
        dilation: dilation, input_stride: count + memory + 19, output_stride: count + 21)
    }
  }

  static let counts = [1, 3, 4, 7, 8, 15, 16, 17, 31, 32, 47, 48, 49, 64, 65, 96, 97, 130, 260]

  func noise(_ count: Int, _ label: String) -> [Float] {
    var random = RandomStream(seed: 11).fork(label)
    return (0..<count).map { _ in Float(random.normal()) }
  }

  @Test(arguments: Variant.all, Size.all)
  func `forward equals the twin bit for bit and writes nothing else`(
    variant: Variant, size: Size
  ) throws {
    try variant.require()
    for count in Self.counts {
      for hasBias in [true, false] {
        var shape = size.shape(count: count)
        let x = noise(shape.input_channels * shape.input_stride, "x\(count)")
        let weights = noise(size.outputs * size.inputs * size.taps, "w")
        let biases = hasBias ? noise(size.outputs, "b") : nil
        var y = [Float](repeating: 0, count: shape.output_channels * shape.output_stride)
        if let biases {
          unsafe pare_conv1d_forward(variant.value, &shape, count, x, weights, biases, &y)
        } else {
          unsafe pare_conv1d_forward(variant.value, &shape, count, x, weights, nil, &y)
        }
        let expected = KernelTwin.forward(shape, count, x, weights, biases)
        #expect(bits(y) == bits(expected), "\(count) samples")
      }
    }
  }

  /// Rounding of a chain of n fused multiply-adds: each rounds once, to half an ulp of a partial sum.
  @Test(arguments: Size.all)
  func `forward lies within rounding of a sum in double precision`(size: Size) {
    let count = 50
    var shape = size.shape(count: count)
    let x = noise(shape.input_channels * shape.input_stride, "x")
    let weights = noise(size.outputs * size.inputs * size.taps, "w")
    var y = [Float](repeating: 0, count: shape.output_channels * shape.output_stride)
    unsafe pare_conv1d_forward(pare_best_variant(), &shape, count, x, weights, nil, &y)
    for o in 0..<size.outputs {
      for t in 0..<count {
        var sum = 0.0
        var sizes = 0.0
        for i in 0..<size.inputs {
          for k in 0..<size.taps {
            // The oldest sample lies at t: tap k meets the one `memory - k * dilation` later.
            let sample = x[i * shape.input_stride + t + size.memory - k * size.dilation]
            let product = Double(weights[(o * size.inputs + i) * size.taps + k]) * Double(sample)
            sum += product
            sizes += product.magnitude
          }
        }
        let bound = sizes * Double(size.inputs * size.taps) * 0x1p-24
        #expect(abs(Double(y[o * shape.output_stride + t]) - sum) <= bound)
      }
    }
  }

  static let activations = [
    PARE_IDENTITY, PARE_RELU, PARE_LEAKY_RELU, PARE_HARD_TANH, PARE_TANH,
  ]

  @Test(arguments: Variant.all, Size.all)
  func `an activation or its gradient on the way to memory has the bits of two passes`(
    variant: Variant, size: Size
  ) throws {
    try variant.require()
    for count in [1, 7, 16, 33, 96, 130, 1_000] {
      var shape = size.shape(count: count)
      let x = noise(shape.input_channels * shape.input_stride, "x\(count)")
      let weights = noise(size.outputs * size.inputs * size.taps, "w")
      let biases = noise(size.outputs, "b")
      let rows = (0..<size.outputs).flatMap { o in
        (0..<count).map { o * shape.output_stride + $0 }
      }
      let sums = KernelTwin.forward(shape, count, x, weights, biases)
      let products = KernelTwin.forward(shape, count, x, weights, nil)
      for activation in Self.activations {
        var y = [Float](repeating: 0, count: sums.count)
        unsafe pare_conv1d_activated(
          variant.value, &shape, count, x, weights, biases, activation, 0.25, &y)
        var expected = y.map { _ in Float(0) }
        for at in rows { expected[at] = KernelTwin.activate(sums[at], activation, slope: 0.25) }
        #expect(bits(y) == bits(expected), "\(count) samples, \(activation)")

        let signals = expected
        y = [Float](repeating: 0, count: sums.count)
        unsafe pare_conv1d_input_gradient(
          variant.value, &shape, count, x, weights, activation, 0.25, signals, &y)
        for at in rows {
          expected[at] = KernelTwin.slope(of: signals[at], products[at], activation, slope: 0.25)
        }
        #expect(bits(y) == bits(expected), "\(count) samples, gradient of \(activation)")
      }
    }
  }

  @Test(arguments: Variant.all, Size.all)
  func `weight and bias gradients equal the twin bit for bit, added to what was there`(
    variant: Variant, size: Size
  ) throws {
    try variant.require()
    for count in [16, 32, 112, 272] {
      var shape = size.shape(count: count)
      let x = noise(shape.input_channels * shape.input_stride, "x")
      let gradient = noise(shape.output_channels * shape.output_stride, "g")
      var weightLanes = noise(size.outputs * size.inputs * size.taps * 16, "wl")
      var biasLanes = noise(size.outputs * 16, "bl")
      var expected = (weightLanes, biasLanes)
      unsafe pare_conv1d_weight_gradient(
        variant.value, &shape, count, x, gradient, &weightLanes, &biasLanes)
      KernelTwin.weightGradient(shape, count, x, gradient, &expected.0, &expected.1)
      #expect(bits(weightLanes) == bits(expected.0), "\(count) samples")
      #expect(bits(biasLanes) == bits(expected.1), "\(count) samples")

      let withBiases = weightLanes
      weightLanes = noise(weightLanes.count, "wl")
      unsafe pare_conv1d_weight_gradient(
        variant.value, &shape, count, x, gradient, &weightLanes, nil)
      #expect(bits(weightLanes) == bits(withBiases), "without biases")

      var sums = [Float](repeating: 0, count: weightLanes.count / 16)
      unsafe pare_reduce_lanes(variant.value, sums.count, weightLanes, &sums)
      let tree = sums.indices.map { KernelTwin.sum(ofLanes: expected.0[$0 * 16..<$0 * 16 + 16]) }
      #expect(bits(sums) == bits(tree))
    }
  }

  @Test(arguments: Size.all)
  func `flipping twice gives the weights back`(size: Size) {
    var shape = size.shape(count: 1)
    var back = pare_conv1d(
      output_channels: size.inputs, input_channels: size.outputs, kernel_size: size.taps,
      dilation: size.dilation, input_stride: 0, output_stride: 0)
    let weights = noise(size.outputs * size.inputs * size.taps, "w")
    var flipped = weights
    var twice = weights
    unsafe pare_conv1d_flip(&shape, weights, &flipped)
    unsafe pare_conv1d_flip(&back, flipped, &twice)
    #expect(twice == weights)
    #expect(size.outputs * size.inputs * size.taps == 1 || flipped != weights)
  }

  /// <y', conv(x)> is linear in x, so the input's gradient must satisfy <g, conv(x)> = <flipped(g), x> for every x.
  @Test(arguments: Variant.all, Size.all)
  func `the flipped convolution is the adjoint`(variant: Variant, size: Size) throws {
    try variant.require()
    let count = 40
    var shape = size.shape(count: count)
    let x = noise(shape.input_channels * shape.input_stride, "x")
    let weights = noise(size.outputs * size.inputs * size.taps, "w")
    var y = [Float](repeating: 0, count: shape.output_channels * shape.output_stride)
    unsafe pare_conv1d_forward(variant.value, &shape, count, x, weights, nil, &y)

    let halo = size.memory
    let padded = count + 2 * halo
    let noise = noise(size.outputs * count, "g")
    var gradient = [Float](repeating: 0, count: size.outputs * padded)
    var forwardProduct = 0.0
    for o in 0..<size.outputs {
      for t in 0..<count {
        gradient[o * padded + halo + t] = noise[o * count + t]
        forwardProduct += Double(noise[o * count + t]) * Double(y[o * shape.output_stride + t])
      }
    }
    var flipped = weights
    unsafe pare_conv1d_flip(&shape, weights, &flipped)
    let inputCount = count + halo
    var transposed = pare_conv1d(
      output_channels: size.inputs, input_channels: size.outputs, kernel_size: size.taps,
      dilation: size.dilation, input_stride: padded, output_stride: inputCount)
    var inputGradient = [Float](repeating: 0, count: size.inputs * inputCount)
    unsafe pare_conv1d_forward(
      variant.value, &transposed, inputCount, gradient, flipped, nil, &inputGradient)
    var backwardProduct = 0.0
    for i in 0..<size.inputs {
      for t in 0..<inputCount {
        backwardProduct +=
          Double(inputGradient[i * inputCount + t]) * Double(x[i * shape.input_stride + t])
      }
    }
    // Float sums of at most 341 products of unit size: 1e-6 of the products' total size.
    let scale = Double(size.outputs * size.inputs * size.taps * count)
    #expect(abs(forwardProduct - backwardProduct) < 1e-6 * scale)
  }
}
