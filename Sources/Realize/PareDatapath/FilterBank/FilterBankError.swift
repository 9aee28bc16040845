public import PareText

/// What is wrong with a description of filters.
public struct FilterBankError: PareError, Hashable {
  /// The file, when the filters come from one.
  public let file: String?
  /// The value at fault, as `outputs[1].taps[3]`; empty for the whole.
  public let path: String
  public let reason: String

  public init(file: String? = nil, path: String, reason: String) {
    self.file = file
    self.path = path
    self.reason = reason
  }

  public var message: String {
    [file, path.isEmpty ? nil : path, reason].compactMap(\.self).joined(separator: ": ")
  }
  public var hint: String { "docs/datapath.md describes the file; Examples/fir/taps.json is one" }
  public var kind: FailureKind { .badData }
}
