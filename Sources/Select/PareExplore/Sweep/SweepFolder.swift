import PareNumerics
public import PareSignal
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

  /// Writes down what is swept, so that the folder alone can be swept again, and with what; another experiment that was
  /// there is kept as `experiment-HASH.yaml`.
  public func keep(
    _ yaml: String, on dataset: IQDataset, _ context: SweepContext
  ) throws(ExploreError) {
    let environment = RunEnvironment(
      generator: context.key.generator, dataset: context.dataset,
      datasetHash: context.key.datasetHash)
    for (file, text) in [(experimentFile, yaml), (environmentFile, environment.json)] {
      if TextFile.exists(file) {
        let before = try TextFile.read(file)
        if before == text { continue }
        // Rows of an earlier experiment stay in the ledger, and so does what they were made by.
        if file == experimentFile {
          var hash = StableHash()
          hash.combine(before)
          try TextFile.write(before, to: "\(path)/experiment-\(hash.hex).yaml")
        }
      }
      try TextFile.write(text, to: file)
    }
  }
}
