/// `report_utilization`: cells and sites in use.
public struct UtilizationReport: Sendable, Hashable, Codable {
  /// A row of one of its tables.
  public struct Row: Sendable, Hashable, Codable {
    /// Title of the section, with its number.
    public let section: String
    /// As printed, without the mark of a footnote.
    public let name: String
    /// 0 for a row of its own, 1 for a part of the row above it, and so on.
    public let level: Int
    public let used: Double
    public let fixed: Double?
    public let prohibited: Double?
    public let available: Double?
  }

  /// Cells of one type of the library.
  public struct Primitive: Sendable, Hashable, Codable {
    public let name: String
    public let used: Int
    public let category: String?
  }

  public let source: ReportSource
  /// The rows that are kinds of cells every part has; where a name comes twice, the first.
  public let resources: [ResourceKind: ResourceUse]
  public let rows: [Row]
  public let primitives: [Primitive]

  init(_ text: ReportText) throws(VendorReportError) {
    source = try ReportSource(header: text)
    if source.command?.contains("-hierarchical") == true {
      throw text.fault(
        .otherReport(
          "a utilization report by hierarchy",
          instead: "give the plain one: report_utilization -file NAME"))
    }
    var rows: [Row] = []
    var primitives: [Primitive] = []
    let sections = try text.contents()
    for section in sections {
      let name = "section '\(section.title)'"
      let tables = try text.tables(in: section.lines, of: name)
      guard let table = tables.first else { throw text.fault(.missing("table in \(name)")) }
      let columns = table.names
      if columns.contains("Site Type") {
        rows += try Self.rows(NamedTable(table, in: name, text), section.title, text)
      } else if columns.contains("Ref Name"), columns.contains("Functional Category") {
        primitives += try Self.primitives(NamedTable(table, in: name, text), name, text)
      }
    }
    var resources: [ResourceKind: ResourceUse] = [:]
    for row in rows {
      guard let kind = ResourceKind(siteType: row.name), resources[kind] == nil else { continue }
      resources[kind] = ResourceUse(used: row.used, available: row.available)
    }
    for (kind, name) in [(ResourceKind.lut, "LUTs"), (.ff, "registers")]
    where resources[kind] == nil {
      throw text.fault(.missing("row of \(name)"))
    }
    self.rows = rows
    self.resources = resources
    self.primitives = primitives
  }

  private static func rows(_ table: NamedTable, _ title: String, _ text: ReportText)
    throws(VendorReportError) -> [Row]
  {
    let name = try table.column("Site Type")
    let used = try table.column("Used")
    func optional(_ column: String, _ cells: [String]) throws(VendorReportError) -> Double? {
      guard let index = table.optionalColumn(column), !cells[index].isBlank else { return nil }
      return try text.optionalNumber(cells[index], "'\(column)' of '\(cells[name].trimmed)'")
    }
    var rows: [Row] = []
    for cells in table.rows {
      let words = cells[name].trimmed
      rows.append(
        Row(
          section: title, name: words.hasSuffix("*") ? words.dropLast().trimmed : words,
          level: ReportTable.level(of: cells[name]),
          used: try text.amount(cells[used], "'Used' of '\(words)'"),
          fixed: try optional("Fixed", cells), prohibited: try optional("Prohibited", cells),
          available: try optional("Available", cells)))
    }
    return rows
  }

  private static func primitives(_ table: NamedTable, _ place: String, _ text: ReportText)
    throws(VendorReportError) -> [Primitive]
  {
    let name = try table.column("Ref Name")
    let used = try table.column("Used")
    let category = table.optionalColumn("Functional Category")
    var primitives: [Primitive] = []
    for cells in table.rows {
      primitives.append(
        Primitive(
          name: cells[name].trimmed,
          used: try text.count(cells[used], "'Used' of '\(cells[name].trimmed)'"),
          category: category.map { cells[$0].trimmed }))
    }
    return primitives
  }
}

extension ResourceKind {
  /// The kind that a row of `report_utilization` counts, by its name in 7-series, UltraScale and later parts.
  fileprivate init?(siteType: String) {
    switch siteType {
    case "CLB LUTs", "Slice LUTs", "LUTs": self = .lut
    case "LUT as Logic": self = .lutLogic
    case "LUT as Memory": self = .lutMemory
    case "LUT as Distributed RAM": self = .lutRAM
    case "LUT as Shift Register": self = .srl
    case "CLB Registers", "Slice Registers", "Registers": self = .ff
    case "Register as Latch": self = .latch
    case "CARRY8": self = .carry8
    case "F7 Muxes": self = .muxF7
    case "F8 Muxes": self = .muxF8
    case "F9 Muxes": self = .muxF9
    case "Slice": self = .slice
    case "CLB": self = .clb
    case "Block RAM Tile": self = .bramTile
    case "RAMB36/FIFO", "RAMB36": self = .ramb36
    case "RAMB18": self = .ramb18
    case "URAM": self = .uram
    case "DSPs", "DSP Slices": self = .dsp
    case "Bonded IOB": self = .io
    default: return nil
    }
  }
}
