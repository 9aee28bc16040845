/// `report_timing_summary`: whether constraints are met, by how much, and the worst paths.
public struct TimingSummaryReport: Sendable, Hashable, Codable {
  /// One kind of check over the whole design.
  public struct Check: Sendable, Hashable, Codable {
    /// Of the worst end point; absent when none is constrained.
    public let worstSlackNs: Double?
    /// Sum of all that is negative.
    public let totalNegativeSlackNs: Double?
    public let failing: Int?
    public let endpoints: Int?
  }

  public struct Clock: Sendable, Hashable, Codable {
    public let name: String
    public let periodNs: Double
    public let frequencyMHz: Double
  }

  public let source: ReportSource
  /// WNS and TNS.
  public let setup: Check
  /// WHS and THS.
  public let hold: Check
  /// WPWS and TPWS.
  public let pulseWidth: Check
  /// Absent when the design has no constraints.
  public let isMet: Bool?
  public let clocks: [Clock]
  /// Absent when no path is constrained, or when the report was asked for without paths.
  public let worstSetupPath: TimingPath?
  public let worstHoldPath: TimingPath?

  init(_ text: ReportText) throws(VendorReportError) {
    source = try ReportSource(header: text)
    let summary = try text.barSection("Design Timing Summary")
    guard
      let heading = summary.indices.first(where: {
        summary[$0].contains("WNS(ns)") && summary[$0].contains("TNS(ns)")
      }), heading + 2 < summary.endIndex
    else { throw text.fault(.missing("table of the design timing summary")) }
    let names = summary[heading].columns
    let values = summary[heading + 2].columns
    guard names.count == values.count else {
      throw text.fault(
        .unreadable(what: "the design timing summary", text: summary[heading + 2].trimmed))
    }
    func value(_ name: String) throws(VendorReportError) -> String {
      guard let index = names.firstIndex(of: name) else {
        throw text.fault(.missing("column '\(name)' in the design timing summary"))
      }
      return values[index]
    }
    func check(_ worst: String, _ total: String) throws(VendorReportError) -> Check {
      Check(
        worstSlackNs: try text.optionalNumber(value("\(worst)(ns)"), worst),
        totalNegativeSlackNs: try text.optionalNumber(value("\(total)(ns)"), total),
        failing: try text.optionalCount(
          value("\(total) Failing Endpoints"), "\(total) Failing Endpoints"),
        endpoints: try text.optionalCount(
          value("\(total) Total Endpoints"), "\(total) Total Endpoints"))
    }
    setup = try check("WNS", "TNS")
    hold = try check("WHS", "THS")
    pulseWidth = try check("WPWS", "TPWS")
    isMet = try text.verdict(summary)
    clocks = try text.clocks()
    // Detailed paths may be left out or filtered by an option; otherwise the worst ones must be there.
    let command = source.command ?? ""
    let isDetailed =
      !command.contains("-no_detailed_paths") && !command.contains("-slack_lesser_than")
    worstSetupPath = try text.worstPath("Max Delay Paths", of: setup, isRequired: isDetailed)
    worstHoldPath = try text.worstPath("Min Delay Paths", of: hold, isRequired: isDetailed)
    if isDetailed, pulseWidth.worstSlackNs != nil,
      !text.lines.contains(where: { $0.trimmed == "Pulse Width Checks" })
    {
      throw text.fault(.missing("section 'Pulse Width Checks'"))
    }
  }
}

extension ReportText {
  /// A section under a heading of bars: `| Clock Summary` between rules.
  fileprivate func barSection(_ title: String) throws(VendorReportError) -> ArraySlice<String> {
    guard let heading = lines.firstIndex(of: "| \(title)"),
      let rule = lines[heading...].firstIndex(where: { $0.isRule("-") })
    else { throw fault(.missing("section '\(title)'")) }
    return lines[(rule + 1)...].prefix { !$0.hasPrefix("| ") }
  }

  fileprivate func verdict(_ lines: ArraySlice<String>) throws(VendorReportError) -> Bool? {
    for line in lines {
      let line = line.trimmed
      if line == "All user specified timing constraints are met." { return true }
      if line == "Timing constraints are not met." { return false }
      if line.hasPrefix("There are no user specified timing constraints") { return nil }
    }
    throw fault(.missing("line that says whether constraints are met"))
  }

  fileprivate func clocks() throws(VendorReportError) -> [TimingSummaryReport.Clock] {
    let section = try barSection("Clock Summary")
    // What follows proves that the list is whole.
    _ = try barSection("Intra Clock Table")
    guard let heading = section.indices.first(where: { section[$0].columns.first == "Clock" })
    else { return [] }
    let names = section[heading].columns
    guard let period = names.firstIndex(of: "Period(ns)"),
      let frequency = names.firstIndex(of: "Frequency(MHz)")
    else { throw fault(.missing("period or frequency in the clock summary")) }
    var clocks: [TimingSummaryReport.Clock] = []
    for line in section[(heading + 1)...].drop(while: { $0.hasPrefix("---") }) {
      if line.isBlank || line.isRule("-") { break }
      let cells = line.columns
      guard cells.count == names.count else {
        throw fault(.unreadable(what: "a row of the clock summary", text: line.trimmed))
      }
      clocks.append(
        .init(
          name: cells[0], periodNs: try number(cells[period], "a clock's period"),
          frequencyMHz: try number(cells[frequency], "a clock's frequency")))
    }
    return clocks
  }

  /// The path under a heading of that name whose slack is the worst of the check.
  fileprivate func worstPath(
    _ heading: String, of check: TimingSummaryReport.Check, isRequired: Bool
  ) throws(VendorReportError) -> TimingPath? {
    guard let worst = check.worstSlackNs else { return nil }
    var isUnder = false
    for index in lines.indices {
      let line = lines[index]
      if line.trimmed.hasSuffix("Delay Paths") || line.trimmed == "Pulse Width Checks" {
        isUnder = line.trimmed == heading
      }
      guard isUnder, Self.isPath(line), try slack(at: index) == worst else { continue }
      let path = try path(at: index)
      try requireEnd(ofPathAt: index)
      return path
    }
    guard isRequired else { return nil }
    throw fault(.missing("path with a slack of \(worst) ns under '\(heading)'"))
  }
}
