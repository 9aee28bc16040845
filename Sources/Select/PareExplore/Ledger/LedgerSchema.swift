import GRDB

/// The tables of a ledger, and how an older ledger becomes one of today.
///
/// A migration that was released is never edited: a change is one more at the end.
enum LedgerSchema {
  static let migrator: DatabaseMigrator = {
    var migrator = DatabaseMigrator()
    migrator.registerMigration("1 candidates, recipes, models, seeds, states") { database in
      try database.execute(sql: first)
    }
    return migrator
  }()

  /// The column of every metric, with its unit.
  static func column(of metric: Metric) -> String {
    switch metric {
    case .nmse: "nmse_db"
    case .testNMSE: "test_nmse_db"
    case .floatNMSE: "float_nmse_db"
    case .floatTestNMSE: "float_test_nmse_db"
    case .nnz: "nnz"
    case .weights: "weights"
    case .multiplications: "multiplications"
    case .adders: "adders"
    case .adderBits: "adder_bits"
    case .registerBits: "register_bits"
    case .tableBits: "table_bits"
    case .lut: "lut"
    case .latency: "latency_clocks"
    case .power: "power_w"
    case .channels: "channels"
    case .convolutions: "convolutions"
    case .kernelSize: "kernel_size"
    case .sparsity: "sparsity"
    }
  }

  static let metricColumns = Metric.allCases.map(column)

  /// Columns that tell what was tried, in their order.
  static let pointColumns = [
    "key", "name", "quantizer", "activation", "hidden_channels", "target_sparsity", "dataset",
    "dataset_hash", "task", "recipe_hash",
  ]

  /// Columns that tell how it went; the two JSON texts come last, as SQLite reads a row from its front.
  static let outcomeColumns = [
    "best_seed", "failure", "generator", "host", "finished_at", "seconds", "seeds", "point",
  ]

  static let candidateColumns = pointColumns + metricColumns + outcomeColumns

  /// Written out, not derived from ``Metric``: what was released must not change with the program.
  private static let first = """
    CREATE TABLE candidate (
      key TEXT NOT NULL PRIMARY KEY,
      name TEXT NOT NULL,
      quantizer TEXT NOT NULL,
      activation TEXT NOT NULL,
      hidden_channels TEXT NOT NULL,
      target_sparsity REAL NOT NULL,
      dataset TEXT NOT NULL,
      dataset_hash TEXT NOT NULL,
      task TEXT NOT NULL,
      recipe_hash TEXT NOT NULL,
      nmse_db REAL,
      test_nmse_db REAL,
      float_nmse_db REAL,
      float_test_nmse_db REAL,
      nnz INTEGER,
      weights INTEGER,
      multiplications INTEGER,
      adders INTEGER,
      adder_bits INTEGER,
      register_bits INTEGER,
      table_bits INTEGER,
      lut INTEGER,
      latency_clocks INTEGER,
      power_w REAL,
      channels INTEGER,
      convolutions INTEGER,
      kernel_size INTEGER,
      sparsity REAL,
      best_seed INTEGER,
      failure TEXT,
      generator TEXT NOT NULL,
      host TEXT NOT NULL,
      finished_at TEXT NOT NULL,
      seconds REAL NOT NULL,
      seeds TEXT NOT NULL,
      point TEXT NOT NULL
    ) WITHOUT ROWID;
    CREATE TABLE recipe (
      hash TEXT NOT NULL PRIMARY KEY,
      json TEXT NOT NULL
    ) WITHOUT ROWID;
    CREATE TABLE model (
      key TEXT NOT NULL PRIMARY KEY,
      json TEXT NOT NULL
    ) WITHOUT ROWID;
    CREATE TABLE seed_result (
      key TEXT NOT NULL,
      seed INTEGER NOT NULL,
      nmse_db REAL,
      test_nmse_db REAL,
      float_nmse_db REAL,
      float_test_nmse_db REAL,
      nnz INTEGER,
      failure TEXT,
      seconds REAL NOT NULL,
      model TEXT,
      PRIMARY KEY (key, seed)
    ) WITHOUT ROWID;
    CREATE TABLE state (
      key TEXT NOT NULL PRIMARY KEY,
      chain TEXT NOT NULL,
      json TEXT NOT NULL
    ) WITHOUT ROWID;
    CREATE INDEX state_by_chain ON state (chain);
    """
}
