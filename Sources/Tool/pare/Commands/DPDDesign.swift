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
    abstract: "Design sparse polynomial predistorters on the benchmark, down to integers.",
    discussion: """
      Finds the ideal drive of the amplifier model, chooses terms within each budget, and brings the coefficients to few signed digits. \
      Terms are chosen on the training split; the test split is for the last figure only. Writes a folder per budget with model.json \
      (go on with 'pare compile') and drive-test.csv (score it with 'pare dpd score'), designs.json and report.html.
      """)

  @Option(
    name: .customLong("budget"), parsing: .upToNextOption,
    help: ArgumentHelp(
      "At most so many coefficients, products of signals, and adders.",
      valueName: "coefficients[/products[/adders]]"))
  var budgets = ["30/30/65", "60/24/120", "100/22/190", "250/32/450"]

  @Option(
    name: .customLong("judge"), parsing: .upToNextOption,
    help: ArgumentHelp(
      "Amplifier models to design for, their errors added: \(Judge.names.joined(separator: ", ")), or paths.",
      valueName: "name"))
  var judges = ["arena"]

  @Option(help: "Bits of the input's words.")
  var inputBits = 12

  @Option(help: "Bits of the words of features and envelopes.")
  var featureBits = 12

  @Option(help: "Bits of the output's words.")
  var outputBits = 12

  @Option(help: "Seed of the noise that measures an amplifier's response.")
  var seed: UInt64 = 1

  @Option(help: "The folder to write; needed unless with --leave-one-out.")
  var out: String?

  @Flag(
    help: ArgumentHelp(
      "Design for all judges but one, score through that one, for each; prints a table and writes nothing."
    ))
  var leaveOneOut = false

  @OptionGroup var jobs: JobsOption
  @OptionGroup var common: CommonOptions

  func validate() throws {
    for (name, bits) in [
      ("--input-bits", inputBits), ("--feature-bits", featureBits), ("--output-bits", outputBits),
    ] where !(6...15).contains(bits) {
      throw ValidationError("\(name) is \(bits); give 6 to 15")
    }
    if let twice = judges.indices.first(where: { judges[..<$0].contains(judges[$0]) }) {
      throw ValidationError("--judge names \(judges[twice]) twice")
    }
    if leaveOneOut, judges.count < 2 {
      throw ValidationError("--leave-one-out needs two judges or more; see --judge")
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
    if let out { try TextFile.makeFolder(out) }
    let benchmark = try await BenchmarkSource.load(onProgress: common.toolProgress)
    var plan = PredistorterRun.Plan(
      budgets: budgets, judges: try judges.map { try Judge($0, of: benchmark) },
      generator: "pare \(Pare.version)")
    plan.jobs = jobs.count
    plan.settings.seed = seed
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
    let data = try await DatasetSource.load(
      PredistortionBenchmark.dataset, onProgress: common.toolProgress)
    let task = ModelFile.Task.predistorter(of: benchmark, dataset: data)
    let progress = common.progress
    let report = try await PredistorterRun(plan, on: benchmark, task: task).run(into: out) {
      switch $0 {
      case .stage(let stage): progress.event("\(stage) ...")
      case .design(let row):
        progress.event(
          "\(row.folder): Q \(row.validation.minimum.qualityDB.fixed(2)) dB on validation")
      }
    }
    let page = PredistorterPage(report, on: benchmark, judge: plan.judges[0], folder: out)
    try TextFile.write(try page.html(), to: "\(out)/report.html")
    guard !common.json else {
      Console.result(JSONText.encode(report))
      return
    }
    Console.result(
      """
      \(report.table.text)
      simulated through \(judges.joined(separator: ", ")) (\(report.benchmark)), the least over the judges; test split not looked at before
      """)
  }
}
