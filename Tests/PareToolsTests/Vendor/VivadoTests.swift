import Foundation
import PareText
import Testing

@testable import PareTools

@Suite struct VivadoTests {
  private let project = VivadoProject(
    top: "half_band", language: .verilog,
    sources: [SourceFile(path: "half_band.v", text: "module half_band(input clk); endmodule\n")],
    clockMHz: 250)

  private func vivado(_ folder: Folder, limit: Duration? = nil, body: String) throws -> Vivado {
    let tool = try StandIn("vivado", version: "2023.2", in: folder.folder("bin"), body: body)
    return Vivado(
      tool: Tool(name: .vivado, command: [tool.path], version: "2023.2", origin: .path),
      timeLimit: limit)
  }

  @Test func `a run in batch mode gives what its reports say`() async throws {
    try await withScratch { folder in
      let vivado = try vivado(
        folder,
        body: """
          test -f src/half_band.v && test -f clock.xdc && test -f run.tcl || exit 3
          echo "$@" > arguments.txt
          \(StandIn.copies(StandIn.vivadoReports))
          """)
      let result = try await vivado.implement(project, in: folder.folder("run"))
      #expect(
        String(decoding: try folder.read("run/arguments.txt"), as: UTF8.self)
          == "-mode batch -nojournal -notrace -log vivado.log -source run.tcl\n")
      #expect(result.utilization.resources[.lut]?.used == 391)
      #expect(result.timing.setup.worstSlackNs == -0.052)
      #expect(result.power.dynamicW.value == 0.007)
      #expect(result.part == "xczu7ev-ffvc1156-2-e")
      #expect(FileManager.default.fileExists(atPath: result.log))
      #expect(!folder.has("run.part"))
    }
  }

  struct Failure: Sendable, CustomTestStringConvertible {
    let testDescription: String
    let body: String
    let reason: VendorFailure.Reason
    let telling: String
  }

  static let failures = [
    Failure(
      testDescription: "licence",
      body: """
        echo "INFO: [Common 17-206] starting"
        echo "ERROR: [Common 17-345] A valid license was not found for feature 'Synthesis' and/or device 'xczu7ev'."
        echo "ERROR: [Common 17-69] Command failed"; exit 1
        """, reason: .licence, telling: "Common 17-345"),
    Failure(
      testDescription: "full disk",
      body: "echo 'ERROR: couldn'\"'\"'t write file: no space left on device' >&2; exit 1",
      reason: .diskFull, telling: "no space left on device"),
    Failure(
      testDescription: "crash with a message",
      body: "echo 'Abnormal program termination (11)'; echo 'see hs_err_pid7.log'; exit 139",
      reason: .crashed, telling: "Abnormal program termination (11)"),
    Failure(
      testDescription: "crash without a word", body: "echo working; kill -SEGV $$",
      reason: .crashed, telling: "working"),
    Failure(
      testDescription: "killed for lack of memory", body: "echo placing; kill -KILL $$",
      reason: .outOfMemory, telling: "placing"),
    Failure(
      testDescription: "fault in the design",
      body: """
        echo 'ERROR: [Synth 8-439] module half_bnad not found'
        echo 'INFO: [Common 17-206] Exiting'; exit 1
        """, reason: .rejected, telling: "Synth 8-439"),
    Failure(
      testDescription: "nothing said", body: "exit 7", reason: .unknown, telling: "does not say why"
    ),
    Failure(
      testDescription: "no reports after success",
      body: "echo 'CRITICAL WARNING: [Common 17-1] skipped'; exit 0",
      reason: .reportsMissing(["reports/utilization_synth.rpt"]), telling: "skipped"),
    Failure(
      testDescription: "one report missing after success",
      body: StandIn.copies(StandIn.vivadoReports.dropLast()),
      reason: .reportsMissing(["reports/power_route.rpt"]),
      telling: "did not write reports/power_route.rpt"),
  ]

  @Test(arguments: failures)
  func `a failure is told with its reason, the telling lines and the log`(_ failure: Failure)
    async throws
  {
    try await withScratch { folder in
      let place = folder.folder("run")
      try place.create()
      try place.write("earlier", to: "kept.txt")
      let vivado = try vivado(folder, body: failure.body)
      let error = try await #require(throws: ToolError.self) {
        try await vivado.implement(project, in: place)
      }
      guard case .vendorToolFailed(let found) = error.code else {
        Issue.record("\(error)")
        return
      }
      #expect(found.reason == failure.reason)
      #expect(error.message.contains("vivado"))
      #expect(error.message.contains(failure.telling))
      #expect(error.message.contains("-source run.tcl"))
      #expect(error.hint.contains(found.log))
      #expect(FileManager.default.fileExists(atPath: found.log))
      #expect(error.kind == (failure.reason == .licence ? .toolMissing : .failed))
      // What an earlier run left is as it was.
      #expect(place.has("kept.txt"))
    }
  }

  @Test func `a time limit ends the tool and names its log`() async throws {
    try await withScratch { folder in
      let vivado = try vivado(
        folder, limit: .milliseconds(600), body: "echo routing; exec sleep 600")
      let error = try await #require(throws: ToolError.self) {
        try await vivado.implement(project, in: folder.folder("run"))
      }
      guard case .timedOut(let found, _) = error.code else {
        Issue.record("\(error)")
        return
      }
      #expect(error.message.contains("vivado was ended after"))
      #expect(error.hint.contains(found.log))
    }
  }

  @Test func `a report that was cut short is a fault that names it`() async throws {
    try await withScratch { folder in
      let vivado = try vivado(
        folder,
        body: StandIn.copies(StandIn.vivadoReports)
          + "\nhead -n 20 reports/power_route.rpt > p && mv p reports/power_route.rpt")
      let error = try await #require(throws: VendorReportError.self) {
        try await vivado.implement(project, in: folder.folder("run"))
      }
      #expect(error.path.hasSuffix("reports/power_route.rpt"))
      #expect(error.message.contains("has no "))
    }
  }

  @Test func `a report of another kind is a fault`() async throws {
    try await withScratch { folder in
      var reports = StandIn.vivadoReports
      reports[4].sample = "timing_2019.1_violated.rpt"
      let vivado = try vivado(folder, body: StandIn.copies(reports))
      await #expect(throws: VendorReportError.self) {
        try await vivado.implement(project, in: folder.folder("run"))
      }
    }
  }

  @Test func `the project reads VHDL, cells, macros and activity`() throws {
    let project = VivadoProject(
      top: "dpd", language: .vhdl, sources: [SourceFile(path: "dpd.vhd", text: "")],
      cells: [SourceFile(path: "pare_row3.v", text: "")], clockMHz: 300,
      defines: ["PARE_XILINX"], activity: .init(saif: "(SAIFILE)", scope: "tb_dpd/dut"))
    let files = project.files
    #expect(
      files.map(\.path)
        == ["src/dpd.vhd", "src/pare_row3.v", "clock.xdc", "run.tcl", "activity.saif"])
    #expect(files[2].text == "create_clock -name clk -period 3.333 [get_ports clk]\n")
    let script = files[3].text
    #expect(script.contains("read_vhdl -vhdl2008 [list [file join $here src/dpd.vhd]]"))
    #expect(script.contains("read_verilog [list [file join $here src/pare_row3.v]]"))
    #expect(
      script.contains(
        "synth_design -top dpd -part xczu7ev-ffvc1156-2-e -mode out_of_context -verilog_define PARE_XILINX"
      ))
    #expect(script.contains("read_saif -strip_path tb_dpd/dut"))
    // The activity has to be read before the power is reported, and after routing.
    let order = ["route_design\n", "read_saif", "report_power"].map {
      script.range(of: $0)?.lowerBound
    }
    #expect(order == order.sorted { ($0 ?? script.endIndex) < ($1 ?? script.endIndex) })
    #expect(!order.contains(nil))
  }

  @Test func `words for Tcl stay one word`() {
    #expect("src/a_1.v".asTclWord == "src/a_1.v")
    #expect("my file$x[1].v".asTclWord == "\"my\\ file\\$x\\[1\\].v\"")
    #expect("".asTclWord == "\"\"")
  }
}
