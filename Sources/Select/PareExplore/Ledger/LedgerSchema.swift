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
    migrator.registerMigration("2 figures of implementations") { database in
      try database.execute(sql: second)
    }
    migrator.registerMigration("3 quality of predistorters") { database in
      try database.execute(sql: third)
    }
    return migrator
  }()

  /// The column of every metric, with its unit; nil for one that only an implementation has.
  static func column(of metric: Metric) -> String? {
    switch metric {
    case .ff, .dsp, .bram, .fmax, .energy: nil
    case .nmse: "nmse_db"
    case .testNMSE: "test_nmse_db"
    case .floatNMSE: "float_nmse_db"
    case .floatTestNMSE: "float_test_nmse_db"
    case .quality: "quality_db"
    case .testQuality: "test_quality_db"
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

  /// Metrics that a candidate's own row has, in the order of their columns.
  static let metrics = Metric.allCases.filter { !$0.isImplemented }
  static let metricColumns = metrics.map { column(of: $0)! }

  static let implementationColumns = [
    "key", "design", "stage", "device", "settings", "tool", "version", "failure", "generator",
    "host", "finished_at", "seconds", "record",
  ]
  static let figureColumns = ["key", "name", "value", "kind", "tool", "version", "stage", "note"]

  /// Columns of the view that joins candidates and figures.
  static let candidateFigureColumns = [
    "candidate", "candidate_name", "stage", "device", "settings", "name", "value", "kind", "tool",
    "version", "source_stage", "note",
  ]

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
  /// Columns of `candidate` as a list to select; one that a ledger of an earlier version lacks is null.
  static func selection(_ columns: [String], in database: Database) throws -> String {
    let present = Set(try database.columns(in: "candidate").map(\.name))
    return columns.map { present.contains($0) ? $0 : "NULL AS \($0)" }.joined(separator: ", ")
  }

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

  private static let second = """
    CREATE TABLE implementation (
      key TEXT NOT NULL PRIMARY KEY,
      design TEXT NOT NULL,
      stage TEXT NOT NULL,
      device TEXT NOT NULL,
      settings TEXT NOT NULL,
      tool TEXT,
      version TEXT,
      failure TEXT,
      generator TEXT NOT NULL,
      host TEXT NOT NULL,
      finished_at TEXT NOT NULL,
      seconds REAL NOT NULL,
      record TEXT
    ) WITHOUT ROWID;
    CREATE TABLE figure (
      key TEXT NOT NULL,
      name TEXT NOT NULL,
      value REAL NOT NULL,
      kind TEXT NOT NULL,
      tool TEXT NOT NULL,
      version TEXT,
      stage TEXT NOT NULL,
      note TEXT,
      PRIMARY KEY (key, name)
    ) WITHOUT ROWID;
    CREATE TABLE settings (
      hash TEXT NOT NULL PRIMARY KEY,
      json TEXT NOT NULL
    ) WITHOUT ROWID;
    CREATE TABLE qor (
      candidate TEXT NOT NULL,
      stage TEXT NOT NULL,
      device TEXT NOT NULL,
      settings TEXT NOT NULL,
      implementation TEXT NOT NULL,
      PRIMARY KEY (candidate, stage, device, settings)
    ) WITHOUT ROWID;
    CREATE INDEX qor_by_stage ON qor (stage, device, settings);
    CREATE VIEW candidate_figure AS
      SELECT qor.candidate, candidate.name AS candidate_name, qor.stage, qor.device, qor.settings,
        figure.name, figure.value, figure.kind, figure.tool, figure.version,
        figure.stage AS source_stage, figure.note
      FROM qor JOIN candidate ON candidate.key = qor.candidate
      JOIN figure ON figure.key = qor.implementation;
    """

  private static let third = """
    ALTER TABLE candidate ADD COLUMN quality_db REAL;
    ALTER TABLE candidate ADD COLUMN test_quality_db REAL;
    """
}
