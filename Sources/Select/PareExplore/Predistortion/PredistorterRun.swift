public import PareDPD
public import PareFixed
import PareSignal
import PareText

/// Designs predistorters for several budgets on the benchmark, and writes a model and a drive for each.
public struct PredistorterRun: Sendable {
  /// What is designed, and on what grounds.
  public struct Plan: Sendable {
    public var budgets: [PredistorterBudget]
    public var settings = PredistorterStudy.Settings()
    /// Models that the designs are made for; ``PredistorterStudy/Settings/aim`` says what of their errors is made small.
    public var judges: [Judge]
    /// Quality in dB that shorter words may cost on the validation split; nil keeps the words of the settings.
    public var wordTolerance: Double?
    /// Whether to write down the supports of all sizes too.
    public var withPath = false
    /// Designs at once; the result does not depend on it.
    public var jobs = 1
    /// Program and version.
    public var generator: String

    public init(budgets: [PredistorterBudget], judges: [Judge], generator: String) {
      self.budgets = budgets
      self.judges = judges
      self.generator = generator
    }
  }

  public enum Event: Sendable {
    case stage(PredistorterStudy.Stage)
    case path
    case design(PredistorterReport.Row)
  }

  let plan: Plan
  let benchmark: PredistortionBenchmark
  let task: ModelFile.Task

  /// - Parameter task: what the models say that they are for.
  public init(_ plan: Plan, on benchmark: PredistortionBenchmark, task: ModelFile.Task) {
    self.plan = plan
    self.benchmark = benchmark
    self.task = task
  }

  /// Runs the plan; every design is on disk as soon as it is made.
  ///
  /// - Parameter folder: gets `c<coefficients>-p<products>-a<adders>/` with `model.json` and `drive-test.csv` per budget (absent limits are
  ///   left out of the name), `designs.json`, `ledger.sqlite` with a row per design, and `path.csv` if wanted.
  /// - Throws: `PredistortionError`; ``ExploreError`` when a file cannot be written; `CancellationError`.
  public func run(
    into folder: String, onEvent: @escaping @Sendable (Event) -> Void = { _ in }
  ) async throws -> PredistorterReport {
    let ledger = try Ledger(at: SweepFolder(folder).ledgerFile)
    let desk = PredistorterDesk(benchmark, through: plan.judges, generator: plan.generator)
    let study = try PredistorterStudy(
      on: benchmark, through: plan.judges.map(\.amplifier), plan.settings
    ) { onEvent(.stage($0)) }
    if plan.withPath {
      onEvent(.path)
      try TextFile.write(
        PathTable(try study.path(), of: study.equations).csv, to: "\(folder)/path.csv")
    }
    let results = try await withThrowingTaskGroup(of: (Int, PredistorterReport.Row).self) { group in
      var rows = [PredistorterReport.Row?](repeating: nil, count: plan.budgets.count)
      var next = 0
      func start() {
        guard next < plan.budgets.count else { return }
        let place = next
        next += 1
        group.addTask {
          (place, try make(plan.budgets[place], study, folder, desk, ledger))
        }
      }
      for _ in 0..<max(1, plan.jobs) { start() }
      while let (place, row) = try await group.next() {
        rows[place] = row
        onEvent(.design(row))
        start()
      }
      return rows.compactMap { $0 }
    }
    let report = PredistorterReport(
      generator: plan.generator, benchmark: benchmark.name,
      judges: study.idealErrors.map { .init(name: $0.judge, idealDriveErrorDB: $0.decibels) },
      termCount: study.equations.count, designs: results)
    try TextFile.write(JSONText.encode(report), to: "\(folder)/designs.json")
    return report
  }

  private func make(
    _ budget: PredistorterBudget, _ study: PredistorterStudy, _ folder: String,
    _ desk: PredistorterDesk, _ ledger: Ledger
  ) throws -> PredistorterReport.Row {
    let clock = ContinuousClock()
    let start = clock.now
    var design = try study.design(within: budget)
    if let tolerance = plan.wordTolerance {
      design = try WordSearch(
        design, of: study, within: tolerance, through: plan.judges, in: benchmark
      ).design
    }
    let name = "\(folder)/\(budget.name)"
    let model = try design.integers.model(generator: plan.generator, task: task)
    // The words of the model are those that are scored: the contract line.
    let scores = try PredistorterScores(
      of: model, file: "\(name)/model.json", through: plan.judges, in: benchmark)
    let row = PredistorterReport.Row(
      budget: budget, design: design, validation: scores.validation,
      floatValidation: try DriveScores(
        of: design.predistort(benchmark.input(.validation)), on: .validation,
        through: plan.judges, in: benchmark),
      test: scores.test, folder: budget.name)
    try TextFile.write(model.json, to: "\(name)/model.json")
    try model.drive(for: benchmark.input(.test)).write(toCSV: "\(name)/drive-test.csv")
    try desk.enter(
      model, named: budget.name, scores, seconds: (clock.now - start) / .seconds(1), into: ledger)
    return row
  }
}

extension PredistorterBudget {
  /// Such as `c100-p22-a190`; a limit that is not set is left out.
  public var name: String {
    "c\(coefficients)" + (products == .max ? "" : "-p\(products)")
      + (adders == .max ? "" : "-a\(adders)")
  }

  /// Reads `100`, `100/22` or `100/22/190`: coefficients, products, adders.
  ///
  /// - Throws: ``ExploreError`` when it is none of these.
  public init(parsing text: String) throws {
    let parts = text.split(separator: "/", omittingEmptySubsequences: false).map { Int($0) }
    guard (1...3).contains(parts.count), parts.allSatisfy({ ($0 ?? -1) >= 0 }),
      let coefficients = parts[0], (1...1000).contains(coefficients)
    else {
      throw ExploreError(
        .option("--budget"), "'\(text)' is no budget",
        hint:
          "give coefficients[/products[/adders]], such as 100/22/190; at most 1000 coefficients",
        kind: .usage)
    }
    self.init(
      coefficients: coefficients, products: parts.count > 1 ? parts[1]! : .max,
      adders: parts.count > 2 ? parts[2]! : .max)
  }
}
