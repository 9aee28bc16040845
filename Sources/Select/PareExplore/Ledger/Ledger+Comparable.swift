import GRDB
public import PareSignal
import PareText

extension Ledger {
  /// The rows that may be compared with each other: those of one data set and one task.
  ///
  /// - Parameters:
  ///   - dataset: its name or its hash; nil when the ledger has only one.
  ///   - task: nil when the ledger has only one.
  /// - Throws: ``ExploreError`` that names what there is when several are left, or none has the name.
  public func comparable(
    dataset: String? = nil, task: LearningTask? = nil
  ) throws -> [CandidateSummary] {
    let origins = try origins()
    let chosen = origins.filter {
      (dataset == nil || dataset == $0.dataset || dataset == $0.hash)
        && (task == nil || task?.rawValue == $0.task)
    }
    let words = origins.map { "\($0.dataset) (\($0.hash)), \($0.task)" }.joined(separator: "; ")
    guard chosen.count <= 1 else {
      throw ExploreError(
        .option("--dataset"), "\(path): rows of several data sets or tasks cannot be compared",
        hint: "choose by --dataset NAME-OR-HASH and --task; there are \(words)", kind: .usage)
    }
    guard let origin = chosen.first else {
      // An empty ledger has nothing to choose from.
      if origins.isEmpty { return [] }
      throw ExploreError(
        .option("--dataset"), "\(path): no row is of that data set and task",
        hint: "there are \(words)", kind: .usage)
    }
    return try origins.count == 1
      ? summaries()
      : summaries(
        where: "AND dataset = ? AND dataset_hash = ? AND task = ?",
        [origin.dataset, origin.hash, origin.task])
  }

  /// What rows with a result differ in beside their points, such as `2 recipes`; empty when nothing.
  public func mixture() throws -> [String] {
    let counts = try read { database in
      try Row.fetchOne(
        database,
        sql: """
          SELECT count(DISTINCT generator), count(DISTINCT recipe_hash) FROM candidate
          WHERE failure IS NULL
          """
      ).map { [("programs", $0[0] as Int), ("recipes", $0[1])] } ?? []
    }
    return counts.filter { $0.1 > 1 }.map { "\($0.1) \($0.0)" }
  }

  private func origins() throws -> [(dataset: String, hash: String, task: String)] {
    try read { database in
      try Row.fetchAll(
        database,
        sql: """
          SELECT DISTINCT dataset, dataset_hash, task FROM candidate WHERE failure IS NULL
          ORDER BY dataset, dataset_hash, task
          """
      ).map { (dataset: $0[0], hash: $0[1], task: $0[2]) }
    }
  }
}
