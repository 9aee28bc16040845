import Foundation
import PareText
import Testing

@testable import PareTools

/// What holds for every report, whatever its kind.
@Suite struct VendorReportLawTests {
  /// Nil for a text that is refused.
  private func parsed(_ text: String) throws -> VendorReport? {
    do {
      return try VendorReport(parsing: text, from: "sample")
    } catch {
      #expect(!error.message.isEmpty && !error.hint.isEmpty)
      return nil
    }
  }

  @Test func `there is a sample of every kind`() throws {
    let kinds = Set(try SampleReports.names.map { try SampleReports.report($0).kind })
    #expect(kinds == Set(VendorReport.Kind.allCases))
  }

  @Test(arguments: SampleReports.names)
  func `what is left of a report after any line has the same values or is refused`(_ name: String)
    throws
  {
    let text = try SampleReports.text(name)
    let whole = try #require(try parsed(text))
    let lines = text.split(separator: "\n", omittingEmptySubsequences: false)
    var refused = 0
    for count in 0..<lines.count {
      let rest = try parsed(lines.prefix(count).joined(separator: "\n"))
      #expect(rest == nil || rest == whole, "\(count) lines of \(name)")
      refused += rest == nil ? 1 : 0
    }
    // A parser that needs next to nothing would pass the test above.
    #expect(Double(refused) > 0.7 * Double(lines.count), "\(refused) of \(lines.count)")
  }

  @Test(arguments: SampleReports.names)
  func `a report that lost a line or has one twice does not stop the program`(_ name: String) throws
  {
    let lines = try SampleReports.text(name).split(
      separator: "\n", omittingEmptySubsequences: false)
    for index in lines.indices {
      _ = try parsed((lines[..<index] + lines[(index + 1)...]).joined(separator: "\n"))
      _ = try parsed((lines[...index] + lines[index...]).joined(separator: "\n"))
    }
  }

  @Test(arguments: SampleReports.names)
  func `line ends do not matter`(_ name: String) throws {
    let text = try SampleReports.text(name).replacing("\r\n", with: "\n")
    let plain = try #require(try parsed(text))
    #expect(try parsed(text.replacing("\n", with: "\r\n")) == plain)
    #expect(try parsed("\u{FEFF}" + text) == plain)
    #expect(try parsed("\n\n" + text) == plain)
  }

  @Test(arguments: SampleReports.names)
  func `the order of columns does not matter`(_ name: String) throws {
    let text = try SampleReports.text(name).replacing("\r\n", with: "\n")
    // Cosim's headings span columns; the tables of other reports can be turned around cell by cell.
    guard text.contains("\n|"), !name.hasPrefix("cosim"), !name.hasPrefix("timing") else { return }
    let turned = text.split(separator: "\n", omittingEmptySubsequences: false).map { line in
      // Pairs have no heading to be found by, so that their order is their meaning.
      guard line.hasPrefix("|") || line.hasPrefix("+-"),
        line.filter({ "|+".contains($0) }).count > 3
      else { return String(line) }
      let sign: Character = line.hasPrefix("|") ? "|" : "+"
      return line.split(separator: sign, omittingEmptySubsequences: false).reversed()
        .joined(separator: String(sign))
    }.joined(separator: "\n")
    #expect(turned != text)
    #expect(try parsed(turned) == parsed(text))
  }

  @Test(arguments: SampleReports.names)
  func `JSON keeps every value`(_ name: String) throws {
    let report = try SampleReports.report(name)
    let text = JSONText.encode(report)
    #expect(try JSONText.decode(VendorReport.self, from: text, file: name) == report)
    #expect(text.contains("\"kind\" : \"\(report.kind.rawValue)\""))
  }

  private static let regressions = URL(filePath: #filePath).deletingLastPathComponent()
    .appending(path: "../../../Fuzz/Regressions").standardized

  private static let regressionNames: [String] =
    ((try? FileManager.default.contentsOfDirectory(atPath: regressions.path)) ?? []).sorted()

  /// Each was found by the fuzzer and stopped the program at its time.
  @Test(arguments: regressionNames)
  func `an input that once stopped a reader is read or refused`(_ name: String) throws {
    let data = try Data(contentsOf: Self.regressions.appending(path: name))
    guard let report = try parsed(String(decoding: data, as: UTF8.self)) else { return }
    #expect(!report.text.isEmpty && !JSONText.encode(report).isEmpty)
  }
}
