import GRDB

// Work in progress: seeds of points that lack others, and states from which chains go on.

extension Ledger {
  /// Keeps what one seed of a point gave; takes the place of a failed one, and leaves a good one as it is.
  public func keep(_ result: SeedResult) throws {
    try write { database in
      try database.execute(
        sql: """
          INSERT INTO seed_result
            (key, seed, nmse_db, test_nmse_db, float_nmse_db, float_test_nmse_db, nnz, failure, seconds, model)
          VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?)
          ON CONFLICT (key, seed) DO UPDATE SET
            nmse_db = excluded.nmse_db, test_nmse_db = excluded.test_nmse_db,
            float_nmse_db = excluded.float_nmse_db, float_test_nmse_db = excluded.float_test_nmse_db,
            nnz = excluded.nnz, failure = excluded.failure, seconds = excluded.seconds, model = excluded.model
          WHERE failure IS NOT NULL
          """,
        arguments: [
          result.key, Int64(bitPattern: result.score.seed), result.score.nmse,
          result.score.testNMSE, result.floatNMSE, result.floatTestNMSE, result.score.nnz,
          result.score.failure, result.seconds, result.model,
        ])
    }
  }

  /// What the seeds of a point gave, by seed.
  public func seedResults(of key: String) throws -> [SeedResult] {
    let results = try read { database in
      try Array(
        Row.fetchCursor(
          database, sql: "SELECT * FROM seed_result WHERE key = ?", arguments: [key]
        ).map { row in
          let seed: Int64 = row["seed"]
          return SeedResult(
            key: key,
            score: Candidate.SeedScore(
              seed: UInt64(bitPattern: seed), nmse: row["nmse_db"], testNMSE: row["test_nmse_db"],
              nnz: row["nnz"], failure: row["failure"]),
            floatNMSE: row["float_nmse_db"], floatTestNMSE: row["float_test_nmse_db"],
            model: row["model"], seconds: row["seconds"])
        })
    }
    return results.sorted { $0.score.seed < $1.score.seed }
  }

  /// Seeds that are in, by the key of their point; models are not read.
  public func seedsKept() throws -> [String: Set<UInt64>] {
    try read { database in
      var seeds: [String: Set<UInt64>] = [:]
      let rows = try Row.fetchCursor(database, sql: "SELECT key, seed FROM seed_result")
      while let row = try rows.next() {
        let seed: Int64 = row[1]
        seeds[row[0], default: []].insert(UInt64(bitPattern: seed))
      }
      return seeds
    }
  }

  /// Keeps the state of a chain, from which a sweep that was killed goes on; takes the place of one with the same key.
  ///
  /// - Parameter group: the chain, by which ``forgetStates(group:)`` drops all its states.
  public func keepState(_ text: String, key: String, group: String) throws {
    try write {
      try $0.execute(
        sql: "INSERT OR REPLACE INTO state (key, chain, json) VALUES (?, ?, ?)",
        arguments: [key, group, text])
    }
  }

  public func state(_ key: String) throws -> String? {
    try read {
      try String.fetchOne($0, sql: "SELECT json FROM state WHERE key = ?", arguments: [key])
    }
  }

  public func forgetStates(group: String) throws {
    try write { try $0.execute(sql: "DELETE FROM state WHERE chain = ?", arguments: [group]) }
  }
}
