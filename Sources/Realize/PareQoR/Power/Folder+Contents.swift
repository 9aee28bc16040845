import PareTools

#if canImport(FoundationEssentials)
  import FoundationEssentials
#else
  import Foundation
#endif

extension Folder {
  /// The last component of the path.
  var name: String { path.split(separator: "/").last.map(String.init) ?? "" }

  var isFolder: Bool {
    (try? FileManager.default.attributesOfItem(atPath: path))?[.type] as? FileAttributeType
      == .typeDirectory
  }

  /// Names of the folders in this one that begin so, in their order; none when it is not there.
  func folders(startingWith prefix: String) throws -> [String] {
    guard exists else { return [] }
    do {
      return try FileManager.default.contentsOfDirectory(atPath: path)
        .filter { $0.hasPrefix(prefix) && folder($0).isFolder }.sorted()
    } catch {
      throw ToolError(.fileFailed(path: path, reason: "cannot be listed (\(error))"))
    }
  }
}
