import PareNumerics
import PareSignal
import PareText
import Testing

@testable import PareDPD

@Suite struct VolterraAmplifierTests {
  private static let terms: [VolterraTerm] = [
    .linear(0), .linear(-1), .linear(3),
    VolterraTerm(carrier: 0, envelope: .power(1), delay: 1),
    VolterraTerm(carrier: 1, envelope: .power(2), delay: -1),
    VolterraTerm(carrier: 0, envelope: .power(3), delay: 0),
    VolterraTerm(carrier: -1, envelope: .power(4), delay: 2),
    VolterraTerm(carrier: 2, envelope: .correlation(lag: 1, power: 0), delay: 0),
    VolterraTerm(carrier: 0, envelope: .correlation(lag: 2, power: 2), delay: 1),
    VolterraTerm(carrier: 1, envelope: .correlation(lag: -1, power: 0), delay: 0),
  ]

  private static let amplifier: VolterraAmplifier = {
    var random = RandomStream(seed: 11)
    return VolterraAmplifier(
      name: "planted", terms: terms,
      coefficients: terms.map { _ in Complex(random.normal(), random.normal()) })
  }()

  /// The sum as its definition says, one sample and term after the other.
  private static func direct(_ x: IQSignal, at n: Int) -> Complex {
    func at(_ n: Int) -> Complex { x.i.indices.contains(n) ? x[n] : .zero }
    return zip(amplifier.terms, amplifier.coefficients).reduce(.zero) { sum, pair in
      let (term, coefficient) = pair
      let envelope: Complex
      switch term.envelope {
      case .power(0): envelope = Complex(1)
      case .power(let exponent):
        let size = at(n - term.delay).magnitude
        envelope = Complex((0..<exponent).reduce(1.0) { product, _ in product * size })
      case .correlation(let lag, let power):
        let own = at(n - term.delay)
        let scale = (0..<power).reduce(1.0) { product, _ in product * own.magnitude }
        envelope = scale * (own * at(n - term.delay - lag).conjugate)
      }
      return sum + coefficient * (at(n - term.carrier) * envelope)
    }
  }

  @Test func `is the sum of its terms`() {
    let x = ResidualGRUAmplifierTests.noise(200, seed: 2, rms: 0.4)
    let y = Self.amplifier.amplify(x)
    for n in 0..<200 {
      #expect((y[n] - Self.direct(x, at: n)).magnitude < 1e-12)
    }
  }

  @Test func `has the derivative that differences show`() {
    let x = ResidualGRUAmplifierTests.noise(300, seed: 2, rms: 0.4)
    let direction = ResidualGRUAmplifierTests.noise(300, seed: 3, rms: 0.4)
    let step = 1e-4
    let difference =
      (Self.amplifier.amplify(x.adding(direction, times: step))
      - Self.amplifier.amplify(x.adding(direction, times: -step)))
      .scaled(by: Complex(0.5 / step))
    let tangent = Self.amplifier.tangent(at: x)
    // Differences err by step^2, and by 1e-16 / step of rounding; the magnitude bends near 0.
    #expect((tangent.derivative(along: direction) - difference).rms < 1e-5 * difference.rms)
    #expect(tangent.output == Self.amplifier.amplify(x))
  }

  @Test func `finds planted coefficients`() throws {
    let x = ResidualGRUAmplifierTests.noise(3000, seed: 5, rms: 0.4)
    let fitted = try VolterraAmplifier(
      name: "fitted", terms: Self.terms, input: x, output: Self.amplifier.amplify(x), margin: 20,
      ridge: 1e-12)
    for (own, planted) in zip(fitted.coefficients, Self.amplifier.coefficients) {
      // Columns in single precision, a condition of some hundred.
      #expect((own - planted).magnitude < 1e-3)
    }
  }

  /// White noise of which only the band below a frequency is left.
  static func narrow(_ count: Int, seed: UInt64, below limit: Double) -> IQSignal {
    let transform = FourierTransform(count: count)
    let white = ResidualGRUAmplifierTests.noise(count, seed: seed, rms: 1)
    var (re, im) = (white.i, white.q)
    transform.forward(&re, &im)
    for k in 0..<count where Double(min(k, count - k)) / Double(count) > limit {
      re[k] = 0
      im[k] = 0
    }
    transform.inverse(&re, &im)
    let signal = IQSignal(i: re, q: im)
    return signal.scaled(by: Complex(0.25 / signal.rms))
  }

  /// In a tenth of the sampled band, where a long filter is not determined by what comes out of it.
  @Test func `is held outside the band by its prior`() throws {
    let truth = EchoAmplifier()
    let x = Self.narrow(4000, seed: 8, below: 0.05)
    let noise = ResidualGRUAmplifierTests.noise(4000, seed: 9, rms: 1e-4)
    let y = truth.amplify(x).adding(noise, times: 1)
    let terms =
      (-6...6).map { VolterraTerm.linear($0) }
      + (-2...2).map { VolterraTerm(carrier: $0, envelope: .power(2), delay: $0) }
    let plain = try VolterraAmplifier(
      name: "memoryless",
      terms: [.linear(0), VolterraTerm(carrier: 0, envelope: .power(2), delay: 0)], input: x,
      output: y, margin: 20)
    let free = try VolterraAmplifier(
      name: "free", terms: terms, input: x, output: y, margin: 20, ridge: 1e-10)
    let held = try VolterraAmplifier(
      name: "held", terms: terms, input: x, output: y, margin: 20, ridge: 1e-10,
      prior: .init(amplifier: plain, halfBand: 0.06, weight: 1e-3))
    let wide = ResidualGRUAmplifierTests.noise(4000, seed: 10, rms: 0.02)
    func error(_ model: VolterraAmplifier, _ x: IQSignal) -> Double {
      (model.amplify(x) - truth.amplify(x)).rms / truth.amplify(x).rms
    }
    #expect(error(held, x.adding(wide, times: 1)) < 0.2 * error(free, x.adding(wide, times: 1)))
    #expect(error(held, x) < 0.01)
  }

  @Test func `comes back from its file as it was`() throws {
    let text = Self.amplifier.json(origin: "planted")
    #expect(try VolterraAmplifier(json: text, file: "a.json") == Self.amplifier)
  }

  @Test(arguments: [
    ("\"kind\" : \"volterra\"", "\"kind\" : \"cnn\""),
    ("\"schemaVersion\" : 1", "\"schemaVersion\" : 7"),
    ("\"power\" : 4", "\"power\" : 44"), ("\"lag\" : 2", "\"lag\" : 20000"),
  ]) func `refuses a damaged file`(sound: String, damaged: String) throws {
    let text = Self.amplifier.json(origin: "planted")
    try #require(text.contains(sound))
    #expect {
      try VolterraAmplifier(json: text.replacing(sound, with: damaged), file: "a.json")
    } throws: { error in
      (error as? PredistortionError)?.message.contains("a.json") == true
    }
  }
}
