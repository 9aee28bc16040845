import PareText

#if canImport(Glibc)
  import Glibc
#elseif canImport(Darwin)
  import Darwin
#endif

/// Keeps two tasks from working on one shard: a lock of the system's, gone with its process however that ends.
enum ShardLock {
  /// Does work while no other process holds the file; nil, and no work, when one does.
  ///
  /// - Throws: ``ExploreError`` when the file cannot be made, or the file system knows no locks.
  static func holding<Result>(
    _ file: String, _ work: () async throws -> Result
  ) async throws -> Result? {
    let descriptor = unsafe open(file, O_RDWR | O_CREAT | O_CLOEXEC, 0o644)
    guard descriptor >= 0 else { throw fault(file, errno) }
    defer { close(descriptor) }
    guard flock(descriptor, LOCK_EX | LOCK_NB) == 0 else {
      let reason = errno
      guard reason == EWOULDBLOCK else { throw fault(file, reason) }
      return nil
    }
    return try await work()
  }

  private static func fault(_ file: String, _ reason: Int32) -> ExploreError {
    ExploreError(
      .file(path: file), "\(file): \(unsafe String(cString: strerror(reason)))",
      hint: "the run's folder must be on a file system that all nodes may write and lock files on",
      kind: .failed)
  }
}
