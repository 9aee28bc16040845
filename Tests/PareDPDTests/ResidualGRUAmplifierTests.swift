import PareNumerics
import PareSignal
import Testing

@testable import PareDPD

@Suite struct ResidualGRUAmplifierTests {
  /// Weights of a small unit, of the sizes that OpenDPD's initialization gives.
  static func weights(hidden: Int, seed: UInt64) -> [[Float]] {
    var random = RandomStream(seed: seed)
    func draw(_ count: Int, _ size: Double) -> [Float] {
      (0..<count).map { _ in Float(random.normal() * size) }
    }
    return [
      draw(3 * hidden * 6, 0.4), draw(3 * hidden * hidden, 0.3), draw(2 * hidden, 0.3),
      draw(18, 0.5), draw(6, 0.5),
    ]
  }

  static func amplifier(hidden: Int, seed: UInt64) -> ResidualGRUAmplifier {
    let w = weights(hidden: hidden, seed: seed)
    return ResidualGRUAmplifier(
      name: "small", hidden: hidden, inputWeights: w[0], recurrentWeights: w[1],
      outputWeights: w[2], first: w[3], second: w[4])
  }

  static func noise(_ count: Int, seed: UInt64, rms: Double = 0.3) -> IQSignal {
    var random = RandomStream(seed: seed)
    func draw() -> [Double] {
      (0..<count).map { _ in random.normal() * rms * 0.5.squareRoot() }
    }
    return IQSignal(i: draw(), q: draw())
  }

  /// The equations in double precision, written down without any blocks.
  private static func reference(_ w: [[Float]], hidden: Int, _ x: IQSignal) -> IQSignal {
    let w = w.map { $0.map(Double.init) }
    var h = [Double](repeating: 0, count: hidden)
    func logistic(_ a: Double) -> Double { (1 + portableTanh(a / 2)) / 2 }
    func swish(_ v: Double) -> Double { v * min(max(v + 3, 0), 6) / 6 }
    var output: [Complex] = []
    for t in 0..<x.count {
      let amplitude = x[t].magnitude
      let next = x[(t + 1) % x.count]
      let f = [
        x[t].re, x[t].im, amplitude, amplitude * amplitude * amplitude, next.re, next.im,
      ]
      func input(_ row: Int) -> Double { (0..<6).reduce(0) { $0 + w[0][row * 6 + $1] * f[$1] } }
      func state(_ row: Int) -> Double {
        (0..<hidden).reduce(0) { $0 + w[1][row * hidden + $1] * h[$1] }
      }
      h = (0..<hidden).map { k in
        let r = logistic(input(k) + state(k))
        let z = logistic(input(hidden + k) + state(hidden + k))
        let n = portableTanh(input(2 * hidden + k) + r * state(2 * hidden + k))
        return (1 - z) * n + z * h[k]
      }
      let inner = (0..<3).map { channel in
        var sum = 0.0
        for tap in 0..<3 where x.i.indices.contains(t + 16 * (tap - 1)) {
          let past = x[t + 16 * (tap - 1)]
          sum += w[3][channel * 6 + tap] * past.re + w[3][channel * 6 + 3 + tap] * past.im
        }
        return swish(sum)
      }
      func out(_ o: Int) -> Double {
        let direct = (0..<hidden).reduce(0) { $0 + w[2][o * hidden + $1] * h[$1] }
        return direct + swish((0..<3).reduce(0) { $0 + w[4][o * 3 + $1] * inner[$1] })
      }
      output.append(Complex(out(0), out(1)))
    }
    return IQSignal(output)
  }

  @Test(arguments: [1, 5, 6, 13, 37]) func `agrees with its equations`(hidden: Int) {
    let w = Self.weights(hidden: hidden, seed: 5)
    let amplifier = Self.amplifier(hidden: hidden, seed: 5)
    let x = Self.noise(200, seed: 8)
    let error = amplifier.amplify(x) - Self.reference(w, hidden: hidden, x)
    // Single precision: some 1e-7 per step, which the state forgets over a few steps.
    #expect(error.peak < 5e-6)
  }

  @Test func `has the derivative that differences show`() {
    let amplifier = Self.amplifier(hidden: 13, seed: 3)
    let x = Self.noise(150, seed: 1)
    let direction = Self.noise(150, seed: 2)
    let step = 0.01
    let ahead = amplifier.amplify(x.adding(direction, times: step))
    let behind = amplifier.amplify(x.adding(direction, times: -step))
    let difference = (ahead - behind).scaled(by: Complex(1 / (2 * step)))
    let tangent = amplifier.tangent(at: x)
    let derivative = tangent.derivative(along: direction)
    // Central differences err by step^2 times the third derivative, near 1e-4, and by 1e-7 / step of rounding; samples
    // close to 0, where the magnitude bends, by more.
    #expect((derivative - difference).rms < 2e-3 * derivative.rms)
    #expect(tangent.output == amplifier.amplify(x))
  }
}
