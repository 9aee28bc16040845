import GRDB

extension Ledger {
  /// Takes rows, with models and recipes, from another ledger: those that are not here, and results of points that failed here.
  ///
  /// Of two rows with a result, or two failures, the one that finished first stays, so that the order of merging does not
  /// matter. Implementations come along by the same rule. The other ledger is only read.
  ///
  /// - Returns: how many rows of candidates came in.
  /// - Throws: ``ExploreError`` naming the shard when it is missing, damaged or of another version.
  public func merge(_ shardPath: String) throws -> Int {
    let shard = try Ledger(reading: shardPath)
    let offered = try shard.standings()
    let here = try standings(of: offered.keys.sorted())
    let wanted = offered.filter { key, standing in here[key].map { standing < $0 } ?? true }
      .keys.sorted()
    for start in stride(from: 0, to: wanted.count, by: Self.rowsPerTransaction) {
      try take(Array(wanted[start..<min(start + Self.rowsPerTransaction, wanted.count)]), shard)
    }
    try mergeImplementations(shard)
    return wanted.count
  }

  /// Few enough that their models fit in memory, many enough that waiting for the disk is a small part.
  static let rowsPerTransaction = 500

  /// Which of two rows of one point stays: the smaller.
  private struct Standing: Comparable {
    var hasFailed: Bool
    var finishedAt: String
    var host: String
    var seconds: Double

    static func < (left: Standing, right: Standing) -> Bool {
      (left.hasFailed ? 1 : 0, left.finishedAt, left.host, left.seconds)
        < (right.hasFailed ? 1 : 0, right.finishedAt, right.host, right.seconds)
    }
  }

  private func standings() throws -> [String: Standing] {
    try read { try Self.standings($0, sql: "", []) }
  }

  /// Of some rows: a ledger that takes thousands of shards must not read all it has for each.
  private func standings(of keys: [String]) throws -> [String: Standing] {
    var standings: [String: Standing] = [:]
    for start in stride(from: 0, to: keys.count, by: Self.rowsPerTransaction) {
      let some = Array(keys[start..<min(start + Self.rowsPerTransaction, keys.count)])
      let found = try read {
        try Self.standings(
          $0, sql: "WHERE key IN (\(databaseQuestionMarks(count: some.count)))", some)
      }
      standings.merge(found) { first, _ in first }
    }
    return standings
  }

  private static func standings(
    _ database: Database, sql condition: String, _ keys: [String]
  ) throws -> [String: Standing] {
    var standings: [String: Standing] = [:]
    let rows = try Row.fetchCursor(
      database,
      sql:
        "SELECT key, failure IS NOT NULL, finished_at, host, seconds FROM candidate \(condition)",
      arguments: StatementArguments(keys))
    while let row = try rows.next() {
      standings[row[0]] = Standing(
        hasFailed: row[1], finishedAt: row[2], host: row[3], seconds: row[4])
    }
    return standings
  }

  private func take(_ keys: [String], _ shard: Ledger) throws {
    let columns = LedgerSchema.candidateColumns
    let marks = databaseQuestionMarks(count: keys.count)
    let (rows, recipes, models) = try shard.read { database in
      func values(_ sql: String) throws -> [[DatabaseValue]] {
        try Row.fetchAll(database, sql: sql, arguments: StatementArguments(keys))
          .map { Array($0.databaseValues) }
      }
      return (
        try values(
          """
          SELECT \(LedgerSchema.selection(columns, in: database)) FROM candidate
          WHERE key IN (\(marks))
          """),
        try values(
          """
          SELECT hash, json FROM recipe
          WHERE hash IN (SELECT recipe_hash FROM candidate WHERE key IN (\(marks)))
          """),
        try values("SELECT key, json FROM model WHERE key IN (\(marks))")
      )
    }
    try write { database in
      func insert(_ rows: [[DatabaseValue]], _ sql: String) throws {
        let statement = try database.makeStatement(sql: sql)
        for row in rows { try statement.execute(arguments: StatementArguments(row)) }
      }
      // A model of a row that gives way goes with it.
      try database.execute(
        sql: "DELETE FROM model WHERE key IN (\(marks))", arguments: StatementArguments(keys))
      try insert(
        rows,
        """
        INSERT OR REPLACE INTO candidate (\(columns.joined(separator: ", ")))
        VALUES (\(databaseQuestionMarks(count: columns.count)))
        """)
      try insert(recipes, "INSERT OR IGNORE INTO recipe (hash, json) VALUES (?, ?)")
      try insert(models, "INSERT OR REPLACE INTO model (key, json) VALUES (?, ?)")
      try database.execute(
        sql: "DELETE FROM seed_result WHERE key IN (\(marks))", arguments: StatementArguments(keys))
    }
  }
}
