import GRDB

extension Ledger {
  public enum ExportFormat: String, Sendable, CaseIterable {
    case csv, json
  }

  /// The file of a run: that of the folder, or the path itself when it is no folder.
  public static func path(ofRun run: String) -> String {
    guard TextFile.isFolder(run) else { return run }
    return (run.hasSuffix("/") ? run : run + "/") + "ledger.sqlite"
  }

  /// All rows by key, failures included, with all columns of the table `candidate`.
  ///
  /// CSV is that of RFC 4180 with a heading; a figure that a row lacks is empty. JSON is a list of objects, in which such a
  /// figure is null, and one that is infinite the text "inf" or "-inf".
  public func export(as format: ExportFormat) throws -> String {
    try export("candidate", LedgerSchema.candidateColumns, orderedBy: "key", as: format)
  }

  /// All figures of implementations, a row for each candidate and figure: the view `candidate_figure`.
  /// A ledger of an earlier version has none.
  public func exportFigures(as format: ExportFormat) throws -> String {
    guard try read({ try $0.viewExists("candidate_figure") }) else {
      return format == .csv
        ? LedgerSchema.candidateFigureColumns.joined(separator: ",") + "\r\n" : "[]\n"
    }
    return try export(
      "candidate_figure", LedgerSchema.candidateFigureColumns,
      orderedBy: "candidate, stage, device, settings, name", as: format)
  }

  private func export(
    _ table: String, _ columns: [String], orderedBy order: String, as format: ExportFormat
  ) throws -> String {
    return try read { database in
      let selected =
        table == "candidate"
        ? try LedgerSchema.selection(columns, in: database) : columns.joined(separator: ", ")
      let sql = "SELECT \(selected) FROM \(table) ORDER BY \(order)"
      let rows = try Row.fetchCursor(database, sql: sql)
      var text = format == .csv ? columns.joined(separator: ",") + "\r\n" : "["
      var isFirst = true
      while let row = try rows.next() {
        let values = zip(columns, row.databaseValues).map { ($0, ExportValue($1, of: $0)) }
        switch format {
        case .csv:
          text += values.map { $1.csv }.joined(separator: ",") + "\r\n"
        case .json:
          text += isFirst ? "\n" : ",\n"
          let members = values.sorted { $0.0 < $1.0 }.map { "\"\($0)\": \($1.json)" }
          text += "  { " + members.joined(separator: ", ") + " }"
        }
        isFirst = false
      }
      return text + (format == .csv ? "" : (isFirst ? "]\n" : "\n]\n"))
    }
  }
}

/// A value of the table as text in another file.
private enum ExportValue {
  case absent
  case number(String)
  case infinite(Double)
  case text(String)
  /// A text that is JSON already.
  case nested(String)

  init(_ value: DatabaseValue, of column: String) {
    switch value.storage {
    case .null, .blob: self = .absent
    case .int64(let number):
      self = .number(column == "best_seed" ? "\(UInt64(bitPattern: number))" : "\(number)")
    case .double(let number):
      self = number.isFinite ? .number("\(number)") : .infinite(number)
    case .string(let text):
      self = ["seeds", "point"].contains(column) ? .nested(text) : .text(text)
    }
  }

  var csv: String {
    switch self {
    case .absent: ""
    case .number(let text): text
    case .infinite(let number): "\(number)"
    case .text(let text), .nested(let text):
      // By scalars: a line feed after a carriage return is one character of Swift's.
      text.isEmpty || text.unicodeScalars.contains { "\",\r\n".unicodeScalars.contains($0) }
        ? "\"" + text.replacing("\"", with: "\"\"") + "\"" : text
    }
  }

  var json: String {
    switch self {
    case .absent: "null"
    case .number(let text), .nested(let text): text
    case .infinite(let number): "\"\(number)\""
    case .text(let text): LedgerJSON.encode(text)
    }
  }
}
