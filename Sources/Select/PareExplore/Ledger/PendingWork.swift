import Dispatch
import GRDB
import Synchronization

/// Work in progress that waits to be written with the next transaction: seeds of points that lack others, states of chains.
struct PendingWork {
  struct State: Sendable {
    let key: String
    let group: String
    let text: String
  }

  var seeds: [SeedResult] = []
  var states: [State] = []
  /// Whether a transaction is due that will take it along.
  var isScheduled = false
  /// Whether the last transaction failed, so that the next call must not wait for another.
  var hasFailed = false

  var isEmpty: Bool { seeds.isEmpty && states.isEmpty }
  var count: Int { seeds.count + states.count }

  static func insert(_ seeds: [SeedResult], _ states: [State], _ database: Database) throws {
    for result in seeds {
      let statement = try database.cachedStatement(
        sql: """
          INSERT INTO seed_result
            (key, seed, nmse_db, test_nmse_db, float_nmse_db, float_test_nmse_db, nnz, failure, seconds, model)
          SELECT ?, ?, ?, ?, ?, ?, ?, ?, ?, ?
          WHERE NOT EXISTS (SELECT 1 FROM candidate WHERE key = ? AND failure IS NULL)
          ON CONFLICT (key, seed) DO UPDATE SET
            nmse_db = excluded.nmse_db, test_nmse_db = excluded.test_nmse_db,
            float_nmse_db = excluded.float_nmse_db, float_test_nmse_db = excluded.float_test_nmse_db,
            nnz = excluded.nnz, failure = excluded.failure, seconds = excluded.seconds, model = excluded.model
          WHERE seed_result.failure IS NOT NULL
          """)
      try statement.execute(arguments: [
        result.key, Int64(bitPattern: result.score.seed), result.score.nmse, result.score.testNMSE,
        result.floatNMSE, result.floatTestNMSE, result.score.nnz, result.score.failure,
        result.seconds, result.model, result.key,
      ])
    }
    for state in states {
      try database.cachedStatement(
        sql: "INSERT OR REPLACE INTO state (key, chain, json) VALUES (?, ?, ?)"
      ).execute(arguments: [state.key, state.group, state.text])
    }
  }
}

extension Ledger {
  /// How long work in progress may wait for company: waiting for the disk dozens of times a second would cost a sweep
  /// minutes, and a kill loses no more than what this time computed.
  private static let longestWait = DispatchTimeInterval.seconds(1)

  /// Pieces after which it is written without waiting any longer, so that memory stays small.
  private static let largestCount = 256

  /// Writes work in progress that still waits. Call it at the end of a run, as an error has nowhere to go afterwards.
  public func flush() throws {
    try pending.withLock { if !$0.isEmpty { try commit(&$0) { _ in } } }
  }

  /// One transaction, on the disk when this returns, that takes along what waits.
  func write<Value: Sendable>(_ body: @Sendable (Database) throws -> Value) throws -> Value {
    try pending.withLock { try commit(&$0, then: body) }
  }

  /// Lets work in progress wait for a transaction, a second at most.
  func postpone(_ add: (inout PendingWork) -> Void) throws {
    try pending.withLock { work in
      add(&work)
      if work.hasFailed || work.count >= Self.largestCount {
        try commit(&work) { _ in }
      } else if !work.isScheduled {
        work.isScheduled = true
        DispatchQueue.global().asyncAfter(deadline: .now() + Self.longestWait) { [weak self] in
          // The next call tries again and reports what is wrong.
          try? self?.flush()
        }
      }
    }
  }

  private func commit<Value: Sendable>(
    _ work: inout PendingWork, then body: @Sendable (Database) throws -> Value
  ) throws -> Value {
    let (seeds, states) = (work.seeds, work.states)
    do {
      let value = try queue.write { database in
        try PendingWork.insert(seeds, states, database)
        return try body(database)
      }
      work = PendingWork()
      return value
    } catch {
      work.hasFailed = true
      work.isScheduled = false
      guard let error = error as? DatabaseError else { throw error }
      throw ExploreError(error, ledger: path)
    }
  }
}
