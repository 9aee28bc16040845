import Foundation
import Testing

/// `pare qor parse` and `pare implement --toolchain vivado|vitis`, with shell scripts in place of the vendor's tools.
@Suite struct VendorCommandTests {
  private static let samples = CommandLineTool.repository.appending(
    path: "Tests/PareToolsTests/Reports/Samples")

  private func sample(_ name: String) -> String { Self.samples.appending(path: name).path }

  /// Puts a tool into `bin` of the folder; the environment of a run that finds it.
  private func install(_ program: String, _ body: String, in folder: URL) throws -> [String: String]
  {
    let bin = folder.appending(path: "bin")
    try FileManager.default.createDirectory(at: bin, withIntermediateDirectories: true)
    let file = bin.appending(path: program)
    try Data(
      """
      #!/bin/sh
      case "$1" in -version|--version) echo "\(program) v2023.2 (64-bit)"; exit 0;; esac
      echo ran >> '\(folder.path)/runs'
      \(body)

      """.utf8
    ).write(to: file)
    try FileManager.default.setAttributes([.posixPermissions: 0o755], ofItemAtPath: file.path)
    let path = ProcessInfo.processInfo.environment["PATH"] ?? "/usr/bin:/bin"
    return ["PATH": "\(bin.path):\(path)"]
  }

  private func records(_ text: String) throws -> [[String: Any]] {
    try #require(
      try JSONSerialization.jsonObject(with: Data(text.utf8)) as? [[String: Any]])
  }

  private func runs(in folder: URL) -> Int {
    let text = (try? String(contentsOf: folder.appending(path: "runs"), encoding: .utf8)) ?? ""
    return text.split(separator: "\n").count
  }

  /// A filter of two taps as Verilog.
  private func compile(in folder: URL, _ options: String...) throws {
    try Data(
      """
      {"inputs": [{"name": "x0", "format": "<8,1>"}],
       "outputs": [{"name": "y0", "taps": [[0, 0, 5], [0, 1, -3]], "bias": 0}]}
      """.utf8
    ).write(to: folder.appending(path: "taps.json"))
    let run = try CommandLineTool.pare(
      ["compile", "taps.json", "--effort", "fast", "--out", "design"] + options, in: folder)
    #expect(run.status == 0, "\(run.errors)")
  }

  @Test func `reports are printed as tables and as JSON`() throws {
    try withTemporaryFolder { folder in
      let power = sample("power_2018.2_guessed_activity.rpt")
      let synthesis = sample("csynth_2018.3_series7_undef.xml")
      let table = try CommandLineTool.pare("qor", "parse", power, synthesis, in: folder)
      #expect(table.status == 0 && table.errors.isEmpty)
      #expect(table.output.contains("report_power\n") && table.output.contains("<0.001 W"))
      #expect(table.output.contains("11 / - / - clocks"))
      let json = try records(
        try CommandLineTool.pare("qor", "parse", power, synthesis, "--json", in: folder).output)
      #expect(json.map { $0["kind"] as? String } == ["power", "csynth"])
      #expect(json[0]["file"] as? String == power)
      #expect((json[0]["dynamicW"] as? [String: Any])?["value"] as? Double == 0.019)
      #expect(json[1]["latencyBest"] as? Int == 11 && json[1]["latencyWorst"] == nil)
    }
  }

  @Test func `a report that was cut short is bad data`() throws {
    try withTemporaryFolder { folder in
      let text = try String(
        contentsOf: URL(filePath: sample("power_2018.2_guessed_activity.rpt")), encoding: .utf8)
      try Data(text.prefix(1500).utf8).write(to: folder.appending(path: "p.rpt"))
      let run = try CommandLineTool.pare("qor", "parse", "p.rpt", in: folder)
      #expect(run.status == 65 && run.output.isEmpty)
      #expect(run.errors.contains("error: p.rpt: this report_power has no "), "\(run.errors)")
      #expect(run.errors.contains("\nhint:  "))
    }
  }

  private var vivadoBody: String {
    """
    mkdir -p reports
    for s in synth route; do
      cp '\(sample("utilization_2024.2_ultrascaleplus_routed.rpt"))' reports/utilization_$s.rpt
      cp '\(sample("timing_summary_2021.1_two_clocks_violated.rpt"))' reports/timing_$s.rpt
    done
    cp '\(sample("power_2023.1_simulated_activity.rpt"))' reports/power_route.rpt
    """
  }

  @Test(arguments: ["verilog", "vhdl"])
  func `Vivado implements a folder once, and its figures have their origin`(_ language: String)
    throws
  {
    try withTemporaryFolder { folder in
      try compile(in: folder, "--language", language)
      let environment = try install("vivado", vivadoBody, in: folder)
      for _ in 0..<2 {
        let run = try CommandLineTool.pare(
          "implement", "design", "--toolchain", "vivado", "--json", in: folder,
          environment: environment)
        #expect(run.status == 0, "\(run.errors)")
        let records = try records(run.output)
        #expect(
          records.map { $0["stage"] as? String } == ["costModel", "synthesis", "placeAndRoute"])
        #expect(records[2]["lut"] as? Int == 391)
        #expect(records[2]["powerDynamicW"] as? Double == 0.007)
        let origin = (records[2]["provenance"] as? [String: [String: Any]])?["fmaxMHz"]
        #expect(origin?["tool"] as? String == "Vivado")
        #expect(origin?["version"] as? String == "2021.1")
        #expect(origin?["kind"] as? String == "measured")
        #expect((records[2]["warnings"] as? [String])?.first?.contains("not met") == true)
      }
      #expect(runs(in: folder) == 1)
      let clocked = try CommandLineTool.pare(
        "implement", "design", "--toolchain", "vivado", "--clock", "123", in: folder,
        environment: environment)
      #expect(clocked.status == 0 && runs(in: folder) == 2)
    }
  }

  @Test func `scripts are written without any tool`() throws {
    try withTemporaryFolder { folder in
      try compile(in: folder)
      let run = try CommandLineTool.pare(
        "implement", "design", "--toolchain", "vivado", "--scripts-only", "--target",
        "xczu3eg-sbva484-1-e", in: folder, environment: ["PATH": "/nowhere"])
      #expect(run.status == 0, "\(run.errors)")
      let scripts = folder.appending(path: "design/synth/vivado-xczu3eg-sbva484-1-e-scripts")
      #expect(run.output.contains("vivado -mode batch -source run.tcl"))
      let script = try String(contentsOf: scripts.appending(path: "run.tcl"), encoding: .utf8)
      #expect(script.contains("-part xczu3eg-sbva484-1-e "))
      #expect(!FileManager.default.fileExists(atPath: folder.path + "/design/qor.json"))
    }
  }

  @Test func `a missing licence is a missing tool, and a part of another maker is refused`() throws
  {
    try withTemporaryFolder { folder in
      try compile(in: folder)
      let environment = try install(
        "vivado",
        "echo \"ERROR: [Common 17-345] A valid license was not found for feature 'Synthesis'\"; exit 1",
        in: folder)
      let run = try CommandLineTool.pare(
        "implement", "design", "--toolchain", "vivado", "--quiet", in: folder,
        environment: environment)
      #expect(run.status == 69 && run.errors.contains("Common 17-345"), "\(run.errors)")
      #expect(run.errors.contains("output.log"))
      let other = try CommandLineTool.pare(
        "implement", "design", "--toolchain", "vivado", "--target", "ecp5", in: folder)
      #expect(other.status == 64 && other.errors.contains("no part of AMD's"), "\(other.errors)")
      let wrong = try CommandLineTool.pare(
        "implement", "design", "--toolchain", "vitis", in: folder)
      #expect(wrong.status == 64 && wrong.errors.contains("--toolchain vivado"))
    }
  }

  @Test func `Vitis runs the steps in a folder of HLS C++`() throws {
    try withTemporaryFolder { folder in
      let design = folder.appending(path: "hls")
      let model = CommandLineTool.repository.appending(
        path: "Tests/PareFixedTests/Fixtures/pytorch/relu/model.json")
      let compiled = try CommandLineTool.pare(
        "compile", model.path, "--language", "hls", "--name", "half_band", "--out", "hls",
        in: folder)
      #expect(compiled.status == 0, "\(compiled.errors)")
      let environment = try install(
        "vitis-run",
        """
        echo "$PARE_HLS_STEPS" > steps
        mkdir -p project/solution1/syn/report project/solution1/sim/report
        cp '\(sample("csynth_2024.2_ultrascaleplus_modules.xml"))' project/solution1/syn/report/csynth.xml
        cp '\(sample("cosim_2023_verilog.rpt"))' project/solution1/sim/report/half_band_cosim.rpt
        """, in: folder)
      for _ in 0..<2 {
        let run = try CommandLineTool.pare(
          "implement", "hls", "--toolchain", "vitis", "--steps", "csynth,cosim", "--json",
          in: folder, environment: environment)
        #expect(run.status == 0, "\(run.errors)")
        let records = try records(run.output)
        #expect(
          records.map { $0["stage"] as? String } == ["highLevelSynthesis", "cosimulation"])
        #expect(records.map { $0["target"] as? String } == ["zcu104", "zcu104"])
        #expect(records[0]["latencyClocks"] as? Int == 9)
        #expect(records[1]["latencyClocks"] as? Int == 12)
      }
      #expect(runs(in: folder) == 1)
      #expect(
        try String(contentsOf: design.appending(path: "steps"), encoding: .utf8)
          == "csynth cosim\n")
      let open = try CommandLineTool.pare("implement", "hls", in: folder)
      #expect(open.status == 64 && open.errors.contains("--toolchain vitis"), "\(open.errors)")
    }
  }
}
