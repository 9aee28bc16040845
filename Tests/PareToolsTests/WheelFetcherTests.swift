import Foundation
import PareText
import Testing

@testable import PareTools

@Suite struct WheelFetcherTests {
  private static let hash = String(repeating: "0", count: 64)

  /// A stand-in for pip and Python that hands out a wheel made here: no network, and what it is asked for is checked.
  private func python(in folder: Folder, members: [String: String]) async throws -> ToolLocator {
    try folder.create()
    let real = try await ToolLocator().find(.python3).command[0]
    let list = members.sorted { $0.key < $1.key }
      .map { "archive.writestr('\($0.key)', '\($0.value)')" }.joined(separator: "; ")
    try folder.write(
      """
      #!/bin/sh
      case "$1 $2" in
        "--version "*) exec '\(real)' --version ;;
        "-m pip")
          echo "$@" >> '\(folder.file("asked"))'
          cat requirements.txt >> '\(folder.file("asked"))'
          mkdir wheel
          exec '\(real)' -c "import zipfile; archive = zipfile.ZipFile('wheel/x-1.whl', 'w'); \(list); archive.close()" ;;
        *) exec '\(real)' "$@" ;;
      esac

      """, to: "python3")
    try FileManager.default.setAttributes(
      [.posixPermissions: 0o755], ofItemAtPath: folder.file("python3"))
    return ToolLocator(
      variables: [
        "PARE_PYTHON": folder.file("python3"),
        "PATH": ProcessInfo.processInfo.environment["PATH"] ?? "",
      ], startingFolders: [folder])
  }

  @Test func `a folder of the wheel appears in the cache, and only it`() async throws {
    try await withScratch { folder in
      let locator = try await python(
        in: folder.folder("bin"),
        members: ["d/set/a.csv": "1", "d/set/deep/b.csv": "2", "d/settled": "no", "x.py": "no"])
      let target = folder.folder("cache/set")
      let fetcher = WheelFetcher(locator, variables: [:])
      try await fetcher.fetch(
        requirement: "x==1", sha256: Self.hash, folder: "d/set", to: target)
      #expect(target.names == [".fetched-from", "a.csv", "deep"])
      #expect(String(decoding: try target.read("deep/b.csv"), as: UTF8.self) == "2")
      #expect(folder.folder("cache").names == ["set"], "scratch folders must be gone")
      let asked = String(decoding: try folder.read("bin/asked"), as: UTF8.self)
      #expect(asked.contains("--require-hashes") && asked.contains("--no-deps"))
      #expect(asked.contains("x==1 --hash=sha256:\(Self.hash)"))

      // A second time, even offline, nothing is asked for.
      try await WheelFetcher(locator, variables: ["PARE_OFFLINE": "1"]).fetch(
        requirement: "x==1", sha256: Self.hash, folder: "d/set", to: target)
      #expect(String(decoding: try folder.read("bin/asked"), as: UTF8.self) == asked)

      // Another version replaces it.
      try await fetcher.fetch(
        requirement: "x==2", sha256: Self.hash, folder: "d/set/deep", to: target)
      #expect(target.names == [".fetched-from", "b.csv"])
    }
  }

  @Test func `offline and not there is an error that says what and where`() async throws {
    try await withScratch { folder in
      let error = try await #require(throws: ToolError.self) {
        try await WheelFetcher(variables: ["PARE_OFFLINE": "1"]).fetch(
          requirement: "opendpd==2.4.2", sha256: Self.hash, folder: "datasets/x",
          to: folder.folder("x"))
      }
      #expect(error.kind == .toolMissing)
      #expect(error.message.contains("datasets/x of opendpd==2.4.2"))
      #expect(error.message.contains("PARE_OFFLINE"))
      #expect(!folder.has("x"))
    }
  }

  @Test func `a folder that the wheel lacks leaves nothing behind`() async throws {
    try await withScratch { folder in
      let locator = try await python(in: folder.folder("bin"), members: ["a/b": "1"])
      let error = try await #require(throws: ToolError.self) {
        try await WheelFetcher(locator, variables: [:]).fetch(
          requirement: "x==1", sha256: Self.hash, folder: "c", to: folder.folder("cache/c"))
      }
      #expect(error.message.contains("nothing below c/"))
      #expect(folder.folder("cache").names.isEmpty)
    }
  }

  @Test func `a member that would leave the folder is refused`() async throws {
    try await withScratch { folder in
      let locator = try await python(
        in: folder.folder("bin"), members: ["d/../../evil": "1", "d/good": "1"])
      let error = try await #require(throws: ToolError.self) {
        try await WheelFetcher(locator, variables: [:]).fetch(
          requirement: "x==1", sha256: Self.hash, folder: "d", to: folder.folder("cache/d"))
      }
      #expect(error.message.contains("unsafe name"))
      #expect(!folder.has("evil") && !folder.has("cache/evil"))
    }
  }

  @Test func `two at the same time give one whole folder`() async throws {
    try await withScratch { folder in
      let locator = try await python(in: folder.folder("bin"), members: ["d/a": "1", "d/b": "2"])
      let target = folder.folder("cache/d")
      let fetcher = WheelFetcher(locator, variables: [:])
      try await withThrowingTaskGroup(of: Void.self) { group in
        for _ in 0..<4 {
          group.addTask {
            try await fetcher.fetch(
              requirement: "x==1", sha256: Self.hash, folder: "d", to: target)
          }
        }
        try await group.waitForAll()
      }
      #expect(target.names == [".fetched-from", "a", "b"])
      #expect(folder.folder("cache").names == ["d"])
    }
  }

  @Test(arguments: [
    (["PARE_CACHE": "/a", "XDG_CACHE_HOME": "/b", "HOME": "/c"], "/a"),
    (["PARE_CACHE": "", "XDG_CACHE_HOME": "/b", "HOME": "/c"], "/b/pare"),
  ])
  func `the cache folder follows the variables`(variables: [String: String], path: String) throws {
    let cache = try CacheFolder(variables: variables)
    #expect(cache.folder.path == path)
    #expect(cache.dataset(group: "g", name: "n").path == path + "/datasets/g/n")
  }

  @Test func `without any variable there is no cache folder`() {
    #expect(throws: ToolError.self) { try CacheFolder(variables: [:]) }
  }
}
