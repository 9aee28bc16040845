import PareNetwork
import PareQoR
import PareText
import PareSignal
import PareTrain
import Testing

@testable import PareExplore

@Suite struct TableTwoTests {
  /// A candidate of one hidden convolution; only what the choice looks at.
  private func candidate(
    kernelSize: Int, channels: Int = 4, sparsity: Double, _ quantizer: QuantizationScheme,
    nmse: Double, lut: Double, activation: Activation = .relu, failure: String? = nil
  ) throws -> Candidate {
    var point = DesignPoint(
      architecture: try Architecture(
        hiddenChannels: [channels], kernelSize: kernelSize, activation: activation))
    point.sparsity = sparsity
    point.quantizer = quantizer
    var metrics = Metrics()
    if failure == nil {
      metrics[.nmse] = nmse
      metrics[.lut] = lut
    }
    return Candidate(
      key: "\(point.name)-\(lut)", point: point, dataset: "d", datasetHash: "0", task: .inverse,
      recipeHash: "0", seeds: [], bestSeed: 1, metrics: metrics, failure: failure,
      generator: "pare test", host: "here", finishedAt: "", seconds: 0)
  }

  /// The six networks of the table, worse and smaller the more they are pruned.
  private func table() throws -> [Candidate] {
    try PaperDesign.tableTwo.enumerated().map { index, design in
      try candidate(
        kernelSize: design.kernelSize, sparsity: design.sparsity, design.quantizer,
        nmse: -25 + 5 * design.sparsity, lut: 2000 - 1900 * design.sparsity + Double(index))
    }
  }

  @Test func `names are the paper's`() {
    #expect(
      PaperDesign.tableTwo.map(\.name)
        == ["5_1_4_95", "5_1_4_0", "7_1_4_30", "7_1_4_0", "3_1_4_99", "3_1_4_0"])
  }

  @Test func `the preset's space has all six networks`() throws {
    let points = try SweepExperiment(preset: .table2).plannedPoints().map(\.point)
    for design in PaperDesign.tableTwo + PaperDesign.tableTwo.map(\.dense) {
      for activation in [Activation.relu, .tanh] {
        #expect(points.count { design.matches($0, activation: activation) } == 1, "\(design.name)")
      }
    }
  }

  @Test func `the quick plan is an experiment with the six networks`() throws {
    let plan = TableTwo.Plan.quick(generator: "pare test")
    let points = try SweepExperiment(yaml: plan.experiment, file: "plan").plannedPoints()
    for design in PaperDesign.tableTwo + PaperDesign.tableTwo.map(\.dense) {
      #expect(points.contains { design.matches($0.point, activation: plan.activation) })
    }
  }

  @Test func `each network stands beside its dense twin without a quantizer`() throws {
    let rows = try TableTwoNetworks(among: table(), activation: .relu, ledger: "l").rows
    #expect(
      rows.map(\.network.name)
        == [
          "k5-c4-n2-relu-apot-p95", "k5-c4-n2-relu-none-p0", "k7-c4-n2-relu-none-p30",
          "k7-c4-n2-relu-none-p0", "k3-c4-n2-relu-apot-p99", "k3-c4-n2-relu-none-p0",
        ])
    #expect(
      rows.map(\.twin.name)
        == [5, 5, 7, 7, 3, 3].map { "k\($0)-c4-n2-relu-none-p0" })
  }

  @Test func `the best network is the smallest that is no worse`() throws {
    let dense = "k5-c4-n2-relu-none-p0"
    let smaller = try candidate(
      kernelSize: 5, channels: 14, sparsity: 0.83, .apot(), nmse: -25, lut: 700)
    let worse = try candidate(
      kernelSize: 5, channels: 14, sparsity: 0.91, .apot(), nmse: -24.99, lut: 300)
    let failed = try candidate(
      kernelSize: 5, channels: 8, sparsity: 0.91, .pot(), nmse: -40, lut: 1, failure: "diverged")
    let networks = try TableTwoNetworks(
      among: table() + [smaller, worse, failed], activation: .relu, ledger: "l")
    let row = try #require(networks.rows.first { $0.network.name == dense })
    #expect(row.best.name == smaller.point.name)
    // With nothing smaller the network is its own best.
    let alone = try TableTwoNetworks(among: table(), activation: .relu, ledger: "l")
    #expect(alone.rows[0].best == alone.rows[0].network)
    #expect(networks.candidateCount == 8)
  }

  @Test func `a ledger without one of the networks says which`() throws {
    let rows = try table().filter { $0.point.architecture.kernelSize != 3 }
    let error = #expect(throws: ExploreError.self) {
      try TableTwoNetworks(among: rows, activation: .relu, ledger: "run/ledger.sqlite")
    }
    #expect(error?.message == "run/ledger.sqlite: no candidate is 3_1_4_99 with relu")
  }

  // MARK: Report

  private func record(
    lut: Double, ff: Double, dsp: Double, watts: Double?, device: Device = .zcu104
  ) -> QoRRecord {
    let origin = Provenance(.measured, tool: "yosys", version: "0.70", stage: .synthesis)
    var figures: [FigureName: Figure] = [
      .lut: Figure(lut, origin), .ff: Figure(ff, origin), .dsp: Figure(dsp, origin),
    ]
    if let watts {
      figures[.powerDynamicW] = Figure(watts, origin)
      figures[.powerDynamicLowW] = Figure(watts / 2, origin)
      figures[.powerDynamicHighW] = Figure(watts * 2, origin)
    }
    return QoRRecord(
      design: "dpd", stage: .synthesis, tool: "yosys", version: "0.70", target: device.name,
      figures: figures, device: device)
  }

  private func report(_ optimized: QoRRecord, twin: QoRRecord) -> TableTwoReport {
    func design(_ name: String, _ record: QoRRecord, nmse: Double) -> TableTwoReport.Design {
      TableTwoReport.Design(
        name: name, key: name, nnz: 4, validationNMSEdB: nmse, testNMSEdB: nmse, records: [record],
        folder: name)
    }
    let row = TableTwoReport.Row(
      paper: PaperDesign.tableTwo[0], isPruned: true,
      optimized: design("own", optimized, nmse: -20.5), twin: design("twin", twin, nmse: -25),
      best: design("best", optimized, nmse: -21))
    return TableTwoReport(
      dataset: "d", device: "zcu104", clockMHz: 200, activation: "relu", candidates: 3,
      rows: [row], folder: "f")
  }

  @Test func `ratios are to the twin, with a DSP block as a hundred LUTs`() {
    let text = report(
      record(lut: 200, ff: 10, dsp: 0, watts: 0.001),
      twin: record(lut: 2_000, ff: 20, dsp: 80, watts: 0.025)
    ).text
    // (2000 + 100 * 80) / 200, and 25 mW / 1 mW.
    #expect(text.contains("50.0x less"))
    #expect(text.contains("25.0x less"))
    #expect(text.contains("~1.0 (0.5 to 2.0)"))
    #expect(text.contains("4.50"))
  }

  @Test func `a design that is larger or does not fit is told as such`() {
    let text = report(
      record(lut: 300_000, ff: 10, dsp: 0, watts: nil),
      twin: record(lut: 100_000, ff: 20, dsp: 0, watts: 0.025)
    ).text
    #expect(text.contains("3.0x more"))
    #expect(text.contains("own does not fit zcu104"))
    #expect(!text.contains("~0.0"))
  }

  @Test func `Markdown holds the rows of the text, and no path of this machine`() {
    let report = report(
      record(lut: 200, ff: 10, dsp: 0, watts: 0.001),
      twin: record(lut: 2_000, ff: 20, dsp: 80, watts: 0.025))
    #expect(report.sections.map(\.table.rows.count) == [3, 1])
    for section in report.sections { #expect(report.markdown.contains(section.table.markdown)) }
    #expect(report.text.contains("everything is in f"))
    #expect(!report.markdown.contains("everything is in"))
  }
}
