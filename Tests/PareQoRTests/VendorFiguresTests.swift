import PareText
import PareTools
import Testing

@testable import PareQoR

/// Figures come from reports that are made here by the values' own JSON, so that no text of a vendor is needed.
@Suite struct VendorFiguresTests {
  private func report(_ json: String) throws -> VendorReport {
    try JSONText.decode(VendorReport.self, from: json, file: "report")
  }

  @Test func `C synthesis is an estimate, and block memories are counted in whole ones`() throws {
    let report = try report(
      """
      {"kind": "csynth", "source": {"tool": "Vitis HLS", "version": "2022.1"}, "targetNs": 4,
       "uncertaintyNs": 1, "estimatedNs": 2.5, "latencyBest": 3, "latencyWorst": 9, "intervalMax": 2,
       "resources": {"lut": {"used": 10, "available": 100}, "bram18": {"used": 3}}}
      """)
    let figures = report.figures()
    #expect(report.stage == .highLevelSynthesis)
    #expect(figures[.lut]?.value == 10 && figures[.bram]?.value == 1.5)
    #expect(figures[.fmaxMHz]?.value == 400)
    #expect(figures[.latencyClocks]?.value == 9 && figures[.initiationInterval]?.value == 2)
    #expect(figures[.ff] == nil)
    for figure in figures.values {
      #expect(figure.provenance.kind == .estimated)
      #expect(figure.provenance.tool == "Vitis HLS" && figure.provenance.version == "2022.1")
      #expect(figure.provenance.stage == .highLevelSynthesis)
    }
  }

  private func summary(_ state: String, slack: String) throws -> VendorReport {
    try report(
      """
      {"kind": "timingSummary", "source": {"tool": "Vivado", "version": "2023.2", "state": "\(state)"},
       "setup": {"worstSlackNs": \(slack)}, "hold": {}, "pulseWidth": {}, "isMet": true,
       "clocks": [{"name": "clk", "periodNs": 5, "frequencyMHz": 200}]}
      """)
  }

  @Test func `times are measured after routing and estimated before`() throws {
    let routed = try summary("Routed", slack: "1").figures()[.fmaxMHz]
    #expect(routed?.value == 250 && routed?.provenance.kind == .measured)
    #expect(routed?.provenance.stage == .placeAndRoute)
    let early = try summary("Synthesized", slack: "-3").figures()[.fmaxMHz]
    #expect(early?.value == 125 && early?.provenance.kind == .estimated)
    #expect(early?.provenance.stage == .synthesis)
    #expect(try summary("Routed", slack: "5").figures()[.fmaxMHz] == nil)
  }

  @Test func `watts tell how sure the tool is of them`() throws {
    let figures = try report(
      """
      {"kind": "power", "source": {"tool": "Vivado", "version": "2023.2", "state": "routed"},
       "totalW": {"value": 0.6, "isUpperBound": false}, "dynamicW": {"value": 0.001, "isUpperBound": true},
       "staticW": {"value": 0.599, "isUpperBound": false}, "junctionC": 25, "confidence": "Medium",
       "activityFile": "a.saif", "components": [], "clocks": []}
      """
    ).figures()
    #expect(figures[.powerTotalW]?.value == 0.6 && figures[.powerStaticW]?.value == 0.599)
    #expect(figures[.powerDynamicW]?.provenance.kind == .estimated)
    #expect(
      figures[.powerDynamicW]?.provenance.note
        == "an upper bound, confidence Medium, simulated activity")
  }

  @Test func `vendor figures survive qor.json`() throws {
    let report = try summary("Routed", slack: "1")
    let record = QoRRecord(
      design: "d", stage: report.stage, tool: "vivado", version: "2023.2", target: "zcu104",
      figures: report.figures())
    let text = try QoR([record]).json()
    #expect(
      try JSONText.decode([QoRRecord].self, from: text, file: "qor.json").first?.figures
        == record.figures)
  }
}
