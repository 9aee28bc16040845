import PareSignal
import PareTools

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
    let parts = try DatasetCatalog.entry(named: name).name.split(separator: "/").map(String.init)
    let folder = try CacheFolder().dataset(group: parts[0], name: parts[1])
    guard folder.has("spec.json") else { throw Missing(path: folder.path) }
    return folder.path
  }
}
