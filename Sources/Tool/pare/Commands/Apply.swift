import ArgumentParser
import PareExplore
import PareFixed
import PareSignal
import PareText

/// `pare apply`: run a model over a waveform.
struct Apply: AsyncParsableCommand {
  static let configuration = CommandConfiguration(
    abstract: "Run a model over a waveform, in floats or in the integers of the hardware.")

  @Argument(help: "A file of pare train or pare baseline.")
  var model: String

  @Option(help: "CSV of the input, columns I and Q.")
  var input: String

  @Option(help: "CSV to write.")
  var output: String

  @Flag(help: "Compute in integers, bit for bit as the hardware does.")
  var fixed = false

  @OptionGroup var common: CommonOptions

  private struct Summary: Encodable {
    var model: String
    var output: String
    var samples: Int
    var arithmetic: String
  }

  func run() async throws {
    let source = try WaveformModel(contentsOf: model)
    let signal = try IQSignal(contentsOfCSV: input)
    let output: IQSignal
    var arithmetic = "float"
    switch source {
    case .network(let file) where fixed:
      // Exact in doubles, where the function of a model gives floats.
      let values = file.fixed(signal.channels)
      output = IQSignal(i: values[0], q: values[1])
      arithmetic = "integer \(file.fixed.inputFormat)"
    case .polynomial where fixed:
      throw ValidationError("--fixed needs a network; \(model) is a polynomial")
    case .network, .polynomial:
      output = IQSignal(channels: try source.function()(signal.channels))
    }
    if let sample = (0..<output.count).first(where: { !output[$0].magnitude.isFinite }) {
      throw ExploreError(
        .file(path: model), "\(model): sample \(sample) of the output is not finite",
        hint: "the file may have been edited, or the input is far larger than what it was made for")
    }
    try output.write(toCSV: self.output)
    let summary = Summary(
      model: model, output: self.output, samples: signal.count,
      arithmetic: arithmetic)
    if common.json {
      Console.result(JSONText.encode(summary))
    } else {
      common.progress.event(
        "\(summary.samples.grouped) samples through \(model) (\(summary.arithmetic)) -> \(summary.output)"
      )
    }
  }
}
