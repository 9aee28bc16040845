import ArgumentParser
import PareExplore
import PareQoR
import PareTools

/// `pare implement`: synthesis, place and route.
struct Implement: AsyncParsableCommand {
  static let configuration = CommandConfiguration(
    abstract:
      "Synthesize a design folder, place and route it where open tools can, write qor.json.",
    discussion: """
      Yosys for the ZCU104 (out of context) and for ECP5, nextpnr for ECP5. A stage that is done is not run again;
      qor.json holds the devices of the last run.
      """)

  @Argument(help: "A folder that 'pare compile' wrote.")
  var folder: String

  @Option(help: "Device; may be repeated; those of the design unless given. \(Compile.targetHelp)")
  var target: [String] = []

  @Option(
    name: .customLong("clock"), help: "Clock constraint in MHz; that of the design unless given.")
  var clockMHz: Double?

  @Option(help: "Seeds of place and route, a list.")
  var seeds = "1,2,3"

  @OptionGroup var jobs: JobsOption
  @OptionGroup var common: CommonOptions

  private func seedList() throws -> [Int] {
    let numbers = seeds.split(separator: ",", omittingEmptySubsequences: false).map { Int($0) }
    let valid = numbers.compactMap { $0 }.filter { $0 > 0 }
    guard valid.count == numbers.count, Set(valid).count == valid.count else {
      throw ValidationError("--seeds is '\(seeds)'; give different positive numbers such as 1,2,3")
    }
    return valid
  }

  func validate() throws {
    _ = try seedList()
    if let clockMHz, !(clockMHz > 0 && clockMHz <= 2000) {
      throw ValidationError("--clock is \(clockMHz) MHz; give more than 0, at most 2000")
    }
  }

  func run() async throws {
    let design = try DesignFolder(opening: folder)
    let devices = try (target.isEmpty ? design.manifest.targets : target).map {
      try Device(named: $0)
    }
    let toolchain = try await Toolchain.openSource(for: devices)
    let qor = try await design.implement(
      on: devices, with: toolchain,
      options: RoutingOptions(
        frequencyMHz: clockMHz ?? design.manifest.clockMHz, seeds: seedList(), jobs: jobs.count),
      onProgress: common.toolProgress)
    Console.result(common.json ? try qor.json() : qor.text)
  }
}
