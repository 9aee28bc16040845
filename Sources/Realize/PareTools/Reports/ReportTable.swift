/// A table with borders of `+`, `-` and `|`, as all of these tools draw it.
struct ReportTable {
  /// Lines between two rules, the rules left out.
  let groups: [[String]]
  /// Places of the `+` in the first rule, in scalars.
  private let borders: [Int]

  /// - Parameter block: consecutive lines that begin with `+` or `|`; nil when the last is no rule, or there is one rule only.
  init?(_ block: [String]) {
    guard block.count >= 2, let first = block.first, first.trimmed.isTableRule,
      let last = block.last, last.trimmed.isTableRule
    else { return nil }
    borders = first.unicodeScalars.enumerated().filter { $0.element == "+" }.map(\.offset)
    groups = block.dropFirst().dropLast()
      .split(omittingEmptySubsequences: false) { $0.trimmed.isTableRule }.map(Array.init)
  }

  /// The cells of a line, blanks kept: cut below the `+` of the first rule where that is possible, else at every `|`.
  func cells(_ line: String) -> [String] {
    let scalars = Array(line.unicodeScalars)
    if borders.count >= 2, borders.allSatisfy({ $0 < scalars.count && scalars[$0] == "|" }) {
      return zip(borders, borders.dropFirst()).map { start, end in
        String(String.UnicodeScalarView(scalars[(start + 1)..<end]))
      }
    }
    let pieces = line.split(separator: "|", omittingEmptySubsequences: false).map(String.init)
    return pieces.count > 2 ? Array(pieces.dropFirst().dropLast()) : []
  }

  /// Names of the columns, those of several lines joined.
  var names: [String] {
    var names: [String] = []
    for cells in (groups.first ?? []).map(cells) {
      for (index, cell) in cells.enumerated() where !cell.isBlank {
        while names.count <= index { names.append("") }
        names[index] += (names[index].isEmpty ? "" : " ") + cell.trimmed
      }
      while names.count < cells.count { names.append("") }
    }
    return names
  }

  /// All rows below the heading.
  var rows: [[String]] { groups.dropFirst().joined().map(cells) }

  /// The rows of a table without a heading, the first two columns of each.
  var pairs: [(String, String)] {
    groups.joined().map(cells).compactMap { cells in
      cells.count >= 2 ? (cells[0].trimmed, cells[1].trimmed) : nil
    }
  }

  /// Steps of two blanks that a first cell is indented by, as its share in the cell above.
  static func level(of cell: String) -> Int {
    max(0, cell.prefix { $0 == " " }.count - 1) / 2
  }
}

/// A table read by the names of its columns.
struct NamedTable {
  private let text: ReportText
  private let place: String
  private let names: [String]
  let rows: [[String]]

  /// - Throws: when a row has another number of cells than the heading.
  init(_ table: ReportTable, in place: String, _ text: ReportText) throws(VendorReportError) {
    self.text = text
    self.place = place
    names = table.names
    rows = table.rows
    for row in rows where row.count != names.count {
      throw text.fault(
        .unreadable(
          what: "a row of the table in \(place)", text: row.joined(separator: "|").trimmed))
    }
  }

  func has(_ column: String) -> Bool { names.contains(column) }

  /// Place of a column that has to be there.
  func column(_ name: String) throws(VendorReportError) -> Int {
    guard let index = names.firstIndex(of: name) else {
      throw text.fault(.missing("column '\(name)' in \(place)"))
    }
    return index
  }

  func optionalColumn(_ name: String) -> Int? { names.firstIndex(of: name) }
}
