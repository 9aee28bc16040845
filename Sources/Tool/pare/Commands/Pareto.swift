import ArgumentParser
import PareExplore
import PareText

/// `pare pareto`: the selection among what a sweep found.
struct Pareto: AsyncParsableCommand {
  static let configuration = CommandConfiguration(
    abstract: "Select the best designs of a sweep: fronts, the merged front, exclusion rules.",
    discussion: """
      Step 1 makes a front for each quantizer, step 2 merges them, and five exclusion rules decide between designs that are \
      nearly the same; docs/guides/pareto.md says how. NMSE is that of the network in integers on the validation split; the \
      test split, which nothing is selected by, stands beside it. LUT and power are estimates from the compiled \
      datapath, unless --stage names a stage of implementation (pare qor run). RUN is the folder of a sweep, or its \
      ledger.sqlite.
      """)

  @Argument(help: "The folder of a sweep, or its ledger.sqlite.")
  var run: String

  @OptionGroup(title: "Selection") var selection: SelectionOptions

  @OptionGroup(title: "Hardware figures") var figures: FigureOptions

  @Flag(help: "Count the members of each kind of quantizer, with nnz preferred and with NMSE.")
  var countSchemes = false

  @Option(help: "Pick this many of the final front, by what they contribute to its hypervolume.")
  var top: Int?

  @Option(
    parsing: .unconditional,
    help: "Where hypervolume is measured from: a number for each objective, commas between them.")
  var reference: String?

  @OptionGroup var common: CommonOptions

  func run() async throws {
    let settings = try settings()
    let ledger = try Ledger(reading: Ledger.path(ofRun: run))
    let (candidates, origin) = try figures.applied(
      to: selection.candidates(in: ledger), in: ledger)
    let mixture = try ledger.mixture()
    if !mixture.isEmpty {
      common.progress.event(
        "note: rows of \(mixture.joined(separator: " and ")) are compared with each other")
    }
    let report = SelectionReport(
      try Selection(of: candidates, settings), figures: origin,
      schemes: countSchemes ? try SchemeCensus(of: candidates, settings) : nil)
    Console.result(
      common.json ? JSONText.encode(report) : report.text(withRemovals: common.verbose))
  }

  private func settings() throws -> Selection.Settings {
    var settings = try selection.settings()
    if let top, top < 1 { throw ValidationError("--top is \(top); give 1 or more") }
    settings.top = top
    if let reference {
      let numbers = reference.split(separator: ",").map { Double($0) }
      guard numbers.allSatisfy({ $0 != nil }) else {
        throw ValidationError("--reference is '\(reference)'; give numbers, such as -10,500")
      }
      settings.reference = numbers.compactMap(\.self)
    }
    return settings
  }
}
