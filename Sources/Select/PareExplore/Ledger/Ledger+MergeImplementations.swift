import GRDB

extension Ledger {
  /// Takes implementations with their figures and settings from another ledger.
  func mergeImplementations(_ shard: Ledger) throws {
    let owners = try shard.implementers()
    let offered = try shard.implementations()
    for start in stride(from: 0, to: offered.count, by: Self.rowsPerTransaction) {
      let some = offered[start..<min(start + Self.rowsPerTransaction, offered.count)]
      for row in some {
        if let own = try implementation(row.key), Self.stays(own, before: row) {
          // Whose it is may still be news.
          try keep(own, of: owners[row.key] ?? [])
        } else {
          try keep(row, of: owners[row.key] ?? [], replaces: true)
        }
      }
    }
  }

  /// A result before a failure, then the one that finished first.
  private static func stays(_ own: Implementation, before other: Implementation) -> Bool {
    func rank(_ row: Implementation) -> (Int, String, String, Double) {
      (row.failure == nil ? 0 : 1, row.finishedAt, row.host, row.seconds)
    }
    return rank(own) <= rank(other)
  }
}
