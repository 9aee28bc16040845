import Foundation
import Testing

@testable import PareTools

/// Reports that the vendors' tools really wrote. They are other people's files and no part of the project: the tests run where
/// `PARE_VENDOR_REPORTS` names a folder that has them, and say so where it does not.
@Suite(
  .enabled(
    if: VendorReportFixtures.folder != nil,
    "PARE_VENDOR_REPORTS names no folder of reports written by the vendors' tools"))
struct VendorReportFixtureTests {
  private func read(_ name: String) throws -> VendorReport {
    try VendorReport(contentsOf: try #require(VendorReportFixtures.folder).file(name))
  }

  struct Synthesis: Sendable {
    let file: String
    let tool: String
    let version: String
    let part: String
    let top: String
    let clock: [Double]
    let latency: [Int?]
    let interval: [Int?]
    let used: [Double]
    let available: [Double]
  }

  /// Clock: target, uncertainty, estimate. Cells: LUT, FF, DSP, BRAM_18K, URAM.
  static let syntheses = [
    Synthesis(
      file: "csynth_2019.1_xc7z020_feature_extractor.xml", tool: "Vivado HLS", version: "2019.1",
      part: "xc7z020-clg400-2", top: "feature_extractor_ip", clock: [10, 1.25, 8.588],
      latency: [nil, nil, nil], interval: [nil, nil], used: [8833, 4752, 26, 6, 0],
      available: [53_200, 106_400, 220, 280, 0]),
    Synthesis(
      file: "csynth_2020.1_xcu200_conv_sysarr.xml", tool: "Vitis HLS", version: "2020.1",
      part: "xcu200-fsgd2104-2-e", top: "Conv_sysarr_dbbuf", clock: [10, 2.7, 4.3],
      latency: [6244, 6244, 6244], interval: [6245, 6245], used: [31_698, 29_874, 589, 24, 0],
      available: [1_182_240, 2_364_480, 6840, 4320, 960]),
    Synthesis(
      file: "csynth_2020.2_xczu7ev_gaussian.xml", tool: "Vitis HLS", version: "2020.2",
      part: "xczu7ev-ffvc1156-2-e", top: "gaussian", clock: [10, 2.7, 6.427],
      latency: [262_673, 262_673, 262_673], interval: [262_674, 262_674],
      used: [1870, 973, 0, 3, 0], available: [230_400, 460_800, 1728, 624, 96]),
    Synthesis(
      file: "csynth_2021.2_xc7k160t_load_test.xml", tool: "Vitis HLS", version: "2021.2",
      part: "xc7k160t-fbv484-2", top: "load_test_h", clock: [10, 2.7, 3.858],
      latency: [24, 24, 24], interval: [25, 25], used: [1467, 305, 0, 0, 0],
      available: [101_400, 202_800, 600, 650, 0]),
    Synthesis(
      file: "csynth_2023.2.2_xc7a200t_solveCooling.xml", tool: "Vitis HLS", version: "2023.2.2",
      part: "xc7a200t-sbv484-1", top: "solveCooling", clock: [10, 2.7, 6.86], latency: [6, 6, 6],
      interval: [7, 7], used: [285, 534, 8, 0, 0], available: [134_600, 269_200, 740, 730, 0]),
  ]

  @Test(arguments: syntheses)
  func `C synthesis`(_ expected: Synthesis) throws {
    let report = try #require(try read(expected.file).csynthReport)
    #expect(report.source.tool == expected.tool)
    #expect(report.source.version == expected.version)
    #expect(report.source.part == expected.part)
    #expect(report.source.design == expected.top)
    #expect([report.targetNs, report.uncertaintyNs, report.estimatedNs] == expected.clock)
    #expect(
      [report.latencyBest, report.latencyAverage, report.latencyWorst] == expected.latency)
    #expect([report.intervalMin, report.intervalMax] == expected.interval)
    let kinds: [ResourceKind] = [.lut, .ff, .dsp, .bram18, .uram]
    #expect(kinds.map { report.resources.used($0) } == expected.used)
    #expect(kinds.map { report.resources.available($0) } == expected.available)
  }

  @Test func `export as text`() throws {
    let report = try #require(
      try read("export_impl_2023.2.2_xc7a200t_solveCooling.rpt").exportReport)
    #expect(report.source.version == "2023.2" && report.source.part == "xc7a200t-sbv484-1")
    #expect(report.stage == .implementation && report.isTimingMet == true)
    let kinds: [ResourceKind] = [.lut, .ff, .dsp, .bram18, .uram, .srl]
    #expect(kinds.map { report.resources.used($0) } == [176, 173, 8, 0, 0, 0])
    #expect(report.targetNs == 10 && report.postSynthesisNs == 5.745 && report.postRouteNs == 5.692)
    #expect(report.slackNs == 4.308)
  }

  @Test func `export as XML`() throws {
    let report = try #require(
      try read("export_impl_2023.2.2_xc7a200t_solveCooling.xml").exportReport)
    #expect(report.source.tool == "Vivado" && report.source.version == "2023.2.2")
    #expect(report.stage == .implementation && report.isTimingMet == true)
    let kinds: [ResourceKind] = [
      .lut, .ff, .dsp, .bram18, .uram, .srl, .slice, .latch, .clb,
    ]
    #expect(kinds.map { report.resources.used($0) } == [176, 173, 8, 0, 0, 0, 61, 0, 0])
    #expect(
      [ResourceKind.lut, .ff, .dsp, .bram18, .uram, .slice].map { report.resources.available($0) }
        == [134_600, 269_200, 740, 730, 0, 33_650])
    #expect(report.targetNs == 10 && report.achievedNs == 5.692)
    #expect(report.postSynthesisNs == 5.745 && report.postRouteNs == 5.692)
    #expect(report.slackNs == 4.308 && report.slackPostSynthesisNs == 4.255)
    #expect(report.totalNegativeSlackNs == 0)
  }

  @Test func `co-simulation`() throws {
    let report = try #require(try read("cosim_2021.2_load_test.rpt").cosimReport)
    #expect(report.simulator == "xsim" && report.passed)
    #expect(report.runs.map(\.language) == ["VHDL", "Verilog"])
    #expect(report.runs.map(\.status) == ["NA", "Pass"])
    #expect(report.runs[0].latencyMin == nil && report.runs[0].totalClocks == nil)
    let run = report.runs[1]
    #expect([run.latencyMin, run.latencyAverage, run.latencyMax] == [20, 20, 20])
    #expect([run.intervalMin, run.intervalAverage, run.intervalMax] == [nil, nil, nil])
    #expect(run.totalClocks == 20)
  }

  @Test func `utilization after synthesis, 2020`() throws {
    let report = try #require(
      try read("utilization_synth_2020.1_xczu9eg_hls4ml_myproject.rpt").utilizationReport)
    #expect(report.source.version == "2020.1" && report.source.part == "xczu9egffvb1156-2")
    #expect(report.source.state == "Synthesized" && report.source.design == "myproject")
    #expect(report.resources[.lut] == ResourceUse(used: 31_277, available: 274_080))
    #expect(report.resources.used(.lutMemory) == 0)
    #expect(report.resources[.ff] == ResourceUse(used: 4555, available: 548_160))
    #expect(report.resources.used(.carry8) == 3849)
    #expect(report.resources[.bramTile] == ResourceUse(used: 0.5, available: 912))
    #expect(report.resources.used(.ramb36) == 0 && report.resources.used(.ramb18) == 1)
    #expect(report.resources[.dsp] == ResourceUse(used: 0, available: 2520))
    #expect(report.resources[.uram] == nil)
    #expect(report.rows.allSatisfy { $0.prohibited == nil })
  }

  @Test(arguments: ["synth", "route"])
  func `utilization, 2021`(_ stage: String) throws {
    let report = try #require(
      try read("utilization_\(stage)_2021.2_xczu3eg_add32.txt").utilizationReport)
    #expect(report.source.version == "2021.2" && report.source.part == "xczu3eg-sbva484-1-e")
    #expect(report.source.state == (stage == "route" ? "Routed" : "Synthesized"))
    #expect(report.resources[.lut] == ResourceUse(used: 32, available: 70_560))
    #expect(report.resources[.ff] == ResourceUse(used: 0, available: 141_120))
    #expect(report.resources[.carry8] == ResourceUse(used: 4, available: 8820))
    #expect(report.resources[.bramTile] == ResourceUse(used: 0, available: 216))
    #expect(report.resources[.dsp] == ResourceUse(used: 0, available: 360))
    #expect(report.resources[.uram] == nil)
    #expect(
      report.resources[.clb]
        == (stage == "route" ? ResourceUse(used: 4, available: 8820) : nil))
    #expect(report.rows.first?.prohibited == 0)
  }

  @Test func `timing of a path without a clock`() throws {
    let report = try #require(try read("timing_route_2021.2_xczu3eg_add32.txt").timingReport)
    #expect(report.source.part == "xczu3eg-sbva484" && report.source.speed == "-1")
    #expect(report.path.slackNs == nil)
    #expect(report.path.delayNs == 0.774)
    #expect(report.path.logicNs == 0.607 && report.path.routeNs == 0.167)
    #expect(report.path.levels == 5)
    #expect(report.path.from == "a[0]" && report.path.to == "out0[29]")
  }

  @Test func `timing summary`() throws {
    let report = try #require(
      try read("timing_summary_2024.2_xc7a35t_hello_top_counters.rpt").summaryReport)
    #expect(report.source.version == "2024.2" && report.source.part == "7a35t-cpg236")
    #expect(report.source.speed == "-1")
    #expect(report.setup.worstSlackNs == 7.037 && report.setup.totalNegativeSlackNs == 0)
    #expect(report.setup.failing == 0 && report.setup.endpoints == 1280)
    #expect(report.hold.worstSlackNs == 0.238 && report.hold.totalNegativeSlackNs == 0)
    #expect(report.hold.failing == 0 && report.hold.endpoints == 1280)
    #expect(report.pulseWidth.worstSlackNs == 4.5 && report.pulseWidth.totalNegativeSlackNs == 0)
    #expect(report.pulseWidth.failing == 0 && report.pulseWidth.endpoints == 1281)
    #expect(report.clocks.map(\.name) == ["sys_clk"])
    #expect(report.clocks.map(\.periodNs) == [10] && report.clocks.map(\.frequencyMHz) == [100])
    #expect(report.worstSetupPath?.delayNs == 2.975 && report.worstSetupPath?.levels == 7)
    #expect(report.isMet == true)
  }

  private func power(_ report: PowerReport, _ names: String...) -> [Double?] {
    names.map { report.component($0)?.powerW.value }
  }

  @Test func `power, 2020`() throws {
    let report = try #require(try read("power_2020.2_xcvu19p_mpsq.rpt").powerReport)
    #expect(report.source.version == "2020.2" && report.source.part == "xcvu19p-fsvb3824-1-e")
    #expect(report.source.state == "routed")
    #expect(report.totalW == BoundedNumber(6.786) && report.dynamicW == BoundedNumber(0.943))
    #expect(report.staticW == BoundedNumber(5.842))
    #expect(
      power(
        report, "Clocks", "CLB Logic", "Signals", "Block RAM", "DSPs", "I/O", "Static Power")
        == [0.220, 0.144, 0.220, 0.077, 0.085, 0.198, 5.842])
    let shift = try #require(report.component("LUT as Shift Register"))
    #expect(shift.powerW == BoundedNumber(0.001, isUpperBound: true) && shift.level == 1)
    #expect(report.confidence == "Low" && report.junctionC == 28)
    #expect(report.clocks.map(\.name) == ["ap_clk"] && report.clocks.map(\.periodNs) == [3])
    let blocks = try #require(report.hierarchy)
    #expect(blocks.first?.name == "MPSQ" && blocks.first?.powerW == BoundedNumber(0.943))
    #expect(
      blocks.first { $0.name == "grp_solveNextColumn_fu_336" }?.powerW == BoundedNumber(0.646))
  }

  @Test func `power, 2024`() throws {
    let report = try #require(
      try read("power_2024.1_xczu48dr_design_1_wrapper.rpt").powerReport)
    #expect(report.source.version == "2024.1" && report.source.part == "xczu48dr-ffvg1517-2-e")
    #expect(report.totalW == BoundedNumber(5.613) && report.dynamicW == BoundedNumber(4.322))
    #expect(report.staticW == BoundedNumber(1.290))
    #expect(
      power(
        report, "Clocks", "CLB Logic", "Signals", "Block RAM", "RFAMS", "RFDAC", "RFADC", "MMCM",
        "DSPs", "PS8", "Static Power", "PS Static", "PL Static")
        == [0.157, 0.060, 0.042, 0.025, 1.599, 1.018, 0.581, 0, 0.057, 2.382, 1.290, 0.099, 1.192])
    #expect(report.component("I/O")?.powerW == BoundedNumber(0.001, isUpperBound: true))
    #expect(report.confidence == "Low" && report.junctionC == 29.7)
    #expect(report.clocks.map(\.periodNs) == [86.8, 6.8, 10])
    let blocks = try #require(report.hierarchy)
    #expect(
      blocks.first?.name == "design_1_wrapper" && blocks.first?.powerW == BoundedNumber(4.322))
    #expect(blocks.first { $0.name == "zynq_ultra_ps_e_0" }?.powerW == BoundedNumber(2.384))
  }

  @Test(arguments: VendorReportFixtures.names)
  func `what is left of a report after any line has the same values or is refused`(_ name: String)
    throws
  {
    let path = try #require(VendorReportFixtures.folder).file(name)
    let whole = try VendorReport(contentsOf: path)
    let lines = String(decoding: try Data(contentsOf: URL(filePath: path)), as: UTF8.self)
      .split(separator: "\n", omittingEmptySubsequences: false)
    for count in 0..<lines.count {
      let rest = try? VendorReport(
        parsing: lines.prefix(count).joined(separator: "\n"), from: name)
      #expect(rest == nil || rest == whole, "\(count) lines of \(name)")
    }
  }
}

enum VendorReportFixtures {
  static let folder: Folder? = {
    guard let path = ProcessInfo.processInfo.environment["PARE_VENDOR_REPORTS"], !path.isEmpty
    else { return nil }
    return Folder(path)
  }()

  static let names: [String] =
    folder?.names.filter { [".xml", ".rpt", ".txt"].contains(String($0.suffix(4))) } ?? []
}
