import Testing

@testable import PareTools

@Suite struct VendorReportTests {
  @Test func `C synthesis of 2018: DSP48E, latencies that depend on the data`() throws {
    let report = try #require(
      SampleReports.report("csynth_2018.3_series7_undef.xml").csynthReport)
    #expect(report.source.tool == "Vivado HLS")
    #expect(report.source.version == "2018.3")
    #expect(report.source.part == "xc7z010clg400-1")
    #expect(report.source.design == "peak_search")
    #expect(report.targetNs == 8 && report.uncertaintyNs == 1 && report.estimatedNs == 6.912)
    #expect(report.latencyBest == 11)
    #expect(report.latencyAverage == nil && report.latencyWorst == nil)
    #expect(report.intervalMin == 12 && report.intervalMax == nil)
    #expect(report.resources[.dsp] == ResourceUse(used: 7, available: 80))
    #expect(report.resources[.bram18] == ResourceUse(used: 3, available: 120))
    #expect(report.resources[.uram] == nil)
  }

  @Test func `C synthesis of 2024: the top and not one of its modules, whatever the order`() throws
  {
    let report = try #require(
      SampleReports.report("csynth_2024.2_ultrascaleplus_modules.xml").csynthReport)
    #expect(report.source.tool == "Vitis HLS")
    #expect(report.source.part == "xczu7ev-ffvc1156-2-e")
    #expect(report.estimatedNs == 2.871)
    #expect(report.latencyBest == 9 && report.latencyAverage == 9 && report.latencyWorst == 9)
    #expect(report.intervalMin == 1 && report.intervalMax == 1)
    #expect(report.pipelineType == "yes")
    #expect(report.resources[.lut] == ResourceUse(used: 377, available: 230_400))
    #expect(report.resources[.ff] == ResourceUse(used: 401, available: 460_800))
    #expect(report.resources[.dsp] == ResourceUse(used: 2, available: 1728))
    #expect(report.resources[.bram18] == ResourceUse(used: 0, available: 624))
    #expect(report.resources[.uram] == ResourceUse(used: 0, available: 96))
  }

  @Test func `co-simulation without a total, with a failure`() throws {
    let report = try #require(SampleReports.report("cosim_2018_both_languages.rpt").cosimReport)
    #expect(report.solution == "solution1" && report.simulator == "xsim")
    let vhdl = try #require(report.runs.first)
    #expect(vhdl.language == "VHDL" && vhdl.passed)
    #expect(vhdl.latencyMin == 11 && vhdl.latencyAverage == 13 && vhdl.latencyMax == 19)
    #expect(vhdl.intervalMin == 12 && vhdl.intervalAverage == 14 && vhdl.intervalMax == 20)
    #expect(vhdl.totalClocks == nil)
    #expect(report.runs.map(\.language) == ["VHDL", "Verilog"])
    #expect(report.runs[1].status == "Fail" && report.runs[1].latencyMin == nil)
    #expect(!report.passed)
  }

  @Test func `co-simulation of one language, with a total`() throws {
    let report = try #require(SampleReports.report("cosim_2023_verilog.rpt").cosimReport)
    #expect(report.passed)
    #expect(report.simulated.map(\.language) == ["Verilog"])
    let run = report.simulated[0]
    #expect(run.latencyMin == 9 && run.latencyAverage == 10 && run.latencyMax == 12)
    #expect(run.intervalMin == 1 && run.intervalAverage == 1 && run.intervalMax == 3)
    #expect(run.totalClocks == 4107)
  }

  @Test func `export as older versions write it`() throws {
    let report = try #require(SampleReports.report("export_impl_2018.3_older.rpt").exportReport)
    #expect(report.source.tool == "Vivado" && report.source.version == "2018.3")
    #expect(report.source.part == "xc7z010clg400-1")
    #expect(report.stage == .implementation)
    #expect(report.targetNs == 8 && report.postSynthesisNs == 6.301 && report.postRouteNs == 8.127)
    #expect(report.achievedNs == 8.127 && report.isTimingMet == false)
    #expect(report.resources.used(.slice) == 201 && report.resources.used(.srl) == 14)
    #expect(report.resources.used(.lut) == 533 && report.resources.used(.ff) == 580)
    #expect(report.resources.used(.dsp) == 7 && report.resources.used(.bram18) == 3)
  }

  @Test(arguments: ["export_syn_2020.1_no_registers.rpt", "export_impl_2019.2_no_registers.xml"])
  func `export of a design without registers has no period`(_ name: String) throws {
    let report = try #require(SampleReports.report(name).exportReport)
    #expect(report.stage == (name.contains("impl") ? .implementation : .synthesis))
    #expect(report.targetNs == 5)
    #expect(report.achievedNs == nil && report.postSynthesisNs == nil && report.postRouteNs == nil)
    #expect(report.isTimingMet == nil && report.slackNs == nil)
    #expect(report.resources.used(.lut) == 12 && report.resources.used(.ff) == 0)
  }

  @Test func `export as text with tables and a violated path`() throws {
    let report = try #require(
      SampleReports.report("export_impl_2022.1_violated.rpt").exportReport)
    #expect(report.source.version == "2022.1" && report.source.part == "xczu7ev-ffvc1156-2-e")
    #expect(report.stage == .implementation && report.isTimingMet == false)
    #expect(report.targetNs == 4 && report.postSynthesisNs == 3.118 && report.postRouteNs == 4.052)
    #expect(report.slackNs == -0.052)
    #expect(report.resources.used(.lut) == 391 && report.resources.used(.srl) == 16)
  }

  @Test func `export of synthesis as XML`() throws {
    let report = try #require(SampleReports.report("export_syn_2021.2.xml").exportReport)
    #expect(report.source.version == "2021.2" && report.source.state == "Synthesized")
    #expect(report.source.part == "xczu7ev-ffvc1156-2-e")
    #expect(report.stage == .synthesis && report.isTimingMet == true)
    #expect(report.achievedNs == 3.118 && report.postRouteNs == nil)
    #expect(report.slackNs == 0.882 && report.slackPostSynthesisNs == 0.882)
    #expect(report.totalNegativeSlackNs == 0)
    #expect(report.resources[.clb] == ResourceUse(used: 0, available: 28_800))
    #expect(report.resources[.latch] == ResourceUse(used: 0, available: nil))
  }

  @Test func `utilization of a 7-series part, without a column of prohibited sites`() throws {
    let report = try #require(
      SampleReports.report("utilization_2018.3_series7_synthesized.rpt").utilizationReport)
    #expect(report.source.version == "2018.3" && report.source.state == "Synthesized")
    #expect(report.resources[.lut] == ResourceUse(used: 533, available: 17_600))
    #expect(report.resources[.ff] == ResourceUse(used: 580, available: 35_200))
    #expect(report.resources[.latch] == ResourceUse(used: 1, available: 35_200))
    #expect(report.resources[.srl] == ResourceUse(used: 14, available: nil))
    #expect(report.resources[.bramTile] == ResourceUse(used: 1.5, available: 60))
    #expect(report.resources[.dsp] == ResourceUse(used: 7, available: 80))
    #expect(report.resources[.uram] == nil && report.resources[.carry8] == nil)
    #expect(report.rows[0].name == "Slice LUTs" && report.rows[0].level == 0)
    #expect(report.rows[0].prohibited == nil && report.rows[0].fixed == 0)
    #expect(report.rows[3].name == "LUT as Distributed RAM" && report.rows[3].level == 2)
    #expect(report.primitives.map(\.name) == ["FDRE", "CARRY4", "DSP48E1"])
    #expect(report.primitives.map(\.used) == [579, 61, 7])
  }

  @Test func `utilization of a routed UltraScale+ part, with one`() throws {
    let report = try #require(
      SampleReports.report("utilization_2024.2_ultrascaleplus_routed.rpt").utilizationReport)
    #expect(report.source.part == "xczu7ev-ffvc1156-2-e" && report.source.speed == "-2")
    #expect(report.resources[.lut] == ResourceUse(used: 391, available: 230_400))
    #expect(report.resources[.carry8] == ResourceUse(used: 40, available: 28_800))
    #expect(report.resources[.clb] == ResourceUse(used: 77, available: 28_800))
    #expect(report.resources[.uram] == ResourceUse(used: 1, available: 96))
    #expect(report.rows[0].prohibited == 0)
    #expect(report.rows.filter { $0.name == "CLB Registers" }.count == 2)
  }

  @Test func `timing of a violated path`() throws {
    let report = try #require(SampleReports.report("timing_2019.1_violated.rpt").timingReport)
    #expect(report.source.part == "xczu7ev-ffvc1156" && report.source.speed == "-2")
    let path = report.path
    #expect(path.slackNs == -0.052 && path.requirementNs == 4)
    #expect(path.from == "line_reg[3]/C" && path.to == "sum_reg[17]/D" && path.group == "ap_clk")
    #expect(path.delayNs == 3.901 && path.logicNs == 1.201 && path.routeNs == 2.7)
    #expect(path.levels == 3)
  }

  @Test func `timing of a path without a constraint has no slack`() throws {
    let path = try #require(
      SampleReports.report("timing_2022.2_unconstrained.rpt").timingReport
    ).path
    #expect(path.slackNs == nil && path.requirementNs == nil)
    #expect(path.delayNs == 0.912 && path.levels == 3 && path.to == "y[17]")
  }

  @Test func `a timing summary gives the worst path of all clocks`() throws {
    let report = try #require(
      SampleReports.report("timing_summary_2021.1_two_clocks_violated.rpt").summaryReport)
    #expect(report.isMet == false)
    #expect(report.setup.worstSlackNs == -0.052 && report.setup.totalNegativeSlackNs == -0.063)
    #expect(report.setup.failing == 2 && report.setup.endpoints == 810)
    #expect(report.hold.worstSlackNs == 0.011 && report.pulseWidth.worstSlackNs == 1.725)
    #expect(report.clocks.map(\.name) == ["slow_clock", "ap_clk"])
    #expect(report.clocks.map(\.periodNs) == [20, 4])
    #expect(report.clocks.map(\.frequencyMHz) == [50, 250])
    #expect(report.worstSetupPath?.group == "ap_clk")
    #expect(report.worstSetupPath?.delayNs == 3.901)
    #expect(report.worstHoldPath?.to == "line_reg[4]/D")
  }

  @Test func `a timing summary without constraints has no verdict`() throws {
    let report = try #require(
      SampleReports.report("timing_summary_2018.1_no_constraints.rpt").summaryReport)
    #expect(report.isMet == nil && report.clocks.isEmpty)
    #expect(report.setup.worstSlackNs == nil && report.setup.endpoints == nil)
    #expect(report.worstSetupPath == nil)
  }

  @Test func `a timing summary may be asked for without paths`() throws {
    let report = try #require(
      SampleReports.report("timing_summary_2024.1_without_paths.rpt").summaryReport)
    #expect(report.isMet == true && report.setup.worstSlackNs == 0.412)
    #expect(report.worstSetupPath == nil)
  }

  @Test func `power with guessed activity, some of it below what is printed`() throws {
    let report = try #require(
      SampleReports.report("power_2018.2_guessed_activity.rpt").powerReport)
    #expect(report.totalW == BoundedNumber(0.612) && report.dynamicW == BoundedNumber(0.019))
    #expect(report.staticW == BoundedNumber(0.593) && report.junctionC == 25.6)
    #expect(report.confidence == "Low")
    #expect(report.activityFile == nil && report.netsMatched == nil)
    #expect(report.component("Register")?.powerW == BoundedNumber(0.001, isUpperBound: true))
    #expect(report.component("Register")?.level == 1)
    #expect(report.component("Signals")?.powerW == BoundedNumber(0.009))
    #expect(report.clocks.map(\.periodNs) == [4])
    #expect(report.hierarchy?.map(\.name) == ["half_band", "line", "shift"])
    #expect(report.hierarchy?.map(\.level) == [0, 1, 2])
  }

  @Test func `power with simulated activity, without blocks`() throws {
    let report = try #require(
      SampleReports.report("power_2023.1_simulated_activity.rpt").powerReport)
    #expect(report.activityFile == "half_band.saif" && report.netsMatched == "97% (812/834)")
    #expect(report.confidence == "High")
    #expect(report.hierarchy == nil)
    #expect(report.clocks.map(\.name) == ["ap_clk", "a_longer_clock_name"])
    #expect(report.component("PL Static")?.powerW == BoundedNumber(0.496))
  }
}
