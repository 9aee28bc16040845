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

  /// Seconds to wait for the transaction of another process.
  private static let patience = 30.0

  init(_ path: String) { self.path = path }

  func openForWriting(largestPageCount: Int?) throws -> DatabaseQueue {
    try TextFile.requireFileName(path)
    let isThere = TextFile.exists(path)
    if isThere {
      try requireLedger()
    } else {
      try TextFile.makeFolder(URL(filePath: path).deletingLastPathComponent().path)
    }
    return try named {
      let queue = try DatabaseQueue(
        path: path, configuration: configuration(largestPageCount: largestPageCount))
      try migrate(queue)
      return queue
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
      let queue = try DatabaseQueue(path: path, configuration: readOnly)
      let (isComplete, isNewer) = try queue.read { database in
        let schema = LedgerSchema.migrator
        return (
          try schema.hasCompletedMigrations(database), try schema.hasBeenSuperseded(database)
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

  /// Looks at a file without changing it.
  private func requireLedger() throws {
    // An empty file is what is left of one that was being made, and nobody's.
    guard try size() > 0 else { return }
    let owner: Int32
    do {
      owner = try DatabaseQueue(path: path, configuration: readOnly).read { database in
        try Int32.fetchOne(database, sql: "PRAGMA application_id") ?? 0
      }
    } catch let error as DatabaseError
      where error.extendedResultCode == .SQLITE_READONLY_ROLLBACK
    {
      try recover()
      return
    } catch let error as DatabaseError {
      throw ExploreError(error, ledger: path)
    }
    guard owner == Self.applicationID else { throw foreign() }
  }

  /// Takes back the transaction of a process that was killed in it, as only a connection that may write can.
  private func recover() throws {
    // SQLite itself would recover the file before it told whose it is. Nobody is writing it, so that the locks that closing
    // it releases, those of all connections of this process, are of no account.
    guard ownerInHeader() == Self.applicationID else { throw foreign() }
    try named {
      var configuration = Configuration()
      configuration.busyMode = .timeout(Self.patience)
      _ = try DatabaseQueue(path: path, configuration: configuration).read { database in
        try Int32.fetchOne(database, sql: "PRAGMA application_id")
      }
    }
  }

  private func ownerInHeader() -> Int32? {
    let descriptor = unsafe open(path, O_RDONLY)
    guard descriptor >= 0 else { return nil }
    defer { close(descriptor) }
    var bytes = [UInt8](repeating: 0, count: 4)
    let count = unsafe bytes.withUnsafeMutableBytes {
      unsafe pread(descriptor, $0.baseAddress, $0.count, 68)
    }
    return count == 4 ? bytes.reduce(0) { $0 << 8 | Int32($1) } : nil
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
