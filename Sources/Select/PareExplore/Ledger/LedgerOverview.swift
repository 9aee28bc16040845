import GRDB
import PareText

/// What a ledger holds, in a screenful.
public struct LedgerOverview: Sendable, Encodable {
  public let finished: Int
  public let failed: Int
  /// Points of which some seeds are in.
  public let started: Int
  public let datasets: [String]
  public let tasks: [String]
  /// Programs and versions that wrote rows.
  public let generators: [String]
  public let recipes: Int
  /// Of each quantizer the row with the least error on the validation split.
  public let best: [Best]
  /// Why points failed, and how many; the most frequent first.
  public let failures: [Failure]

  public struct Best: Sendable, Encodable {
    public let quantizer: String
    public let points: Int
    public let key: String
    public let name: String
    /// In integers on the validation split, in dB; nil when it is not finite.
    public let nmse: Double?
    /// The same on the test split.
    public let testNMSE: Double?
    public let nnz: Double?
  }

  public struct Failure: Sendable, Encodable {
    public let reason: String
    public let points: Int
  }

  public var text: String {
    var lines = [
      "finished     \(finished.grouped)", "failed       \(failed.grouped)",
      "in progress  \(started.grouped)",
      "data set     \(datasets.joined(separator: ", ")), \(tasks.joined(separator: ", "))",
      "recipes      \(recipes)", "written by   \(generators.joined(separator: ", "))",
    ]
    if !best.isEmpty {
      var table = TextTable([
        ("quantizer", .left), ("points", .right), ("best nmse dB", .right), ("test dB", .right),
        ("nnz", .right), ("name", .left), ("key", .left),
      ])
      for row in best {
        table.add([
          row.quantizer, row.points.grouped, row.nmse?.fixed(2) ?? "-",
          row.testNMSE?.fixed(2) ?? "-", row.nnz?.fixed(0) ?? "-", row.name, row.key,
        ])
      }
      lines += ["", table.text]
    }
    if !failures.isEmpty {
      var table = TextTable([("failed", .right), ("because", .left)])
      for row in failures { table.add([row.points.grouped, row.reason]) }
      lines += ["", table.text]
    }
    return lines.joined(separator: "\n")
  }
}

extension Ledger {
  /// - Complexity: one pass over the rows.
  public func overview() throws -> LedgerOverview {
    let groups = Dictionary(grouping: try summaries(), by: \.quantizer)
    let best = groups.sorted { $0.key < $1.key }.map { quantizer, rows in
      // Rows come by key: of equal ones the first stays.
      let row = rows.min { ($0.metrics[.nmse] ?? .infinity) < ($1.metrics[.nmse] ?? .infinity) }!
      func finite(_ metric: Metric) -> Double? {
        row.metrics[metric].flatMap { $0.isFinite ? $0 : nil }
      }
      return LedgerOverview.Best(
        quantizer: quantizer, points: rows.count, key: row.key, name: row.name,
        nmse: finite(.nmse), testNMSE: finite(.testNMSE), nnz: finite(.nnz))
    }
    return try read { database in
      func distinct(_ column: String) throws -> [String] {
        try String.fetchAll(
          database, sql: "SELECT DISTINCT \(column) FROM candidate ORDER BY \(column)")
      }
      func count(_ sql: String) throws -> Int { try Int.fetchOne(database, sql: sql) ?? 0 }
      let failures = try Row.fetchAll(
        database,
        sql: """
          SELECT failure, count(*) FROM candidate WHERE failure IS NOT NULL
          GROUP BY failure ORDER BY 2 DESC, 1 LIMIT 5
          """)
      return LedgerOverview(
        finished: groups.values.reduce(0) { $0 + $1.count },
        failed: try count("SELECT count(*) FROM candidate WHERE failure IS NOT NULL"),
        started: try count("SELECT count(DISTINCT key) FROM seed_result"),
        datasets: try distinct("dataset"), tasks: try distinct("task"),
        generators: try distinct("generator"), recipes: try count("SELECT count(*) FROM recipe"),
        best: best, failures: failures.map { .init(reason: $0[0], points: $0[1]) })
    }
  }
}
