import Foundation
import Testing

@testable import PareExplore

@Suite struct RunFolderTests {
  @Test func `a finished stage is kept, and made again when its key changes`() async throws {
    try await withTemporaryFolder { folder in
      let run = RunFolder(folder)
      let first = try await run.stage("a/b", key: ["x", "1"]) { 41 }
      #expect(first.value == 41 && !first.wasKept)
      let again = try await run.stage("a/b", key: ["x", "1"]) { 42 }
      #expect(again.value == 41 && again.wasKept && again.seconds == first.seconds)
      let changed = try await run.stage("a/b", key: ["x1", ""]) { 43 }
      #expect(changed.value == 43 && !changed.wasKept)
    }
  }

  @Test func `a stage that throws leaves nothing behind`() async throws {
    struct Fault: Error {}
    try await withTemporaryFolder { folder in
      let run = RunFolder(folder)
      await #expect(throws: Fault.self) {
        try await run.stage("a", key: []) { () -> Int in throw Fault() }
      }
      let left = try FileManager.default.contentsOfDirectory(atPath: folder)
      #expect(left.isEmpty)
    }
  }

  @Test func `a damaged file is reported and made again`() async throws {
    try await withTemporaryFolder { folder in
      let run = RunFolder(folder)
      _ = try await run.stage("a", key: ["k"]) { 1 }
      let text = try TextFile.read("\(folder)/a.json")
      try TextFile.write(String(text.prefix(text.count / 2)), to: "\(folder)/a.json")
      var reported: [String] = []
      let again = try await run.stage("a", key: ["k"], onDamage: { reported.append($0) }) { 2 }
      #expect(again.value == 2)
      #expect(reported.count == 1)
    }
  }

  @Test func `two processes cannot hold one folder`() async throws {
    try await withTemporaryFolder { folder in
      // Locks of one process through two descriptors exclude each other as those of two processes do.
      let held = try RunFolder(folder).lock()
      #expect(throws: ExploreError.self) { _ = try RunFolder(folder).lock() }
      _ = consume held
      _ = try RunFolder(folder).lock()
    }
  }

  @Test func `an unwritable place is an error with the path`() async throws {
    try await withTemporaryFolder { folder in
      try TextFile.write("x", to: "\(folder)/file")
      let error = #expect(throws: ExploreError.self) {
        try TextFile.write("y", to: "\(folder)/file/below")
      }
      #expect(error?.message.contains("\(folder)/file/below") == true)
    }
  }
}
