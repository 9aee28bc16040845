import PareText
import Testing

@testable import PareTools

@Suite struct VendorLocatorTests {
  private func locator(_ variables: [String: String], _ folder: Folder, installed: Folder? = nil)
    -> ToolLocator
  {
    ToolLocator(
      variables: variables, startingFolders: [folder], vendorFolders: installed.map { [$0] } ?? [])
  }

  @Test func `Vivado on PATH, named by a variable, or by the settings script`() async throws {
    try await withScratch { folder in
      let first = try StandIn("vivado", version: "2022.2", in: folder.folder("path"))
      let named = try StandIn("vivado", version: "2023.1", in: folder.folder("mine"))
      let set = try StandIn("vivado", version: "2024.1", in: folder.folder("xilinx/bin"))
      let path = ["PATH": first.folder.path + ":/bin:/usr/bin"]
      let found = try await locator(path, folder).find(.vivado)
      #expect(found.version == "2022.2" && found.origin == .path && found.warning == nil)
      let other = try await locator(
        path.merging(["PARE_VIVADO": named.path]) { $1 }, folder
      ).find(.vivado)
      #expect(other.version == "2023.1" && other.origin == .variable)
      let third = try await locator(
        ["PATH": "/bin:/usr/bin", "XILINX_VIVADO": folder.file("xilinx")], folder
      ).find(.vivado)
      #expect(third.path == set.path && third.origin == .installation)
    }
  }

  @Test func `the newest installed version, in the old and the new order of folders`() async throws
  {
    try await withScratch { folder in
      _ = try StandIn("vivado", version: "2022.1", in: folder.folder("Vivado/2022.1/bin"))
      let newer = try StandIn("vivado", version: "2024.2", in: folder.folder("Vivado/2024.2/bin"))
      _ = try StandIn("vivado", version: "2024.1", in: folder.folder("Vivado/2024.1/bin"))
      let variables = ["PATH": "/bin:/usr/bin"]
      #expect(
        try await locator(variables, folder, installed: folder).find(.vivado).path == newer.path)
      let newest = try StandIn("vivado", version: "2025.1", in: folder.folder("2025.1/Vivado/bin"))
      #expect(
        try await locator(variables, folder, installed: folder).find(.vivado).path == newest.path)
    }
  }

  @Test func `an old version is the last resort and carries a warning`() async throws {
    try await withScratch { folder in
      _ = try StandIn("vivado", version: "2019.2", in: folder.folder("path"))
      let variables = ["PATH": folder.file("path") + ":/bin:/usr/bin"]
      let old = try await locator(variables, folder).find(.vivado)
      #expect(old.warning?.contains("2019.2") == true)
      let installed = try StandIn(
        "vivado", version: "2022.1", in: folder.folder("Vivado/2022.1/bin"))
      #expect(
        try await locator(variables, folder, installed: folder).find(.vivado).path
          == installed.path)
    }
  }

  @Test func `a program that tells no version has that of its folder`() async throws {
    try await withScratch { folder in
      let silent = folder.folder("Vivado/2023.2/bin")
      let tool = try StandIn("vivado", version: "", in: silent)
      let found = try await locator(["PATH": "/bin:/usr/bin"], folder, installed: folder)
        .find(.vivado)
      #expect(found.version == "2023.2" && found.path == tool.path)
    }
  }

  @Test func `Vitis is vitis-run from 2023.2 on and vitis_hls before`() async throws {
    try await withScratch { folder in
      let variables = ["PATH": "/bin:/usr/bin"]
      let old = try StandIn(
        "vitis_hls", version: "2023.1", in: folder.folder("Vitis_HLS/2023.1/bin"))
      _ = try StandIn("vitis-run", version: "2023.1", in: folder.folder("Vitis/2023.1/bin"))
      #expect(
        try await locator(variables, folder, installed: folder).find(.vitisHLS).path == old.path)
      let new = try StandIn("vitis-run", version: "2023.2", in: folder.folder("Vitis/2023.2/bin"))
      #expect(
        try await locator(variables, folder, installed: folder).find(.vitisHLS).path == new.path)
    }
  }

  @Test func `what was looked at when there is none`() async throws {
    try await withScratch { folder in
      let error = try await #require(throws: ToolError.self) {
        try await locator(
          ["PATH": "/bin:/usr/bin", "XILINX_VIVADO": folder.file("gone")], folder,
          installed: folder
        ).find(.vivado)
      }
      #expect(error.kind == .toolMissing)
      #expect(
        error.message
          == "vivado not found (looked in $PARE_VIVADO, vivado on PATH, $XILINX_VIVADO, "
          + "\(folder.path))")
      #expect(error.hint.contains("settings64.sh"))
    }
  }

  @Test func `the doctor names the vendor's tools and does not miss them`() async throws {
    try await withScratch { folder in
      let doctor = try await Doctor(locator(["PATH": "/bin:/usr/bin"], folder))
      for name in [ToolName.vivado, .vitisHLS] {
        let finding = try #require(doctor.findings.first { $0.name == name })
        #expect(finding.isOptional && finding.version == nil)
        #expect(finding.purpose.contains("optional"))
      }
      #expect(!doctor.missing.contains { $0.name.isVendorTool })
    }
  }
}
