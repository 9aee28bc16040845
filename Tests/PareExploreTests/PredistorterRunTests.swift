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
    return (PredistorterRun(plan, on: benchmark, task: task(benchmark)), benchmark)
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

  @Test
  func
    `shorter words cost what they may, supports of all sizes get better, and rows stand in the ledger`()
    async throws
  {
    let place = FileManager.default.temporaryDirectory.appending(path: "dpd-\(UUID().uuidString)")
    defer { try? FileManager.default.removeItem(at: place) }
    var (run, benchmark) = try await Self.plan(jobs: 1)
    var plan = run.plan
    plan.budgets = [PredistorterBudget(coefficients: 20, products: 12, adders: 45)]
    plan.settings.sizes = 5...30
    let usual = try await PredistorterRun(plan, on: benchmark, task: Self.task(benchmark)).run(
      into: "\(place.path)/usual")
    plan.wordTolerance = 1
    plan.withPath = true
    run = PredistorterRun(plan, on: benchmark, task: Self.task(benchmark))
    let report = try await run.run(into: place.path)
    let (long, short) = (usual.designs[0], report.designs[0])
    func bits(_ row: PredistorterReport.Row) -> Int {
      row.words.input + row.words.feature + row.words.output
    }
    #expect(bits(long) == 36)
    #expect(bits(short) < 33)
    #expect(short.digits == long.digits)
    let loss = long.validation.minimum.qualityDB - short.validation.minimum.qualityDB
    #expect(loss <= 1)
    // Nested supports, each at its own least error.
    let path = try TextFile.read("\(place.path)/path.csv").split(separator: "\n").dropFirst()
      .map { $0.split(separator: ",").compactMap { Double($0) } }
    #expect(path.map { $0[0] } == (5...30).map(Double.init))
    #expect(zip(path, path.dropFirst()).allSatisfy { $0[2] > $1[2] && $0[1] <= $1[1] })

    let ledger = try Ledger(reading: "\(place.path)/ledger.sqlite")
    let row = try #require(try ledger.candidates().first)
    #expect(row.name == "c20-p12-a45" && row.dataset == "opendpd==2.4.2 through arena")
    #expect(row.metrics[.quality] == short.validation.minimum.qualityDB)
    #expect(row.metrics[.testQuality] == short.test.minimum.qualityDB)
    #expect(row.metrics[.nmse] == short.validation.minimum.drive.nmseDB)
    #expect(row.metrics[.nnz] == Double(short.coefficients))
    let file = "\(place.path)/\(short.folder)/model.json"
    let model = try ModelFile(json: TextFile.read(file), file: file)
    #expect(try ledger.model(of: row.key) == model.json)
    // A model learned on an output divided by half the gain sees its input at twice the size.
    var doubled = model
    doubled.task?.gainI /= 2
    #expect(
      try PredistorterScores.inputScale(of: doubled, file: "a", in: benchmark)
        == 2 * PredistorterScores.inputScale(of: model, file: "a", in: benchmark))
    doubled.task?.direction = "forward"
    #expect(throws: ExploreError.self) {
      try PredistorterScores.inputScale(of: doubled, file: "a", in: benchmark)
    }
  }

  private static func task(_ benchmark: PredistortionBenchmark) -> ModelFile.Task {
    ModelFile.Task(
      dataset: PredistortionBenchmark.dataset, datasetHash: "0", direction: "inverse",
      gainI: benchmark.calibration.gain, gainQ: 0, sampleRateHz: benchmark.calibration.sampleRate,
      bandwidthHz: benchmark.calibration.bandwidth)
  }
}
