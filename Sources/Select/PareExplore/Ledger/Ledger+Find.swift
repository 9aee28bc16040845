import PareText

extension Ledger {
  /// The row that a user names by its key or by its short name.
  ///
  /// - Throws: ``ExploreError`` that lists the keys when several rows have the name, that says which name was meant when none
  ///   has it, and that gives the reason when the point failed.
  public func finished(named word: String) throws -> CandidateSummary {
    let rows = try summaries()
    if let row = rows.first(where: { $0.key == word }) { return row }
    let named = rows.filter { $0.name == word }
    if named.count == 1 { return named[0] }
    if named.isEmpty { throw try absent(word, among: rows) }
    let keys = named.prefix(8).map { row in
      "\(row.key) (\((row.metrics[.nmse] ?? .nan).fixed(2)) dB)"
    }
    let rest = named.count > 8 ? " and \(named.count - 8) more" : ""
    throw ExploreError(
      .option("name"), "\(path): \(named.count) rows have the name '\(word)'",
      hint: "give one of the keys \(keys.joined(separator: ", "))\(rest)", kind: .usage)
  }

  private func absent(_ word: String, among rows: [CandidateSummary]) throws -> ExploreError {
    let failed = try candidates().filter { $0.failure != nil }
    if let row = failed.first(where: { $0.key == word || $0.name == word }) {
      return ExploreError(
        .option("name"), "\(path): \(word) failed: \(row.failure ?? "")",
        hint: "pare sweep --retry-failed tries it again", kind: .failed)
    }
    let near = nearestWord(
      to: word, among: Set(rows.map(\.name)).sorted() + rows.map(\.key))
    return ExploreError(
      .option("name"), "\(path): no row has the name or the key '\(word)'",
      hint: near.map { "did you mean '\($0)'?" }
        ?? "pare ledger export lists all names and keys", kind: .usage)
  }
}
