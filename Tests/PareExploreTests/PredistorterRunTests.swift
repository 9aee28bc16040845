import Foundation
import PareDPD
import PareFixed
import PareSignal
import PareTools
import Testing

@testable import PareExplore

/// On the measured capture and the frozen amplifier of the public benchmark, with a dictionary of a tenth of the usual size.
@Suite struct PredistorterRunTests {
  private static func plan(jobs: Int) async throws -> (PredistorterRun, PredistortionBenchmark) {
    let benchmark = try await BenchmarkSource.load()
    var plan = PredistorterRun.Plan(
      budgets: [
        PredistorterBudget(coefficients: 20, products: 12, adders: 45),
        PredistorterBudget(coefficients: 40, products: 14, adders: 80),
      ], judges: [try Judge("arena", of: benchmark)], generator: "test")
    plan.jobs = jobs
    plan.settings.dictionary.linearDelays = -6...10
    plan.settings.dictionary.powerLags = -1...1
    plan.settings.dictionary.powerDelays = -2...4
    plan.settings.dictionary.carrierDelays = 0...1
    plan.settings.dictionary.correlationLags = 1...1
    plan.settings.dictionary.correlationDelays = -1...2
    plan.settings.refinements = 1
    return (PredistorterRun(plan, on: benchmark), benchmark)
  }

  @Test
  func `keeps its budgets, writes what it scored, and gives the same bytes on any number of cores`()
    async throws
  {
    let place = FileManager.default.temporaryDirectory.appending(path: "dpd-\(UUID().uuidString)")
    defer { try? FileManager.default.removeItem(at: place) }
    let (one, two) = (place.appending(path: "one").path, place.appending(path: "two").path)
    let (run, benchmark) = try await Self.plan(jobs: 1)
    let report = try await run.run(into: one)
    _ = try await Self.plan(jobs: 2).0.run(into: two)
    try #require(report.designs.count == 2)
    #expect(report.judges[0].idealDriveErrorDB < -70)
    for (row, limits) in zip(report.designs, [(20, 12, 45), (40, 14, 80)]) {
      #expect(row.coefficients <= limits.0)
      #expect(row.products <= limits.1)
      #expect(row.adders <= limits.2)
      // Digits and words may cost so much of the float design's quality, and do cost about a quarter.
      let loss = row.floatValidation.minimum.qualityDB - row.validation.minimum.qualityDB
      #expect(loss < 1)
      for file in ["model.json", "drive-test.csv"] {
        let paths = [one, two].map { "\($0)/\(row.folder)/\(file)" }
        #expect(try TextFile.read(paths[0]) == TextFile.read(paths[1]))
      }
      // What is on disk is what was scored, and its model makes that drive.
      let drive = try IQSignal(contentsOfCSV: "\(one)/\(row.folder)/drive-test.csv")
      let judge = try Judge("arena", of: benchmark)
      let again = try DriveScores(of: drive, on: .test, through: [judge], in: benchmark)
      #expect(again.minimum.qualityDB == row.test.minimum.qualityDB)
      let path = "\(one)/\(row.folder)/model.json"
      let model = try ModelFile(json: TextFile.read(path), file: path)
      let words = model.fixed(benchmark.input(.test).channels)
      #expect(words[0] == drive.i && words[1] == drive.q)
    }
    #expect(
      try TextFile.read("\(one)/designs.json") == TextFile.read("\(two)/designs.json"))
    // The full dictionary reaches 21 with 30 coefficients; this one must be far above no predistortion, and more is better.
    let qualities = report.designs.map(\.test.minimum.qualityDB)
    #expect(qualities[0] > 12)
    #expect(qualities[1] > qualities[0] + 0.5)
  }

  @Test func `a judge that was fitted describes the amplifier`() async throws {
    let benchmark = try await BenchmarkSource.load()
    let fitted = try benchmark.fitted(.gmp)
    // -38.4 dB, measured; a memoryless polynomial has -21.
    #expect(benchmark.fidelity(of: fitted, on: .validation) < -37.5)
    // Outside the band the frozen model had no part in the fit, and yet the two agree on its ideal drive.
    let ideal = try benchmark.idealDrive(on: .validation)
    let score = try benchmark.score(ideal.drive, on: .validation, through: fitted)
    let baseline = try benchmark.baseline(on: .validation, through: fitted)
    #expect(score.quality(over: baseline) > 18)
  }
}
