#if canImport(FoundationEssentials)
  import FoundationEssentials
#else
  import Foundation
#endif

/// Places and routes for Lattice ECP5 with nextpnr, several seeds at the same time.
public struct NextpnrECP5: PlaceAndRoute {
  public let tool: Tool
  private let locator: ToolLocator
  private let packer: Tool?
  private let timeLimit: Duration
  private let runner = ProcessRunner()
  private static let pinFile = "pins.lpf"

  /// - Parameter packs: whether bitstreams will be asked for, so that ecppack is found now and not after the routing.
  /// - Throws: ``ToolError`` with code `toolMissing`.
  public init(
    _ locator: ToolLocator = ToolLocator(), timeLimit: Duration = .seconds(3600),
    packs: Bool = false
  ) async throws {
    tool = try await locator.find(.nextpnrECP5)
    packer = packs ? try await locator.find(.ecppack) : nil
    self.locator = locator
    self.timeLimit = timeLimit
  }

  public func placeAndRoute(
    _ synthesis: SynthesisResult, on part: ECP5Part, options: RoutingOptions = RoutingOptions(),
    in folder: Folder, onProgress: ToolProgressHandler? = nil
  ) async throws -> RoutedDesign {
    guard synthesis.target.family == .ecp5 else {
      throw ToolError(
        .designRejected(
          reason: "nextpnr-ecp5 cannot place a netlist for \(synthesis.target.family.rawValue)"),
        hint: "synthesize for ecp5 first")
    }
    let netlist = try Netlist(module: synthesis.top, contentsOf: synthesis.netlist)
    let pins = netlist.ports.values.reduce(0) { $0 + $1.bits.count }
    let needsHarness = options.harness == .always || pins > part.ioCount
    return try await folder.replace { work in
      var harness: HarnessCounts?
      if needsHarness {
        onProgress?(
          ToolProgress(
            stage: "place and route",
            detail: "\(pins) port bits, \(part.ioCount) pins: serial harness around the design"))
        harness = try await wrap(
          netlist, in: synthesis.netlist, clock: options.clock, work: work)
      } else {
        let source = Folder(synthesis.netlist)
        try work.write(try source.parent.read(source.path.lastComponent), to: "netlist.json")
      }
      let clock = ContinuousClock()
      let start = clock.now
      if let pins = options.pinConstraints { try work.write(pins, to: Self.pinFile) }
      let reports = try await runSeeds(options, part: part, in: work, onProgress: onProgress)
      return RoutedDesign(
        schemaVersion: 1, part: part, top: synthesis.top, constraintMHz: options.frequencyMHz,
        seeds: reports.map { seed, report, seconds in
          RoutedSeed(
            seed: seed, fmaxMHz: report.fmaxMHz, criticalPath: report.criticalPath,
            used: report.used, available: report.available, seconds: seconds,
            report: folder.file("seed\(seed).json"), configuration: folder.file("seed\(seed).cfg"),
            log: folder.file("seed\(seed).log"))
        },
        harness: harness, tool: tool.name, toolVersion: tool.version,
        warnings: tool.warning.map { [$0] } ?? [],
        seconds: (clock.now - start) / .seconds(1))
    }
  }

  public func bitstream(
    of design: RoutedDesign, in folder: Folder, allowsHarness: Bool = false,
    onProgress: ToolProgressHandler? = nil
  ) async throws -> Bitstream {
    guard design.harness == nil || allowsHarness else {
      throw ToolError(
        .designRejected(
          reason:
            "\(design.top) has more ports than pins and sits in a serial harness: the pins of "
            + "a bitstream would be those of the harness"),
        hint: "choose a package with more pins, bring the ports down, or ask for the harness")
    }
    let packer = if let packer { packer } else { try await locator.find(.ecppack) }
    onProgress?(ToolProgress(stage: "bitstream", detail: "ecppack \(packer.version)"))
    let source = Folder(design.best.configuration)
    let name = "\(design.top).bit"
    // Names are relative: the WebAssembly build of ecppack has a /tmp of its own.
    try folder.write(try source.parent.read(source.path.lastComponent), to: "bitstream.cfg")
    let partial = "\(name).part"
    try await runner.runChecked(
      packer.run(
        ["--compress", "--input", "bitstream.cfg", "--bit", partial], in: folder,
        log: "ecppack.log", timeLimit: timeLimit))
    let bits = try folder.read(partial)
    try folder.write(bits, to: name)
    try Folder(folder.file(partial)).remove()
    try Folder(folder.file("bitstream.cfg")).remove()
    return Bitstream(
      file: folder.file(name), bytes: bits.count, seed: design.best.seed,
      isHarness: design.harness != nil, tool: packer.name, toolVersion: packer.version)
  }

  // MARK: Steps

  private func runSeeds(
    _ options: RoutingOptions, part: ECP5Part, in work: Folder, onProgress: ToolProgressHandler?
  ) async throws -> [(seed: Int, report: NextpnrReport, seconds: Double)] {
    typealias Outcome = (index: Int, report: NextpnrReport, seconds: Double)
    let outcomes = try await withThrowingTaskGroup(of: Outcome.self) { group in
      var waiting = Array(options.seeds.enumerated())[...]
      var done: [Outcome] = []
      func start() {
        guard let (index, seed) = waiting.popFirst() else { return }
        group.addTask {
          let (report, seconds) = try await run(seed: seed, options, part: part, in: work)
          return (index, report, seconds)
        }
      }
      for _ in 0..<options.jobs { start() }
      while let outcome = try await group.next() {
        done.append(outcome)
        let speed = outcome.report.fmaxMHz.map { "\($0.rounded()) MHz" } ?? "no clocked path"
        onProgress?(
          ToolProgress(
            stage: "place and route",
            detail:
              "seed \(options.seeds[outcome.index]) (\(done.count) of \(options.seeds.count)): "
              + speed))
        start()
      }
      return done
    }
    return outcomes.sorted { $0.index < $1.index }
      .map { (options.seeds[$0.index], $0.report, $0.seconds) }
  }

  private func run(
    seed: Int, _ options: RoutingOptions, part: ECP5Part, in work: Folder
  ) async throws -> (NextpnrReport, Double) {
    // Names are relative: the WebAssembly build of nextpnr has a /tmp of its own.
    let exit = try await runner.runChecked(
      tool.run(
        part.options + [
          "--json", "netlist.json", "--textcfg", "seed\(seed).cfg", "--report", "seed\(seed).json",
          "--freq", "\(options.frequencyMHz)", "--seed", "\(seed)", "--placer", "heap",
          "--timing-allow-fail", "--lpf-allow-unconstrained",
        ] + (options.pinConstraints == nil ? [] : ["--lpf", Self.pinFile]), in: work,
        log: "seed\(seed).log", timeLimit: timeLimit))
    let name = "seed\(seed).json"
    return (try NextpnrReport(parsing: try work.read(name), from: work.file(name)), exit.seconds)
  }

  /// Puts the finished netlist of the design into the harness, touching no cell of it.
  private func wrap(
    _ netlist: Netlist, in file: String, clock: String, work: Folder
  ) async throws -> HarnessCounts {
    let harness = try SerialHarness(around: netlist, clock: clock)
    let yosys = try await YosysSynthesizer(locator)
    let source = Folder(file)
    try work.write(try source.parent.read(source.path.lastComponent), to: "design.json")
    try work.write(harness.text, to: "harness.v")
    try work.write(harness.stub, to: "stub.v")
    let script = [
      "read_verilog -lib stub.v",
      "read_verilog harness.v",
      "synth_ecp5 -top \(SerialHarness.module)",
      "write_json harness.json",
      "design -stash harness",
      "read_json design.json",
      "setattr -mod -unset top \(netlist.name)",
      "design -copy-from harness \(SerialHarness.module)",
      "hierarchy -top \(SerialHarness.module)",
      "flatten",
      "write_json netlist.json",
    ]
    try await runner.runChecked(try yosys.command(script, in: work, log: "harness.log"))
    let alone = try Netlist(module: SerialHarness.module, contentsOf: work.file("harness.json"))
    var byType: [String: Int] = [:]
    for (_, cell) in alone.cells where cell.type != netlist.name {
      byType[cell.type, default: 0] += 1
    }
    let counts = CellCounts(ecp5: byType)
    return HarnessCounts(lut: counts.lut, ff: counts.ff)
  }
}
