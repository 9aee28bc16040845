import ArgumentParser
import PareDPD
import PareExplore
import PareFixed
import PareNumerics
import PareReport
import PareSignal
import PareText

/// `pare dpd design`: sparse polynomial predistorters in closed form, as models in integers.
struct DPDDesign: AsyncParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "design",
    abstract:
      "Design sparse polynomial predistorters on the benchmark or a data set, down to integers.",
    discussion: """
      Finds the ideal drive of the amplifier model, chooses terms within each budget, and brings the coefficients to few signed digits. \
      Terms are chosen on the training split; the test split is for the last figure only. Writes a folder per budget with model.json \
      (go on with 'pare compile') and drive-test.csv (score it with 'pare dpd score'), designs.json, predistorters.html with the \
      spectra, and ledger.sqlite, which pare pareto, pare report and pare qor take.
      """)

  @Argument(
    help: "A name from 'pare dataset list', or a folder; the public benchmark unless given.")
  var dataset: String?

  @Option(
    name: .customLong("budget"), parsing: .upToNextOption,
    help: ArgumentHelp(
      "At most so many coefficients, products of signals, and adders.",
      valueName: "coefficients[/products[/adders]]"))
  var budgets = ["30/30/65", "60/24/120", "100/22/190", "250/32/450"]

  @OptionGroup var judges: JudgeOptions

  @Option(
    help: "Of several judges: make the sum of their errors small, or the worst of them.")
  var aim = PredistorterStudy.Aim.sum

  @Option(help: "Bits of the input's words.")
  var inputBits = 12

  @Option(help: "Bits of the words of features and envelopes.")
  var featureBits = 12

  @Option(help: "Bits of the output's words.")
  var outputBits = 12

  @Option(
    name: .customLong("shorten-words"),
    help: ArgumentHelp(
      "Take bits away from the words as long as that costs at most so much quality on validation.",
      valueName: "dB"))
  var wordTolerance: Double?

  @Flag(
    name: .customLong("path"),
    help: "Write path.csv too: the error of supports of every size, from one run.")
  var withPath = false

  @Option(help: "Seed of the noise that measures an amplifier's response.")
  var seed: UInt64 = 1

  @Option(help: "The folder to write; needed unless with --leave-one-out.")
  var out: String?

  @Flag(
    help: ArgumentHelp(
      "Design for all judges but one, score through that one, for each; prints a table and writes nothing."
    ))
  var leaveOneOut = false

  @OptionGroup var capture: CaptureOptions
  @OptionGroup var jobs: JobsOption
  @OptionGroup var common: CommonOptions

  func validate() throws {
    for (name, bits) in [
      ("--input-bits", inputBits), ("--feature-bits", featureBits), ("--output-bits", outputBits),
    ] where !(6...15).contains(bits) {
      throw ValidationError("\(name) is \(bits); give 6 to 15")
    }
    let judgeCount = judges.names.isEmpty ? (dataset == nil ? 1 : 2) : judges.names.count
    if leaveOneOut, judgeCount < 2 {
      throw ValidationError("--leave-one-out needs two judges or more; see --judge")
    }
    if let wordTolerance, !(wordTolerance > 0 && wordTolerance <= 20) {
      throw ValidationError("--shorten-words is \(wordTolerance); give more than 0, at most 20 dB")
    }
    if leaveOneOut, withPath || wordTolerance != nil {
      throw ValidationError("--leave-one-out writes nothing; leave out --path and --shorten-words")
    }
    if leaveOneOut == (out != nil) {
      throw ValidationError("give either --out or --leave-one-out")
    }
  }

  func run() async throws {
    let budgets = try budgets.map(PredistorterBudget.init(parsing:))
    if let twice = budgets.indices.first(where: { budgets[..<$0].contains(budgets[$0]) }) {
      throw ValidationError("--budget names \(self.budgets[twice]) twice")
    }
    let benchmark = try await capture.benchmark(dataset, onProgress: common.toolProgress)
    if let out { try TextFile.makeFolder(out) }
    common.progress.event("judges ...")
    var plan = PredistorterRun.Plan(
      budgets: budgets, judges: try judges.judges(of: benchmark),
      generator: "pare \(Pare.version)")
    plan.jobs = jobs.count
    plan.settings.seed = seed
    plan.settings.aim = aim
    plan.wordTolerance = wordTolerance
    plan.withPath = withPath
    plan.settings.words.input = inputBits
    plan.settings.words.envelope = featureBits
    plan.settings.words.feature = featureBits
    plan.settings.words.output = outputBits
    if let out {
      try await design(plan, on: benchmark, into: out)
    } else {
      let progress = common.progress
      let result = try LeaveOneOut(plan, on: benchmark) { progress.event("without \($0): \($1)") }
      Console.result(common.json ? JSONText.encode(result) : result.table.text)
    }
  }

  private func design(
    _ plan: PredistorterRun.Plan, on benchmark: PredistortionBenchmark, into out: String
  ) async throws {
    let task = try await ModelFile.Task.predistorter(
      of: benchmark, dataset: dataset, onProgress: common.toolProgress)
    let progress = common.progress
    let report = try await PredistorterRun(plan, on: benchmark, task: task).run(into: out) {
      switch $0 {
      case .stage(let stage): progress.event("\(stage) ...")
      case .path: progress.event("supports of all sizes ...")
      case .design(let row):
        progress.event(
          "\(row.folder): Q \(row.validation.minimum.qualityDB.fixed(2)) dB on validation")
      }
    }
    let page = PredistorterPage(report, on: benchmark, judge: plan.judges[0], folder: out)
    try TextFile.write(try page.html(), to: "\(out)/predistorters.html")
    guard !common.json else {
      Console.result(JSONText.encode(report))
      return
    }
    Console.result(
      """
      \(report.table.text)
      simulated through \(plan.judges.map(\.name).joined(separator: ", ")) (\(report.benchmark)), the least over the judges; test split not looked at before
      """)
  }
}
