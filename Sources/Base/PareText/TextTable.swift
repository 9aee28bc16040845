/// A table of text with aligned columns: as the command line prints it, or as Markdown.
public struct TextTable: Sendable {
  public enum Alignment: Sendable { case left, right }

  public let headings: [String]
  public let alignments: [Alignment]
  public private(set) var rows: [[String]] = []

  /// - Parameter columns: heading and alignment of each column.
  public init(_ columns: [(String, Alignment)]) {
    headings = columns.map(\.0)
    alignments = columns.map(\.1)
  }

  public mutating func add(_ cells: [String]) {
    precondition(
      cells.count == headings.count, "\(cells.count) cells for \(headings.count) columns")
    rows.append(cells)
  }

  public var text: String {
    let widths = headings.indices.map { column in
      ([headings] + rows).map { $0[column].count }.max() ?? 0
    }
    let rule = widths.map { String(repeating: "-", count: $0) }
    return ([headings, rule] + rows).map { cells in
      let padded = cells.indices.map { column -> String in
        let fill = String(repeating: " ", count: widths[column] - cells[column].count)
        return alignments[column] == .left ? cells[column] + fill : fill + cells[column]
      }
      var line = padded.joined(separator: "  ")
      while line.last == " " { line.removeLast() }
      return line
    }.joined(separator: "\n")
  }

  /// The table in Markdown, a line for each row.
  public var markdown: String {
    let rule = alignments.map { $0 == .left ? "---" : "---:" }
    return ([headings, rule] + rows).map { cells in
      "| " + cells.map { $0.replacing("|", with: "\\|") }.joined(separator: " | ") + " |"
    }.joined(separator: "\n")
  }
}
