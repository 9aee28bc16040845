import ArgumentParser
import PareDatapath
import PareExplore
import PareQoR
import PareHLS
import PareRTL
import PareText

/// `pare compile`: from a model or filter taps to Verilog.
struct Compile: AsyncParsableCommand {
  static let configuration = CommandConfiguration(
    abstract:
      "Compile a model, or integer filter taps, to multiplierless Verilog or VHDL, or to HLS C++.",
    discussion: """
      Writes a design folder: manifest.json, the source, datapath.txt, rtl/, tb/, constraints and project scripts, README.txt. Go on with \
      'pare simulate', 'pare verify' and 'pare implement'. With --language hls the folder has src/, tb/ and the scripts of Vitis HLS; go on \
      with 'pare simulate'.
      """)

  @Argument(help: "model.json, or a filter bank such as Examples/fir/taps.json.")
  var source: String

  @Option(
    help:
      "Device to compile for; several, given one by one, must be of one family. \(Self.targetHelp)")
  var target: [String] = ["zcu104"]

  @Option(
    name: .customLong("clock"),
    help: "Clock in MHz to pipeline for; a register behind every row of adders unless given.")
  var clockMHz: Double?

  @Option(help: "Hardware language; 'hls' is C++ for a high-level synthesis tool.")
  var language = DesignLanguage.verilog

  @Option(help: "How long to search for a small adder graph.")
  var effort = Effort.normal

  @Option(help: "Seed of that search.")
  var seed: UInt64 = 1

  @Option(help: "Samples that come in with one clock: 1, 2, 4 or 8.")
  var samplesPerClock = 1

  @Option(
    help: ArgumentHelp(
      "What multiplies by constants: 'shift-add', 'dsp', or layers for DSP blocks such as l0,l2.",
      valueName: "shift-add|dsp|layers"))
  var multipliers = "shift-add"

  @OptionGroup(title: "HLS options") var hls: HLSArguments

  @Option(help: "Name of the top module or function.")
  var name: String?

  @Option(help: "The design folder to write.")
  var out: String

  @OptionGroup var common: CommonOptions

  static let targetHelp = "Known: ecp5, \(Device.all.map(\.name).joined(separator: ", "))."

  func validate() throws {
    if let clockMHz, !(clockMHz > 0 && clockMHz <= 2000) {
      throw ValidationError("--clock is \(clockMHz) MHz; give more than 0, at most 2000")
    }
    guard CompileOptions.samplesPerClockChoices.contains(samplesPerClock) else {
      throw ValidationError("--samples-per-clock is \(samplesPerClock); give 1, 2, 4 or 8")
    }
    _ = try multiplierChoice()
    guard language == .hls else { return try hls.refuse(with: language) }
    // Values that are the defaults cannot be told from none, and change nothing.
    for (option, isDefault) in [
      ("--effort", effort == .normal), ("--seed", seed == 1),
      ("--samples-per-clock", samplesPerClock == 1), ("--multipliers", multipliers == "shift-add"),
    ] where !isDefault {
      throw ValidationError("\(option) is for Verilog and VHDL; leave it out with --language hls")
    }
    try hls.check()
  }

  private func multiplierChoice() throws -> CompileOptions.Multipliers {
    switch multipliers {
    case "shift-add": return .shiftAdd
    case "dsp": return .dsp(layers: [])
    default:
      let layers = multipliers.split(separator: ",", omittingEmptySubsequences: false)
      guard layers.allSatisfy({ $0.wholeMatch(of: #/[A-Za-z][A-Za-z0-9_]*/#) != nil }) else {
        throw ValidationError(
          "--multipliers is '\(multipliers)'; give shift-add, dsp, or labels of layers such as l0,l2"
        )
      }
      return .dsp(layers: layers.map(String.init))
    }
  }

  func run() async throws {
    let design = try DesignSource(contentsOf: source)
    guard let language = language.rtl else { return try writeHLS(design) }
    var options = CompileOptions(generator: "pare \(Pare.version)")
    if let name {
      options.name = name
    } else if case .filterBank(let bank) = design {
      options.name = bank.name
    }
    options.targets = target
    options.clockMHz = clockMHz
    options.language = language
    options.effort = effort
    options.seed = seed
    options.samplesPerClock = samplesPerClock
    options.multipliers = try multiplierChoice()
    let folder = try DesignFolder.compile(design, options: options, to: out)
    for note in design.notes { Console.note("note: \(note)") }
    for path in folder.manifest.timing.missed {
      Console.note("note: \(clockMHz?.fixed(0) ?? "") MHz is missed in the model by \(path)")
    }
    Console.result(common.json ? JSONText.encode(folder.manifest) : Self.table(folder))
  }

  private func writeHLS(_ design: DesignSource) throws {
    let options = try hls.options(name: name, targets: target, clockMHz: clockMHz)
    var folders: [HLSFolder] = []
    for choice in options {
      // Several presets are several projects, side by side.
      let path = options.count == 1 ? out : "\(out)/\(choice.preset.rawValue)"
      folders.append(try HLSFolder.compile(design, options: choice, to: path))
    }
    if common.json {
      Console.result(
        folders.count == 1
          ? JSONText.encode(folders[0].manifest) : JSONText.encode(folders.map(\.manifest)))
    } else {
      Console.result(HLSArguments.table(folders))
    }
  }

  private static func table(_ folder: DesignFolder) -> String {
    let manifest = folder.manifest
    let statistics = manifest.statistics
    var table = TextTable([("\(manifest.top) -> \(folder.path)", .left), ("", .right)])
    table.add(["source", manifest.summary])
    table.add(["two-input adders", statistics.adderCount.grouped])
    table.add(["adder bits", statistics.adderBits.grouped])
    table.add(["adder depth", "\(statistics.adderDepth)"])
    if manifest.options.samplesPerClock > 1 {
      table.add(["samples per clock", "\(manifest.options.samplesPerClock)"])
    }
    table.add(["multipliers", "\(statistics.multiplyCount)"])
    table.add(["tables", "\(statistics.lookupCount)"])
    table.add(["register bits", manifest.registerBits.grouped])
    if let resources = manifest.resources {
      let cells = resources.cells
      table.add([
        "LUT, FF, carry cells (model, \(resources.family.rawValue))",
        [cells.luts, cells.flipFlops, cells.carryCells].map(\.grouped).joined(separator: ", "),
      ])
    }
    table.add([
      "latency, clocks",
      "\(manifest.latencyClocks) (\(manifest.lookAheadSamples) samples look-ahead)",
    ])
    table.add([
      "clock in the model, MHz (estimate, \(manifest.family.rawValue))",
      manifest.timing.modelMHz.fixed(0),
    ])
    return table.text
  }
}
