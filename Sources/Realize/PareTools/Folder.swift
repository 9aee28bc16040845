public import PareText

#if canImport(FoundationEssentials)
  public import FoundationEssentials
#else
  public import Foundation
#endif

/// A folder that a tool works in; every fault carries the path.
public struct Folder: Sendable, Hashable {
  /// Absolute path without a slash at the end.
  public let path: String

  /// - Parameter path: absolute, or relative to the current folder; it need not exist.
  public init(_ path: String) {
    let absolute =
      path.hasPrefix("/") ? path : FileManager.default.currentDirectoryPath + "/" + path
    self.path = URL(filePath: absolute).standardizedFileURL.path.withoutTrailingSlash
  }

  /// The path of something in this folder.
  public func file(_ name: String) -> String { path + "/" + name }

  public func folder(_ name: String) -> Folder { Folder(file(name)) }

  public var exists: Bool { FileManager.default.fileExists(atPath: path) }

  public func has(_ name: String) -> Bool { FileManager.default.fileExists(atPath: file(name)) }

  /// Makes the folder and those above it; one that is there stays.
  public func create() throws {
    do {
      try FileManager.default.createDirectory(
        atPath: path, withIntermediateDirectories: true, attributes: nil)
    } catch {
      throw ToolError(.fileFailed(path: path, reason: "the folder cannot be made (\(error))"))
    }
  }

  /// Removes the folder with all that is in it, if it is there.
  public func remove() throws {
    guard exists else { return }
    do {
      try FileManager.default.removeItem(atPath: path)
    } catch {
      throw ToolError(.fileFailed(path: path, reason: "cannot be removed (\(error))"))
    }
  }

  public func read(_ name: String) throws -> Data {
    do {
      return try Data(contentsOf: URL(filePath: file(name)))
    } catch {
      throw ToolError(.fileFailed(path: file(name), reason: "cannot be read (\(error))"))
    }
  }

  /// Writes a file whole or not at all.
  public func write(_ data: Data, to name: String) throws {
    do {
      try WholeFile.write(data, to: file(name))
    } catch {
      throw ToolError(.fileFailed(path: file(name), reason: "cannot be written (\(error.reason))"))
    }
  }

  public func write(_ text: String, to name: String) throws {
    try write(Data(text.utf8), to: name)
  }

  /// Writes files of a generator, making the folders that their paths name.
  public func write(_ files: [SourceFile]) throws {
    for source in files {
      let parent = source.path.split(separator: "/").dropLast().joined(separator: "/")
      try (parent.isEmpty ? self : folder(parent)).create()
      try write(source.text, to: source.path)
    }
  }

  /// Does work in a neighbour folder with a name of its own, then gives it this folder's name.
  ///
  /// A folder that is there is replaced only when the work is complete; work that throws or is killed leaves this
  /// folder as it was. What throws keeps its neighbour folder, since errors name the logs in it.
  ///
  /// - Parameter work: gets the folder to work in, empty; its name is not its last one, so nothing in it may hold it.
  public func replace<Result>(by work: (Folder) async throws -> Result) async throws -> Result {
    let partial = Folder(path + ".part")
    try partial.remove()
    try partial.create()
    let result = try await work(partial)
    try remove()
    do {
      try FileManager.default.moveItem(atPath: partial.path, toPath: path)
    } catch {
      throw ToolError(.fileFailed(path: path, reason: "cannot take its place (\(error))"))
    }
    return result
  }

  /// Names of what is in the folder, sorted; empty when it is not there.
  public var names: [String] {
    ((try? FileManager.default.contentsOfDirectory(atPath: path)) ?? []).sorted()
  }

  /// The folder of the folder; the root is its own.
  public var parent: Folder {
    guard let slash = path.lastIndex(of: "/"), slash != path.startIndex else { return Folder("/") }
    return Folder(String(path[..<slash]))
  }
}

extension String {
  fileprivate var withoutTrailingSlash: String {
    count > 1 && hasSuffix("/") ? String(dropLast()) : self
  }
}

/// The last lines of a text file, empty when it cannot be read; only its last 64 KiB are looked at.
func lastLines(of path: String, count: Int) -> [String] {
  guard let data = try? Data(contentsOf: URL(filePath: path), options: .mappedIfSafe) else {
    return []
  }
  let text = String(decoding: data.suffix(65_536), as: UTF8.self)
  return text.split(separator: "\n", omittingEmptySubsequences: true).suffix(count).map(String.init)
}
