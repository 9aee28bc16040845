import Foundation
import PareText
import Testing

@testable import PareTools

@Suite struct VitisHLSTests {
  private static let scriptReports: [(sample: String, to: String)] = [
    (
      "csynth_2024.2_ultrascaleplus_modules.xml", "project/solution1/syn/report/csynth.xml"
    ),
    ("cosim_2023_verilog.rpt", "project/solution1/sim/report/half_band_cosim.rpt"),
    (
      "export_syn_2021.2.xml", "project/solution1/impl/report/verilog/export_impl.xml"
    ),
  ]

  private func project(_ folder: Folder) throws -> Folder {
    let project = folder.folder("hls")
    try project.create()
    try project.write("open_project -reset project\n", to: VitisHLS.script)
    try project.write("[hls]\nsyn.top=half_band\n", to: VitisHLS.configuration)
    return project
  }

  private func vitis(
    _ program: String, _ version: String, _ folder: Folder, limit: Duration? = nil, body: String
  ) throws -> VitisHLS {
    let tool = try StandIn(program, version: version, in: folder.folder("bin"), body: body)
    return VitisHLS(
      tool: Tool(name: .vitisHLS, command: [tool.path], version: version, origin: .path),
      timeLimit: limit)
  }

  @Test(arguments: [
    ("vitis_hls", "2022.1", "-f run_hls.tcl"),
    ("vitis-run", "2024.2", "--mode hls --tcl run_hls.tcl"),
  ])
  func `the script road of each version`(_ program: String, _ version: String, _ line: String)
    async throws
  {
    try await withScratch { folder in
      let place = try project(folder)
      let vitis = try vitis(
        program, version, folder,
        body: "echo \"$@ / $PARE_HLS_STEPS\" > arguments.txt\n"
          + StandIn.copies(Self.scriptReports))
      let result = try await vitis.run(top: "half_band", in: place)
      #expect(
        String(decoding: try place.read("arguments.txt"), as: UTF8.self)
          == "\(line) / csim csynth cosim impl\n")
      #expect(result.csynth?.latencyWorst == 9 && result.cosim?.passed == true)
      #expect(result.export?.achievedNs == 3.118)
      #expect(result.toolVersion == "2024.2")
      #expect(result.log == place.file("vitis.log"))
    }
  }

  @Test func `the configuration road starts each step by itself`() async throws {
    try await withScratch { folder in
      let place = try project(folder)
      let reports: [(sample: String, to: String)] = [
        ("csynth_2024.2_ultrascaleplus_modules.xml", "project/hls/syn/report/csynth.xml"),
        ("cosim_2023_verilog.rpt", "project/hls/sim/report/half_band_cosim.rpt"),
      ]
      _ = try StandIn(
        "v++", version: "2024.2", in: folder.folder("bin"),
        body: "echo \"v++ $@\" >> lines.txt\n" + StandIn.copies([reports[0]]))
      let vitis = try vitis(
        "vitis-run", "2024.2", folder,
        body: "echo \"vitis-run $@\" >> lines.txt\n" + StandIn.copies([reports[1]]))
      let result = try await vitis.run(
        [.csynth, .csim, .cosim], top: "half_band", in: place, by: .configuration)
      let options = "--config hls_config.cfg --work_dir project"
      #expect(
        String(decoding: try place.read("lines.txt"), as: UTF8.self) == """
          vitis-run --mode hls --csim \(options)
          v++ -c --mode hls \(options)
          vitis-run --mode hls --cosim \(options)

          """)
      #expect(result.csynth?.resources[.lut]?.used == 377 && result.cosim?.passed == true)
      #expect(result.export == nil)
    }
  }

  @Test func `a version without configurations says so`() async throws {
    try await withScratch { folder in
      let place = try project(folder)
      let vitis = try vitis("vitis_hls", "2022.1", folder, body: "exit 0")
      let error = try await #require(throws: ToolError.self) {
        try await vitis.run([.csynth], top: "half_band", in: place, by: .configuration)
      }
      #expect(error.message.contains("2022.1 takes no hls_config.cfg"))
    }
  }

  @Test func `a folder without the script is refused before anything runs`() async throws {
    try await withScratch { folder in
      let vitis = try vitis("vitis_hls", "2022.1", folder, body: "touch ran")
      try folder.folder("empty").create()
      let error = try await #require(throws: ToolError.self) {
        try await vitis.run([.csynth], top: "half_band", in: folder.folder("empty"))
      }
      #expect(error.hint.contains("pare compile --language hls"))
      #expect(!folder.has("empty/ran"))
    }
  }

  @Test func `the report of an earlier run does not stand for a new one`() async throws {
    try await withScratch { folder in
      let place = try project(folder)
      let first = try vitis(
        "vitis_hls", "2022.1", folder, body: StandIn.copies(Self.scriptReports))
      _ = try await first.run([.csynth], top: "half_band", in: place)
      let second = try vitis("vitis_hls", "2022.1", folder, body: "echo done; exit 0")
      let error = try await #require(throws: ToolError.self) {
        try await second.run([.csynth], top: "half_band", in: place)
      }
      guard case .vendorToolFailed(let failure) = error.code else {
        Issue.record("\(error)")
        return
      }
      #expect(failure.reason == .reportsMissing(["project/solution1/syn/report/csynth.xml"]))
      #expect(failure.lines == ["done"])
    }
  }

  @Test func `a co-simulation that failed is an error, in its report as in the log`() async throws {
    try await withScratch { folder in
      let place = try project(folder)
      var reports = Self.scriptReports
      reports[1].sample = "cosim_2018_both_languages.rpt"
      for body in [
        StandIn.copies(reports),
        "echo 'ERROR: [COSIM 212-361] C TB simulation failed: values differ'; exit 1",
      ] {
        let vitis = try vitis("vitis_hls", "2022.1", folder, body: body)
        let error = try await #require(throws: ToolError.self) {
          try await vitis.run([.csynth, .cosim], top: "half_band", in: place)
        }
        guard case .vendorToolFailed(let failure) = error.code else {
          Issue.record("\(error)")
          return
        }
        #expect(failure.reason == .mismatch)
        #expect(error.kind == .failed && error.hint.contains("vitis.log"))
      }
    }
  }

  @Test func `a time limit ends the tool`() async throws {
    try await withScratch { folder in
      let place = try project(folder)
      let vitis = try vitis(
        "vitis_hls", "2022.1", folder, limit: .milliseconds(600), body: "exec sleep 600")
      let error = try await #require(throws: ToolError.self) {
        try await vitis.run([.csynth], top: "half_band", in: place)
      }
      guard case .timedOut = error.code else {
        Issue.record("\(error)")
        return
      }
    }
  }
}
