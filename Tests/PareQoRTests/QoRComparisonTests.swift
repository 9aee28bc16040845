import PareText
import PareTools
import Testing

@testable import PareQoR

@Suite struct QoRComparisonTests {
  private func record(
    _ stage: QoRStage = .synthesis, on target: String = "zcu104", tool: String = "yosys",
    values: [FigureName: Double], estimated: Set<FigureName> = [], device: Device? = nil
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
      name: "apot",
      qor: QoR([
        record(
          .costModel, on: "any", tool: "pare", values: [.lut: 200, .ff: 180],
          estimated: [.lut, .ff]),
        record(
          values: [
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
      name: "plain",
      qor: QoR([
        record(
          .costModel, on: "any", tool: "pare", values: [.lut: 4000, .ff: 900], estimated: [.lut]),
        record(
          values: [
            .lut: 935, .ff: 1248, .dsp: 77, .latencyClocks: 9, .fmaxMHz: 350,
            .powerDynamicW: 0.12, .powerDynamicLowW: 0.08, .powerDynamicHighW: 0.16,
            .energyPerSampleJ: 4.8e-10,
          ],
          estimated: [.powerDynamicW, .powerDynamicLowW, .powerDynamicHighW, .energyPerSampleJ]),
        record(
          .placeAndRoute, on: "ecp5-25k", tool: "nextpnr-ecp5", values: [.lut: 30_000],
          device: .ecp5(.k25)),
      ]), nmseDB: -26.94)
  }

  @Test func `the tables say what is estimated, what is mixed, and what only one side has`() throws
  {
    let text = try QoRComparison(lean, plain).text
    #expect(
      text == """
        costModel, any  apot   plain   ratio
        --------------  ----  ------  ------
        LUT             ~200  ~4,000   ~20.0
        FF              ~180     900  ~5.00*

        synthesis, zcu104                        apot                      plain   ratio
        ---------------------  ----------------------  -------------------------  ------
        LUT                                       187                        935    5.00
        FF                                        192                      1,248    6.50
        DSP                                         0                         77       -
        area, LUT + 100 DSP                       187                      8,635    46.2
        dynamic power, mW      ~12.00 (7.00 to 18.00)  ~120.00 (80.00 to 160.00)   ~10.0
        energy per sample, pJ                   ~48.0                     ~480.0   ~10.0
        fmax, MHz                              ~400.0                      350.0  ~0.88*
        latency, clocks                             8                          9    1.12

        accuracy                    apot   plain  difference
        ------------------------  ------  ------  ----------
        NMSE, test, integers, dB  -21.09  -26.94       -5.85

        ratio: plain / apot
        ~ estimated, not measured; see the provenance in qor.json
        * one side is measured and the other estimated: no fair ratio
        plain does not fit ecp5-25k (too many lut)
        only plain has placeAndRoute on ecp5-25k
        """)
  }

  @Test func `a ratio needs both sides, and a first side that is not zero`() throws {
    let rows = try QoRComparison(lean, plain).parts[1].rows
    func row(_ quantity: QoRComparison.Quantity) -> QoRComparison.Row? {
      rows.first { $0.quantity == quantity }
    }
    #expect(row(.dsp)?.ratio == nil)
    #expect(row(.area)?.second?.value == 8_635)
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
      name: "other",
      qor: QoR([
        record(on: "ecp5-85k", values: [.lut: 1]), record(.costModel, on: "any", values: [.lut: 1]),
      ]))
    let error = try #require(throws: QoRError.self) { try QoRComparison(lean, other) }
    #expect(error.kind == .usage)
    #expect(
      error.message == "the designs have no device in common: apot has zcu104; other has ecp5-85k")
    let wanted = try #require(throws: QoRError.self) {
      try QoRComparison(lean, plain, on: .ecp5(.k25))
    }
    #expect(wanted.message.contains("not both designs have figures for ecp5-25k"))
    #expect(try QoRComparison(lean, plain, on: .zcu104).unmatched == [[], []])
  }
}
