import GRDB

/// What rows of a ledger have in common: on which data, for which task, by which recipe and program they came about.
public struct LedgerOrigin: Hashable, Sendable {
  public let dataset: String
  public let datasetHash: String
  public let task: String
  public let recipeHash: String
  /// Program and version.
  public let generator: String
  public let finishedCount: Int
  public let failedCount: Int
  /// ISO 8601, UTC, of the first and the last row.
  public let firstFinishedAt: String
  public let lastFinishedAt: String
  /// Of one of the rows, the lowest.
  public let firstKey: String
}

extension Ledger {
  /// The origins of all rows, sorted; more than one means that rows differ in more than their design points.
  public func origins() throws -> [LedgerOrigin] {
    try read { database in
      try Row.fetchAll(
        database,
        sql: """
          SELECT dataset, dataset_hash, task, recipe_hash, generator,
            COUNT(*) - COUNT(failure), COUNT(failure), MIN(finished_at), MAX(finished_at), MIN(key)
          FROM candidate GROUP BY 1, 2, 3, 4, 5 ORDER BY 1, 2, 3, 4, 5
          """
      ).map { row in
        LedgerOrigin(
          dataset: row[0], datasetHash: row[1], task: row[2], recipeHash: row[3],
          generator: row[4], finishedCount: row[5], failedCount: row[6], firstFinishedAt: row[7],
          lastFinishedAt: row[8], firstKey: row[9])
      }
    }
  }
}
