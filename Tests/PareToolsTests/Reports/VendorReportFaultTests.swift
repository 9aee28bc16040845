import Foundation
import PareText
import Testing

@testable import PareTools

@Suite struct VendorReportFaultTests {
  private func fault(_ text: String) -> VendorReportError? {
    do {
      _ = try VendorReport(parsing: text, from: "r.rpt")
      return nil
    } catch {
      return error
    }
  }

  @Test(arguments: ["", "\n", "  \r\n \t\r\n"])
  func `an empty file is named so`(_ text: String) {
    #expect(fault(text)?.code == .empty)
    #expect(fault(text)?.message == "r.rpt: the file is empty")
  }

  @Test func `a text of another tool is refused with the reports that are known`() {
    let error = fault("{\"fmax\": {}}\n")
    #expect(error?.code == .unknownKind(firstLine: "{\"fmax\": {}}"))
    #expect(error?.hint.contains("report_utilization") == true)
    #expect(error?.kind == .badData)
    #expect(fault("<html><body/></html>")?.code == .unknownKind(firstLine: "<html>"))
    #expect(fault("\u{7F}ELF\u{0}\u{1}")?.code == .notText)
  }

  @Test func `the text form of C synthesis points to the XML`() {
    let rule = String(repeating: "=", count: 64)
    let error = fault("\n\n\(rule)\n== Vitis HLS Report for 'half_band'\n\(rule)\n* Date: today\n")
    #expect(error?.hint.contains("csynth.xml") == true)
  }

  @Test func `another report of Vivado is named`() throws {
    let text = try SampleReports.text("timing_2019.1_violated.rpt")
      .replacing("\nTiming Report\n", with: "\nMethodology Report\n")
    let error = fault(text)
    #expect(error?.message == "r.rpt: 'Methodology Report' of Vivado, which is not read")
  }

  @Test func `a utilization report by hierarchy asks for the plain one`() throws {
    let text = try SampleReports.text("utilization_2024.2_ultrascaleplus_routed.rpt")
      .replacing("report_utilization -file", with: "report_utilization -hierarchical -file")
    #expect(fault(text)?.hint.contains("report_utilization -file") == true)
  }

  @Test func `what is missing has a name`() throws {
    let text = try SampleReports.text("utilization_2024.2_ultrascaleplus_routed.rpt")
    let cut = try #require(text.range(of: "4. ARITHMETIC\n---"))
    #expect(
      fault(String(text[..<cut.lowerBound]))?.code == .missing("section '4. ARITHMETIC'"))
    let inTable = try #require(text.range(of: "| CARRY8"))
    #expect(
      fault(String(text[..<inTable.upperBound]))?.message
        == "r.rpt: this report_utilization has no section '1.1 Summary of Registers by Type'")
    let last = try #require(text.range(of: "8. Instantiated Netlists", options: .backwards))
    #expect(
      fault(String(text[..<last.upperBound]))?.code
        == .missing("section '8. Instantiated Netlists'"))
    let xml = try SampleReports.text("csynth_2018.3_series7_undef.xml")
    #expect(
      fault(xml.replacing("<DSP48E>7</DSP48E>", with: ""))?.code == .missing("count of dsp"))
    #expect(
      fault(xml.replacing("<Part>xc7z010clg400-1</Part>", with: ""))?.code
        == .missing("<UserAssignments/Part>"))
    let summary = try SampleReports.text("timing_summary_2021.1_two_clocks_violated.rpt")
    let path = try #require(summary.range(of: "Slack (VIOLATED)"))
    #expect(
      fault(String(summary[..<path.lowerBound]))?.code
        == .missing("path with a slack of -0.052 ns under 'Max Delay Paths'"))
  }

  @Test(arguments: ["-3", "many", "1e999", "nan", "0x20", "99999999999999999999999", ""])
  func `a count that is none is refused`(_ word: String) throws {
    let text = try SampleReports.text("utilization_2018.3_series7_synthesized.rpt")
    let padded = word.count > 5 ? word : String(repeating: " ", count: 5 - word.count) + word
    let error = fault(
      text.replacing(
        "| Slice LUTs*                |  533 |", with: "| Slice LUTs*                |\(padded)|"))
    guard case .unreadable = error?.code else {
      Issue.record("\(String(describing: error))")
      return
    }
  }

  @Test func `XML that could grow, or is too deep, is refused before it is read`() {
    let bomb = """
      <?xml version="1.0"?>
      <!DOCTYPE profile [<!ENTITY a "aaaa"><!ENTITY b "&a;&a;&a;&a;">]>
      <profile>&b;</profile>
      """
    #expect(fault(bomb)?.code == .xml(line: 2, reason: "a document type, which no report has"))
    for depth in [129, 5_000, 200_000] {
      let deep =
        String(repeating: "<a>", count: depth) + String(repeating: "</a>", count: depth)
      guard case .xml = fault(deep)?.code else {
        Issue.record("depth \(depth): \(String(describing: fault(deep)))")
        continue
      }
    }
    #expect(fault("<profile><AreaReport></profile>")?.hint.isEmpty == false)
    #expect(fault("<profile>&undeclared;</profile>") != nil)
  }

  @Test func `a report of many megabytes of XML is read`() throws {
    let text = try SampleReports.text("csynth_2024.2_ultrascaleplus_modules.xml")
    let port = "<RtlPorts><name>port_with_a_long_name</name><Bits>1</Bits></RtlPorts>\r\n"
    let long = text.replacing(
      "</InterfaceSummary>", with: String(repeating: port, count: 40_000) + "</InterfaceSummary>")
    #expect(long.utf8.count > 2_800_000)
    #expect(
      try VendorReport(parsing: long, from: "long")
        == VendorReport(parsing: text, from: "short"))
  }

  @Test func `a missing file and a folder are faults of files`() {
    #expect(throws: ToolError.self) {
      try VendorReport(contentsOf: NSTemporaryDirectory() + "/no-such-report")
    }
    #expect(throws: ToolError.self) { try VendorReport(contentsOf: NSTemporaryDirectory()) }
  }
}
