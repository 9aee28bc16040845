import ArgumentParser

/// `pare ledger`: what a sweep has found so far.
struct LedgerVerb: AsyncParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "ledger",
    abstract: "Show and export what a sweep found, and take models from it.",
    discussion: """
      RUN is the folder of a sweep, or its file ledger.sqlite. A sweep that is running may be looked at: its results so far \
      are shown. The file is an SQLite database; docs/ledger.md describes its tables.
      """,
    subcommands: [LedgerShow.self, LedgerExport.self, LedgerModel.self])
}
