import PareText
import Testing

@testable import PareTools

/// Against a script that hangs. A minute is too short where other suites, which block while a simulator runs, hold both
/// threads of a small machine.
private let hangLimit = Duration.seconds(900)

/// `make tools` as a person without network, or with half of a set-up, meets it.
@Suite struct SetUpScriptTests {
  private static let root = Folder(#filePath).parent.parent.parent

  private func tools(_ folder: Folder, variables: [String: String] = [:]) async throws
    -> (status: Int, output: String)
  {
    let command = ToolCommand(
      ["bash", Self.root.file("Scripts/tools.sh")],
      environment: ["PARE_TOOLS": folder.file("tools"), "PARE_OFFLINE": "1"]
        .merging(variables) { $1 },
      in: folder.path, log: folder.file("log"), timeLimit: hangLimit)
    let exit = try await ProcessRunner().run(command)
    return (exit.status, String(decoding: try folder.read("log"), as: UTF8.self))
  }

  @Test func `offline with nothing there is a two-line error and leaves nothing`() async throws {
    try await withScratch { folder in
      let (status, output) = try await tools(folder)
      #expect(status == 69)
      let lines = output.split(separator: "\n")
      #expect(lines.count == 2)
      #expect(lines.first?.hasPrefix("error: the tools in ") == true)
      #expect(lines.last == "hint:  run 'make tools' once with a network")
      #expect(!folder.has("tools"))
    }
  }

  @Test func `a set-up that was killed has no stamp and is not taken for a whole one`() async throws
  {
    try await withScratch { folder in
      try folder.folder("tools/python/bin").create()
      let (status, output) = try await tools(folder)
      #expect(status == 69)
      #expect(output.contains("missing or out of date"))
      #expect(ToolLocator(variables: ["PARE_TOOLS": folder.file("tools")]).toolsFolder == nil)
    }
  }

  @Test func `a missing system package is named, with the one of Homebrew`() async throws {
    try await withScratch { folder in
      // A PATH with nothing but what the script itself runs on.
      let bin = folder.folder("bin")
      try bin.create()
      for program in ["bash", "dirname", "uname", "id"] {
        let path = try #require(ToolLocator().executable(program))
        try await ProcessRunner().runChecked(
          ToolCommand(
            ["ln", "-s", path, bin.file(program)], in: folder.path, log: folder.file("log"),
            timeLimit: hangLimit))
      }
      let (status, output) = try await tools(folder, variables: ["PATH": bin.path])
      #expect(status == 69)
      #expect(output.hasPrefix("error: make is missing, and PARE_OFFLINE forbids to install it\n"))
      #expect(output.contains("hint:  install the package make (Homebrew: make)"))
    }
  }

  @Test func `the set-up in use is complete and checked in no time`() async throws {
    let present = try #require(ToolLocator().toolsFolder, "no .tools folder: run make test")
    try await withScratch { folder in
      let (status, output) = try await tools(folder, variables: ["PARE_TOOLS": present.path])
      #expect(status == 0, "\(output)")
      #expect(output.isEmpty)
    }
  }

  @Test func `every wheel is pinned to one version and has hashes`() throws {
    let text = String(
      decoding: try Self.root.read("Scripts/requirements.txt"), as: UTF8.self)
    let entries = text.replacing("\\\n", with: " ").split(separator: "\n")
      .filter { !$0.hasPrefix("#") }
    #expect(entries.count >= 6)
    for entry in entries {
      #expect(entry.contains("=="), "\(entry)")
      let hashes = entry.split(separator: " ").filter { $0.hasPrefix("--hash=sha256:") }
      #expect(!hashes.isEmpty, "\(entry)")
      #expect(hashes.allSatisfy { $0.count == "--hash=sha256:".count + 64 }, "\(entry)")
      #expect(Set(hashes).count == hashes.count, "\(entry)")
    }
  }
}
