public import PareDPD
import PareNumerics
import PareSignal
public import PareText

/// What predistorters are worth through an amplifier model that they were not designed for: each judge is left out once.
public struct LeaveOneOut: Sendable, Encodable {
  /// One design, judged by the model that it has not seen.
  public struct Row: Sendable, Encodable {
    public let budget: String
    public let leftOut: String
    /// Integers, through the model left out.
    public let validationQualityDB: Double
    public let testQualityDB: Double
    /// Integers, the least over the models that the design was made for.
    public let ownTestQualityDB: Double
  }

  public let rows: [Row]

  /// - Parameter onEvent: the judge left out, and what is being done.
  /// - Precondition: two judges or more.
  /// - Throws: `PredistortionError`; `CancellationError`.
  public init(
    _ plan: PredistorterRun.Plan, on benchmark: PredistortionBenchmark,
    onEvent: @escaping @Sendable (String, PredistorterStudy.Stage) -> Void = { _, _ in }
  ) throws {
    precondition(plan.judges.count > 1, "\(plan.judges.count) judge")
    var rows: [Row] = []
    for (place, left) in plan.judges.enumerated() {
      var rest = plan.judges
      rest.remove(at: place)
      let study = try PredistorterStudy(
        on: benchmark, through: rest.map(\.amplifier), plan.settings
      ) { onEvent(left.name, $0) }
      for budget in plan.budgets {
        let design = try study.design(within: budget).integers
        func quality(_ split: BenchmarkSplit, _ judges: [Judge]) throws -> Double {
          try DriveScores(
            of: design.predistort(benchmark.input(split)), on: split, through: judges,
            in: benchmark
          ).minimum.qualityDB
        }
        rows.append(
          Row(
            budget: budget.name, leftOut: left.name,
            validationQualityDB: try quality(.validation, [left]),
            testQualityDB: try quality(.test, [left]), ownTestQualityDB: try quality(.test, rest)))
      }
    }
    self.rows = rows
  }

  /// A line per budget and judge, and the mean of each budget.
  public var table: TextTable {
    var table = TextTable([
      ("design", .left), ("left out", .left), ("Q, validation", .right), ("Q, test", .right),
      ("Q of its own judges, test", .right),
    ])
    var names: [String] = []
    for row in rows where !names.contains(row.budget) { names.append(row.budget) }
    for name in names {
      let own = rows.filter { $0.budget == name }
      for row in own {
        table.add([
          row.budget, row.leftOut, row.validationQualityDB.fixed(2), row.testQualityDB.fixed(2),
          row.ownTestQualityDB.fixed(2),
        ])
      }
      func mean(_ value: (Row) -> Double) -> String {
        (own.reduce(0) { $0 + value($1) } / Double(own.count)).fixed(2)
      }
      table.add([
        name, "mean", mean(\.validationQualityDB), mean(\.testQualityDB), mean(\.ownTestQualityDB),
      ])
    }
    return table
  }
}
