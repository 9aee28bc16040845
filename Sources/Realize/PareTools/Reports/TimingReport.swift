/// `report_timing`: the first path of the report, which is the worst unless it was sorted by groups.
public struct TimingReport: Sendable, Hashable, Codable {
  public let source: ReportSource
  public let path: TimingPath

  init(_ text: ReportText) throws(VendorReportError) {
    source = try ReportSource(header: text)
    guard let first = text.lines.firstIndex(where: ReportText.isPath) else {
      throw text.fault(.missing("path"))
    }
    path = try text.path(at: first)
    try text.requireEnd(ofPathAt: first)
  }
}
