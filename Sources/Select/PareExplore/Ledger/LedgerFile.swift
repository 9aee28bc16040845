import GRDB

#if canImport(FoundationEssentials)
  import FoundationEssentials
#else
  import Foundation
#endif
#if canImport(Glibc)
  import Glibc
#elseif canImport(Darwin)
  import Darwin
#endif

/// Opens the file of a ledger, after making sure that it is one.
struct LedgerFile {
  private let path: String

  /// What SQLite's header says of whose file it is (bytes 68 to 71): "pare" in ASCII.
  static let applicationID: Int32 = 0x7061_7265

  /// Seconds to wait for the transactions of other processes, of which one may be overtaken by many: a full machine with a
  /// slow disk takes a second for each.
  private static let patience = 120.0

  /// Looks, 50 ms apart, at a ledger that another process is making before it is taken for something else: 15 s.
  private static let mostLooks = 300

  init(_ path: String) {
    // SQLite would take such a name for an address.
    self.path = path.hasPrefix("file:") ? "./" + path : path
  }

  func openForWriting(largestPageCount: Int?) throws -> DatabaseQueue {
    try TextFile.requireFileName(path)
    let isThere = TextFile.exists(path)
    if isThere {
      try requireLedger()
    } else {
      try TextFile.makeFolder(URL(filePath: path).deletingLastPathComponent().path)
    }
    return try named {
      var attempts = 0
      while true {
        do {
          let queue = try DatabaseQueue(
            path: path, configuration: configuration(largestPageCount: largestPageCount))
          try migrate(queue)
          return queue
        } catch let error as DatabaseError
          where error.resultCode == .SQLITE_ERROR && attempts < Self.mostLooks
        {
          // The tables of a ledger that another process is making came between two looks at them.
          attempts += 1
          usleep(50_000)
        }
      }
    }
  }

  func openForReading() throws -> DatabaseQueue {
    try TextFile.requireFileName(path)
    guard TextFile.exists(path) else {
      throw ExploreError(
        .file(path: path), "\(path): no such file",
        hint: "pare sweep makes a ledger; check the path")
    }
    try requireLedger()
    return try named {
      let queue = try readOnlyQueue()
      let (isComplete, isNewer) = try queue.read { database in
        let schema = LedgerSchema.migrator
        // What later migrations add is read where it is there: an older ledger is read as it is.
        return (
          try !schema.appliedIdentifiers(database).isEmpty, try schema.hasBeenSuperseded(database)
        )
      }
      if isNewer { throw newer() }
      guard isComplete else {
        throw ExploreError(
          .file(path: path), "\(path): holds no results yet",
          hint: "a sweep was stopped while it made the file; run pare sweep again")
      }
      return queue
    }
  }

  private var readOnly: Configuration {
    var configuration = Configuration()
    configuration.readonly = true
    configuration.busyMode = .timeout(Self.patience)
    return configuration
  }

  private func configuration(largestPageCount: Int?) -> Configuration {
    var configuration = Configuration()
    configuration.busyMode = .timeout(Self.patience)
    configuration.prepareDatabase { database in
      // A rollback journal, as a write-ahead log needs memory shared by all processes, which network file systems lack.
      // Deleted after each transaction, it leaves one file to copy; the other two ways take as long.
      try database.execute(sql: "PRAGMA journal_mode = DELETE")
      // EXTRA waits for the deletion too: without, a loss of power could take back the last transaction.
      try database.execute(sql: "PRAGMA synchronous = EXTRA")
      if let largestPageCount {
        try database.execute(sql: "PRAGMA max_page_count = \(largestPageCount)")
      }
    }
    return configuration
  }

  /// Looks at the header, without a lock, a journal or anything else that would leave a trace beside a file of somebody else.
  private func requireLedger() throws {
    // An empty file is what is left of one that was being made, and nobody's.
    guard try size() > 0 else { return }
    var owner: Int32
    var looks = 0
    repeat {
      do {
        owner = try self.owner(of: immutable)
      } catch let error as DatabaseError where error.resultCode == .SQLITE_CANTOPEN {
        // An SQLite that was built without such addresses.
        owner = try named { try self.owner(of: path) }
      } catch let error as DatabaseError where error.resultCode == .SQLITE_NOTADB {
        throw ExploreError(error, ledger: path)
      } catch is DatabaseError {
        // Damaged, or in the middle of a transaction: whoever opens it properly can tell.
        return
      }
      if owner == Self.applicationID { return }
      // Another process may be making the ledger, and its name not be in the header yet; then there is a journal.
      looks += 1
      usleep(50_000)
    } while looks < 2 || (looks < Self.mostLooks && TextFile.exists("\(path)-journal"))
    throw foreign()
  }

  private func owner(of path: String) throws -> Int32 {
    try DatabaseQueue(path: path, configuration: readOnly).read { database in
      try Int32.fetchOne(database, sql: "PRAGMA application_id") ?? 0
    }
  }

  /// The address by which SQLite takes a file for one that never changes.
  ///
  /// The file is not opened and closed here without SQLite: closing it would release the locks of this process's other
  /// connections to it, as POSIX has it.
  ///
  /// - Source: https://www.sqlite.org/howtocorrupt.html, section 2.2; https://www.sqlite.org/uri.html
  private var immutable: String {
    let escaped = path.replacing("%", with: "%25").replacing("?", with: "%3f")
      .replacing("#", with: "%23")
    return "file:\(escaped)?immutable=1"
  }

  /// A read-only connection, which cannot take back the transaction of a process that was killed in it; one that may write
  /// does so first.
  private func readOnlyQueue() throws -> DatabaseQueue {
    do {
      return try DatabaseQueue(path: path, configuration: readOnly)
    } catch let error as DatabaseError
      where error.extendedResultCode == .SQLITE_READONLY_ROLLBACK
    {
      var writing = Configuration()
      writing.busyMode = .timeout(Self.patience)
      _ = try DatabaseQueue(path: path, configuration: writing).read { database in
        try Int32.fetchOne(database, sql: "PRAGMA application_id")
      }
      return try DatabaseQueue(path: path, configuration: readOnly)
    }
  }

  private func migrate(_ queue: DatabaseQueue) throws {
    let schema = LedgerSchema.migrator
    if try queue.read({ try schema.hasBeenSuperseded($0) }) { throw newer() }
    guard try !queue.read({ try schema.hasCompletedMigrations($0) }) else { return }
    // Held from the first transaction until the mode is normal again: of two processes that make a ledger, one waits.
    try queue.writeWithoutTransaction { database in
      try database.execute(sql: "PRAGMA locking_mode = EXCLUSIVE")
      try database.inTransaction(.exclusive) {
        try database.execute(sql: "PRAGMA application_id = \(Self.applicationID)")
        return .commit
      }
    }
    try schema.migrate(queue)
    try queue.writeWithoutTransaction { database in
      try database.execute(sql: "PRAGMA locking_mode = NORMAL")
      // The lock goes with the next access.
      _ = try Int.fetchOne(database, sql: "SELECT count(*) FROM candidate")
    }
  }

  private func size() throws -> UInt64 {
    do {
      return try FileManager.default.attributesOfItem(atPath: path)[.size] as? UInt64 ?? 0
    } catch {
      throw ExploreError(
        .file(path: path), "\(path): cannot be read", hint: "check its permissions")
    }
  }

  private func named<Value>(_ body: () throws -> Value) throws -> Value {
    do {
      return try body()
    } catch let error as DatabaseError {
      throw ExploreError(error, ledger: path)
    }
  }

  private func foreign() -> ExploreError {
    ExploreError(
      .file(path: path), "\(path): an SQLite database, but no ledger of pare; it was left as it is",
      hint: "name another file, or a run's folder")
  }

  private func newer() -> ExploreError {
    ExploreError(
      .file(path: path), "\(path): written by a newer version of pare; it was left as it is",
      hint: "update pare, or name another file")
  }
}
