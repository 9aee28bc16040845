import ArgumentParser
import PareDatapath
import PareExplore
import PareQoR
import PareText

/// `pare power estimate`: watts, or ratios, from profiles of what switches.
struct PowerEstimateCommand: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "estimate",
    abstract: "Print what designs draw, part by part, low, typical and high.",
    discussion: """
      Takes design folders, whose toggles 'pare simulate --netlist' has counted, or files with a profile of them. Of a family without \
      published energies it prints shares and ratios and no watts. docs/guides/power.md says what stands behind the numbers.
      """)

  @Argument(help: "Design folders, netlist-check.json files, or files with a bare profile.")
  var designs: [String]

  @Option(
    name: .customLong("clock"), help: "MHz; that of a design folder unless given, needed for files."
  )
  var clockMHz: Double?

  @Option(
    help:
      "Device; the first of a design folder, zcu104 for files unless given. \(Compile.targetHelp)")
  var target: String?

  @Option(
    help: ArgumentHelp(
      "A file of energies that 'pare power calibrate' wrote, for the standard ones.",
      valueName: "file"))
  var powerModel: String?

  @Option(
    help:
      "settled or unitDelay, which counts glitches too; of a netlist-check.json that where it is, unless given."
  )
  var toggles: CountedToggles?

  @Flag(
    help:
      "Toggles of the datapath of a design folder, before any synthesis, instead of its netlist's.")
  var datapath = false

  @Option(help: "Samples that a clock takes in; of files, 1 unless given.")
  var samplesPerClock: Int?

  @OptionGroup var common: CommonOptions

  func validate() throws {
    guard !designs.isEmpty else { throw ValidationError("name a design folder or a profile") }
    if let clockMHz, !(clockMHz > 0 && clockMHz <= 2000) {
      throw ValidationError("--clock is \(clockMHz) MHz; give more than 0, at most 2000")
    }
    if let samplesPerClock, samplesPerClock < 1 {
      throw ValidationError("--samples-per-clock is \(samplesPerClock); give 1 or more")
    }
    if datapath, toggles != nil {
      throw ValidationError("--toggles is of a netlist, and --datapath looks at none")
    }
  }

  func run() throws {
    let models = try powerModel.map { ($0, try PowerModelFile(contentsOf: $0)) }
    let summary = PowerSummary(
      try designs.map { path in
        let design = TextFile.isFolder(path) ? try DesignFolder(opening: path) : nil
        let device = try Device(named: target ?? design?.manifest.targets.first ?? "zcu104")
        guard let model = try model(of: device, in: models) else {
          throw QoRError(.compileOnly(device: device.name))
        }
        guard let clock = clockMHz ?? design?.manifest.clockMHz else {
          throw ValidationError("\(path) tells no clock; give --clock")
        }
        let profile = try profile(path, design)
        let lanes = samplesPerClock ?? design?.manifest.options.samplesPerClock ?? 1
        return (
          path, device.name, profile,
          model.estimate(
            profile, clockHz: clock * 1e6, samplesPerClock: lanes, device: device)
        )
      })
    Console.result(common.json ? JSONText.encode(summary) : summary.text)
  }

  private func model(
    of device: Device, in models: (path: String, file: PowerModelFile)?
  ) throws -> PowerModel? {
    guard let models else { return PowerModel.standard(for: device.logicFamily) }
    return try models.file.model(for: device.logicFamily, file: models.path)
  }

  private func profile(_ path: String, _ design: DesignFolder?) throws -> SwitchingProfile {
    guard datapath else { return try SwitchingProfile(contentsOf: path, toggles: toggles) }
    guard let design else {
      throw ValidationError("--datapath needs design folders, and \(path) is a file")
    }
    let counted = try design.datapathSwitching()
    Console.note("note: \(path): toggles of its datapath on \(counted.stimulus)")
    return counted.profile
  }
}
