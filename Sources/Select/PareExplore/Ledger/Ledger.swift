import GRDB
import Synchronization

/// What a sweep knows so far: one SQLite file, a row per finished design point, with its model.
///
/// ``finish(_:recipe:model:)``, and all that removes or merges rows, is one transaction that is on the disk when the call
/// returns: a process that is killed, a machine that loses power and a disk that fills up leave all rows whose calls
/// returned. Work in progress, from ``keep(_:)`` and ``keepState(_:key:group:)``, waits a second at most for a transaction.
/// Any number of processes may read and write one ledger at once; each waits up to half a minute for another's transaction.
///
/// No column depends on the order in which rows came in, so that a sweep that was killed and resumed ends with the ledger of
/// an undisturbed one, but for times and hosts. `docs/ledger.md` describes the tables for readers in other languages.
public final class Ledger: Sendable {
  public let path: String
  let queue: DatabaseQueue
  let pending = Mutex(PendingWork())

  /// Opens a ledger for writing, and makes one where there is no file.
  ///
  /// - Throws: ``ExploreError`` naming a file that is damaged, no ledger, or of a newer version of Pare; it is left as it is.
  public convenience init(at path: String) throws {
    try self.init(at: path, largestPageCount: nil)
  }

  /// - Parameter largestPageCount: pages that the file may grow to, which stands for a disk that fills up.
  init(at path: String, largestPageCount: Int?) throws {
    self.path = path
    queue = try LedgerFile(path).openForWriting(largestPageCount: largestPageCount)
  }

  /// Opens a ledger for reading; one that a sweep is writing shows what it has so far.
  ///
  /// - Throws: ``ExploreError`` when there is none, and as ``init(at:)`` does.
  public init(reading path: String) throws {
    self.path = path
    queue = try LedgerFile(path).openForReading()
  }

  deinit { try? flush() }

  func read<Value: Sendable>(_ body: @Sendable (Database) throws -> Value) throws -> Value {
    do {
      return try queue.read(body)
    } catch let error as DatabaseError {
      throw ExploreError(error, ledger: path)
    }
  }
}
