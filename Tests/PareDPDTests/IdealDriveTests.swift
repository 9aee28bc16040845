import PareNumerics
import PareSignal
import Testing

@testable import PareDPD

/// A compressing amplifier with one echo and a derivative in closed form.
struct EchoAmplifier: DifferentiableAmplifier {
  let name = "echo"
  var compression = 0.15

  func amplify(_ input: IQSignal) -> IQSignal {
    IQSignal(
      (0..<input.count).map { n in
        shaped(input[n]) + (n > 0 ? Complex(0.1, -0.05) * shaped(input[n - 1]) : .zero)
      })
  }

  func tangent(at input: IQSignal) -> any AmplifierTangent {
    Tangent(amplifier: self, input: input, output: amplify(input))
  }

  private func shaped(_ x: Complex) -> Complex { (1 - compression * x.squaredMagnitude) * x }

  struct Tangent: AmplifierTangent {
    let amplifier: EchoAmplifier
    let input: IQSignal
    let output: IQSignal

    func derivative(along d: IQSignal) -> IQSignal {
      func shaped(_ n: Int) -> Complex {
        let (x, d) = (input[n], d[n])
        let inner = x.re * d.re + x.im * d.im
        let gain = 1 - amplifier.compression * x.squaredMagnitude
        return gain * d + (-2 * amplifier.compression * inner) * x
      }
      return IQSignal(
        (0..<d.count).map { n in
          shaped(n) + (n > 0 ? Complex(0.1, -0.05) * shaped(n - 1) : .zero)
        })
    }
  }
}

@Suite struct IdealDriveTests {
  private let input = ResidualGRUAmplifierTests.noise(1500, seed: 4, rms: 0.25)

  @Test func `finds the drive that a compressing amplifier needs`() throws {
    var settings = IdealDrive.Settings()
    // A short probe measures few taps well.
    settings.reach = 4
    let ideal = try IdealDrive(
      for: EchoAmplifier(), target: input, start: input, seed: 1, settings)
    // Each iteration leaves a fifth of the error, and a tenth for what compression changes in the response: after 18 of
    // them, 1e-9 of it.
    #expect(ideal.errors.last! < -100)
    #expect(ideal.errors[0] > -25)
  }

  @Test func `tells when the iteration diverges`() {
    var settings = IdealDrive.Settings()
    settings.step = 3
    settings.peak = 100
    #expect(throws: PredistortionError.self) {
      try IdealDrive(for: EchoAmplifier(), target: input, start: input, seed: 1, settings)
    }
  }

  @Test func `keeps a derivative as a varying filter`() throws {
    let tangent = EchoAmplifier().tangent(at: input)
    let jacobian = try BandedJacobian(tangent, ahead: 2, memory: 3)
    let direction = ResidualGRUAmplifierTests.noise(1500, seed: 9)
    let (front, back) = jacobian.padding(reach: 5)
    for delay in [-5, 0, 4] {
      let padded =
        [Float](repeating: 0, count: front) + direction.i.map(Float.init)
        + [Float](repeating: 0, count: back)
      let pushed = jacobian.push(padded, front: front, delay: delay, part: 1)
      let silence = [Double](repeating: 0, count: 1500)
      let delayed = (0..<1500).map {
        direction.i.indices.contains($0 - delay) ? direction.i[$0 - delay] : 0
      }
      let wanted = tangent.derivative(along: IQSignal(i: silence, q: delayed))
      // Single precision, two taps.
      for n in 0..<1500 {
        #expect(abs(Double(pushed.i[n]) - wanted.i[n]) < 1e-6)
        #expect(abs(Double(pushed.q[n]) - wanted.q[n]) < 1e-6)
      }
    }
  }
}
