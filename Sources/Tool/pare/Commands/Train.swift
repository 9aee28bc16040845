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

  @OptionGroup var jobs: JobsOption
  @OptionGroup var common: CommonOptions

  private struct Summary: Encodable {
    struct Try: Encodable {
      var seed: UInt64
      var validationNMSEdB: Double
      var testNMSEdB: Double
    }

    var model: String
    var name: String
    var quantizer: QuantizationScheme
    var nonZeroCount: Int
    var weightCount: Int
    var training: ModelFile.Training?
    var tries: [Try]
  }

  func run() async throws {
    var plan =
      try experiment.map { try Experiment(yaml: TextFile.read($0), file: $0) }
      ?? Experiment(architecture: Architecture(hiddenChannels: [8], kernelSize: 5, lookAhead: 2))
    try point.apply(to: &plan)
    if let seed { plan.seed = seed }
    if let tries { try plan.setRecipeKnob("seedCount=\(tries)") }
    try plan.recipe.validate()
    let progress = common.progress
    let dataset = try await DatasetSource.load(plan.dataset, onProgress: common.toolProgress)
    progress.event(
      "\(plan.architecture.name), \(plan.architecture.weightCount) weights, \(plan.recipe.seedCount) seeds, "
        + "\(dataset.name), \(plan.task.rawValue)")
    let result = try await TrainingJob(plan, generator: "pare \(Pare.version)").run(
      on: dataset, jobs: jobs.count
    ) { seed, event in
      progress.update(
        "seed \(seed)  \(event.stage.rawValue) \(event.step)/\(event.steps)  nnz \(event.nonZeroCount)  "
          + "validation \(event.latest.validationNMSE.fixed(2)) dB")
    }
    try TextFile.write(result.model.json, to: out)
    try TextFile.write(JSONText.encode(result.curve), to: "\(out.withoutJSONSuffix).curve.json")
    let network = result.model.network
    let summary = Summary(
      model: out, name: network.architecture.name, quantizer: network.scheme,
      nonZeroCount: network.nonZeroCount, weightCount: network.architecture.weightCount,
      training: result.model.training,
      tries: result.scores.map {
        .init(seed: $0.seed, validationNMSEdB: $0.nmse.validation, testNMSEdB: $0.nmse.test)
      })
    progress.event("wrote \(out)")
    Console.result(common.json ? JSONText.encode(summary) : Self.table(summary))
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
    let tries = summary.tries.map { "seed \($0.seed): \($0.validationNMSEdB.fixed(2))" }
    return table.text + "\n\nvalidation NMSE in dB of all tries: " + tries.joined(separator: ", ")
  }
}

extension String {
  fileprivate var withoutJSONSuffix: String { hasSuffix(".json") ? String(dropLast(5)) : self }
}
