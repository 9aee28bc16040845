import GRDB
import Synchronization

// Work in progress: seeds of points that lack others, and states from which chains go on.

extension Ledger {
  /// Keeps what one seed of a point gave; takes the place of a failed one, and leaves a good one as it is.
  ///
  /// It is on the disk a second later, or after the next ``finish(_:recipe:model:)``.
  public func keep(_ result: SeedResult) throws { try postpone { $0.seeds.append(result) } }

  /// What the seeds of a point gave, by seed.
  public func seedResults(of key: String) throws -> [SeedResult] {
    // Looked at before the file: what is written in between is then seen twice, not missed.
    let waiting = pending.withLock { $0.seeds.filter { $0.key == key } }
    var (results, isFinished) = try read { database in
      let rows = try Row.fetchCursor(
        database, sql: "SELECT * FROM seed_result WHERE key = ?", arguments: [key])
      var results: [UInt64: SeedResult] = [:]
      while let row = try rows.next() {
        let result = SeedResult(row)
        results[result.score.seed] = result
      }
      let isFinished = try Bool.fetchOne(
        database, sql: "SELECT 1 FROM candidate WHERE key = ? AND failure IS NULL", arguments: [key]
      )
      return (results, isFinished ?? false)
    }
    for result in waiting where !isFinished {
      let kept = results[result.score.seed]
      if kept == nil || kept?.score.failure != nil { results[result.score.seed] = result }
    }
    return results.values.sorted { $0.score.seed < $1.score.seed }
  }

  /// Seeds that are in, by the key of their point; models are not read.
  public func seedsKept() throws -> [String: Set<UInt64>] {
    try flush()
    return try read { database in
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
  /// It is on the disk a second later, or after the next ``finish(_:recipe:model:)``.
  ///
  /// - Parameter group: the chain, by which ``forgetStates(group:)`` drops all its states.
  public func keepState(_ text: String, key: String, group: String) throws {
    try postpone { $0.states.append(.init(key: key, group: group, text: text)) }
  }

  public func state(_ key: String) throws -> String? {
    if let waiting = pending.withLock({ $0.states.last { $0.key == key } }) { return waiting.text }
    return try read {
      try String.fetchOne($0, sql: "SELECT json FROM state WHERE key = ?", arguments: [key])
    }
  }

  public func forgetStates(group: String) throws {
    try write { try $0.execute(sql: "DELETE FROM state WHERE chain = ?", arguments: [group]) }
  }

  /// Drops the states of all chains: nothing is left to go on from.
  public func forgetStates() throws {
    try write { try $0.execute(sql: "DELETE FROM state") }
  }
}

extension SeedResult {
  fileprivate init(_ row: Row) {
    let seed: Int64 = row["seed"]
    self.init(
      key: row["key"],
      score: Candidate.SeedScore(
        seed: UInt64(bitPattern: seed), nmse: row["nmse_db"], testNMSE: row["test_nmse_db"],
        nnz: row["nnz"], failure: row["failure"]),
      floatNMSE: row["float_nmse_db"], floatTestNMSE: row["float_test_nmse_db"],
      model: row["model"], seconds: row["seconds"])
  }
}
