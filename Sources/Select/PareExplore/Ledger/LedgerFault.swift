import GRDB
import PareText

extension ExploreError {
  /// SQLite's word for what went wrong with a ledger, in ours.
  init(_ error: DatabaseError, ledger path: String) {
    let (what, hint, kind): (String, String, FailureKind) =
      switch error.resultCode {
      case .SQLITE_NOTADB:
        (
          "no SQLite database, so no ledger; it was left as it is",
          "name another file, or a run's folder", .badData
        )
      case .SQLITE_CORRUPT:
        (
          "damaged (\(error.message ?? "\(error.resultCode)"))",
          "restore it from a copy, or move it away and sweep again", .badData
        )
      case .SQLITE_FULL:
        (
          "cannot grow, the disk is full; all that was finished before is kept",
          "free some space and run the same command again", .failed
        )
      case .SQLITE_IOERR:
        (
          "cannot be written or read (\(error.extendedResultCode)); all that was finished before is kept",
          "check the disk, its free space and quotas, and run the same command again", .failed
        )
      case .SQLITE_BUSY, .SQLITE_LOCKED:
        (
          "another process has been holding it for half a minute",
          "look for a program that has it open, and run the same command again", .failed
        )
      case .SQLITE_READONLY, .SQLITE_CANTOPEN, .SQLITE_PERM, .SQLITE_AUTH:
        (
          "cannot be opened or written (\(error.extendedResultCode))",
          "check the path and the permissions of the file and its folder", .failed
        )
      default:
        (
          "SQLite reports \(error.extendedResultCode) (\(error.message ?? "no more is known"))",
          "restore it from a copy, or move it away and sweep again", .badData
        )
      }
    self.init(.file(path: path), "\(path): \(what)", hint: hint, kind: kind)
  }
}
