import PareText

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
    do {
      try WholeFile.write(Data(csv().utf8), to: path)
    } catch {
      throw SignalError(.unwritable(path: path, reason: error.reason))
    }
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
