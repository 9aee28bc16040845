import Foundation
import PareSignal

/// The measured data sets that `make test` puts into the cache before the tests run.
enum Measured {
  struct Missing: Error, CustomStringConvertible {
    let path: String
    var description: String { "\(path) is not there: run 'make test', which fetches it" }
  }

  static func dataset(_ name: String) throws -> IQDataset {
    let folder = try path(name)
    return try IQDataset(contentsOf: folder)
  }

  static func path(_ name: String) throws -> String {
    let entry = try DatasetCatalog.entry(named: name)
    let cache =
      DatasetCatalog.cacheFolder(environment: ProcessInfo.processInfo.environment)
      ?? "~/.cache/pare"
    let folder = cache + "/" + entry.cachePath
    guard FileManager.default.fileExists(atPath: folder + "/spec.json") else {
      throw Missing(path: folder)
    }
    return folder
  }
}
