/// `report_power`: watts on the chip, by kind of cell and by block.
public struct PowerReport: Sendable, Hashable, Codable {
  /// A row of the table of components, or of blocks.
  public struct Part: Sendable, Hashable, Codable {
    public let name: String
    /// 0 for a row of its own, 1 for a part of the row above it, and so on.
    public let level: Int
    public let powerW: BoundedNumber
  }

  public struct Clock: Sendable, Hashable, Codable {
    public let name: String
    public let periodNs: Double
  }

  public let source: ReportSource
  /// Watts. Printed parts are rounded, so that they need not sum to the total.
  public let totalW: BoundedNumber
  public let dynamicW: BoundedNumber
  public let staticW: BoundedNumber
  /// Degrees Celsius.
  public let junctionC: Double
  /// `Low`, `Medium` or `High`; how much of the activity was measured and how much guessed.
  public let confidence: String
  /// Simulated activity that was read; absent when there was none.
  public let activityFile: String?
  /// Share of the nets whose activity the file has, as printed; absent when there was none.
  public let netsMatched: String?
  public let components: [Part]
  public let clocks: [Clock]
  /// Blocks of the design; absent when the report was asked for without them.
  public let hierarchy: [Part]?

  /// The first part of that name.
  public func component(_ name: String) -> Part? { components.first { $0.name == name } }

  init(_ text: ReportText) throws(VendorReportError) {
    source = try ReportSource(header: text)
    let sections = try text.contents()
    func tables(_ title: String) throws(VendorReportError) -> [ReportTable]? {
      guard
        let section = sections.first(where: {
          $0.title.drop { "0123456789. ".contains($0) } == title
        })
      else { return nil }
      return try text.tables(in: section.lines, of: "section '\(section.title)'")
    }
    guard let summary = try tables("Summary")?.first else {
      throw text.fault(.missing("table of the summary"))
    }
    let pairs = summary.pairs
    func value(_ key: String) throws(VendorReportError) -> String {
      guard let value = pairs.first(where: { $0.0 == key })?.1 else {
        throw text.fault(.missing("row '\(key)' of the summary"))
      }
      return value
    }
    func optional(_ key: String) -> String? {
      pairs.first { $0.0 == key }.flatMap { ["", "---", "NA"].contains($0.1) ? nil : $0.1 }
    }
    totalW = try text.boundedNumber(value("Total On-Chip Power (W)"), "the total power")
    dynamicW = try text.boundedNumber(value("Dynamic (W)"), "the dynamic power")
    staticW = try text.boundedNumber(value("Device Static (W)"), "the static power")
    junctionC = try text.number(value("Junction Temperature (C)"), "the junction temperature")
    confidence = try value("Confidence Level")
    activityFile = optional("Simulation Activity File")
    netsMatched = optional("Design Nets Matched")
    guard let onChip = try tables("On-Chip Components")?.first else {
      throw text.fault(.missing("table of on-chip components"))
    }
    components = try text.parts(onChip, named: "On-Chip", in: "the on-chip components")
    guard components.contains(where: { $0.name == "Total" }) else {
      throw text.fault(.missing("row 'Total' of the on-chip components"))
    }
    clocks =
      try tables("Clock Constraints")?.first.map { table throws(VendorReportError) in
        try text.clocks(table)
      } ?? []
    hierarchy = try tables("By Hierarchy").map { tables throws(VendorReportError) in
      guard let table = tables.first else {
        throw text.fault(.missing("table of section 'By Hierarchy'"))
      }
      let parts = try text.parts(table, named: "Name", in: "section 'By Hierarchy'")
      guard !parts.isEmpty else { throw text.fault(.missing("row of section 'By Hierarchy'")) }
      return parts
    }
  }
}

extension ReportText {
  fileprivate func parts(_ table: ReportTable, named column: String, in place: String)
    throws(VendorReportError) -> [PowerReport.Part]
  {
    let table = try NamedTable(table, in: place, self)
    let name = try table.column(column)
    let power = try table.column("Power (W)")
    var parts: [PowerReport.Part] = []
    for cells in table.rows {
      parts.append(
        .init(
          name: cells[name].trimmed, level: ReportTable.level(of: cells[name]),
          powerW: try boundedNumber(cells[power], "the power of '\(cells[name].trimmed)'")))
    }
    return parts
  }

  fileprivate func clocks(_ table: ReportTable) throws(VendorReportError) -> [PowerReport.Clock] {
    let table = try NamedTable(table, in: "the clock constraints", self)
    let name = try table.column("Clock")
    let period = try table.column("Constraint (ns)")
    var clocks: [PowerReport.Clock] = []
    for cells in table.rows {
      clocks.append(
        .init(
          name: cells[name].trimmed,
          periodNs: try number(cells[period], "the period of clock '\(cells[name].trimmed)'")))
    }
    return clocks
  }
}
