import PareTools
import Testing

@testable import PareQoR

@Suite struct QoRComparisonTests {
  private func record(
    _ stage: QoRStage = .synthesis, on target: String = "zcu104", tool: String = "yosys",
    _ values: [FigureName: Double], estimated: Set<FigureName> = [], device: Device? = nil
  ) -> QoRRecord {
    QoRRecord(
      design: "dpd", stage: stage, tool: tool, version: "0.70", target: target,
      figures: values.reduce(into: [:]) { figures, entry in
        figures[entry.key] = Figure(
          entry.value,
          Provenance(
            estimated.contains(entry.key) ? .estimated : .measured, tool: tool, version: "0.70",
            stage: stage))
      }, device: device)
  }

  private var lean: QoRComparison.Side {
    .init(
      name: "apot", qor: QoR([
        record(.costModel, on: "any", tool: "pare", [.lut: 200, .ff: 180], estimated: [.lut, .ff]),
        record(
          [
            .lut: 187, .ff: 192, .dsp: 0, .latencyClocks: 8, .fmaxMHz: 400, .powerDynamicW: 0.012,
            .powerDynamicLowW: 0.007, .powerDynamicHighW: 0.018, .energyPerSampleJ: 4.8e-11,
          ],
          estimated: [
            .fmaxMHz, .powerDynamicW, .powerDynamicLowW, .powerDynamicHighW, .energyPerSampleJ,
          ]),
      ]), nmseDB: -21.09)
  }

  private var plain: QoRComparison.Side {
    .init(
      name: "plain", qor: QoR([
        record(.costModel, on: "any", tool: "pare", [.lut: 4000, .ff: 900], estimated: [.lut]),
        record(
          [
            .lut: 935, .ff: 1248, .dsp: 77, .latencyClocks: 9, .fmaxMHz: 350,
            .powerDynamicW: 0.12, .powerDynamicLowW: 0.08, .powerDynamicHighW: 0.16,
            .energyPerSampleJ: 4.8e-10,
          ],
          estimated: [.powerDynamicW, .powerDynamicLowW, .powerDynamicHighW, .energyPerSampleJ]),
        record(.placeAndRoute, on: "ecp5-25k", tool: "nextpnr-ecp5", [.lut: 30_000],
          device: .ecp5(.k25)),
      ]), nmseDB: -26.94)
  }

  @Test func `the tables say what is estimated, what is mixed, and what only one side has`() throws {
    let text = try QoRComparison(lean, plain).text
    #expect(
      text == """
        costModel, any  apot  plain  ratio
        --------------  ----  -----  -----
        """)
  }

  @Test func `a ratio needs both sides, and a first side that is not zero`() throws {
    let rows = try QoRComparison(lean, plain).parts[1].rows
    func row(_ quantity: QoRComparison.Quantity) -> QoRComparison.Row? {
      rows.first { $0.quantity == quantity }
    }
    #expect(row(.dsp)?.ratio == nil)
    #expect(row(.area)?.second?.value == 935 + 7700)
    #expect(row(.ff)?.ratio == 1248.0 / 192)
    #expect(row(.ff)?.basis == .measured)
    #expect(row(.fmaxMHz)?.basis == .mixed)
    #expect(row(.powerDynamicW)?.basis == .estimated)
  }

  @Test func `swapping the sides inverts every ratio`() throws {
    let forward = try QoRComparison(lean, plain).parts
    let backward = try QoRComparison(plain, lean).parts
    for (a, b) in zip(forward, backward) {
      for (x, y) in zip(a.rows, b.rows) {
        #expect(x.basis == y.basis || x.first?.value == 0)
        guard let p = x.ratio, let q = y.ratio else { continue }
        // Two divisions, each rounded once.
        #expect(abs(p * q - 1) < 1e-15)
      }
    }
  }

  @Test func `designs of different devices are not compared`() throws {
    let other = QoRComparison.Side(
      name: "other", qor: QoR([record(on: "ecp5-85k", [.lut: 1]), record(.costModel, on: "any", [.lut: 1])]))
    let error = try #require(throws: QoRError.self) { try QoRComparison(lean, other) }
    #expect(error.kind == .usage)
    #expect(error.message == "the designs have no device in common: apot has zcu104; other has ecp5-85k")
    let wanted = try #require(throws: QoRError.self) {
      try QoRComparison(lean, plain, on: .ecp5(.k25))
    }
    #expect(wanted.message.contains("not both designs have figures for ecp5-25k"))
    #expect(try QoRComparison(lean, plain, on: .zcu104).unmatched == [[], []])
  }
}
