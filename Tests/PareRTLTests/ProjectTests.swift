import Foundation
import PareDatapath
import PareNumerics
import PareRTL
import PareText
import RandomDatapaths
import Testing

@Suite struct ProjectTests {
  /// Everything in the folder of a design, by path.
  private func folder(
    _ language: RTLLanguage, part: String, family: LogicFamily, datapath: Datapath? = nil
  ) throws -> [SourceFile] {
    let datapath = try datapath ?? RandomDatapath.network(seed: 4, channels: 2, kernel: 3)
    let vectors = try SampleDesigns.vectors(for: datapath)
    let pipeline = try datapath.optimized().pipelined(PipelineOptions(family: family))
    let bundle =
      switch language {
      case .verilog: try pipeline.verilog(named: "dpd", vectors: vectors)
      case .vhdl: try pipeline.vhdl(named: "dpd", vectors: vectors)
      }
    let project = try pipeline.projectFiles(
      named: "dpd", bundle: bundle, part: part, clockMHz: 245.76, defines: ["SOME_MACRO"],
      otherFiles: [.init("manifest.json", "the design for programs")])
    return bundle.design.map { SourceFile(path: "rtl/\($0.path)", text: $0.text) }
      + bundle.testbench.map { SourceFile(path: "tb/\($0.path)", text: $0.text) } + project
      + [SourceFile(path: "manifest.json", text: "{}\n")]
  }

  private func text(_ path: String, of files: [SourceFile]) throws -> String {
    try #require(files.first { $0.path == path }, "no \(path)").text
  }

  @Test func `what Vivado and people get`() throws {
    let files = try folder(.verilog, part: "xczu7ev-ffvc1156-2-e", family: .ultraScalePlus)
    try expectGolden("README-vivado.txt", try text("README.txt", of: files))
    try expectGolden("project-vivado.tcl", try text("vivado/project.tcl", of: files))
    #expect(
      try text("vivado/dpd.xdc", of: files).contains("create_clock -name clk -period 4.069 [get_"))
  }

  @Test func `what Diamond and people get`() throws {
    let files = try folder(.vhdl, part: "LFE5U-85F-6BG756C", family: .ecp5)
    try expectGolden("README-diamond.txt", try text("README.txt", of: files))
    try expectGolden("project-diamond.tcl", try text("diamond/project.tcl", of: files))
    #expect(
      try text("diamond/dpd.lpf", of: files).contains("FREQUENCY PORT \"clk\" 245.760 MHz;"))
    #expect(
      try text("diamond/dpd_axis.lpf", of: files).contains("FREQUENCY PORT \"aclk\" 245.760 MHz;"))
  }

  @Test(arguments: RTLLanguage.allCases)
  func `Vivado reads rows of three operands as cells, whatever the language`(
    language: RTLLanguage
  ) throws {
    let files = try folder(
      language, part: "xc7z020clg400-1", family: .series7,
      datapath: try Datapath(parsing: SampleDesigns.everyOp))
    let script = try text("vivado/project.tcl", of: files)
    #expect(script.contains(" -verilog_define PARE_XILINX -verilog_define PARE_CARRY4 "))
    let path = language == .vhdl ? "vivado/pare_row3.v" : "rtl/pare_row3.v"
    #expect(try text(path, of: files).contains("LUT6_2 #("))
    #expect(script.contains("read_verilog [file join $here pare_row3.v]") == (language == .vhdl))
    let readme = try text("README.txt", of: files)
    #expect(readme.contains("\n\(path) "))
    #expect(readme.contains("PARE_XILINX"))
  }

  @Test func `what Radiant gets`() throws {
    let files = try folder(.verilog, part: "LIFCL-40-9BG400I", family: .generic)
    try expectGolden("project-radiant.tcl", try text("radiant/project.tcl", of: files))
    #expect(try text("radiant/dpd.sdc", of: files).contains("-period 4.069 [get_ports {clk}]"))
  }

  @Test func `a part of another maker gets no script, and README says so`() throws {
    let files = try folder(.verilog, part: "GW5A-25", family: .generic)
    #expect(!files.contains { $0.path.hasSuffix(".tcl") })
    #expect(try text("README.txt", of: files).contains("There is no script for GW5A-25"))
  }

  @Test(arguments: RTLLanguage.allCases)
  func `README lists the files that there are`(language: RTLLanguage) throws {
    for (part, family) in [
      ("xczu7ev-ffvc1156-2-e", LogicFamily.ultraScalePlus), ("LFE5U-25F-6BG381C", .ecp5),
      ("GW5A-25", .generic),
    ] {
      let files = try folder(language, part: part, family: family)
      let lines = try text("README.txt", of: files).split(
        separator: "\n", omittingEmptySubsequences: false)
      let start = try #require(lines.firstIndex(of: "Files")) + 5
      let listed = lines[start...].prefix { !$0.isEmpty }.map {
        String($0.prefix { $0 != " " })
      }
      #expect(Set(listed) == Set(files.map(\.path)).subtracting(["README.txt"]))
      for file in files { #expect(file.text.utf8.allSatisfy { $0 < 128 }, "\(file.path)") }
    }
  }

  @Test func `without vectors there is no testbench`() throws {
    let pipeline = try RandomDatapath.network(seed: 4, channels: 2, kernel: 3).optimized()
      .pipelined()
    let files = try pipeline.projectFiles(
      named: "dpd", bundle: try pipeline.verilog(named: "dpd"), part: "GW5A-25", clockMHz: 100)
    #expect(files.map(\.path) == ["README.txt", "axis/dpd_axis.v"])
    #expect(!files[0].text.contains("testbench"))
  }

  @Test(
    .enabled(
      if: SystemTool.iverilog != nil, "no iverilog on PATH: README's commands were not tried")
  )
  func `README's commands for Icarus Verilog pass`() throws {
    let files = try folder(.verilog, part: "LFE5U-25F-6BG381C", family: .ecp5)
    let verdicts = try tryCommands(files) { words in
      let tool = try #require(SystemTool.iverilog)
      switch words[0] {
      case "iverilog": return { try tool.run(Array(words.dropFirst()), in: $0) }
      case "vvp": return { try tool.run(Array(words.dropFirst()), in: $0, as: "vvp") }
      default: return nil
      }
    }
    #expect(verdicts == ["PASS samples 199", "PASS samples 199"])
  }

  @Test(
    .enabled(
      if: SystemTool.ghdl != nil || SystemTool.ghdlIsRequired,
      "no ghdl on PATH (nor in PARE_GHDL): README's commands were not tried"))
  func `README's commands for GHDL pass`() throws {
    let files = try folder(.vhdl, part: "xczu7ev-ffvc1156-2-e", family: .ultraScalePlus)
    let verdicts = try tryCommands(files) { words in
      let tool = try #require(SystemTool.ghdl)
      return words[0] == "ghdl" ? { try tool.run(Array(words.dropFirst()), in: $0) } : nil
    }
    #expect(verdicts == ["PASS samples 199", "PASS samples 199"])
  }

  /// Runs the indented commands of README.txt that are known, in `tb`.
  ///
  /// - Returns: the verdicts that they printed.
  private func tryCommands(
    _ files: [SourceFile], _ command: ([String]) throws -> ((URL) throws -> (String, Int))?
  ) throws -> [String] {
    let root = FileManager.default.temporaryDirectory
      .appending(path: "pare-project-\(UUID().uuidString)")
    defer { try? FileManager.default.removeItem(at: root) }
    for file in files {
      let url = root.appending(path: file.path)
      try FileManager.default.createDirectory(
        at: url.deletingLastPathComponent(), withIntermediateDirectories: true)
      try Data(file.text.utf8).write(to: url)
    }
    var verdicts: [String] = []
    for line in try text("README.txt", of: files).split(separator: "\n") {
      guard line.hasPrefix("    "), let first = line.split(separator: " ").first, first != "cd"
      else { continue }
      guard let run = try command(line.split(separator: " ").map(String.init)) else { continue }
      let (talk, status) = try run(root.appending(path: "tb"))
      #expect(status == 0, "\(line): \(talk)")
      verdicts += talk.split(separator: "\n").map(String.init).filter { $0.hasPrefix("PASS ") }
    }
    return verdicts
  }
}
