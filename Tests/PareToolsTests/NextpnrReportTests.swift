import Foundation
import Testing

@testable import PareTools

@Suite struct NextpnrReportTests {
  /// Cut from a report of nextpnr 0.11.1: two clocks, an asynchronous path, and the slowest path shortened.
  private static let text = """
    {
      "critical_paths": [
        {"from": "<async>", "to": "posedge clk_a", "path": [
          {"delay": 9.0, "from": {"cell": "p", "port": "O"}, "to": {"cell": "f", "port": "D"},
           "type": "routing"}]},
        {"from": "posedge clk_b", "to": "posedge clk_b", "path": [
          {"delay": 0.5, "from": {"cell": "g", "port": "CLK"}, "to": {"cell": "g", "port": "Q"},
           "type": "clk-to-q"}]},
        {"from": "posedge clk_a", "to": "posedge clk_a", "path": [
          {"delay": 0.52, "from": {"cell": "r0", "port": "CLK"}, "to": {"cell": "r0", "port": "Q"},
           "type": "clk-to-q"},
          {"delay": 1.25, "from": {"cell": "r0", "port": "Q"}, "to": {"cell": "add", "port": "A0"},
           "type": "routing"},
          {"delay": 0.45, "from": {"cell": "add", "port": "A0"}, "to": {"cell": "add", "port": "F1"},
           "type": "logic"},
          {"delay": 0.75, "from": {"cell": "add", "port": "F1"}, "to": {"cell": "r1", "port": "DI"},
           "type": "routing"},
          {"delay": 0.03, "from": {"cell": "r1", "port": "DI"}, "to": {"cell": "r1", "port": "DI"},
           "type": "setup"}]}
      ],
      "fmax": {"clk_b": {"achieved": 500.0, "constraint": 200.0},
               "clk_a": {"achieved": 333.3, "constraint": 200.0}},
      "utilization": {"TRELLIS_COMB": {"available": 24288, "used": 25},
                      "TRELLIS_FF": {"available": 24288, "used": 18}}
    }
    """

  @Test func `the slowest clock and its own path are read`() throws {
    let report = try NextpnrReport(parsing: Data(Self.text.utf8), from: "r.json")
    #expect(report.fmaxMHz == 333.3)
    let path = try #require(report.criticalPath)
    #expect(path.from == "r0.CLK")
    #expect(path.to == "r1.DI")
    #expect(abs(path.nanoseconds - 3.0) < 1e-12)
    #expect(abs(path.routingNanoseconds - 2.0) < 1e-12)
    #expect(path.levels == 1)
    #expect(path.steps.map(\.cell) == ["r0", "add", "r1"])
    #expect(path.steps.map(\.port) == ["Q", "F1", "DI"])
    #expect(path.steps.map(\.routingNanoseconds) == [0, 1.25, 0.75])
    #expect(report.used == ["TRELLIS_COMB": 25, "TRELLIS_FF": 18])
  }

  @Test func `a design without clocked paths has no fmax`() throws {
    let text = #"{"critical_paths": [], "fmax": {}, "utilization": {}}"#
    let report = try NextpnrReport(parsing: Data(text.utf8), from: "r.json")
    #expect(report.fmaxMHz == nil)
    #expect(report.criticalPath == nil)
  }

  @Test(arguments: [
    "", "{}", #"{"critical_paths": [], "fmax": {"c": {}}, "utilization": {}}"#,
    #"{"critical_paths": [], "fmax": {"c": {"achieved": 1}}, "utilization": {}}"#,
  ])
  func `a report that lacks something names the file`(text: String) {
    let error = #expect(throws: ToolError.self) {
      try NextpnrReport(parsing: Data(text.utf8), from: "some/r.json")
    }
    #expect(error?.message.hasPrefix("some/r.json: ") == true)
  }
}
