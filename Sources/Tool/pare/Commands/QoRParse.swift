import ArgumentParser
import PareQoR
import PareText
import PareTools

/// `pare qor parse`: what reports of vendors' tools say.
struct QoRParse: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "parse",
    abstract: "Print what reports of Vitis HLS and Vivado say, as tables or JSON.",
    discussion: """
      Reads csynth.xml, co-simulation reports, export_syn and export_impl (text or XML), report_utilization, report_timing, \
      report_timing_summary and report_power of 2018 to 2024. The kind is recognized by the contents. A report that is cut short \
      is an error that names what is missing.
      """)

  @Argument(help: "Reports.")
  var files: [String]

  @OptionGroup var common: CommonOptions

  func run() throws {
    let reports = try files.map { ParsedReport(file: $0, report: try VendorReport(contentsOf: $0)) }
    Console.result(
      common.json
        ? JSONText.encode(reports) : reports.map(\.text).joined(separator: "\n\n"))
  }
}

/// A report with the file that it is in; `file` is a key beside those of the report.
private struct ParsedReport: Encodable {
  let file: String
  let report: VendorReport

  private enum Key: String, CodingKey { case file }

  func encode(to encoder: any Encoder) throws {
    var container = encoder.container(keyedBy: Key.self)
    try container.encode(file, forKey: .file)
    try report.encode(to: encoder)
  }

  var text: String { "\(file)\n\(report.text)" }
}
