import ArgumentParser
import PareExplore
import PareSignal

/// What to select by: the flags that verbs share.
struct SelectionOptions: ParsableArguments {
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

  @Option(help: "A bound such as 'power<=0.5W'; may be given several times.")
  var budget: [String] = []

  @Option(help: "Only this quantizer, such as apot:2:4; may be given several times.")
  var quantizer: [String] = []

  @Flag(
    inversion: .prefixedNo,
    help: "Apply the exclusion rules; by default where the objectives are NMSE and nnz.")
  var rules: Bool?

  @Option(help: "Only rows of this data set, its name or hash; needed where there are several.")
  var dataset: String?

  @Option(help: "Only rows of this task, inverse or forward; needed where there are both.")
  var task: LearningTask?

  /// The rows to select from.
  func candidates(in ledger: Ledger) throws -> [CandidateSummary] {
    try ledger.comparable(dataset: dataset, task: task)
  }

  /// - Throws: a usage error that names the flag.
  func settings() throws -> Selection.Settings {
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
    settings.budgets = try budget.map { try Budget(parsing: $0) }
    settings.quantizers = quantizer
    return settings
  }

  /// The flags that differ from their defaults, as they were given.
  var words: [String] {
    var words: [String] = []
    if objectives != "nmse,nnz" { words += ["--objectives", objectives] }
    if tolerance != "0.1dB" { words += ["--tolerance", tolerance] }
    if nnzTolerance != 0 { words += ["--nnz-tolerance", "\(nnzTolerance)"] }
    if prefer != .nnz { words += ["--prefer", prefer.rawValue] }
    for limit in budget { words += ["--budget", limit] }
    for name in quantizer { words += ["--quantizer", name] }
    if let dataset { words += ["--dataset", dataset] }
    if let task { words += ["--task", task.rawValue] }
    if let rules { words.append(rules ? "--rules" : "--no-rules") }
    return words
  }
}
