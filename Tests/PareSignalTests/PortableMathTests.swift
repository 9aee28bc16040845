import Foundation
import PareNumerics
import PareSignal
import Testing

struct PortableMathTests {
  /// Two units in the last place of 1: one for each of the two routines that are compared.
  static let tolerance = 0x1p-51

  @Test
  func `phasors agree with the system's sine and cosine`() {
    var random = RandomStream(seed: 1)
    for _ in 0..<20_000 {
      let turns = random.uniform() * 2 - 1
      let phasor = unitPhasor(turns: turns)
      // The rounded product 2 pi turns is off by half a unit of 8 at most, so the comparison is made below one turn.
      #expect(abs(phasor.re - cos(2 * .pi * turns)) < 2e-15)
      #expect(abs(phasor.im - sin(2 * .pi * turns)) < 2e-15)
    }
  }

  @Test(arguments: [0.0, 0.25, 0.5, 0.75, 1, -0.25, -0.5, 1e15 + 0.25, 123_456_789.5])
  func `quarter turns are exact`(turns: Double) {
    let phasor = unitPhasor(turns: turns)
    let quarter = Int((turns * 4).truncatingRemainder(dividingBy: 4) + 4) % 4
    #expect([phasor.re, phasor.im] == [[1, 0], [0, 1], [-1, 0], [0, -1]][quarter])
  }

  @Test
  func `phasors have magnitude 1`() {
    var random = RandomStream(seed: 2)
    for _ in 0..<20_000 {
      let phasor = unitPhasor(turns: (random.uniform() - 0.5) * 1e6)
      #expect(abs(phasor.squaredMagnitude - 1) < Self.tolerance)
    }
  }
}
