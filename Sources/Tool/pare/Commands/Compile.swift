import ArgumentParser
import PareDatapath
import PareExplore
import PareQoR
import PareText

/// `pare compile`: from a model or filter taps to Verilog.
struct Compile: AsyncParsableCommand {
  static let configuration = CommandConfiguration(
    abstract: "Compile a model, or integer filter taps, to multiplierless Verilog.",
    discussion: """
      Writes a design folder: manifest.json, the source, datapath.txt, rtl/ and tb/. Go on with 'pare simulate' and 'pare implement'.
      """)

  @Argument(help: "model.json, or a filter bank such as Examples/fir/taps.json.")
  var source: String

  @Option(help: "Device to compile for; may be repeated. \(Self.targetHelp)")
  var target: [String] = ["zcu104", "ecp5"]

  @Option(name: .customLong("clock"), help: "Clock to aim for in MHz.")
  var clockMHz = 150.0

  @Option(help: "Hardware language.")
  var language = HardwareLanguage.verilog

  @Option(help: "Name of the top module.")
  var name: String?

  @Option(help: "The design folder to write.")
  var out: String

  @OptionGroup var common: CommonOptions

  static let targetHelp = "Known: ecp5, \(Device.all.map(\.name).joined(separator: ", "))."

  func validate() throws {
    guard clockMHz > 0, clockMHz <= 2000 else {
      throw ValidationError("--clock is \(clockMHz) MHz; give more than 0, at most 2000")
    }
  }

  func run() async throws {
    for name in target { _ = try Device(named: name) }
    let design = try DesignSource(contentsOf: source)
    var options = DesignFolder.Options(generator: "pare \(Pare.version)")
    if let name {
      options.name = name
    } else if case .filterBank(let bank) = design {
      options.name = bank.name
    }
    options.targets = target
    options.clockMHz = clockMHz
    let folder = try DesignFolder.compile(design, options: options, to: out)
    Console.result(common.json ? JSONText.encode(folder.manifest) : Self.table(folder))
  }

  private static func table(_ folder: DesignFolder) -> String {
    let manifest = folder.manifest
    let statistics = manifest.statistics
    var table = TextTable([("\(manifest.top) -> \(folder.path)", .left), ("", .right)])
    table.add(["source", manifest.summary])
    table.add(["two-input adders", statistics.adderCount.grouped])
    table.add(["adder bits", statistics.adderBits.grouped])
    table.add(["adder depth", "\(statistics.adderDepth)"])
    table.add(["multipliers", "\(statistics.multiplyCount)"])
    table.add(["tables", "\(statistics.lookupCount)"])
    table.add(["register bits", manifest.registerBits.grouped])
    table.add([
      "latency, samples",
      "\(manifest.latencyClocks) (\(manifest.lookAheadSamples) look-ahead)",
    ])
    return table.text
  }
}

/// Languages that `pare compile` writes.
enum HardwareLanguage: String, CaseIterable, ExpressibleByArgument {
  case verilog
}
