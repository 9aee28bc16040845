import PareFixed
public import PareQoR
import PareText
import PareTools

extension QoRComparison.Side {
  /// A design folder with its `qor.json`, or such a file alone, which knows no accuracy.
  ///
  /// - Parameter name: in tables; the last part of the path unless given.
  /// - Throws: ``ExploreError`` for a folder without figures, `QoRError` for a file that is none.
  public init(contentsOf path: String, name: String? = nil) throws {
    let folder = Folder(path)
    let own = name ?? folder.path.split(separator: "/").last.map(String.init) ?? path
    guard TextFile.isFolder(path) else {
      self.init(name: own, qor: try QoR(contentsOf: path))
      return
    }
    let file = folder.file("qor.json")
    guard TextFile.exists(file) else {
      throw ExploreError(
        .file(path: file), "\(path): there is no qor.json in it",
        hint: "make one with: pare implement \(path)")
    }
    self.init(name: own, qor: try QoR(contentsOf: file), nmseDB: try Self.nmse(in: folder))
  }

  /// What `model.json` says of the integers on the test split.
  private static func nmse(in folder: Folder) throws -> Double? {
    let file = folder.file("model.json")
    guard TextFile.exists(file), case .model(let model) = try DesignSource(contentsOf: file) else {
      return nil
    }
    return model.training?.fixedTestNMSEdB
  }
}
