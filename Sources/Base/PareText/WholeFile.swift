#if canImport(FoundationEssentials)
  public import FoundationEssentials
#else
  public import Foundation
#endif

/// Why a file could not be written; a module adds the path and its own kind of error.
public struct WholeFileError: Error, Sendable {
  /// In a few words, such as `no space left on the device`.
  public let reason: String
}

/// Writes files whole or not at all.
public enum WholeFile {
  /// Writes to a temporary name beside the file, then renames. A device or a pipe is written to as it is; a link's target
  /// is replaced, not the link.
  public static func write(_ data: Data, to path: String) throws(WholeFileError) {
    guard !path.isEmpty else { throw WholeFileError(reason: "the path is empty") }
    let target = URL(filePath: path).resolvingSymlinksInPath()
    do {
      guard FileManager.default.fileExists(atPath: target.path) else {
        try data.write(to: target, options: .atomic)
        return
      }
      let attributes = try FileManager.default.attributesOfItem(atPath: target.path)
      switch attributes[.type] as? FileAttributeType {
      case .some(.typeDirectory): throw WholeFileError(reason: "it is a folder")
      case .some(.typeRegular): try data.write(to: target, options: .atomic)
      default: try data.write(to: target)
      }
    } catch let error as WholeFileError {
      throw error
    } catch {
      throw WholeFileError(reason: reason(of: error))
    }
  }

  /// A Foundation error of files in a few words.
  public static func reason(of error: any Error) -> String {
    guard let error = error as? CocoaError else { return "\(error)" }
    return switch error.code {
    case .fileNoSuchFile, .fileReadNoSuchFile: "no such folder"
    case .fileWriteOutOfSpace: "no space left on the device"
    case .fileWriteNoPermission, .fileReadNoPermission: "no permission"
    case .fileWriteVolumeReadOnly: "the volume is read-only"
    case .fileWriteFileExists: "it exists already"
    case .fileWriteInvalidFileName: "the name is too long or not possible"
    default: "error \(error.code.rawValue)"
    }
  }
}
