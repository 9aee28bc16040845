import PareText

#if canImport(FoundationEssentials)
  import FoundationEssentials
#else
  import Foundation
#endif

/// One run of a vendor's tool, whose log is looked through when it fails.
struct VendorRun {
  let program: String
  let runner = ProcessRunner()

  /// Runs the tool to its end.
  ///
  /// - Throws: ``ToolError`` with code `vendorToolFailed`, `timedOut`, `notStarted` or `fileFailed`.
  func run(_ command: ToolCommand) async throws -> ToolExit {
    let exit = try await runner.run(command)
    guard exit.isSuccess else {
      throw ToolError(
        .vendorToolFailed(
          VendorFailure(command, program: program, status: exit.status, log: tail(of: command.log)))
      )
    }
    return exit
  }

  /// Reads the report that is there of several places it may lie in.
  ///
  /// - Throws: ``ToolError`` with code `vendorToolFailed` when there is none, and ``VendorReportError`` for one that is cut
  ///   short or of another kind.
  func report(
    _ kind: VendorReport.Kind, at places: [String], in folder: Folder, of command: ToolCommand
  ) throws -> VendorReport {
    guard let place = places.first(where: folder.has) else {
      throw ToolError(
        .vendorToolFailed(
          VendorFailure(
            command, program: program, missing: [places[0]], log: tail(of: command.log))))
    }
    let report = try VendorReport(contentsOf: folder.file(place))
    guard report.kind == kind else {
      throw VendorReportError(
        .unknownKind(firstLine: report.kind.title), path: folder.file(place), report: kind)
    }
    return report
  }

  /// The end of a log, enough for every line that tells why a run failed; empty when it cannot be read.
  private func tail(of log: String) -> String {
    guard let data = try? Data(contentsOf: URL(filePath: log), options: .mappedIfSafe) else {
      return ""
    }
    return String(decoding: data.suffix(1 << 20), as: UTF8.self)
  }
}
