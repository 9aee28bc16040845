import PareNumerics
import PareSignal
import Testing

@testable import PareDPD

/// Designs for several amplifiers that disagree.
@Suite struct WorstJudgeTests {
  private static func settings(_ aim: PredistorterStudy.Aim) -> PredistorterStudy.Settings {
    var settings = PredistorterStudy.Settings()
    settings.dictionary.linearDelays = -2...3
    settings.dictionary.powerLags = 0...1
    settings.dictionary.powerDelays = 0...1
    settings.dictionary.carrierDelays = 0...0
    settings.dictionary.correlationLags = 1...1
    settings.dictionary.correlationDelays = 0...0
    settings.aim = aim
    return settings
  }

  /// Weighted errors of the design in double precision, judge by judge.
  private static func errors(_ aim: PredistorterStudy.Aim, size: Int) throws -> [Double] {
    let benchmark = try PredistortionBenchmark(
      OwnDatasetTests.dataset(samples: 25_000), gain: .none, peak: 1, trainingSamples: 6000)
    let judges: [any DifferentiableAmplifier] = [
      EchoAmplifier(compression: 0.1), EchoAmplifier(compression: 0.3),
    ]
    let study = try PredistorterStudy(on: benchmark, through: judges, settings(aim))
    let design = try study.design(within: PredistorterBudget(coefficients: size))
    let input = benchmark.input(.train)
    return judges.map { judge in
      (benchmark.target(.train) - judge.amplify(design.predistort(input).limited(to: 1)))
        .energy(in: 200..<input.count - 200)
    }
  }

  @Test func `the worst error is less when it is aimed at, and the sum is more`() throws {
    let (sum, worst) = (try Self.errors(.sum, size: 8), try Self.errors(.worst, size: 8))
    #expect(worst.max()! < 0.98 * sum.max()!)
    #expect(worst.reduce(0, +) > sum.reduce(0, +))
    // At the least worst error both judges have the same.
    #expect(worst.max()! < 1.3 * worst.min()!)
    #expect(sum.max()! > 1.3 * sum.min()!)
  }

  @Test func `weights follow the errors and keep their mean`() {
    let weights = PredistorterStudy.reweighed([1, 1, 1], [3, 1, 2])
    #expect(zip(weights, [1.5, 0.5, 1]).allSatisfy { abs($0 - $1) < 1e-12 })
    #expect(PredistorterStudy.reweighed([2, 0.5], [0, 0]) == [2, 0.5])
  }
}
