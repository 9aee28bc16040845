import PareNumerics
import PareSignal
import Testing

@testable import PareDPD

/// A data set of one's own as a benchmark: synthesized captures, whose amplifier is known.
@Suite struct OwnDatasetTests {
  private static let amplifier = MemoryPolynomialAmplifier()

  static func dataset(samples: Int = 30_000) throws -> IQDataset {
    let made = try IQDataset.synthesized(
      by: amplifier, seed: 3,
      waveform: OFDMWaveform(), sampleCount: samples, peak: 0.9)
    return made
  }

  private static func changed(
    _ dataset: IQDataset, plan: BandPlan? = nil, segmented: Bool = false,
    _ change: (IQPair) -> IQPair
  ) throws -> IQDataset {
    try IQDataset(
      name: dataset.name, training: change(dataset.training),
      validation: change(dataset.validation), test: change(dataset.test),
      plan: plan ?? dataset.plan, segmentsAreIndependent: segmented)
  }

  @Test func `wants the peak that was measured, and does not drive beyond it`() throws {
    let dataset = try Self.dataset()
    let benchmark = try PredistortionBenchmark(dataset, trainingSamples: 9000)
    #expect(benchmark.name == dataset.name)
    #expect(benchmark.amplifier == nil)
    #expect(benchmark.calibration.gain == dataset.peakGain)
    #expect(benchmark.input(.train).count == 9000)
    #expect(benchmark.calibration.peak == dataset.training.input[0..<9000].peak)
    let wide = try PredistortionBenchmark(dataset, gain: .leastSquares, peak: 1)
    #expect(wide.calibration.gain == dataset.leastSquaresGain.magnitude)
    #expect(wide.calibration.peak == 1)
  }

  @Test func `a constant phase of the output changes nothing`() throws {
    let dataset = try Self.dataset()
    let turn = Complex(unitPhasor(turns: 0.3).re, unitPhasor(turns: 0.3).im)
    let turned = try Self.changed(dataset) {
      IQPair(input: $0.input, output: $0.output.scaled(by: turn))
    }
    let (plain, other) = (
      try PredistortionBenchmark(dataset), try PredistortionBenchmark(turned)
    )
    let difference = plain.measured(.test) - other.measured(.test)
    #expect(difference.energy() < 1e-20 * plain.measured(.test).energy())
  }

  @Test func `a score has no EVM, and prefers the output that was wanted`() throws {
    let benchmark = try PredistortionBenchmark(try Self.dataset())
    let measured = try benchmark.score(output: benchmark.measured(.test), on: .test)
    let wanted = benchmark.target(.test)
    let nearer = try benchmark.score(
      output: wanted.adding(benchmark.measured(.test) - wanted, times: 0.1), on: .test)
    #expect(measured.evm == nil)
    // A tenth of the error is 20 dB less of it.
    #expect(abs(measured.nmse - 20 - nearer.nmse) < 0.01)
    #expect(nearer.quality(over: measured) > 10)
  }

  @Test func `a fitted model makes a drive that linearizes the amplifier itself`() throws {
    let benchmark = try PredistortionBenchmark(try Self.dataset(), trainingSamples: 12_000)
    let judge = try benchmark.fitted(.gmp)
    #expect(benchmark.fidelity(of: judge, on: .test) < -30)
    let ideal = try benchmark.idealDrive(on: .test, through: judge)
    let plain = try benchmark.baseline(on: .test, through: judge)
    let claimed = try benchmark.score(ideal.drive, on: .test, through: judge)
    let turn = try Self.dataset().leastSquaresGain
    func truth(_ drive: IQSignal) throws -> LinearizationScore {
      let delay = Self.amplifier.groupDelay
      let padded = IQSignal(
        i: drive.i + Array(repeating: 0, count: delay),
        q: drive.q + Array(repeating: 0, count: delay))
      let output = Self.amplifier.amplify(padded)[delay..<delay + drive.count]
      return try benchmark.score(
        output: output.scaled(by: (1 / turn.magnitude) * turn.conjugate), on: .test)
    }
    let reached = try truth(benchmark.transmitted(ideal.drive))
    // 12 dB of gain, as much as the model's error allows, and true of the amplifier that no fit has seen.
    #expect(claimed.quality(over: plain) > 10)
    #expect(abs(reached.quality(over: plain) - claimed.quality(over: plain)) < 0.5)
  }

  @Test func `a capture that cannot be scored is refused by name`() throws {
    let dataset = try Self.dataset()
    func reason(_ make: () throws -> PredistortionBenchmark) -> String {
      do {
        _ = try make()
        return "accepted"
      } catch let error as PredistortionError {
        return error.message
      } catch {
        return "\(error)"
      }
    }
    #expect(reason { try PredistortionBenchmark(dataset) } == "accepted")
    let short = try Self.changed(dataset) { $0[0..<4000] }
    #expect(reason { try PredistortionBenchmark(short) }.contains("train split has 4000 samples"))
    let split = try Self.changed(dataset, segmented: true) { $0 }
    #expect(reason { try PredistortionBenchmark(split) }.contains("segments are unrelated"))
    let loud = try Self.changed(dataset) {
      IQPair(input: $0.input.scaled(by: Complex(3)), output: $0.output)
    }
    #expect(reason { try PredistortionBenchmark(loud) }.contains("full scale"))
    let soft = try Self.changed(dataset) {
      IQPair(input: $0.input.scaled(by: Complex(0.01)), output: $0.output)
    }
    #expect(reason { try PredistortionBenchmark(soft) }.contains("full scale"))
    let plan = try BandPlan(
      sampleRate: dataset.plan.sampleRate, bandwidth: 0.7 * dataset.plan.sampleRate)
    let wide = try Self.changed(dataset, plan: plan) { $0 }
    #expect(reason { try PredistortionBenchmark(wide) }.contains("leave the sampled band"))
    #expect(
      reason { try PredistortionBenchmark(dataset, trainingSamples: 100) }.contains("too few"))
  }
}
