import ArgumentParser
import PareExplore
import PareFixed
import PareNetwork
import PareNumerics
import PareSignal
import PareText
import PareTrain

/// `pare train`: one design point, from data to model.json.
struct Train: AsyncParsableCommand {
  static let configuration = CommandConfiguration(
    abstract: "Train, prune and quantize one network, and write it as model.json.",
    discussion: """
      The design point comes from an experiment (pare init writes one), from flags, or both; a flag wins over the file.
      """)

  @Argument(help: "experiment.yaml; may be left out.")
  var experiment: String?

  @OptionGroup(title: "Design point") var point: DesignPointOptions

  @Option(help: "The model to write.")
  var out = "model.json"

  @Option(name: .long, help: "Seed of the first run.")
  var seed: UInt64?

  @Option(
    help:
      "Neighbouring seeds to try, the recipe's seedCount; the best on the validation split is kept."
  )
  var tries: Int?

  @Flag(help: "Start anew, although an earlier run of the same command was stopped.")
  var fresh = false

  @OptionGroup var jobs: JobsOption
  @OptionGroup var common: CommonOptions

  /// What `--json` prints.
  private struct Summary: Encodable {
    var model: String
    var name: String
    var quantizer: QuantizationScheme
    var nonZeroCount: Int
    var weightCount: Int
    var training: ModelFile.Training?
    /// Worst less best seed on the validation split, in integers.
    var spreadDB: Double
  }

  /// One entry of the file of learning curves.
  private struct Curve: Encodable {
    var seed: UInt64
    var points: [LearningPoint]
  }

  func run() async throws {
    var plan =
      try experiment.map { try Experiment(yaml: TextFile.read($0), file: $0) }
      ?? Experiment(architecture: Experiment.standardArchitecture)
    try point.apply(to: &plan)
    try requireOutput()
    if let seed { plan.seed = seed }
    if let tries { try plan.setRecipeKnob("seedCount=\(tries)") }
    try plan.recipe.validate()
    let experiment = plan
    let progress = common.progress
    let dataset = try await DatasetSource.load(plan.dataset, onProgress: common.toolProgress)
    progress.event(
      "\(plan.architecture.name), \(plan.architecture.weightCount) weights, \(plan.recipe.seedCount) seeds, "
        + "\(dataset.name), \(plan.task.rawValue)")
    let folder = RunFolder("\(out.withoutJSONSuffix).run")
    if fresh { try folder.clear() }
    let result = try await folder.locked {
      try await TrainingJob(experiment, generator: "pare \(Pare.version)").run(
        on: dataset, jobs: jobs.count, folder: folder
      ) { Self.report($0, on: progress) }
    }
    try TextFile.write(result.model.json, to: out)
    try TextFile.write(
      JSONText.encode(result.outcomes.map { Curve(seed: $0.seed, points: $0.curve) }),
      to: "\(out.withoutJSONSuffix).curve.json")
    // The model holds what the folder was kept for.
    try folder.clear()
    progress.event("wrote \(out)")
    if let training = result.model.training, let fixed = training.fixedTestNMSEdB,
      fixed > training.testNMSEdB + 1
    {
      progress.event(
        "note: the integers lose \((fixed - training.testNMSEdB).fixed(1)) dB; try --format observed, a longer word, "
          + "or more --tanh-table-bits")
    }
    let summary = Self.summary(of: result, in: out)
    Console.result(common.json ? JSONText.encode(summary) : Self.table(summary))
  }

  /// What would fail only after the training.
  private func requireOutput() throws {
    if let tries, !(1...10_000).contains(tries) {
      throw ValidationError("--tries is \(tries); give 1 to 10000")
    }
    guard !out.hasSuffix(".curve.json") else {
      throw ValidationError("--out is \(out); that name is for the learning curves of a model")
    }
    try TextFile.requireFileName(out)
  }

  private static func report(_ event: TrainingJob.Event, on progress: ProgressPrinter) {
    func left(_ seconds: Double?) -> String {
      seconds.map { "  eta \($0.fixed($0 < 10 ? 1 : 0)) s" } ?? ""
    }
    switch event {
    case .note(let words): progress.event(words)
    case .progress(let seed, let step, let seconds):
      progress.update(
        "seed \(seed)  \(step.stage.rawValue) \(step.step)/\(step.steps)  nnz \(step.nonZeroCount)  "
          + "training \(step.latest.trainingNMSE.fixed(2)) dB  "
          + "validation \(step.latest.validationNMSE.fixed(2)) dB\(left(seconds))")
    case .finished(let outcome, let wasKept, let count, let total, let seconds):
      progress.event(
        "[\(count)/\(total)] seed \(outcome.seed)  validation \(outcome.nmse.validation.fixed(2)) dB, "
          + "in integers \(outcome.fixedNMSE.validation.fixed(2)) dB"
          + (wasKept ? "  (kept)" : count < total ? left(seconds) : ""))
    }
  }

  private static func summary(of result: TrainingJob.Result, in path: String) -> Summary {
    let network = result.model.network
    let scores = result.outcomes.map(\.fixedNMSE.validation)
    return Summary(
      model: path, name: network.architecture.name, quantizer: network.scheme,
      nonZeroCount: network.nonZeroCount, weightCount: network.architecture.weightCount,
      training: result.model.training, spreadDB: scores.max()! - scores.min()!)
  }

  private static func table(_ summary: Summary) -> String {
    var table = TextTable([
      ("network", .left), ("quantizer", .left), ("nnz", .right), ("validation dB", .right),
      ("test dB", .right), ("test dB, integers", .right),
    ])
    guard let training = summary.training else { return "" }
    table.add([
      summary.name, summary.quantizer.description,
      "\(summary.nonZeroCount)/\(summary.weightCount)", training.validationNMSEdB.fixed(2),
      training.testNMSEdB.fixed(2), training.fixedTestNMSEdB?.fixed(2) ?? "",
    ])
    let seeds = (training.seeds ?? []).map {
      "seed \($0.seed): \($0.fixedValidationNMSEdB.fixed(2))"
    }
    return table.text + "\n\nvalidation NMSE in dB, in integers, of all seeds: "
      + seeds.joined(separator: ", ") + "; spread \(summary.spreadDB.fixed(2)) dB"
  }
}

extension String {
  fileprivate var withoutJSONSuffix: String { hasSuffix(".json") ? String(dropLast(5)) : self }
}
