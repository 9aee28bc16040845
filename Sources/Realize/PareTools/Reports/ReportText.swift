/// The lines of a report, and the places that its values are found by.
struct ReportText {
  let path: String
  let lines: [String]
  /// What the report is read as; for errors.
  private(set) var kind: VendorReport.Kind?
  /// The lines `| Key : value` that Vivado begins a report with.
  let header: [String: String]
  /// What the report calls itself, or a name for the form that it has.
  let title: String?

  init(_ text: String, path: String) {
    self.path = path
    let text =
      text.hasPrefix("\u{FEFF}") ? Substring(text.unicodeScalars.dropFirst()) : Substring(text)
    lines = text.utf8.split(separator: UInt8(ascii: "\n"), omittingEmptySubsequences: false).map {
      String(decoding: $0.last == UInt8(ascii: "\r") ? $0.dropLast() : $0, as: UTF8.self)
    }
    var header: [String: String] = [:]
    var bodyStart = 0
    if let start = lines.prefix(20).firstIndex(where: { $0.hasPrefix("| Tool Version") }) {
      var index = start
      while index < lines.count, lines[index].hasPrefix("| ") {
        if let (key, value) = lines[index].dropFirst(2).keyAndValue, header[key] == nil {
          header[key] = value
        }
        index += 1
      }
      bodyStart = index
    }
    self.header = header
    title = Self.title(lines, from: bodyStart, hasHeader: !header.isEmpty)
  }

  private static func title(_ lines: [String], from start: Int, hasHeader: Bool) -> String? {
    if hasHeader {
      return lines[start...].first { !$0.isBlank && !$0.isRule("-") }.map(\.trimmed)
    }
    for line in lines.prefix(40) {
      let line = line.trimmed
      if line.hasPrefix("== ") {
        let title = line.dropFirst(3).trimmed
        if title.hasPrefix("Vivado Place & Route") { return "== Place & Route" }
        if title.hasPrefix("Vivado"), title.contains("Synth") { return "== Synthesis" }
        if title.contains("HLS Report for") { return "== HLS Report" }
      }
      if line.hasPrefix("Implementation tool:") { return "#=== Export" }
      if line.hasPrefix("Simulation tool"), line.contains(":") { return "Co-simulation" }
    }
    return nil
  }

  func read(as kind: VendorReport.Kind) -> ReportText {
    var copy = self
    copy.kind = kind
    return copy
  }

  func fault(_ code: VendorReportError.Code) -> VendorReportError {
    VendorReportError(code, path: path, report: kind)
  }

  func headerValue(_ key: String) throws(VendorReportError) -> String {
    guard let value = header[key], !value.isEmpty else {
      throw fault(.missing("line '\(key)' in its header"))
    }
    return value
  }

  // MARK: Sections

  /// A part of the report under a heading.
  struct Section {
    let title: String
    let lines: ArraySlice<String>
  }

  /// The sections that the table of contents lists, each of which has to be there.
  func contents() throws(VendorReportError) -> [Section] {
    guard let start = lines.firstIndex(where: { $0.trimmed == "Table of Contents" }) else {
      throw fault(.missing("table of contents"))
    }
    let titles = lines[(start + 1)...].drop { $0.isRule("-") }.prefix { !$0.isBlank }.map(\.trimmed)
    guard !titles.isEmpty else { throw fault(.missing("table of contents")) }
    var starts: [Int] = []
    var index = start + 1 + titles.count
    for title in titles {
      while index + 1 < lines.count,
        !(lines[index].trimmed == title && lines[index + 1].isRule("-"))
      {
        index += 1
      }
      guard index + 1 < lines.count else { throw fault(.missing("section '\(title)'")) }
      starts.append(index)
      index += 2
    }
    let ends = starts.dropFirst() + [lines.count]
    return zip(titles, zip(starts, ends)).map { title, bounds in
      Section(title: title, lines: lines[(bounds.0 + 2)..<bounds.1])
    }
  }

  /// A section between lines of `=` signs, as the HLS tools write it: the first whose title ends so.
  func section(titled end: String) -> ArraySlice<String>? {
    guard
      let heading = lines.indices.first(where: {
        lines[$0].hasPrefix("== ") && lines[$0].trimmed.hasSuffix(end)
      })
    else { return nil }
    let body = lines[(heading + 1)...].drop { $0.isRule("=") }
    return body.prefix { !$0.isRule("=") }
  }

  /// The tables of a part, complete ones.
  func tables(in part: ArraySlice<String>, of name: String) throws(VendorReportError)
    -> [ReportTable]
  {
    var tables: [ReportTable] = []
    var index = part.startIndex
    while index < part.endIndex {
      guard part[index].trimmed.isTableRule else {
        index += 1
        continue
      }
      let block = part[index...].prefix { $0.trimmed.hasPrefix("+") || $0.trimmed.hasPrefix("|") }
      guard let table = ReportTable(block.map(\.trimmedRight)) else {
        throw fault(.missing("end of the table in \(name)"))
      }
      tables.append(table)
      index += block.count
    }
    return tables
  }
}

// MARK: Words

extension StringProtocol {
  /// Without blanks and tabulators at the ends.
  var trimmed: String {
    let text = Substring(self)
    func isBlank(_ byte: UInt8) -> Bool { byte == 0x20 || byte == 0x09 }
    guard let first = text.utf8.firstIndex(where: { !isBlank($0) }),
      let last = text.utf8.lastIndex(where: { !isBlank($0) })
    else { return "" }
    return String(text[first...last])
  }

  var trimmedRight: String {
    let text = Substring(self)
    guard let last = text.utf8.lastIndex(where: { $0 != 0x20 && $0 != 0x09 }) else { return "" }
    return String(text[...last])
  }

  var isBlank: Bool { utf8.allSatisfy { $0 == 0x20 || $0 == 0x09 } }

  /// Whether the line is nothing but one sign, three times or more.
  func isRule(_ sign: Character) -> Bool {
    let line = trimmed
    return line.utf8.count >= 3 && line.allSatisfy { $0 == sign }
  }

  /// A line such as `+------+---+`.
  var isTableRule: Bool {
    utf8.count >= 3 && utf8.first == UInt8(ascii: "+") && last == "+"
      && utf8.allSatisfy { $0 == UInt8(ascii: "+") || $0 == UInt8(ascii: "-") }
  }

  /// `Key : value` in two pieces; nil without a colon.
  var keyAndValue: (String, String)? {
    guard let colon = firstIndex(of: ":") else { return nil }
    return (self[..<colon].trimmed, self[index(after: colon)...].trimmed)
  }

  /// Pieces between two blanks or more, as in tables without borders.
  var columns: [String] {
    var pieces: [String] = []
    var piece: [UInt8] = []
    var blanks = 0
    for byte in utf8 {
      if byte == 0x20 || byte == 0x09 {
        blanks += 1
        continue
      }
      if blanks >= 2, !piece.isEmpty {
        pieces.append(String(decoding: piece, as: UTF8.self))
        piece = []
      } else if blanks == 1, !piece.isEmpty {
        piece.append(0x20)
      }
      blanks = 0
      piece.append(byte)
    }
    if !piece.isEmpty { pieces.append(String(decoding: piece, as: UTF8.self)) }
    return pieces
  }
}
