import Foundation
import Testing

/// Compares a text with `Golden/<name>`; `PARE_UPDATE_GOLDEN=1` writes it instead, to be reviewed as a diff.
func expectGolden(
  _ name: String, _ text: String, _ location: SourceLocation = #_sourceLocation
) throws {
  let file = URL(filePath: #filePath).deletingLastPathComponent()
    .appending(components: "Golden", name)
  if ProcessInfo.processInfo.environment["PARE_UPDATE_GOLDEN"] == "1" {
    try Data(text.utf8).write(to: file)
    return
  }
  let golden = try String(contentsOf: file, encoding: .utf8)
  guard text != golden else { return }
  let lines = zip(
    text.split(separator: "\n", omittingEmptySubsequences: false),
    golden.split(separator: "\n", omittingEmptySubsequences: false)
  ).enumerated()
  let first = lines.first { $0.element.0 != $0.element.1 }
  Issue.record(
    "\(name) line \((first?.offset ?? -1) + 1): '\(first?.element.0 ?? "")' where the golden file has '\(first?.element.1 ?? "")'",
    sourceLocation: location)
}
