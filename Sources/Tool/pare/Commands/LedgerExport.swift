import ArgumentParser
import PareExplore
import PareText

/// `pare ledger export`: the rows for other programs.
struct LedgerExport: AsyncParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "export",
    abstract: "Write all rows as CSV or JSON, sorted by key.",
    discussion: """
      Every column but the models, failed points included; with --figures a row for each candidate and figure. Columns and units are those of docs/ledger.md.
      """)

  @Argument(help: "The folder of a sweep, or its ledger.sqlite.")
  var run: String

  @Option(help: "csv or json; csv when neither this nor --json is given.")
  var format: Ledger.ExportFormat?

  @Flag(help: "Write the figures of implementations in the place of the candidates.")
  var figures = false

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
    let format = format ?? (common.json ? .json : .csv)
    let text = try figures ? ledger.exportFigures(as: format) : ledger.export(as: format)
    if let out {
      try TextFile.write(text, to: out)
      common.progress.event("wrote \(out)")
    } else {
      Console.result(text)
    }
  }
}
