import ArgumentParser
import PareExplore
import PareSignal
import PareText

/// `pare dataset inspect`: what a data set holds, before anything is learned.
struct DatasetInspect: AsyncParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "inspect",
    abstract: "Show samples, rates, gain, delay, PAPR and the NMSE without a model.")

  @Argument(help: "A name from 'pare dataset list', or a folder.")
  var dataset: String

  @OptionGroup var common: CommonOptions

  func run() async throws {
    let summary = try await DatasetSource.load(dataset, onProgress: common.toolProgress).summary()
    Console.result(common.json ? JSONText.encode(summary) : summary.text)
  }
}
