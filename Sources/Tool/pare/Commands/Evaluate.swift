import ArgumentParser
import PareExplore
import PareNumerics
import PareSignal
import PareText

/// `pare evaluate`: a predistorter in front of a model of the amplifier.
struct Evaluate: AsyncParsableCommand {
  static let configuration = CommandConfiguration(
    abstract: "Simulate a predistorter in front of a model of the amplifier.",
    discussion: """
      The test split's input goes through the predistorter and then through the amplifier model, and the result is compared \
      with the linear amplifier. Every figure says that it was simulated, and how closely the model follows the measurement: \
      an error below the model's own is no evidence about the amplifier.
      """)

  @Argument(
    help: "The predistorter: a file that pare train or pare baseline wrote for the task 'inverse'.")
  var model: String

  @Option(help: "The amplifier: such a file for the task 'forward'.")
  var through: String

  @Option(help: "A name from 'pare dataset list', or a folder.")
  var dataset = "opendpd/APA_200MHz"

  @Option(help: "leastSquares, peak or none: the gain of the linear amplifier to compare with.")
  var gain = GainConvention.leastSquares

  @Option(help: "spectral or legacy: how metrics are computed.")
  var profile = MetricProfile.spectral

  @Flag(help: "Let a network compute in integers, bit for bit as the hardware does.")
  var fixed = false

  @OptionGroup var common: CommonOptions

  private struct Summary: Encodable {
    var predistorter: String
    var arithmetic: String
    var without: SimulatedScore
    var with: SimulatedScore
  }

  func run() async throws {
    let predistorter = try WaveformModel(contentsOf: model)
    guard predistorter.task == LearningTask.inverse.rawValue else {
      throw ExploreError(
        .file(path: model),
        "\(model): not a predistorter, but of the task '\(predistorter.task ?? "unknown")'",
        hint: "make one with --task inverse (pare baseline or pare train)")
    }
    if fixed, case .polynomial = predistorter {
      throw ValidationError("--fixed needs a network; \(model) is a polynomial")
    }
    let file = try WaveformModel(contentsOf: through)
    let dataset = try await DatasetSource.load(dataset, onProgress: common.toolProgress)
    for (path, model) in [(model, predistorter), (through, file)] {
      if let hash = model.datasetHash, hash != StableHash.hex(dataset.stableHash) {
        common.progress.event("note: \(path) was made from other samples than \(dataset.name)")
      }
    }
    let amplifier = try file.amplifier(of: dataset, path: through)
    let margin = predistorter.memory + file.memory
    let before = try dataset.score(
      through: amplifier, by: gain, margin: margin, profile: profile
    ) { $0 }
    let after = try dataset.score(
      through: amplifier, by: gain, margin: margin, profile: profile,
      predistorter: predistorter.function(fixed: fixed))
    if common.json {
      Console.result(
        JSONText.encode(
          Summary(
            predistorter: predistorter.name, arithmetic: fixed ? "integers" : "floats",
            without: before, with: after)))
    } else {
      Console.result(
        """
        without predistortion: \(before)

        \(predistorter.name)\(fixed ? ", in integers" : ""): \(after)
        """)
    }
  }
}
