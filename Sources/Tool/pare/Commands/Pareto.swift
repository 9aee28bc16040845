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
      datapath. RUN is the folder of a sweep, or its ledger.sqlite.
      """)

  @Argument(help: "The folder of a sweep, or its ledger.sqlite.")
  var run: String

  @Option(
    parsing: .unconditional,
    help: """
      Metrics with commas between them; each has its own direction, which min:, max: or a leading - changes.
      """)
  var objectives = "nmse,nnz"

  @Option(help: "NMSE values this close count as equal, in dB.")
  var tolerance = "0.1dB"

  @Option(help: "Numbers of weights this close count as equal.")
  var nnzTolerance = 0

  @Option(help: "nnz or nmse: which is not given up for a little of the other.")
  var prefer = Preference.nnz

  @Option(help: "Pick this many of the final front, by what they contribute to its hypervolume.")
  var top: Int?

  @Option(help: "A bound such as 'power<=0.5W'; may be given several times.")
  var budget: [String] = []

  @Option(help: "Only this quantizer, such as apot:2:4; may be given several times.")
  var quantizer: [String] = []

  @Option(
    parsing: .unconditional,
    help: "Where hypervolume is measured from: a number for each objective, commas between them.")
  var reference: String?

  @Flag(
    inversion: .prefixedNo,
    help: "Apply the exclusion rules; by default where the objectives are NMSE and nnz.")
  var rules: Bool?

  @OptionGroup var common: CommonOptions

  func run() async throws {
    let settings = try settings()
    let candidates = try Ledger(reading: Ledger.path(ofRun: run)).summaries()
    let selection = try Selection(of: candidates, settings)
    Console.result(
      common.json
        ? JSONText.encode(SelectionReport(selection))
        : SelectionReport(selection).text(withRemovals: common.verbose))
  }

  private func settings() throws -> Selection.Settings {
    var settings = Selection.Settings()
    settings.objectives = try Objective.list(parsing: objectives)
    let dB = tolerance.hasSuffix("dB") ? String(tolerance.dropLast(2)) : tolerance
    guard let nmse = Double(dB), nmse >= 0, nmse.isFinite else {
      throw ValidationError("--tolerance is '\(tolerance)'; give dB from 0 up, such as 0.1dB")
    }
    guard nnzTolerance >= 0 else {
      throw ValidationError("--nnz-tolerance is \(nnzTolerance); give 0 or more")
    }
    let usesRules = rules ?? (Set(settings.objectives) == Set([Objective].paper))
    settings.rules =
      usesRules
      ? ExclusionRules(
        tolerance: Tolerance(nmse: nmse, nnz: Double(nnzTolerance)), preference: prefer) : nil
    if let top, top < 1 { throw ValidationError("--top is \(top); give 1 or more") }
    settings.top = top
    settings.budgets = try budget.map { try Budget(parsing: $0) }
    settings.quantizers = quantizer
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
