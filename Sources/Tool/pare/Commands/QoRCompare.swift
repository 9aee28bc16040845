import ArgumentParser
import PareExplore
import PareQoR
import PareText

/// `pare qor compare`: two designs side by side.
struct QoRCompare: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "compare",
    abstract: "Print the figures of two designs side by side, with ratios.",
    discussion: """
      Each stage and device that both have becomes a table of LUT, FF, DSP, area (LUT + 100 DSP), dynamic power, energy per sample, \
      fmax and latency; accuracy is added where the folders' models know it. A ratio is the second to the first. Estimates carry ~, \
      and a ratio of a measured and an estimated value carries *.
      """)

  @Argument(help: "A design folder, or a qor.json.")
  var first: String

  @Argument(help: "The other; of an optimized design, its baseline.")
  var second: String

  @Option(help: "Compare on this device alone. \(Compile.targetHelp)")
  var device: String?

  @OptionGroup var common: CommonOptions

  func run() throws {
    let comparison = try QoRComparison(
      .init(contentsOf: first), .init(contentsOf: second), on: device.map { try Device(named: $0) })
    Console.result(common.json ? JSONText.encode(comparison) : comparison.text)
  }
}
