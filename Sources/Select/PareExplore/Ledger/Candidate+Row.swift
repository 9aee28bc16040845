import GRDB
import PareSignal

extension Candidate {
  /// In the order of ``LedgerSchema/candidateColumns``.
  var ledgerValues: StatementArguments {
    let summary = CandidateSummary(self)
    var values: [(any DatabaseValueConvertible)?] = [
      key, summary.name, summary.quantizer, summary.activation, summary.hiddenChannels,
      point.sparsity, dataset, datasetHash, task.rawValue, recipeHash,
    ]
    values += LedgerSchema.metrics.map { metrics[$0] }
    values += [
      // The same 64 bits: SQLite has signed integers only.
      bestSeed.map { Int64(bitPattern: $0) }, failure, generator, host, finishedAt, seconds,
      LedgerJSON.encode(seeds), LedgerJSON.encode(point),
    ]
    return StatementArguments(values)
  }

  /// - Throws: an error that names ledger and key when a text of the row is not what it should be.
  init(_ row: Row, ledger: String) throws {
    let key: String = row["key"]
    let place = "\(ledger), candidate \(key)"
    let task: String = row["task"]
    guard let task = LearningTask(rawValue: task) else {
      throw ExploreError(
        .file(path: ledger), "\(place): '\(task)' is no task",
        hint: "the ledger was edited; restore it from a copy")
    }
    var metrics = Metrics()
    for (metric, column) in zip(LedgerSchema.metrics, LedgerSchema.metricColumns) {
      metrics[metric] = row[column]
    }
    let bestSeed: Int64? = row["best_seed"]
    self.init(
      key: key, name: row["name"],
      point: try LedgerJSON.decode(DesignPoint.self, from: row["point"], place: place),
      dataset: row["dataset"], datasetHash: row["dataset_hash"], task: task,
      recipeHash: row["recipe_hash"],
      seeds: try LedgerJSON.decode([SeedScore].self, from: row["seeds"], place: place),
      bestSeed: bestSeed.map { UInt64(bitPattern: $0) }, metrics: metrics, failure: row["failure"],
      generator: row["generator"], host: row["host"], finishedAt: row["finished_at"],
      seconds: row["seconds"])
  }
}

extension Metrics {
  /// From a row that has the columns of all metrics in their order.
  init(_ row: Row, from first: Int) {
    self.init()
    for (offset, metric) in LedgerSchema.metrics.enumerated() {
      self[metric] = row[first + offset]
    }
  }
}
