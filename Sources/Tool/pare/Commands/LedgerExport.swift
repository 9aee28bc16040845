import ArgumentParser
import PareExplore
import PareText

/// `pare ledger export`: the rows for other programs.
struct LedgerExport: AsyncParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "export",
    abstract: "Write all rows as CSV or JSON, sorted by key.",
    discussion: """
      Every column but the models, failed points included. Columns and units are those of docs/ledger.md.
      """)

  @Argument(help: "The folder of a sweep, or its ledger.sqlite.")
  var run: String

  @Option(help: "csv or json; csv when neither this nor --json is given.")
  var format: Ledger.ExportFormat?

  @Option(help: "The file to write; standard output when it is not given.")
  var out: String?

  @OptionGroup var common: CommonOptions

  func validate() throws {
    if common.json, format == .csv {
      throw ValidationError("--json and --format csv exclude each other")
    }
  }

  func run() async throws {
    if let out { try TextFile.requireFileName(out) }
    let ledger = try Ledger(reading: Ledger.path(ofRun: run))
    let text = try ledger.export(as: format ?? (common.json ? .json : .csv))
    if let out {
      try TextFile.write(text, to: out)
      common.progress.event("wrote \(out)")
    } else {
      Console.result(text)
    }
  }
}
