import Foundation
import PareNumerics
import PareSignal
import Testing

struct SimulatedScoreTests {
  /// A cubic amplifier without memory, and what undoes it by fixed-point iteration.
  static let cubic: @Sendable ([[Float]]) -> [[Float]] = { channels in
    let x = IQSignal(channels: channels)
    return IQSignal(
      (0..<x.count).map { x[$0] - 0.1 * x[$0].squaredMagnitude * x[$0] }
    ).channels
  }

  static func undoing(_ gain: Double) -> ([[Float]]) -> [[Float]] {
    { channels in
      let wanted = IQSignal(channels: channels)
      return IQSignal(
        (0..<wanted.count).map { n in
          var u = wanted[n]
          for _ in 0..<60 { u = gain * wanted[n] + 0.1 * u.squaredMagnitude * u }
          return u
        }
      ).channels
    }
  }

  struct Cubic: PowerAmplifier {
    let name = "cubic"
    let about = "x - 0.1 x |x|²"
    let nominalPeak = 0.9
    let groupDelay = 0
    func amplify(_ input: IQSignal) -> IQSignal {
      IQSignal(channels: SimulatedScoreTests.cubic(input.channels))
    }
  }

  static let dataset: IQDataset = try! IQDataset.synthesized(
    by: Cubic(), seed: 5, sampleCount: 40_000)

  static func model() throws -> AmplifierModel {
    let scale = dataset.leastSquaresGain.reciprocal
    return try AmplifierModel(named: "exact cubic", of: dataset) { channels in
      IQSignal(channels: cubic(channels)).scaled(by: scale).channels
    }
  }

  @Test
  func `a model's fidelity is that of its outputs on the test split`() throws {
    let exact = try Self.model()
    // Single precision on both sides.
    #expect(exact.fidelity.nmse < -130)
    #expect(exact.fidelity.dataset == Self.dataset.name)
    #expect(exact.nominalPeak == Self.dataset.training.input.peak)
    let linear = try AmplifierModel(named: "wire", of: Self.dataset) { $0 }
    let scale = Self.dataset.leastSquaresGain.reciprocal
    let wanted = Self.dataset.test.output.scaled(by: scale)
    #expect(
      abs(linear.fidelity.nmse - nmse(Self.dataset.test.input, against: wanted)) < 1e-4)
    // An error in the margin does not count.
    let late = try AmplifierModel(named: "late", of: Self.dataset, margin: 3) { channels in
      var output = try exact.output(for: IQSignal(channels: channels)).channels
      output[0][2] += 100
      output[1][channels[0].count - 3] -= 100
      return output
    }
    #expect(late.fidelity.nmse < -130)
  }

  @Test
  func `a perfect predistorter is scored as perfect, and none as the amplifier is`() throws {
    let model = try Self.model()
    let before = try Self.dataset.score(through: model) { $0 }
    let scale = Self.dataset.leastSquaresGain
    let after = try Self.dataset.score(
      through: model, predistorter: Self.undoing(scale.magnitude))
    let report = try Self.dataset.metrics(
      of: Self.dataset.test.output, on: .test, by: .leastSquares)
    #expect(abs(before.metrics.nmse - report.nmse) < 1e-4)
    #expect(abs(before.metrics.aclrLeft - report.aclrLeft) < 1e-3)
    #expect(before.metrics.gain == Self.dataset.gain(.leastSquares))
    #expect(before.metrics.nmse > -60 && !before.isBeyondFidelity)
    #expect(after.metrics.nmse < -120)
    #expect(after.metrics.aclrLeft < before.metrics.aclrLeft - 10)
    #expect(after.drivePeak > after.trainedPeak * 0.9)
  }

  @Test
  func `the target's gain is named and kept`() throws {
    let model = try Self.model()
    for convention in GainConvention.allCases {
      let target = Self.dataset.gain(convention)
      let score = try Self.dataset.score(
        through: model, by: convention, predistorter: Self.undoing(model.gain.magnitude))
      #expect(score.metrics.gain == target)
      // Undone whatever the target: the predistorter takes the wanted output.
      #expect(score.metrics.nmse < -110, "\(convention)")
      #expect(score.description.contains("\(convention.rawValue) gain"))
    }
  }

  @Test
  func `a score says what it went through`() throws {
    let wire = AmplifierModel(
      named: "GMP, 40 terms", nominalPeak: 0.5, gain: .one,
      fidelity: ModelFidelity(nmse: -38, dataset: "APA_200MHz")
    ) { $0 }
    let signal = MetricsTests.tones([(-50, 1), (20, 0.4)])
    let score = try wire.score(of: signal, plan: MetricsTests.plan()) { $0 }
    let text = score.description
    #expect(
      text.contains(
        "simulated through the amplifier model 'GMP, 40 terms' of -38.0 dB fidelity "
          + "(NMSE on the test split of APA_200MHz)"))
    // A wire is better than -38 dB, and the tones reach 1.4.
    #expect(score.isBeyondFidelity && text.contains("no evidence"))
    #expect(score.samplesBeyondTraining > 3_000 && text.contains("beyond its training at 0.500"))
    let json = try JSONEncoder().encode(score)
    #expect(try JSONDecoder().decode(SimulatedScore.self, from: json) == score)
  }

  @Test
  func `predistorter and model start anew in every segment`() throws {
    // Each call says how long its stream is; a model that saw a joint would be given 4,000 samples.
    let wire = AmplifierModel(
      named: "wire", nominalPeak: 2, gain: .one, fidelity: ModelFidelity(nmse: -40, dataset: "none")
    ) { channels in
      #expect(channels[0].count == 2_000)
      return channels
    }
    let signal = MetricsTests.tones([(-50, 1)])
    var calls = 0
    let score = try wire.score(
      of: signal, plan: MetricsTests.plan(), segments: [0..<2_000, 2_000..<4_000], margin: 5
    ) { channels in
      calls += 1
      var output = channels
      output[0][4] = 0
      output[0][1_995] = 0
      return output
    }
    #expect(calls == 2 && score.metrics.nmse < -130)
  }

  @Test
  func `unusable outputs are refused`() throws {
    let signal = MetricsTests.tones([(-50, 1)])
    let wire = AmplifierModel(
      named: "wire", nominalPeak: 2, gain: .one,
      fidelity: ModelFidelity(nmse: -40, dataset: "none")
    ) { $0 }
    for bad: ([[Float]]) -> [[Float]] in [
      { [$0[0]] }, { $0.map { Array($0.dropLast()) } }, { $0.map { $0.map { _ in .nan } } },
      { $0.map { $0.map { _ in 0 } } },
    ] {
      #expect(throws: SignalError.self) {
        try wire.score(of: signal, plan: MetricsTests.plan(), predistorter: bad)
      }
    }
    #expect(throws: SignalError.self) {
      try wire.score(of: signal, plan: MetricsTests.plan(), margin: 2_000) { $0 }
    }
    #expect(throws: SignalError.self) {
      try AmplifierModel(named: "broken", of: Self.dataset) { _ in [] }
    }
  }
}

struct GainConventionTests {
  @Test
  func `each convention gives its gain`() throws {
    let x = IQSignal(i: [1, 0, 0.5, 0], q: [0, 1, 0, -0.5])
    let y = x.scaled(by: Complex(0, 2))
    let least = try ReferenceGain(.leastSquares, from: x, to: y)
    #expect(least.value == Complex(0, 2))
    #expect(abs(least.decibels - 20 * log10(2)) < 1e-12 && least.degrees == 90)
    #expect(try ReferenceGain(.peak, from: x, to: y).value == Complex(2))
    #expect(try ReferenceGain(.none, from: x, to: y).value == .one)
    // y = conj-symmetric partner with no common part.
    let unrelated = IQSignal(i: [0, 0, 0, 1], q: [0, 0, 0, 0])
    let other = IQSignal(i: [1, 0, 0, 0], q: [0, 0, 0, 0])
    #expect(throws: SignalError.self) {
      try ReferenceGain(.leastSquares, from: unrelated, to: other)
    }
  }

  @Test
  func `reports name their gain when they chose it`() throws {
    let dataset = SimulatedScoreTests.dataset
    let output = dataset.test.output
    let peak = try dataset.metrics(of: output, on: .test)
    #expect(peak.gain == dataset.gain(.peak))
    #expect(try dataset.metrics(of: output, on: .test, by: .peak) == peak)
    #expect(try dataset.metrics(of: output, on: .test, gain: .one).gain == nil)
    // A report of before gains were named still reads.
    let old = """
      {"profile":"spectral","nmseDB":-1,"evmDB":-2,"aclrLeftDBc":-3,"aclrRightDBc":-4}
      """
    let read = try JSONDecoder().decode(MetricsReport.self, from: Data(old.utf8))
    #expect(read.gain == nil && read.aclrRight == -4)
    let json = try JSONEncoder().encode(peak)
    #expect(String(decoding: json, as: UTF8.self).contains("\"convention\":\"peak\""))
    #expect(try JSONDecoder().decode(MetricsReport.self, from: json) == peak)
  }
}
