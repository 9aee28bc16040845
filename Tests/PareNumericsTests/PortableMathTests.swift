import Foundation
import PareNumerics
import Testing

struct PortableMathTests {
  /// The distance of two numbers in units in the last place of the second.
  private func distance(_ value: Double, _ expected: Double) -> Double {
    abs(value - expected) / expected.ulp
  }

  @Test func `decibels agree with the system's logarithm over the whole range`() {
    var random = RandomStream(seed: 3)
    var largest = 0.0
    for _ in 0..<50_000 {
      let ratio = pow(10, random.uniform() * 340 - 40)
      largest = max(largest, distance(decibels(ratio), 10 * log10(ratio)))
    }
    // Three units for the routine, and two for the system's logarithm and its product with 10.
    #expect(largest <= 5, "\(largest) ulp")
  }

  @Test func `decibels of ratios near one lose no digits`() {
    var random = RandomStream(seed: 4)
    var largest = 0.0
    for exponent in 1...50 {
      for _ in 0..<200 {
        let ratio = 1 + (random.uniform() * 2 - 1) * powerOfTwo(-exponent)
        guard ratio != 1 else { continue }
        largest = max(largest, distance(decibels(ratio), 10 * log10(ratio)))
      }
    }
    #expect(largest <= 5, "\(largest) ulp")
  }

  @Test func `decibels of corner cases`() {
    #expect(decibels(1) == 0)
    #expect(decibels(0) == -400)
    #expect(decibels(-0.0) == -400)
    #expect(decibels(1e-300) == -400)
    #expect(decibels(1e-40) == -400)
    #expect(decibels(.infinity) == .infinity)
    #expect(decibels(.nan).isNaN)
    #expect(decibels(.greatestFiniteMagnitude).isFinite)
  }

  @Test func `decibels of round ratios`() {
    #expect(distance(decibels(2), 3.0102999566398119521) <= 3)
    #expect(decibels(0.5) == -decibels(2))
    #expect(distance(decibels(10), 10) <= 3)
    #expect(distance(decibels(0.001), -30) <= 3)
  }

  /// From a second implementation of the same formulas in another language.
  @Test func `every bit is fixed`() {
    #expect(decibels(2.0) == 0x1.8151824c7587fp+1)
    #expect(decibels(0.001) == -0x1.e000000000000p+4)
    #expect(decibels(0.0112) == -0x1.382007a0693ecp+4)
    #expect(decibels(1.0004352304590143) == 0x1.ef645c9fa8f39p-10)
    #expect(decibels(7.5e30) == 0x1.34c028264aa35p+8)
    #expect(portableTanh(0.01) == 0x1.47ab48ae4595ep-7)
    #expect(portableTanh(0.25) == 0x1.f597ea69a1c86p-3)
    #expect(portableTanh(1.0) == 0x1.85efab514f394p-1)
    #expect(portableTanh(2.5) == 0x1.f9258260a71c2p-1)
    #expect(portableTanh(7.0) == 0x1.ffffc832750f2p-1)
  }

  @Test func `tanh agrees with the system's over the whole range`() {
    var random = RandomStream(seed: 5)
    var largest = 0.0
    var isOddAndBounded = true
    for index in 0..<60_000 {
      let x =
        switch index % 3 {
        case 0: random.uniform() * 25
        case 1: random.uniform() * 2
        default: pow(10, random.uniform() * 310 - 308)
        }
      let value = portableTanh(x)
      largest = max(largest, distance(value, tanh(x)))
      isOddAndBounded = isOddAndBounded && value <= 1 && portableTanh(-x) == -value
    }
    #expect(isOddAndBounded)
    // Three units for the routine, and two for the system's.
    #expect(largest <= 5, "\(largest) ulp")
  }

  @Test func `tanh of corner cases`() {
    #expect(portableTanh(0) == 0 && portableTanh(0).sign == .plus)
    #expect(portableTanh(-0.0) == 0 && portableTanh(-0.0).sign == .minus)
    #expect(portableTanh(.infinity) == 1 && portableTanh(-.infinity) == -1)
    #expect(portableTanh(20) == 1 && portableTanh(-1e300) == -1)
    #expect(portableTanh(.nan).isNaN)
    #expect(portableTanh(.leastNonzeroMagnitude) == .leastNonzeroMagnitude)
    #expect(portableTanh(-0x1p-40) == -0x1p-40)
    // tanh(ln 2) = 3/5 and tanh(1) to 20 digits.
    #expect(distance(portableTanh(0.693147180559945309417), 0.6) <= 3)
    #expect(distance(portableTanh(1), 0.76159415595576488812) <= 3)
  }

  @Test func `tanh never falls where the method changes`() {
    for border in [0x1p-28, 0.17328679513998632, 0.5198603854199590, 1, 8, 19.0, 20.0] {
      let step = border.ulp * 64
      let below = portableTanh(border - step)
      let above = portableTanh(border + step)
      #expect(below <= portableTanh(border) && portableTanh(border) <= above)
    }
  }

  @Test func `angles agree with the system's over the whole plane`() {
    var random = RandomStream(seed: 6)
    var largest = 0.0
    var isOdd = true
    for index in 0..<60_000 {
      var (y, x) = (random.uniform() * 2 - 1, random.uniform() * 2 - 1)
      if index % 3 == 1 { y *= pow(10, random.uniform() * 600 - 300) }
      if index % 3 == 2 { y = x * (1 + (random.uniform() - 0.5) * powerOfTwo(-index % 50)) }
      let angle = portableArctangent(y: y, x: x)
      largest = max(largest, distance(angle, atan2(y, x)))
      isOdd = isOdd && portableArctangent(y: -y, x: x) == -angle
    }
    #expect(isOdd)
    // Three units for the routine, and one for the system's.
    #expect(largest <= 4, "\(largest) ulp")
  }

  @Test func `angles of corner cases`() {
    for y in [0.0, -0.0, 1, -1, 0x1p-1040, 1e300, -.infinity, .infinity] {
      for x in [0.0, -0.0, 1, -1, 0x1p-1040, -1e300, .infinity] {
        let (angle, expected) = (portableArctangent(y: y, x: x), atan2(y, x))
        #expect(angle.sign == expected.sign, "\(y), \(x)")
        #expect(angle == expected || distance(angle, expected) <= 4, "\(y), \(x)")
      }
    }
    #expect(portableArctangent(y: .infinity, x: -.infinity) == 3 * .pi / 4)
    #expect(portableArctangent(y: .nan, x: 1).isNaN && portableArctangent(y: 1, x: .nan).isNaN)
    #expect(portableArctangent(y: 0x1p-1074, x: 1) == 0x1p-1074)
  }

  @Test func `angles never fall where the method changes`() {
    for eighths in stride(from: 0.5, through: 8, by: 0.5) {
      let border = eighths / 8
      let step = border.ulp * 64
      let below = portableArctangent(y: border - step, x: 1)
      let above = portableArctangent(y: border + step, x: 1)
      let middle = portableArctangent(y: border, x: 1)
      #expect(below <= middle && middle <= above)
    }
  }
}
