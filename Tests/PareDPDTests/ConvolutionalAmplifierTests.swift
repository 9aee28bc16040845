import PareNumerics
import PareSignal
import PareText
import Testing

@testable import PareDPD

@Suite struct ConvolutionalAmplifierTests {
  private typealias Shape = ConvolutionalAmplifier.Shape

  private static let shape = Shape(
    hidden: 3, inputTaps: 4, inputAhead: 1, outputTaps: 3, outputAhead: 2, filterTaps: 6,
    filterAhead: 2)

  /// Weights that bend the units well.
  private static func amplifier(_ shape: Shape = shape, seed: UInt64 = 7) -> ConvolutionalAmplifier
  {
    var random = RandomStream(seed: seed)
    return ConvolutionalAmplifier(
      name: "drawn", shape: shape,
      parameters: (0..<shape.parameterCount).map { _ in Float(0.6 * random.normal()) })
  }

  /// The equations in double precision, one sample after the other.
  private static func direct(_ amplifier: ConvolutionalAmplifier, _ x: IQSignal) -> IQSignal {
    let s = amplifier.shape
    let p = amplifier.parameters.map(Double.init)
    func at(_ n: Int) -> Complex { x.i.indices.contains(n) ? x[n] : .zero }
    func hidden(_ c: Int, _ n: Int) -> Double {
      var sum = p[s.hidden * 3 * s.inputTaps + c]
      for k in 0..<s.inputTaps {
        let sample = at(n + s.inputAhead - k)
        for (f, value) in [sample.re, sample.im, sample.squaredMagnitude].enumerated() {
          sum += p[(c * 3 + f) * s.inputTaps + k] * value
        }
      }
      return portableTanh(sum)
    }
    let output = s.hidden * (3 * s.inputTaps + 1)
    let filter = output + 2 * s.hidden * s.outputTaps
    return IQSignal(
      (0..<x.count).map { n in
        var parts = [0.0, 0.0]
        for o in 0..<2 {
          for c in 0..<s.hidden {
            for k in 0..<s.outputTaps {
              parts[o] +=
                p[output + (o * s.hidden + c) * s.outputTaps + k] * hidden(c, n + s.outputAhead - k)
            }
          }
        }
        var sum = Complex(parts[0], parts[1])
        for k in 0..<s.filterTaps {
          let tap = Complex(p[filter + k], p[filter + s.filterTaps + k])
          sum = sum + tap * at(n + s.filterAhead - k)
        }
        return sum
      })
  }

  @Test(arguments: [
    shape, Shape(hidden: 1, inputTaps: 1, inputAhead: 0, outputTaps: 1, outputAhead: 0),
    Shape(hidden: 5, filterTaps: 1, filterAhead: 0),
  ])
  func `agrees with its equations`(shape: ConvolutionalAmplifier.Shape) {
    let amplifier = Self.amplifier(shape)
    let x = ResidualGRUAmplifierTests.noise(120, seed: 3, rms: 0.6)
    // Single precision, sums of some ten numbers of size 1.
    #expect((amplifier.amplify(x) - Self.direct(amplifier, x)).peak < 1e-5)
  }

  @Test func `has the derivative that differences show`() {
    let amplifier = Self.amplifier()
    let x = ResidualGRUAmplifierTests.noise(200, seed: 3, rms: 0.6)
    let direction = ResidualGRUAmplifierTests.noise(200, seed: 4, rms: 0.6)
    let step = 1e-5
    // In double precision, so that the step can be short.
    let difference =
      (Self.direct(amplifier, x.adding(direction, times: step))
      - Self.direct(amplifier, x.adding(direction, times: -step)))
      .scaled(by: Complex(0.5 / step))
    let tangent = amplifier.tangent(at: x)
    #expect((tangent.derivative(along: direction) - difference).peak < 1e-5)
    #expect(tangent.output == amplifier.amplify(x))
  }

  @Test func `has the Jacobian that differences show`() {
    let amplifier = Self.amplifier()
    let x = ResidualGRUAmplifierTests.noise(60, seed: 5, rms: 0.6)
    let jacobian = ConvolutionalJacobian(amplifier, at: x)
    let (block, stride) = (8..<50, 48)
    let count = amplifier.parameters.count
    var rows = [Float](repeating: 9, count: count * 2 * stride)
    jacobian.write(block, stride: stride, to: &rows)
    let step: Float = 0x1p-10
    for parameter in 0..<count {
      func moved(_ step: Float) -> IQSignal {
        var parameters = amplifier.parameters
        parameters[parameter] += step
        return Self.direct(
          ConvolutionalAmplifier(name: "", shape: amplifier.shape, parameters: parameters), x)
      }
      let difference = moved(step) - moved(-step)
      for (place, n) in block.enumerated() {
        let at = parameter * 2 * stride + place
        // Differences err by step^2 times the third derivative, and by the rounding of the moved parameter.
        #expect(abs(Double(rows[at]) - difference.i[n] / Double(2 * step)) < 1e-3)
        #expect(abs(Double(rows[at + stride]) - difference.q[n] / Double(2 * step)) < 1e-3)
      }
    }
  }

  private static func fit(_ seed: UInt64 = 1, iterations: Int = 60) throws -> ConvolutionalAmplifier
  {
    let x = ResidualGRUAmplifierTests.noise(2000, seed: 8, rms: 0.4)
    var settings = ConvolutionalAmplifier.FitSettings()
    settings.iterations = iterations
    settings.seed = seed
    return try ConvolutionalAmplifier(
      name: "fitted",
      shape: Shape(
        hidden: 4, inputTaps: 2, inputAhead: 0, outputTaps: 2, outputAhead: 0, filterTaps: 3,
        filterAhead: 1),
      input: x, output: EchoAmplifier(compression: 0.3).amplify(x), margin: 20, settings)
  }

  @Test func `learns a compressing amplifier with an echo`() throws {
    let fitted = try Self.fit()
    let x = ResidualGRUAmplifierTests.noise(2000, seed: 9, rms: 0.4)
    let y = EchoAmplifier(compression: 0.3).amplify(x)
    let filter = (-1...1).map { VolterraTerm.linear($0) }
    let linear = try VolterraAmplifier(
      name: "linear", terms: filter, input: x, output: y, margin: 20)
    let error = nmse(fitted.amplify(x), against: y)
    // The best linear filter stands for what a network without its units could do.
    #expect(error < nmse(linear.amplify(x), against: y) - 20)
  }

  @Test func `gives the same bits again, and others for another seed`() throws {
    let first = try Self.fit(iterations: 5)
    #expect(first == (try Self.fit(iterations: 5)))
    #expect(first != (try Self.fit(2, iterations: 5)))
  }

  @Test func `falls step by step to the error that it tells`() throws {
    let x = ResidualGRUAmplifierTests.noise(1500, seed: 8, rms: 0.4)
    let y = EchoAmplifier().amplify(x)
    var errors: [Double] = []
    let fitted = try ConvolutionalAmplifier(
      name: "fitted", shape: Self.shape, input: x, output: y, margin: 20
    ) { errors.append($1) }
    #expect(errors.count > 10)
    #expect(zip(errors, errors.dropFirst()).allSatisfy { $0 > $1 })
    let weight = ConvolutionalAmplifier.FitSettings().ridge
    let ridge = fitted.parameters.reduce(0) { $0 + weight * Double($1) * Double($1) }
    let (own, target) = (fitted.amplify(x)[20..<1480], y[20..<1480])
    let error = (target - own).energy() / target.energy() + ridge
    #expect(abs(decibels(error) - errors.last!) < 1e-9)
  }

  @Test func `is held outside the band by its prior`() throws {
    let truth = EchoAmplifier()
    let x = VolterraAmplifierTests.narrow(4000, seed: 8, below: 0.05)
    let y = truth.amplify(x).adding(
      ResidualGRUAmplifierTests.noise(4000, seed: 9, rms: 1e-4), times: 1)
    let plain = try VolterraAmplifier(
      name: "memoryless",
      terms: [.linear(0), VolterraTerm(carrier: 0, envelope: .power(2), delay: 0)], input: x,
      output: y, margin: 20)
    let shape = Shape(
      hidden: 3, inputTaps: 2, inputAhead: 0, outputTaps: 2, outputAhead: 0, filterTaps: 13,
      filterAhead: 6)
    var settings = ConvolutionalAmplifier.FitSettings()
    settings.iterations = 40
    func fit(_ prior: VolterraAmplifier.Prior?) throws -> ConvolutionalAmplifier {
      try ConvolutionalAmplifier(
        name: "fitted", shape: shape, input: x, output: y, margin: 20, prior: prior, settings)
    }
    let free = try fit(nil)
    let held = try fit(.init(amplifier: plain, halfBand: 0.06, weight: 1e-3))
    let wide = x.adding(ResidualGRUAmplifierTests.noise(4000, seed: 10, rms: 0.02), times: 1)
    func error(_ model: ConvolutionalAmplifier, _ x: IQSignal) -> Double {
      (model.amplify(x) - truth.amplify(x)).rms / truth.amplify(x).rms
    }
    #expect(error(held, wide) < 0.5 * error(free, wide))
    #expect(error(held, x) < 0.01)
  }

  @Test func `comes back from its file as it was`() throws {
    let amplifier = Self.amplifier()
    let text = amplifier.json(origin: "drawn")
    #expect(try ConvolutionalAmplifier(json: text, file: "a.json") == amplifier)
  }

  @Test(arguments: [
    ("\"kind\" : \"convolutional\"", "\"kind\" : \"volterra\""),
    ("\"schemaVersion\" : 1", "\"schemaVersion\" : 2"),
    ("\"hidden\" : 3", "\"hidden\" : 4"), ("\"inputAhead\" : 1", "\"inputAhead\" : 4"),
    ("\"filterTaps\" : 6", "\"filterTaps\" : 600"), ("\"biases\" : [", "\"biases\" : [0, "),
  ]) func `refuses a damaged file`(sound: String, damaged: String) throws {
    let text = Self.amplifier().json(origin: "drawn")
    try #require(text.contains(sound))
    #expect {
      try ConvolutionalAmplifier(json: text.replacing(sound, with: damaged), file: "a.json")
    } throws: { error in
      (error as? PredistortionError)?.message.contains("a.json") == true
    }
  }

  @Test func `refuses captures without a model`() {
    let x = ResidualGRUAmplifierTests.noise(600, seed: 1)
    let silence = x.scaled(by: .zero)
    for (input, output) in [(x, silence), (silence, x), (x, x[0..<500]), (x[0..<60], x[0..<60])] {
      #expect(throws: PredistortionError.self) {
        try ConvolutionalAmplifier(
          name: "", shape: Self.shape, input: input, output: output, margin: 10)
      }
    }
  }
}
