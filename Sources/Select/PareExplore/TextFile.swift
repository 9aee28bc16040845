import PareText

#if canImport(FoundationEssentials)
  import FoundationEssentials
#else
  import Foundation
#endif

/// Text on disk, with faults that name the path; a file is written whole or not at all.
public enum TextFile {
  /// - Throws: ``ExploreError`` when the file is missing, unreadable, not UTF-8 or larger than 256 MB.
  public static func read(_ path: String) throws(ExploreError) -> String {
    var isFolder = false
    guard exists(path, isFolder: &isFolder) else {
      throw ExploreError(
        .file(path: path), "\(path): no such file", hint: "check the path; it is relative to here")
    }
    guard !isFolder else {
      throw ExploreError(.file(path: path), "\(path): is a folder", hint: "give a file")
    }
    let size = (try? FileManager.default.attributesOfItem(atPath: path)[.size]) as? UInt64 ?? 0
    guard size < 256 << 20 else {
      throw ExploreError(
        .file(path: path), "\(path): \(size >> 20) MB, too large for a text of this kind",
        hint: "is this the file that you meant?")
    }
    let data: Data
    do {
      data = try Data(contentsOf: URL(filePath: path))
    } catch {
      throw ExploreError(
        .file(path: path), "\(path): cannot be read", hint: "check its permissions")
    }
    guard let text = String(data: data, encoding: .utf8) else {
      throw ExploreError(
        .file(path: path), "\(path): not a UTF-8 text", hint: "is this the file that you meant?")
    }
    return text
  }

  /// Writes to a temporary name beside the file, then renames; makes the folders on the way.
  ///
  /// - Throws: ``ExploreError`` when the disk is full or the folder is not writable; the old file, if any, is then as it was.
  public static func write(_ text: String, to path: String) throws(ExploreError) {
    guard !path.isEmpty else {
      throw ExploreError(
        .file(path: path), "a path is empty", hint: "name a file or a folder", kind: .usage)
    }
    do {
      try FileManager.default.createDirectory(
        at: URL(filePath: path).deletingLastPathComponent(), withIntermediateDirectories: true)
    } catch {
      throw unwritable(path, WholeFile.reason(of: error))
    }
    do {
      try WholeFile.write(Data(text.utf8), to: path)
    } catch {
      throw unwritable(path, error.reason)
    }
  }

  /// Checks before long work that a path can name a file.
  ///
  /// - Throws: ``ExploreError`` when it is empty or a folder.
  public static func requireFileName(_ path: String) throws(ExploreError) {
    guard !path.isEmpty else {
      throw ExploreError(
        .file(path: path), "a path is empty", hint: "name a file or a folder", kind: .usage)
    }
    guard !isFolder(path), !path.hasSuffix("/") else {
      throw ExploreError(
        .file(path: path), "\(path): cannot be written (it is a folder)", hint: "name a file",
        kind: .failed)
    }
  }

  /// Makes a folder and those on the way to it; nothing when it is there.
  public static func makeFolder(_ path: String) throws(ExploreError) {
    do {
      try FileManager.default.createDirectory(
        at: URL(filePath: path), withIntermediateDirectories: true)
    } catch {
      throw ExploreError(
        .file(path: path), "\(path): cannot be made (\(WholeFile.reason(of: error)))",
        hint: "check the path and the permissions", kind: .failed)
    }
  }

  public static func exists(_ path: String) -> Bool {
    var isFolder = false
    return exists(path, isFolder: &isFolder)
  }

  public static func isFolder(_ path: String) -> Bool {
    var isFolder = false
    return exists(path, isFolder: &isFolder) && isFolder
  }

  private static func exists(_ path: String, isFolder: inout Bool) -> Bool {
    FileManager.default.fileExists(atPath: path, isDirectory: &isFolder)
  }

  private static func unwritable(_ path: String, _ reason: String) -> ExploreError {
    ExploreError(
      .file(path: path), "\(path): cannot be written (\(reason))",
      hint: "check the path, the free space and the permissions of the folder", kind: .failed)
  }
}
