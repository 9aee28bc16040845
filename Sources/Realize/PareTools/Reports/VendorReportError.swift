public import PareText

/// Why a text is not taken as a report of a vendor's tool.
public struct VendorReportError: PareError, Hashable {
  public enum Code: Hashable, Sendable {
    /// Nothing but blanks.
    case empty
    /// Larger than any report of these tools.
    case tooLarge(bytes: Int)
    /// Bytes that no report has.
    case notText
    /// A text that no known tool begins a report with; its first line.
    case unknownKind(firstLine: String)
    /// A report of a known tool that is not read, with the one to give in its place.
    case otherReport(String, instead: String)
    /// What the report should have and has not: cut short, or written with an option that leaves it out.
    case missing(String)
    /// A value that cannot be what it should be.
    case unreadable(what: String, text: String)
    /// Not XML as the tools write it.
    case xml(line: Int, reason: String)
  }

  public let code: Code
  /// The file to blame.
  public let path: String
  /// What the text was taken for; nil when not even that is known.
  public let report: VendorReport.Kind?

  public init(_ code: Code, path: String, report: VendorReport.Kind? = nil) {
    self.code = code
    self.path = path
    self.report = report
  }

  public var message: String {
    let name = report.map { "this \($0.title)" } ?? "the report"
    return switch code {
    case .empty: "\(path): the file is empty"
    case .tooLarge(let bytes): "\(path): \(bytes >> 20) MB, too large for a report"
    case .notText: "\(path): not a text"
    case .unknownKind(let line): "\(path): not a known report; it begins with '\(line)'"
    case .otherReport(let what, _): "\(path): \(what), which is not read"
    case .missing(let what): "\(path): \(name) has no \(what)"
    case .unreadable(let what, let text): "\(path): \(what) is '\(text)' in \(name)"
    case .xml(let line, let reason): "\(path): line \(line): \(reason)"
    }
  }

  public var hint: String {
    switch code {
    case .empty: "the tool was stopped, or the disk was full; run it again and read its log"
    case .tooLarge, .notText: "is this the file that you meant?"
    case .unknownKind:
      "known: \(VendorReport.Kind.allCases.map(\.title).joined(separator: ", "))"
    case .otherReport(_, let instead): instead
    case .missing(let what):
      "the file may be cut short before the \(what), or edited; let the tool write it again"
    case .unreadable:
      "another version may write another form; docs/guides/vendor-tools.md names those that are known"
    case .xml: "the file may be cut short, or be no report; let the tool write it again"
    }
  }

  public var kind: FailureKind { .badData }
}
