import ArgumentParser
import PareDPD
import PareExplore
import PareFixed
import PareNumerics
import PareSignal
import PareText
import PareTrain

/// `pare dpd refine`: a network predistorter fitted on through amplifier models, and pruned.
struct DPDRefine: AsyncParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "refine",
    abstract: "Refine a network predistorter through amplifier models, and prune it.",
    discussion: """
      Lowers the error of the amplifier's output, weighted by frequency, instead of the drive's: Levenberg-Marquardt through the \
      derivative of each judge, and pruning by the same curvature. The model comes from 'pare train --task forward' on pairs of input \
      and ideal drive ('pare dpd waveform'), or from an earlier refinement. The best network on the validation split is kept; \
      'pare apply' of the model written gives the drive.
      """)

  @Argument(help: "A network from I and Q to I and Q: a file of pare train.")
  var model: String

  @Option(
    name: .customLong("judge"), parsing: .upToNextOption,
    help: ArgumentHelp(
      "Amplifier models to refine through, their errors added: \(Judge.names.joined(separator: ", ")), or paths.",
      valueName: "name"))
  var judges = ["arena"]

  @Option(help: "Weights to leave, biases not counted; those that the model has when left out.")
  var nonzeros: Int?

  @Flag(help: "Let the weights that training pruned come to life first.")
  var revive = false

  @Option(help: "Linearizations of a refinement, at most.")
  var iterations = 30

  @Option(help: "Bits of the words of the integers.")
  var wordLength = 16

  @Option(help: "A tanh table has 2 to this many entries.")
  var tanhTableBits = 10

  @Option(help: "The model to write.")
  var out: String

  @OptionGroup var common: CommonOptions

  func validate() throws {
    for (name, value, range) in [
      ("--iterations", iterations, 0...10_000), ("--nonzeros", nonzeros ?? 1, 1...4_096),
      ("--word-length", wordLength, 8...24), ("--tanh-table-bits", tanhTableBits, 2...14),
    ] where !range.contains(value) {
      throw ValidationError(
        "\(name) is \(value); give \(range.lowerBound) to \(range.upperBound)")
    }
    if let twice = judges.indices.first(where: { judges[..<$0].contains(judges[$0]) }) {
      throw ValidationError("--judge names \(judges[twice]) twice")
    }
  }

  func run() async throws {
    guard case .network(let file) = try WaveformModel(contentsOf: model) else {
      throw ExploreError(
        .file(path: model), "\(model): a polynomial, and only networks are refined",
        hint: "'pare dpd design' finds the coefficients of polynomials in closed form")
    }
    try TextFile.requireFileName(out)
    let benchmark = try await BenchmarkSource.load(onProgress: common.toolProgress)
    let data = try await DatasetSource.load(
      PredistortionBenchmark.dataset, onProgress: common.toolProgress)
    var plan = RefinementRun.Plan(
      judges: try judges.map { try Judge($0, of: benchmark) }, generator: "pare \(Pare.version)")
    plan.nonZeroCount = nonzeros
    plan.revives = revive
    plan.recipe.iterations = iterations
    plan.wordLength = wordLength
    plan.tanhTableBits = tanhTableBits
    let progress = common.progress
    let result = try RefinementRun(
      plan, on: benchmark, task: .predistorter(of: benchmark, dataset: data)
    ).run(file, file: model) { step in
      progress.event(
        "\(step.stage.rawValue) \(step.iteration)  nnz \(step.nonZeroCount)  error \(decibels(step.error).fixed(2)) dB"
          + (step.score.map { "  Q \((-$0).fixed(2)) dB on validation" } ?? ""))
    }
    try TextFile.write(result.model.json, to: out)
    Console.result(
      common.json
        ? JSONText.encode(result.report)
        : """
        \(result.report.table.text)
        simulated through \(judges.joined(separator: ", ")) (\(result.report.benchmark)), the least over the judges -> \(out)
        """)
  }
}

extension ModelFile.Task {
  /// That of a predistorter for the benchmark.
  static func predistorter(
    of benchmark: PredistortionBenchmark, dataset: IQDataset
  ) -> ModelFile.Task {
    ModelFile.Task(
      dataset: PredistortionBenchmark.dataset, datasetHash: StableHash.hex(dataset.stableHash),
      direction: "inverse", gainI: benchmark.calibration.gain, gainQ: 0,
      sampleRateHz: benchmark.calibration.sampleRate,
      bandwidthHz: benchmark.calibration.bandwidth)
  }
}
