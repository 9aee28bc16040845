import GRDB
import PareQoR

extension Ledger {
  /// Stores what a stage made, and whose it is; a row with figures stays as it is.
  ///
  /// - Parameter candidates: keys of those whose hardware it is.
  public func keep(_ implementation: Implementation, of candidates: [String]) throws {
    try keep(implementation, of: candidates, replaces: false)
  }

  /// - Parameter replaces: whether a row that is there gives way, with its figures.
  func keep(_ implementation: Implementation, of candidates: [String], replaces: Bool) throws {
    try write { database in
      if replaces {
        for table in ["figure", "implementation"] {
          try database.execute(
            sql: "DELETE FROM \(table) WHERE key = ?", arguments: [implementation.key])
        }
      }
      try Self.insert(implementation, database)
      let statement = try database.makeStatement(
        sql: """
          INSERT INTO qor (candidate, stage, device, settings, implementation) VALUES (?, ?, ?, ?, ?)
          ON CONFLICT DO UPDATE SET implementation = excluded.implementation
          """)
      for candidate in candidates {
        try statement.execute(arguments: [
          candidate, implementation.stage.rawValue, implementation.device,
          implementation.settings.hash, implementation.key,
        ])
      }
    }
  }

  private static func insert(_ row: Implementation, _ database: Database) throws {
    let columns = LedgerSchema.implementationColumns
    try database.execute(
      sql: """
        INSERT INTO implementation (\(columns.joined(separator: ", ")))
        VALUES (\(databaseQuestionMarks(count: columns.count)))
        ON CONFLICT (key) DO UPDATE SET
        \(columns.dropFirst().map { "\($0) = excluded.\($0)" }.joined(separator: ", "))
        WHERE failure IS NOT NULL
        """,
      arguments: [
        row.key, row.design, row.stage.rawValue, row.device, row.settings.hash, row.record?.tool,
        row.record?.version, row.failure, row.generator, row.host, row.finishedAt, row.seconds,
        row.record.map { LedgerJSON.encode($0) },
      ])
    guard database.changesCount > 0 else { return }
    try database.execute(
      sql: "INSERT INTO settings VALUES (?, ?) ON CONFLICT DO NOTHING",
      arguments: [row.settings.hash, LedgerJSON.encode(row.settings)])
    guard let record = row.record else { return }
    let statement = try database.makeStatement(
      sql: """
        INSERT INTO figure (\(LedgerSchema.figureColumns.joined(separator: ", ")))
        VALUES (?, ?, ?, ?, ?, ?, ?, ?)
        """)
    for name in FigureName.allCases {
      guard let figure = record.figures[name] else { continue }
      let origin = figure.provenance
      try statement.execute(arguments: [
        row.key, name.rawValue, figure.value, origin.kind.rawValue, origin.tool, origin.version,
        origin.stage.rawValue, origin.note,
      ])
    }
  }

  /// The row of a key; nil when there is none.
  public func implementation(_ key: String) throws -> Implementation? {
    try implementations(where: "implementation.key = ?", [key]).first
  }

  /// All rows by key, failures included.
  public func implementations() throws -> [Implementation] {
    try implementations(where: "1", [])
  }

  private func implementations(
    where condition: String, _ values: [String]
  ) throws -> [Implementation] {
    try read { database in
      guard try database.tableExists("implementation") else { return [] }
      return try Array(
        Row.fetchCursor(
          database,
          sql: """
            SELECT implementation.*, settings.json AS settings_json
            FROM implementation JOIN settings ON settings.hash = implementation.settings
            WHERE \(condition) ORDER BY implementation.key
            """, arguments: StatementArguments(values)
        ).map { try Implementation($0, ledger: self.path) })
    }
  }

  /// Candidates by key of the implementation that is theirs, sorted.
  public func implementers() throws -> [String: [String]] {
    try read { database in
      guard try database.tableExists("qor") else { return [:] }
      return try Dictionary(
        grouping: Row.fetchAll(
          database, sql: "SELECT implementation, candidate FROM qor ORDER BY candidate"),
        by: { $0[0] as String }
      ).mapValues { $0.map { $0[1] } }
    }
  }

  /// Drops failed implementations, so that they are tried again.
  ///
  /// - Returns: how many it was.
  public func forgetFailedImplementations() throws -> Int {
    try write { database in
      try database.execute(
        sql: """
          DELETE FROM qor WHERE implementation IN
            (SELECT key FROM implementation WHERE failure IS NOT NULL)
          """)
      try database.execute(sql: "DELETE FROM implementation WHERE failure IS NOT NULL")
      return database.changesCount
    }
  }
}

extension Implementation {
  /// - Throws: an error that names ledger and key when a text of the row is not what it should be.
  fileprivate init(_ row: Row, ledger: String) throws {
    let key: String = row["key"]
    let place = "\(ledger), implementation \(key)"
    let stage: String = row["stage"]
    guard let stage = QoRStage(rawValue: stage) else {
      throw ExploreError(
        .file(path: ledger), "\(place): '\(stage)' is no stage",
        hint: "the ledger was edited; restore it from a copy")
    }
    let record: String? = row["record"]
    self.init(
      design: row["design"], stage: stage, device: row["device"],
      settings: try LedgerJSON.decode(
        ImplementationSettings.self, from: row["settings_json"], place: place),
      record: try record.map { try LedgerJSON.decode(QoRRecord.self, from: $0, place: place) },
      failure: row["failure"], generator: row["generator"], host: row["host"],
      finishedAt: row["finished_at"], seconds: row["seconds"])
  }
}
