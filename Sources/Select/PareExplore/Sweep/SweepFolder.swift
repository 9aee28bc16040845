import PareText

/// The folder of a sweep: `experiment.yaml`, `ledger.sqlite`, `environment.json`, and on a cluster `shards/`.
public struct SweepFolder: Sendable {
  public let path: String

  public var experimentFile: String { "\(path)/experiment.yaml" }
  public var ledgerFile: String { "\(path)/ledger.sqlite" }
  public var environmentFile: String { "\(path)/environment.json" }

  public init(_ path: String) { self.path = path }

  /// Does work while no other process may work in this folder.
  ///
  /// - Throws: ``ExploreError`` when another process holds it.
  public func locked<Result>(_ work: () async throws -> Result) async throws -> Result {
    try await RunFolder(path).locked(work)
  }

  /// Keeps the text of the experiment, so that the folder alone can be swept again.
  public func keepExperiment(_ yaml: String) throws(ExploreError) {
    if TextFile.exists(experimentFile), try TextFile.read(experimentFile) == yaml { return }
    try TextFile.write(yaml, to: experimentFile)
  }
}
