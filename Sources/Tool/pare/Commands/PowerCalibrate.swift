import ArgumentParser
import PareDatapath
import PareExplore
import PareQoR
import PareText

/// `pare power calibrate`: energies fitted to reports.
struct PowerCalibrate: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "calibrate",
    abstract: "Fit the energies of the power model to power reports of Vivado.",
    discussion: """
      A report needs the toggles of the same design: the n-th report goes with the n-th --design, whose netlist-check.json 'pare simulate \
      --netlist' writes; without reports each --design brings the one that 'pare implement --toolchain vivado' left in it; --list takes a \
      calibration.json. Each report in turn is left out and predicted from the others. Energies that the reports do not tell keep \
      their values. The file that is written goes to 'pare implement --power-model'.
      """)

  @Argument(help: "Power reports of Vivado (report_power), routed.")
  var reports: [String] = []

  @Option(
    parsing: .upToNextOption,
    help:
      "Design folders, or files with their toggles, in the order of the reports.")
  var design: [String] = []

  @Option(help: "A calibration.json with pairs of report and profile.")
  var list: String?

  @Option(name: .customLong("clock"), help: "MHz of all designs; that of each report unless given.")
  var clockMHz: Double?

  @Option(
    help: "settled or unitDelay, which counts glitches too: the toggles of a netlist-check.json.")
  var toggles = CountedToggles.settled

  @Option(
    help:
      "Family whose energies are fitted: ultrascale+, 7-series, ecp5; that of the reports' parts unless given."
  )
  var family: LogicFamily?

  @Option(help: "File for the energies.")
  var out = "power-model.json"

  @OptionGroup var common: CommonOptions

  func validate() throws {
    if let clockMHz, !(clockMHz > 0 && clockMHz <= 2000) {
      throw ValidationError("--clock is \(clockMHz) MHz; give more than 0, at most 2000")
    }
    guard list != nil || !design.isEmpty else {
      throw ValidationError("a report needs the toggles of its design: give --design or --list")
    }
    guard reports.isEmpty || reports.count == design.count else {
      throw ValidationError(
        "\(reports.count) reports and \(design.count) designs; the n-th goes with the n-th")
    }
  }

  func run() throws {
    let samples = try pairs().map { try $0.sample() }
    let calibration = try PowerCalibration(
      samples, for: family ?? PowerCalibration.family(of: samples))
    try TextFile.write(calibration.file.json, to: out)
    Console.result(
      common.json
        ? JSONText.encode(calibration.report)
        : "\(calibration.text)\n\n\(out): \(calibration.model.version)")
  }

  private func pairs() throws -> [PowerPair] {
    let clockHz = clockMHz.map { $0 * 1e6 }
    let given =
      reports.isEmpty
      ? try design.map { try PowerPair(design: $0, clockHz: clockHz, toggles: toggles) }
      : zip(reports, design).map {
        PowerPair(report: $0, profile: $1, clockHz: clockHz, toggles: toggles)
      }
    return try (list.map { try PowerPair.list(contentsOf: $0) } ?? []) + given
  }
}
