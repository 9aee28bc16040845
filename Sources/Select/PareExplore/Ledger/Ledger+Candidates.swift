import GRDB
public import PareTrain

extension Ledger {
  /// Keys of the rows with a result.
  public func finishedKeys() throws -> Set<String> {
    try read {
      try String.fetchSet($0, sql: "SELECT key FROM candidate WHERE failure IS NULL")
    }
  }

  public func failedKeys() throws -> Set<String> {
    try read {
      try String.fetchSet($0, sql: "SELECT key FROM candidate WHERE failure IS NOT NULL")
    }
  }

  /// The row of a point, failed or finished; nil when there is none.
  public func candidate(_ key: String) throws -> Candidate? {
    try read { database in
      try Row.fetchOne(database, sql: "SELECT * FROM candidate WHERE key = ?", arguments: [key])
        .map { try Candidate($0, ledger: self.path) }
    }
  }

  /// All rows by key, failures included.
  public func candidates() throws -> [Candidate] {
    try read { database in
      try Array(
        Row.fetchCursor(database, sql: "SELECT * FROM candidate ORDER BY key")
          .map { try Candidate($0, ledger: self.path) })
    }
  }

  /// The flat columns of the rows with a result, by key.
  public func summaries() throws -> [CandidateSummary] { try summaries(where: "", []) }

  /// The same of those rows alone for which a further condition holds.
  func summaries(where condition: String, _ values: [String]) throws -> [CandidateSummary] {
    let columns = ["key", "name", "quantizer", "activation", "hidden_channels"]
    return try read { database in
      let selected = try LedgerSchema.selection(
        columns + LedgerSchema.metricColumns, in: database)
      let sql = """
        SELECT \(selected) FROM candidate WHERE failure IS NULL \(condition) ORDER BY key
        """
      return try Array(
        Row.fetchCursor(database, sql: sql, arguments: StatementArguments(values)).map { row in
          CandidateSummary(
            key: row[0], name: row[1], quantizer: row[2], activation: row[3],
            hiddenChannels: row[4], metrics: Metrics(row, from: columns.count))
        })
    }
  }

  /// Stores a row with its recipe and its model, and drops the results of its seeds; a row with a result stays as it is.
  ///
  /// - Parameters:
  ///   - recipe: nil for a model that was made elsewhere.
  ///   - model: the text of `model.json`; nil when the point failed.
  public func finish(_ candidate: Candidate, recipe: TrainingRecipe?, model: String?) throws {
    try write { database in
      try database.execute(
        sql: """
          INSERT INTO candidate (\(LedgerSchema.candidateColumns.joined(separator: ", ")))
          VALUES (\(databaseQuestionMarks(count: LedgerSchema.candidateColumns.count)))
          ON CONFLICT (key) DO UPDATE SET
          \(LedgerSchema.candidateColumns.dropFirst().map { "\($0) = excluded.\($0)" }.joined(separator: ", "))
          WHERE failure IS NOT NULL
          """, arguments: candidate.ledgerValues)
      let isStored = database.changesCount > 0
      if let recipe {
        try database.execute(
          sql: "INSERT INTO recipe VALUES (?, ?) ON CONFLICT DO NOTHING",
          arguments: [candidate.recipeHash, LedgerJSON.encode(recipe)])
      }
      if isStored, let model {
        try database.execute(
          sql: "INSERT OR REPLACE INTO model VALUES (?, ?)", arguments: [candidate.key, model])
      }
      try database.execute(
        sql: "DELETE FROM seed_result WHERE key = ?", arguments: [candidate.key])
    }
  }

  /// Drops failed rows and failed seeds, so that a sweep tries them again.
  ///
  /// - Returns: how many rows of points it was.
  public func forgetFailures() throws -> Int {
    try write { database in
      try database.execute(sql: "DELETE FROM seed_result WHERE failure IS NOT NULL")
      try database.execute(
        sql: """
          DELETE FROM model WHERE key IN (SELECT key FROM candidate WHERE failure IS NOT NULL)
          """)
      try database.execute(sql: "DELETE FROM candidate WHERE failure IS NOT NULL")
      return database.changesCount
    }
  }

  /// The text of a point's `model.json`.
  public func model(of key: String) throws -> String? {
    try read {
      try String.fetchOne($0, sql: "SELECT json FROM model WHERE key = ?", arguments: [key])
    }
  }

  public func recipe(_ hash: String) throws -> TrainingRecipe? {
    let text = try read {
      try String.fetchOne($0, sql: "SELECT json FROM recipe WHERE hash = ?", arguments: [hash])
    }
    return try text.map {
      try LedgerJSON.decode(TrainingRecipe.self, from: $0, place: "\(path), recipe \(hash)")
    }
  }
}
