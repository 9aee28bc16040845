import Foundation
import PareNumerics
import PareSignal
import Testing

struct MetricsTests {
  /// A sum of tones on exact bins of windows of 1000 samples at 1 kHz.
  static func tones(_ tones: [(hertz: Int, level: Double)], count: Int = 4000) -> IQSignal {
    IQSignal(
      (0..<count).map { n in
        tones.reduce(Complex.zero) { sum, tone in
          sum + tone.level * unitPhasor(turns: Double(tone.hertz * n % 1000) / 1000)
        }
      })
  }

  static func plan(_ subChannels: Int = 2) throws -> BandPlan {
    try BandPlan(
      sampleRate: 1000, bandwidth: 200, subChannelCount: subChannels, segmentLength: 1000)
  }

  @Test
  func `tones land in the bands they belong to`() throws {
    // Carriers at -50 (1) and 50 Hz (0.5); leakage at -150 (0.01), 150 (0.001) and, ACPR only, 250 Hz (0.1).
    let signal = Self.tones([(-50, 1), (50, 0.5), (-150, 0.01), (150, 0.001), (250, 0.1)])
    let report = try MetricsReport(of: signal, against: signal, plan: Self.plan())
    #expect(abs(report.aclrLeft + 40) < 1e-9)
    #expect(abs(report.aclrRight + 60) < 1e-9)
    #expect(abs(try #require(report.acprLeft) - 10 * log10(1e-4 / 1.25)) < 1e-9)
    #expect(abs(try #require(report.acprRight) - 10 * log10((1e-6 + 1e-2) / 1.25)) < 1e-9)
    #expect(report.nmse == -400 && report.evm == -400)
    let legacy = try MetricsReport(
      of: signal, against: signal, plan: Self.plan(), profile: .legacy)
    #expect(abs(legacy.aclrLeft + 40) < 1e-9 && abs(legacy.aclrRight + 60) < 1e-9)
  }

  @Test
  func `errors in band count for EVM, all errors for NMSE`() throws {
    let reference = Self.tones([(-50, 1)])
    let output = Self.tones([(-50, 1), (20, 0.01), (300, 0.1)])
    let report = try MetricsReport(of: output, against: reference, plan: Self.plan())
    #expect(abs(report.evm + 40) < 1e-9)
    #expect(abs(report.nmse - 10 * log10(1e-4 + 1e-2)) < 1e-9)
  }

  /// A tone on a band edge belongs to the band above: bands are half-open.
  @Test
  func `band edges belong to the upper band`() throws {
    let welch = try WelchSpectrum(
      of: Self.tones([(100, 1)]), sampleRate: 1000, windowLength: 1000, removesMean: true)
    // The Hann window spreads a tone over three bins: 1/6, 2/3, 1/6 of its power.
    #expect(abs(try #require(welch.power(from: 0, to: 100)) - 1.0 / 6) < 1e-12)
    #expect(abs(try #require(welch.power(from: 100, to: 200)) - 5.0 / 6) < 1e-12)
    #expect(welch.power(from: 400, to: 500) != nil)
    #expect(welch.power(from: 400, to: 501) == nil)
    #expect(welch.power(from: -501, to: 0) == nil)
  }

  @Test(arguments: [999, 1000])
  func `the density integrates to the power`(length: Int) throws {
    let noise = IQDatasetTests.noise(length * 40, seed: 9)
    let welch = try WelchSpectrum(of: noise, sampleRate: 123, windowLength: length)
    #expect(welch.windowCount == (length == 1000 ? 79 : 78))
    let power = welch.density.reduce(0, +) * welch.binWidth
    // 40,000 samples know their power to about 1 %.
    #expect(abs(power / (noise.rms * noise.rms) - 1) < 0.02)
    #expect(welch.frequency(length / 2) == 0)
  }

  @Test
  func `windows never cross a joint`() throws {
    // Each half is a clean tone; only a window over the joint sees the jump between them.
    let first = Self.tones([(-50, 1)], count: 1000)
    let second = first.scaled(by: Complex(0, -1))
    let signal = IQSignal(i: first.i + second.i, q: first.q + second.q)
    let joined = try MetricsReport(of: signal, against: signal, plan: Self.plan())
    let apart = try MetricsReport(
      of: signal, against: signal, plan: Self.plan(), segments: [0..<1000, 1000..<2000])
    #expect(apart.aclrLeft < -200)
    #expect(joined.aclrLeft > -60)
  }

  @Test
  func `pooled errors are not averages of decibels`() {
    let target: [[Float]] = [[1, 1, 10, 10], [0, 0, 0, 0]]
    let prediction: [[Float]] = [[1, 1, 9, 9], [1, 1, 0, 0]]
    #expect(abs(nmse(prediction, against: target) - 10 * log10(4.0 / 202)) < 1e-12)
    #expect(abs(nmse(prediction, against: target, in: [0..<2]) - 0) < 1e-12)
    #expect(abs(nmse(prediction, against: target, in: [2..<4]) + 20) < 1e-12)
    let doubles = target.map { $0.map(Double.init) }
    #expect(nmse(doubles, against: doubles) == -400)
  }

  @Test
  func `what cannot be measured is refused`() throws {
    let signal = Self.tones([(-50, 1)])
    let silent = IQSignal(
      i: [Double](repeating: 0, count: 4000), q: [Double](repeating: 0, count: 4000))
    for profile in MetricProfile.allCases {
      for (output, reference) in [
        (signal, silent), (silent, signal), (signal, signal[0..<10]),
        (IQSignal(i: [], q: []), IQSignal(i: [], q: [])),
      ] {
        #expect(throws: SignalError.self) {
          try MetricsReport(of: output, against: reference, plan: Self.plan(), profile: profile)
        }
      }
      let narrow = try BandPlan(sampleRate: 1000, bandwidth: 900, segmentLength: 1000)
      #expect(throws: SignalError.self) {
        try MetricsReport(of: signal, against: signal, plan: narrow, profile: profile)
      }
    }
    for scale in [1e-150, 1e200] {
      #expect(throws: SignalError.self) {
        try MetricsReport(
          of: signal, against: signal.scaled(by: Complex(scale)), plan: Self.plan())
      }
    }
    // A window that no memory could hold is refused before it is made.
    #expect(throws: SignalError.self) {
      try WelchSpectrum(of: signal, sampleRate: 1000, windowLength: 1 << 50)
    }
    #expect(throws: SignalError(.tooShort(what: "the signal to measure", count: 999, needed: 1000)))
    {
      try MetricsReport(of: signal[0..<999], against: signal[0..<999], plan: Self.plan())
    }
  }

  @Test
  func `neighbours that leave the spectrum are absent, not zero`() throws {
    let signal = Self.tones([(-50, 1), (-150, 0.1), (150, 0.1)])
    let plan = try BandPlan(
      sampleRate: 1000, bandwidth: 400, subChannelCount: 4, segmentLength: 1000)
    let report = try MetricsReport(of: signal, against: signal, plan: plan)
    #expect(report.acprLeft == nil && report.acprRight == nil)
    let json = String(decoding: try JSONEncoder().encode(report), as: UTF8.self)
    #expect(!json.contains("acpr") && json.contains("\"nmseDB\":-400"))
    #expect(try JSONDecoder().decode(MetricsReport.self, from: Data(json.utf8)) == report)
  }
}
