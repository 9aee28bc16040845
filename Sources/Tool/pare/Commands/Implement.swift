import ArgumentParser
import PareDatapath
import PareExplore
import PareQoR
import PareText
import PareTools

/// `pare implement`: synthesis, place and route.
struct Implement: AsyncParsableCommand {
  static let configuration = CommandConfiguration(
    abstract: "Synthesize a design folder, place and route it, write qor.json.",
    discussion: """
      open: Yosys for AMD parts (out of context) and for ECP5, nextpnr for ECP5. vivado: Verilog and VHDL on AMD parts, out of \
      context. vitis: the C++ of a folder that was compiled with --language hls. A stage that is done is not run again; qor.json \
      holds the devices of the last run.
      """)

  enum Tools: String, ExpressibleByArgument, CaseIterable {
    case open, vivado, vitis
  }

  @Argument(help: "A folder that 'pare compile' wrote.")
  var folder: String

  @Option(help: "Tools to use.")
  var toolchain = Tools.open

  @Option(
    help:
      "Device; may be repeated; those of the design unless given. \(Compile.targetHelp) With vivado also any part of AMD's."
  )
  var target: [String] = []

  @Option(
    name: .customLong("clock"), help: "Clock constraint in MHz; that of the design unless given.")
  var clockMHz: Double?

  @Option(help: "Seeds of place and route, a list; open only.")
  var seeds = "1,2,3"

  @Option(
    help:
      "Bitstream of the best seed on ECP5: none, design (when its ports are on pins), or harness (also with a serial harness); open only."
  )
  var bitstream = RoutingOptions.BitstreamChoice.design

  @Option(
    help:
      "Lattice preferences (LPF) that put ports on pins; nextpnr chooses pins otherwise. Open only."
  )
  var pins: String?

  @Option(
    help: ArgumentHelp(
      "Implement the unoptimized twin as well (dense, 16 bits, a DSP block for each product, nothing shared) in FOLDER/baseline, and print both side by side; its dense network is a model.json, in the folder of a sweep, or trained now. Open only.",
      valueName: "model|run|train"))
  var baseline: String?

  @Option(
    help:
      "Samples on which each netlist is compared with the integer model and its toggles are counted; 0 for none. Open only."
  )
  var checkSamples = 100_000

  @Flag(inversion: .prefixedNo, help: "Estimate power from the toggles; open only.")
  var power = true

  @Option(
    help: ArgumentHelp(
      "A file of energies that 'pare power calibrate' wrote, for the standard ones; open only.",
      valueName: "file"))
  var powerModel: String?

  @Option(help: "Steps of vitis, a list of csim, csynth, cosim, export, impl.")
  var steps = "csim,csynth,cosim,impl"

  @Option(help: "Switching activity (SAIF) for the power report of vivado.")
  var saif: String?

  @Option(help: "Instance of the design in the SAIF file, such as tb_dpd/dut.")
  var saifScope: String?

  @Flag(help: "Write the project of a vendor's tool and do not run it.")
  var scriptsOnly = false

  @Option(help: "Seconds after which a run of a tool is ended; an hour for open, none otherwise.")
  var timeLimit: Double?

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

  private func stepSet() throws -> Set<VitisHLS.Step> {
    let words = steps.split(separator: ",", omittingEmptySubsequences: false).map(String.init)
    return Set(
      try words.map { word in
        guard let step = VitisHLS.Step(rawValue: word) else {
          throw ValidationError(
            "--steps is '\(steps)'; give a list of "
              + VitisHLS.Step.allCases.map(\.rawValue).joined(separator: ", "))
        }
        return step
      })
  }

  func validate() throws {
    _ = try seedList()
    _ = try stepSet()
    if let clockMHz, !(clockMHz > 0 && clockMHz <= 2000) {
      throw ValidationError("--clock is \(clockMHz) MHz; give more than 0, at most 2000")
    }
    if let timeLimit, !(timeLimit > 0 && timeLimit <= 1e7) {
      throw ValidationError("--time-limit is \(timeLimit) s; give more than 0, at most 10000000")
    }
    if scriptsOnly, toolchain == .open {
      throw ValidationError("--scripts-only needs --toolchain vivado or vitis")
    }
    guard (0...100_000_000).contains(checkSamples) else {
      throw ValidationError("--check-samples is \(checkSamples); give 0 to 100000000")
    }
    if checkSamples != 100_000 || !power, toolchain != .open {
      throw ValidationError("--check-samples and --no-power need --toolchain open")
    }
    if powerModel != nil {
      guard toolchain == .open else {
        throw ValidationError("--power-model needs --toolchain open")
      }
      guard power else { throw ValidationError("--power-model and --no-power exclude each other") }
    }
    if baseline != nil, toolchain != .open {
      throw ValidationError("--baseline needs --toolchain open")
    }
    if bitstream == .harness || pins != nil, toolchain != .open {
      throw ValidationError("--bitstream and --pins need --toolchain open")
    }
    if saif != nil || saifScope != nil, toolchain != .vivado {
      throw ValidationError("--saif and --saif-scope need --toolchain vivado")
    }
    if saifScope != nil, saif == nil { throw ValidationError("--saif-scope needs --saif") }
    if toolchain == .vitis, !target.isEmpty || clockMHz != nil {
      throw ValidationError(
        "part and clock of --toolchain vitis are in the folder's scripts; compile with others")
    }
  }

  private var limit: Duration? { timeLimit.map { .seconds($0) } }

  func run() async throws {
    switch toolchain {
    case .open: try await runOpen()
    case .vivado: try await runVivado()
    case .vitis: try await runVitis()
    }
  }

  private func report(_ qor: QoR) throws {
    Console.result(common.json ? try qor.json() : qor.text)
  }

  private func report(_ scripts: [VendorScripts]) {
    if common.json {
      Console.result(JSONText.encode(scripts))
    } else {
      for script in scripts { Console.result("cd '\(script.folder)' && \(script.command)") }
    }
  }

  /// RTL, and not C++ for another toolchain.
  private func openRTL() throws -> DesignFolder {
    guard !HLSFolder.isOne(folder) else {
      throw ExploreError(
        .designFolder(path: folder), "\(folder) holds HLS C++, which --toolchain vitis takes",
        hint: "add --toolchain vitis, or compile with --language verilog", kind: .usage)
    }
    return try DesignFolder(opening: folder)
  }

  // MARK: Open tools

  private func runOpen() async throws {
    let design = try openRTL()
    let devices = try (target.isEmpty ? design.manifest.targets : target).map {
      try Device(named: $0)
    }
    let pins = try pins.map { try TextFile.read($0) }
    let powerModels = try powerModel.map { path in
      let file = try PowerModelFile(contentsOf: path)
      for device in devices { _ = try file.model(for: device.logicFamily, file: path) }
      return file
    }
    // What the baseline lacks is found out before the tools run for minutes.
    let twin =
      if let baseline { try await twin(of: design, from: baseline) } else {
        UnoptimizedTwin?.none
      }
    let toolchain =
      if let limit {
        try await Toolchain.openSource(for: devices, timeLimit: limit, bitstream: bitstream)
      } else {
        try await Toolchain.openSource(for: devices, bitstream: bitstream)
      }
    let options = RoutingOptions(
      frequencyMHz: clockMHz ?? design.manifest.clockMHz, seeds: try seedList(), jobs: jobs.count,
      bitstream: bitstream, pinConstraints: pins)
    let examination = ExaminationOptions(
      checkSamples: checkSamples, estimatesPower: power, powerModels: powerModels)
    let qor = try await design.implement(
      on: devices, with: toolchain, options: options, examination: examination,
      onProgress: common.toolProgress)
    guard let twin else { return try report(qor) }
    let plain = try twin.compile(like: design, to: "\(folder)/\(Self.baselineFolder)")
    common.progress.event(
      "baseline: \(plain.manifest.summary), \(plain.manifest.statistics.multiplyCount) multipliers")
    _ = try await plain.implement(
      on: devices, with: toolchain, options: options, examination: examination,
      onProgress: common.toolProgress)
    let comparison = try QoRComparison(
      .init(contentsOf: folder, name: "optimized"), .init(contentsOf: plain.path, name: "baseline"))
    Console.result(
      common.json ? JSONText.encode(comparison) : qor.text + "\n\n" + comparison.text)
  }

  // MARK: Vivado

  private func runVivado() async throws {
    let design = try openRTL()
    let parts = try (target.isEmpty ? design.manifest.targets : target).map {
      try VendorPart(named: $0)
    }
    let activity = try saif.map { path in
      VivadoProject.Activity(saif: try TextFile.read(path), scope: saifScope)
    }
    let clock = clockMHz ?? design.manifest.clockMHz
    if scriptsOnly {
      report(
        try await design.writeVivadoScripts(for: parts, clockMHz: clock, activity: activity))
    } else {
      try report(
        try await design.implement(
          on: parts, with: try await Vivado(timeLimit: limit), clockMHz: clock,
          activity: activity, onProgress: common.toolProgress))
    }
  }

  // MARK: Vitis HLS

  private func runVitis() async throws {
    let design = try HLSFolder(opening: folder)
    if scriptsOnly {
      report(design.scripts)
    } else {
      try report(
        try await design.implement(
          try stepSet(), with: try await VitisHLS(timeLimit: limit),
          onProgress: common.toolProgress))
    }
  }
}
