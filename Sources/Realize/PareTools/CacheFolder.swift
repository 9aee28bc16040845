#if canImport(FoundationEssentials)
  import FoundationEssentials
#else
  import Foundation
#endif

/// The folder for what is fetched once and shared by all checkouts of a user.
///
/// `PARE_CACHE`, else `pare` in `XDG_CACHE_HOME`, else `~/.cache/pare` (macOS: `~/Library/Caches/pare`).
public struct CacheFolder: Sendable, Hashable {
  public let folder: Folder

  /// - Parameter variables: the environment to read; that of the process unless given.
  /// - Throws: ``ToolError`` with code `fileFailed` when no variable tells where.
  public init(variables given: [String: String]? = nil) throws {
    let variables = given ?? ProcessInfo.processInfo.environment
    func value(_ name: String) -> String? { variables[name].flatMap { $0.isEmpty ? nil : $0 } }
    if let named = value("PARE_CACHE") {
      folder = Folder(named)
    } else if let base = value("XDG_CACHE_HOME") {
      folder = Folder(base).folder("pare")
    } else if let home = value("HOME") {
      #if os(macOS)
        folder = Folder(home).folder("Library/Caches/pare")
      #else
        folder = Folder(home).folder(".cache/pare")
      #endif
    } else {
      throw ToolError(
        .fileFailed(
          path: "cache folder", reason: "none of PARE_CACHE, XDG_CACHE_HOME, HOME is set"),
        hint: "set PARE_CACHE to a folder")
    }
  }

  /// Where a data set lives, for example `datasets/opendpd/APA_200MHz`.
  public func dataset(group: String, name: String) -> Folder {
    folder.folder("datasets/\(group)/\(name)")
  }
}
