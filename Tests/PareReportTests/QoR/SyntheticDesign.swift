import PareDatapath
import PareQoR
import PareReport
import PareTools

/// A design and its baseline with figures that look like those of real ones: for pages, not for claims.
struct SyntheticDesign {
  var name = "dpd"
  var hasPower = true
  var hasBaseline = true
  /// Multiplies the baseline's cells.
  var baselineSize = 1.0

  private func figure(
    _ value: Double, _ kind: Provenance.Kind, _ tool: String, _ version: String?,
    _ stage: QoRStage, _ note: String? = nil
  ) -> Figure {
    Figure(value, Provenance(kind, tool: tool, version: version, stage: stage, note: note))
  }

  private func power(_ scale: Double) -> [FigureName: Figure] {
    guard hasPower else { return [:] }
    let values: [(FigureName, Double)] = [
      (.powerDynamicW, 0.040), (.powerDynamicLowW, 0.025), (.powerDynamicHighW, 0.060),
      (.powerClockW, 0.016), (.powerLogicW, 0.010), (.powerSignalsW, 0.014),
      (.energyPerSampleJ, 2e-10), (.energyPerSampleLowJ, 1.25e-10),
      (.energyPerSampleHighJ, 3e-10), (.powerStaticW, 0.2), (.powerStaticLowW, 0.15),
      (.powerStaticHighW, 0.3),
    ]
    return Dictionary(
      uniqueKeysWithValues: values.map { name, value in
        (
          name,
          figure(
            value * scale, .estimated, "pare", "0.1.0", .synthesis, "power model of the family")
        )
      })
  }

  private func records(_ size: Double, dsp: Double, power scale: Double) -> [QoRRecord] {
    let device = Device.ecp5(.k85)
    let cells: [FigureName: Figure] = [
      .lut: figure(800 * size, .measured, "yosys", "0.70", .synthesis, "LUT4 cells"),
      .ff: figure(1200 * size, .measured, "yosys", "0.70", .synthesis),
      .dsp: figure(dsp, .measured, "yosys", "0.70", .synthesis),
    ]
    let routed: [FigureName: Figure] = [
      .lut: figure(900 * size, .measured, "nextpnr-ecp5", "0.11", .placeAndRoute),
      .ff: figure(1200 * size, .measured, "nextpnr-ecp5", "0.11", .placeAndRoute),
      .dsp: figure(dsp, .measured, "nextpnr-ecp5", "0.11", .placeAndRoute),
      .fmaxMHz: figure(250 / size, .measured, "nextpnr-ecp5", "0.11", .placeAndRoute, "best of 3"),
      .fmaxMedianMHz: figure(240 / size, .measured, "nextpnr-ecp5", "0.11", .placeAndRoute),
      .fmaxSpreadMHz: figure(12, .measured, "nextpnr-ecp5", "0.11", .placeAndRoute),
    ]
    return [
      QoRRecord(
        design: name, stage: .costModel, tool: "pare", version: "0.1.0", target: "any",
        figures: [
          .lut: figure(790 * size, .estimated, "pare", "0.1.0", .costModel, "model of cells"),
          .latencyClocks: figure(12, .measured, "pare", "0.1.0", .costModel, "schedule"),
        ]),
      QoRRecord(
        design: name, stage: .synthesis, tool: "yosys", version: "0.70", target: device.name,
        part: device.part, figures: cells.merging(power(scale)) { $1 }, device: device),
      QoRRecord(
        design: name, stage: .placeAndRoute, tool: "nextpnr-ecp5", version: "0.11",
        target: device.name, part: device.part, figures: routed,
        criticalPath: CriticalPath(
          from: "\(name)_a.Q", to: "\(name)_b.DI", nanoseconds: 4, logicNanoseconds: 1.5,
          routingNanoseconds: 2.5, levels: 7), device: device),
    ]
  }

  private func resources(_ size: Int, dsp: Int) -> QoRDesign.Resources {
    QoRDesign.Resources(
      family: .ecp5,
      byLayer: [
        .init(name: "l0", lut: 500 * size, dsp: dsp), .init(name: "l1", lut: 280 * size, dsp: 0),
        .init(name: "control", lut: 10 * size, dsp: 0),
      ],
      byOp: [
        .init(name: "add", lut: 700 * size, dsp: 0),
        .init(name: "multiply", lut: 0, dsp: dsp),
        .init(name: "requantize", lut: 90 * size, dsp: 0),
      ], generator: "pare 0.1.0")
  }

  var design: QoRDesign {
    QoRDesign(
      .init(
        name: name, summary: "a network", accuracy: accuracy(-24.62, -24.32),
        records: records(1, dsp: 0, power: 1), resources: resources(1, dsp: 0)),
      baseline: hasBaseline
        ? .init(
          name: "\(name)-dense", summary: "its twin", accuracy: accuracy(-24.97, -24.78),
          records: records(2 * baselineSize, dsp: 80 * baselineSize, power: 2.5),
          resources: resources(2, dsp: 80)) : nil)
  }

  private func accuracy(_ validation: Double, _ test: Double) -> QoRDesign.Accuracy {
    .init(
      validationNMSE: validation, testNMSE: test, dataset: "opendpd/APA_200MHz",
      generator: "pare 0.1.0")
  }
}
