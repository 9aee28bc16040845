import Foundation
import PareText
import Testing

@Suite struct WholeFileTests {
  private func withFolder(_ body: (URL) throws -> Void) throws {
    let folder = FileManager.default.temporaryDirectory.appending(path: "pare-\(UUID().uuidString)")
    try FileManager.default.createDirectory(at: folder, withIntermediateDirectories: true)
    defer { try? FileManager.default.removeItem(at: folder) }
    try body(folder)
  }

  @Test func `replaces a file and what a link points to, but not the link`() throws {
    try withFolder { folder in
      let file = folder.appending(path: "file")
      let link = folder.appending(path: "link")
      try Data("first".utf8).write(to: file)
      try FileManager.default.createSymbolicLink(at: link, withDestinationURL: file)
      try WholeFile.write(Data("second".utf8), to: link.path)
      #expect(try Data(contentsOf: file) == Data("second".utf8))
      let target = try FileManager.default.destinationOfSymbolicLink(atPath: link.path)
      #expect(target.hasSuffix("file"))
    }
  }

  @Test func `writes into a pipe instead of replacing it`() throws {
    try withFolder { folder in
      let pipe = folder.appending(path: "pipe").path
      #expect(unsafe mkfifo(pipe, 0o600) == 0)
      // Open for both directions, so that neither side waits for the other.
      let reader = try FileHandle(forUpdating: URL(filePath: pipe))
      defer { try? reader.close() }
      try WholeFile.write(Data("kept".utf8), to: pipe)
      #expect(try reader.read(upToCount: 4) == Data("kept".utf8))
      let attributes = try FileManager.default.attributesOfItem(atPath: pipe)
      #expect(attributes[.type] as? FileAttributeType != .typeRegular)
    }
  }

  @Test func `says why a path cannot be written`() throws {
    try withFolder { folder in
      let empty = #expect(throws: WholeFileError.self) { try WholeFile.write(Data(), to: "") }
      #expect(empty?.reason == "the path is empty")
      let directory = #expect(throws: WholeFileError.self) {
        try WholeFile.write(Data(), to: folder.path)
      }
      #expect(directory?.reason == "it is a folder")
      let missing = #expect(throws: WholeFileError.self) {
        try WholeFile.write(Data(), to: folder.path + "/none/file")
      }
      #expect(missing?.reason == "no such folder")
    }
  }
}
