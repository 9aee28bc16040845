#if canImport(FoundationEssentials)
  import FoundationEssentials
#else
  import Foundation
#endif

extension IQSignal {
  /// Reads a file with columns `I` and `Q`.
  ///
  /// - Throws: ``SignalError`` with file, line and reason; `CancellationError` when the task is cancelled.
  public init(contentsOfCSV path: String) throws {
    let columns = try CSVReader.columns(["I", "Q"], of: path)
    self.init(i: columns[0], q: columns[1])
    // Beyond it squares overflow, and single precision, in which networks compute, does soon.
    let limit = IQDataset.largestSample
    for n in 0..<count where abs(i[n]) > limit || abs(q[n]) > limit {
      throw SignalError(
        .badCapture(path: path, reason: "sample \(n), \(self[n]), is beyond \(limit)"))
    }
  }

  /// Writes columns `I` and `Q`; every number is the shortest text that reads back to the same bits.
  ///
  /// - Throws: ``SignalError`` when the file cannot be written; nothing half-written stays behind under `path`.
  public func write(toCSV path: String) throws {
    try writeAtomically(Data(csv().utf8), to: path)
  }

  private func csv() -> String {
    var text = "I,Q\n"
    text.reserveCapacity(count * 44)
    for n in 0..<count {
      text += i[n].description
      text += ","
      text += q[n].description
      text += "\n"
    }
    return text
  }
}

/// Writes to a temporary name beside the file, then renames.
func writeAtomically(_ data: Data, to path: String) throws(SignalError) {
  do {
    try data.write(to: URL(filePath: path), options: .atomic)
  } catch {
    throw SignalError(.unwritable(path: path, reason: shortReason(error)))
  }
}

/// One line of what a Foundation error says.
func shortReason(_ error: any Error) -> String {
  guard let error = error as? CocoaError else { return "\(error)" }
  return switch error.code {
  case .fileNoSuchFile, .fileReadNoSuchFile: "no such folder"
  case .fileWriteNoPermission, .fileReadNoPermission: "permission denied"
  case .fileWriteOutOfSpace: "no space left"
  case .fileWriteFileExists: "it exists already"
  case .fileWriteVolumeReadOnly: "the volume is read-only"
  default: "error \(error.code.rawValue)"
  }
}
