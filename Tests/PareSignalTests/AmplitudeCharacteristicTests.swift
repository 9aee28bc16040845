import Foundation
import PareNumerics
import PareSignal
import Testing

struct AmplitudeCharacteristicTests {
  /// Saleh's travelling-wave tube: gain 2.1587 / (1 + 1.1517 r²), phase 4.0033 r² / (1 + 9.1040 r²) radians.
  ///
  /// - Source: Saleh, Frequency-Independent and Frequency-Dependent Nonlinear Models of TWT Amplifiers, IEEE Transactions
  ///   on Communications 29 (11), 1981, doi:10.1109/TCOM.1981.1094911, equations 3 to 5 and table I.
  static func saleh(_ x: Complex) -> Complex {
    let square = x.squaredMagnitude
    let turns = 4.0033 * square / (1 + 9.1040 * square) / (2 * .pi)
    return 2.1587 / (1 + 1.1517 * square) * (unitPhasor(turns: turns) * x)
  }

  static func saleh(_ x: IQSignal) -> IQSignal {
    IQSignal((0..<x.count).map { saleh(x[$0]) })
  }

  /// Magnitudes evenly over 0...1, angles all around.
  static let input: IQSignal = {
    var random = RandomStream(seed: 11)
    return IQSignal(
      (0..<40_000).map { _ in random.uniform() * unitPhasor(turns: random.uniform()) })
  }()

  @Test(arguments: [
    AmplitudeCharacteristic.Axis.linear(bins: 200), .decibels(range: 30, bins: 300),
  ])
  func `shows a memoryless amplifier as it is defined`(axis: AmplitudeCharacteristic.Axis) throws {
    let curve = try AmplitudeCharacteristic(
      from: Self.input, to: Self.saleh(Self.input), convention: .none, axis: axis)
    #expect(curve.bins.count > 150)
    for bin in curve.bins {
      let square = bin.input * bin.input
      let gain = 20 * log10(2.1587 / (1 + 1.1517 * square))
      let phase = 4.0033 * square / (1 + 9.1040 * square) * 180 / .pi
      // Within a bin the gain bends by less than 0.001 dB from a line in |x|², and the phase by less than 0.02°; the bin's
      // own width shows as deviation.
      #expect(abs(bin.gain - gain) < 0.001, "\(bin)")
      #expect(abs(bin.phase - phase) < 0.02, "\(bin)")
      #expect(bin.gainDeviation < 0.05 && bin.phaseDeviation < 1, "\(bin)")
      #expect(bin.lower <= bin.input && bin.input <= bin.upper && bin.count > 0)
    }
    if case .linear = axis {
      #expect(curve.bins.reduce(0) { $0 + $1.count } == Self.input.count)
    }
  }

  @Test(arguments: GainConvention.allCases)
  func `does not change when both signals turn`(convention: GainConvention) throws {
    let turn = unitPhasor(turns: 0.3)
    let output = Self.saleh(Self.input)
    let plain = try AmplitudeCharacteristic(
      from: Self.input, to: output, convention: convention, axis: .linear(bins: 20))
    let turned = try AmplitudeCharacteristic(
      from: Self.input.scaled(by: turn), to: output.scaled(by: turn), convention: convention,
      axis: .linear(bins: 20))
    let half = try AmplitudeCharacteristic(
      from: Self.input, to: output.scaled(by: turn), convention: convention,
      axis: .linear(bins: 20))
    for (a, (b, c)) in zip(plain.bins, zip(turned.bins, half.bins)) {
      // A rounding may put a sample at a border into the next bin of about 2,000.
      #expect(abs(a.gain - b.gain) < 1e-3 && abs(a.phase - b.phase) < 1e-2)
      // Turning the output alone is part of the complex gain, and a shift by 108° for the real ones.
      let shift = convention == .leastSquares ? 0 : 108.0
      #expect(abs(a.gain - c.gain) < 1e-3 && abs(a.phase + shift - c.phase) < 1e-2)
    }
  }

  @Test
  func `tells spread from mean`() throws {
    // Gains of 1.1 and 0.9 and turns of ±10° by turns, at one magnitude: 20 log10(1.1) = 0.8279 dB.
    let input = IQSignal((0..<400).map { unitPhasor(turns: Double($0) / 7) })
    let output = IQSignal(
      (0..<400).map { n in
        (n % 2 == 0 ? 1.1 : 0.9)
          * (unitPhasor(turns: (n / 2 % 2 == 0 ? 10 : -10) / 360.0) * input[n])
      })
    let curve = try AmplitudeCharacteristic(
      from: input, to: output, convention: .none, axis: .linear(bins: 4))
    let bin = try #require(curve.bins.last)
    #expect(bin.count + (curve.bins.first?.count ?? 0) >= 400)
    #expect(curve.bins.count == 1, "magnitudes of 1 up to rounding belong to the last bin")
    #expect(abs(bin.gain) < 1e-9 && abs(bin.phase) < 1e-9)
    #expect(abs(bin.gainDeviation - 20 * log10(1.1)) < 1e-9)
    #expect(abs(bin.phaseDeviation - 10) < 1e-9)
    #expect(abs(bin.lower - 0.75) < 1e-12 && abs(bin.upper - 1) < 1e-12)
  }

  @Test
  func `averages angles as directions`() throws {
    // 170° and -170° have the mean 180°, not 0°.
    let input = IQSignal(i: [1, 1], q: [0, 0])
    let output = IQSignal([unitPhasor(turns: 170.0 / 360), unitPhasor(turns: -170.0 / 360)])
    let curve = try AmplitudeCharacteristic(
      from: input, to: output, convention: .peak, axis: .linear(bins: 1))
    #expect(abs(abs(curve.bins[0].phase) - 180) < 1e-9)
    #expect(abs(curve.bins[0].phaseDeviation - 10) < 1e-9)
  }

  @Test
  func `leaves out what lies below its range, and bins without samples`() throws {
    let input = IQSignal(i: [1, 0.5, 0.1, 0.001, 0], q: [0, 0, 0, 0, 0])
    let curve = try AmplitudeCharacteristic(
      from: input, to: input, axis: .decibels(range: 40, bins: 40))
    #expect(curve.bins.map(\.count) == [1, 1, 1])
    #expect(zip(curve.bins.map(\.input), [0.1, 0.5, 1]).allSatisfy { abs($0 - $1) < 1e-15 })
    let json = String(decoding: try JSONEncoder().encode(curve), as: UTF8.self)
    #expect(json.contains("gainDB") && json.contains("phaseDegrees"))
    #expect(json.contains("leastSquares"))
    #expect(try JSONDecoder().decode(AmplitudeCharacteristic.self, from: Data(json.utf8)) == curve)
  }

  @Test
  func `refuses axes and signals that show nothing`() {
    let input = Self.input[0..<10]
    for axis in [
      AmplitudeCharacteristic.Axis.linear(bins: 0), .linear(bins: 1 << 40),
      .decibels(range: 0, bins: 3), .decibels(range: .nan, bins: 3), .decibels(range: 300, bins: 3),
    ] {
      #expect(throws: SignalError.self) {
        try AmplitudeCharacteristic(from: input, to: input, axis: axis)
      }
    }
    let silent = IQSignal([Complex](repeating: .zero, count: 10))
    for (x, y) in [(input, silent), (silent, input), (input, input[0..<9])] {
      #expect(throws: SignalError.self) { try AmplitudeCharacteristic(from: x, to: y) }
    }
  }
}
