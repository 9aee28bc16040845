import ArgumentParser
import PareExplore
import PareText

/// `pare ledger show`: a screenful.
struct LedgerShow: AsyncParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "show",
    abstract: "Show counts, the data set, versions and the best row of each quantizer.")

  @Argument(help: "The folder of a sweep, or its ledger.sqlite.")
  var run: String

  @OptionGroup var common: CommonOptions

  func run() async throws {
    let overview = try Ledger(reading: Ledger.path(ofRun: run)).overview()
    Console.result(common.json ? JSONText.encode(overview) : overview.text)
  }
}
