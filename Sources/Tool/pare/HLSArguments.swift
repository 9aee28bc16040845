import ArgumentParser
import PareExplore
import PareHLS
import PareQoR
import PareRTL
import PareText

/// What `pare compile` writes.
enum DesignLanguage: String, CaseIterable, ExpressibleByArgument {
  case verilog
  case vhdl
  case hls

  var rtl: RTLLanguage? { RTLLanguage(rawValue: rawValue) }
}

/// The options of `pare compile --language hls`.
struct HLSArguments: ParsableArguments {
  @Option(help: "A statement per product, or loops over tables (default: unrolled).")
  var form: HLSForm?

  @Option(
    help: ArgumentHelp(
      """
      How products are computed: regular multiplications, a shift and a sign (pot), two shifts and an add (apot), or the cheapest that \
      the weights allow; one for all layers, or a list such as apot,multiply (default: auto).
      """, valueName: "auto|multiply|pot|apot"))
  var fir: String?

  @Option(
    help: """
      Pragmas for speed and area; several, given one by one, are written as projects of their own in folders below OUT (default: \
      throughput).
      """)
  var directives: [DirectivePreset] = []

  @Option(help: "Multiplications that share a multiplier, in place of the preset's choice.")
  var reuseFactor: Int?

  func refuse(with language: DesignLanguage) throws {
    for (option, isGiven) in [
      ("--form", form != nil), ("--fir", fir != nil), ("--directives", !directives.isEmpty),
      ("--reuse-factor", reuseFactor != nil),
    ] where isGiven {
      throw ValidationError(
        "\(option) is for HLS C++; leave it out with --language \(language.rawValue)")
    }
  }

  func check() throws {
    _ = try firChoices()
    if let reuseFactor, !(1...65_536).contains(reuseFactor) {
      throw ValidationError("--reuse-factor is \(reuseFactor); give 1 to 65536")
    }
    if reuseFactor != nil, directives.contains(.baseline) {
      throw ValidationError(
        "--reuse-factor tells the tool something, and the preset baseline nothing")
    }
    guard Set(directives).count == directives.count else {
      throw ValidationError("a preset stands twice in --directives")
    }
  }

  private func firChoices() throws -> [FIRChoice] {
    guard let fir else { return [.automatic] }
    return try fir.split(separator: ",", omittingEmptySubsequences: false).map { word in
      guard let choice = FIRChoice(rawValue: String(word)) else {
        throw ValidationError(
          "--fir is '\(fir)'; give auto, multiply, pot or apot, or a list of these for the layers")
      }
      return choice
    }
  }

  /// What to compile with, for each preset.
  func options(name: String?, targets: [String], clockMHz: Double?) throws -> [HLSCompileOptions] {
    guard targets.count == 1 else {
      throw ValidationError("an HLS project is for one device; give --target once")
    }
    let device = try Device(named: targets[0])
    let isVendors = device.part.hasPrefix("xc")
    guard isVendors else {
      throw ValidationError(
        "\(device.name) is no device of AMD, and Vitis HLS knows no other; leave --target out")
    }
    var options = HLSCompileOptions(generator: "pare \(Pare.version)")
    if let name { options.name = name }
    options.part = device.part
    if let clockMHz { options.clockMHz = clockMHz }
    if let form { options.form = form }
    options.fir = try firChoices()
    options.reuseFactor = reuseFactor
    return (directives.isEmpty ? [.throughput] : directives).map { preset in
      var choice = options
      choice.preset = preset
      return choice
    }
  }

  static func table(_ folders: [HLSFolder]) -> String {
    var table = TextTable([
      ("HLS project", .left), ("directives", .left), ("form", .left), ("interval, clocks", .right),
      ("multipliers", .right), ("DSP", .right),
    ])
    for folder in folders {
      let manifest = folder.manifest
      table.add([
        folder.path, manifest.options.preset.rawValue, manifest.options.form.rawValue,
        "\(manifest.estimate.initiationInterval)", "\(manifest.estimate.multipliers)",
        "\(manifest.estimate.dsp)",
      ])
    }
    return table.text + "\ninterval, multipliers and DSP: \(HLSEstimate.ownEstimate)"
  }
}
