import ArgumentParser
import PareExplore
import PareFixed
import PareNetwork
import PareSignal
import PareText

/// `pare apply`: run a model over a waveform.
struct Apply: AsyncParsableCommand {
  static let configuration = CommandConfiguration(
    abstract: "Run a model over a waveform, in floats or in the integers of the hardware.")

  @Argument(help: "The model, model.json.")
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
    let file = try ModelFile(json: TextFile.read(model), file: model)
    let architecture = file.network.architecture
    guard architecture.inputChannels == 2, architecture.outputChannels == 2 else {
      throw FixedError(
        .channels(expected: 2, got: architecture.inputChannels),
        "\(model): \(architecture.inputChannels) inputs and \(architecture.outputChannels) outputs",
        hint: "a waveform of I and Q needs a network with two of each")
    }
    let signal = try IQSignal(contentsOfCSV: input)
    let output: IQSignal
    if fixed {
      let values = file.fixed(signal.channels)
      output = IQSignal(i: values[0], q: values[1])
    } else {
      output = IQSignal(channels: file.network.network(signal.channels))
    }
    try output.write(toCSV: self.output)
    let summary = Summary(
      model: model, output: self.output, samples: signal.count,
      arithmetic: fixed ? "integer \(file.fixed.inputFormat)" : "float")
    if common.json {
      Console.result(JSONText.encode(summary))
    } else {
      common.progress.event(
        "\(summary.samples.grouped) samples through \(model) (\(summary.arithmetic)) -> \(summary.output)"
      )
    }
  }
}
