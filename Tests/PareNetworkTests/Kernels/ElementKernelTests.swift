import CPareKernels
import PareNumerics
import Testing

#if canImport(Glibc)
  import Glibc
#elseif canImport(Darwin)
  import Darwin
#endif

private func libraryTanh(_ x: Double) -> Double { tanh(x) }

@Suite struct `Element kernels` {
  static let counts = [1, 2, 5, 15, 16, 17, 33, 100]

  func noise(_ count: Int, _ label: String) -> [Float] {
    var random = RandomStream(seed: 12).fork(label)
    return (0..<count).map { _ in Float(random.normal() * 2) }
  }

  /// Every exponent of both signs, the clamp's neighbourhood, zeros and infinities.
  static let awkward: [Float] =
    (-149...127).flatMap { [Float(sign: .plus, exponent: $0, significand: 1.37)] }
    .flatMap { [$0, -$0] } + [
      0, -0.0, 9.02, Float(9.02).nextUp, Float(9.02).nextDown, -9.02, .infinity, -.infinity,
    ]

  @Test(arguments: Variant.all)
  func `activations and their gradients equal the twin bit for bit`(variant: Variant) throws {
    try variant.require()
    for x in [Self.awkward] + Self.counts.map({ noise($0, "x\($0)") }) {
      let gradient = noise(x.count, "g")
      var relu = x
      var tanh = x
      var reluGradient = gradient
      var tanhGradient = gradient
      unsafe pare_relu(variant.value, x.count, x, &relu)
      unsafe pare_tanh(variant.value, x.count, x, &tanh)
      unsafe pare_relu_gradient(variant.value, x.count, relu, &reluGradient)
      unsafe pare_tanh_gradient(variant.value, x.count, tanh, &tanhGradient)
      var leaky = x
      var hard = x
      var leakyGradient = gradient
      var hardGradient = gradient
      unsafe pare_leaky_relu(variant.value, x.count, 0.125, x, &leaky)
      unsafe pare_leaky_relu_gradient(variant.value, x.count, 0.125, leaky, &leakyGradient)
      unsafe pare_hard_tanh(variant.value, x.count, x, &hard)
      unsafe pare_hard_tanh_gradient(variant.value, x.count, hard, &hardGradient)
      #expect(bits(leaky) == bits(x.map { $0 > 0 ? $0 : $0 * 0.125 }))
      #expect(bits(leakyGradient) == bits(zip(x, gradient).map { $0 > 0 ? $1 : $1 * 0.125 }))
      #expect(bits(hard) == bits(x.map { $0 > 1 ? 1 : $0 < -1 ? -1 : $0 }))
      #expect(bits(hardGradient) == bits(zip(x, gradient).map { abs($0) < 1 ? $1 : 0 }))
      #expect(bits(relu) == bits(x.map(KernelTwin.relu)))
      #expect(bits(tanh) == bits(x.map(KernelTwin.tanh)))
      #expect(bits(reluGradient) == bits(zip(relu, gradient).map { $0 > 0 ? $1 : 0 }))
      #expect(bits(tanhGradient) == bits(zip(tanh, gradient).map(KernelTwin.tanhSlope)))
    }
  }

  @Test func `tanh lies within six units in the last place and 4e-7 of the C library's`() {
    let x = (0..<400_000).map { Float($0) * 2.5e-5 } + Self.awkward.filter(\.isFinite)
    var y = x
    unsafe pare_tanh(pare_best_variant(), x.count, x, &y)
    var worst = (places: 0.0, distance: 0.0)
    for (x, y) in zip(x, y) {
      let exact = libraryTanh(Double(x))
      let distance = abs(Double(y) - exact)
      worst.distance = max(worst.distance, distance)
      worst.places = max(worst.places, distance / Double(Float(exact).ulp))
    }
    #expect(worst.places <= 6 && worst.distance <= 4e-7)
  }

  @Test func `tanh is odd, and never exceeds one`() {
    let x = Self.awkward
    var positive = x
    var negative = x
    unsafe pare_tanh(pare_best_variant(), x.count, x, &positive)
    unsafe pare_tanh(pare_best_variant(), x.count, x.map(-), &negative)
    #expect(bits(positive) == bits(negative.map(-)))
    #expect(positive.allSatisfy { $0.magnitude <= 1 })
  }

  @Test(arguments: Variant.all)
  func `squared error and its gradient equal the twin bit for bit`(variant: Variant) throws {
    try variant.require()
    for count in Self.counts {
      let (prediction, skip, target) = (noise(count, "p"), noise(count, "s"), noise(count, "t"))
      var gradient = prediction
      var sum = unsafe pare_squared_error(
        variant.value, count, prediction, skip, target, 0.3, &gradient)
      var expected = KernelTwin.squaredError(prediction, skip, target, 0.3)
      #expect(
        sum.bitPattern == expected.sum.bitPattern && bits(gradient) == bits(expected.gradient))

      sum = unsafe pare_squared_error(variant.value, count, prediction, nil, target, 0.3, nil)
      expected = KernelTwin.squaredError(prediction, nil, target, 0.3)
      #expect(sum.bitPattern == expected.sum.bitPattern)
    }
  }

  @Test(arguments: Variant.all)
  func `adam equals the twin bit for bit and leaves what is frozen`(variant: Variant) throws {
    try variant.require()
    var constants = pare_adam(
      rate: 0.01, beta1: 0.9, beta2: 0.99, correction1: 5.3, correction2: 50.2, epsilon: 1e-8)
    for count in Self.counts {
      let gradient = noise(count, "g")
      let trainable = (0..<count).map { $0 % 3 == 0 ? Float(0) : 1 }
      let start = (noise(count, "p"), noise(count, "m"), noise(count, "v").map(\.magnitude))
      var (parameters, first, second) = start
      unsafe pare_adam_step(
        variant.value, count, &constants, gradient, trainable, &parameters, &first, &second)
      for n in 0..<count {
        let expected = KernelTwin.adam(
          .init(parameter: start.0[n], first: start.1[n], second: start.2[n]), constants,
          gradient: gradient[n], trainable: trainable[n])
        #expect(
          bits([parameters[n], first[n], second[n]])
            == bits([expected.parameter, expected.first, expected.second]))
        if trainable[n] == 0 { #expect(parameters[n] == start.0[n]) }
      }
    }
  }

  @Test func `the best variant is the last available one`() {
    let available = Variant.all.filter(\.isAvailable)
    #expect(pare_best_variant() == available.last?.value)
    #expect(available.first?.name == "portable")
  }
}
