public import PareDPD
public import PareTools

/// Where the public benchmark of predistorters comes from: the cache of the user, fetched when it is not there.
public enum BenchmarkSource {
  /// Brings the assets into the cache; quick when they are there.
  ///
  /// - Throws: `ToolError` when the download fails, is forbidden, or its hash differs.
  @discardableResult
  public static func fetch(onProgress: ToolProgressHandler? = nil) async throws -> Folder {
    try await WheelFetcher().fetch(
      requirement: PredistortionBenchmark.requirement, sha256: PredistortionBenchmark.wheelHash,
      folder: PredistortionBenchmark.folderInWheel, to: folder(),
      onProgress: onProgress)
  }

  /// Where the cache keeps (or would keep) the assets.
  public static func folder() throws -> Folder {
    try CacheFolder().dataset(group: "opendpd", name: "arena_assets")
  }

  /// Loads the public benchmark.
  ///
  /// - Throws: `ToolError` as ``fetch(onProgress:)``, ``ExploreError`` for files that have been damaged in the cache.
  public static func load(onProgress: ToolProgressHandler? = nil) async throws
    -> PredistortionBenchmark
  {
    let folder = try await fetch(onProgress: onProgress)
    do {
      return try PredistortionBenchmark(folder: folder.path)
    } catch let error as PredistortionError {
      throw ExploreError(
        .file(path: folder.path), error.message,
        hint: "remove \(folder.path) and run 'pare dpd fetch'")
    }
  }
}
