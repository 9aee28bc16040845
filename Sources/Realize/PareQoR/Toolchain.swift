import PareNumerics
public import PareText
public import PareTools

#if canImport(FoundationEssentials)
  import FoundationEssentials
#else
  import Foundation
#endif

/// The tools that turn Verilog into figures.
///
///     let qor = try await Toolchain.openSource(for: [.zcu104, .ecp5(.k85)])
///       .implement(bundle, on: [.zcu104, .ecp5(.k85)], in: folder)
///     print(qor.text)
public struct Toolchain: Sendable {
  private let synthesizer: any Synthesizer
  private let router: (any PlaceAndRoute)?

  /// - Parameter router: nil for a tool chain that ends with the netlist.
  public init(synthesizer: any Synthesizer, router: (any PlaceAndRoute)?) {
    self.synthesizer = synthesizer
    self.router = router
  }

  /// What the figures come from.
  public var tools: [Tool] { [synthesizer.tool] + (router.map { [$0.tool] } ?? []) }

  /// Yosys, and nextpnr where one of the devices needs it; all are found before any work starts.
  ///
  /// - Parameters:
  ///   - timeLimit: for each run of a tool.
  ///   - bitstream: whether ecppack is needed as well.
  /// - Throws: `ToolError` with code `toolMissing`.
  public static func openSource(
    _ locator: ToolLocator = ToolLocator(), for devices: [Device],
    timeLimit: Duration = .seconds(3600), bitstream: RoutingOptions.BitstreamChoice = .none
  ) async throws -> Toolchain {
    let needsRouter = devices.contains { $0.ecp5 != nil }
    return Toolchain(
      synthesizer: try await YosysSynthesizer(locator, timeLimit: timeLimit),
      router: needsRouter
        ? try await NextpnrECP5(locator, timeLimit: timeLimit, packs: bitstream != .none) : nil)
  }

  /// Synthesizes a design for each device, places and routes it where that is possible, and writes `qor.json`.
  ///
  /// A stage whose result is in the folder, made from the same sources by the same tools with the same options, is
  /// not run again: a killed run goes on where it was.
  ///
  /// - Parameters:
  ///   - bundle: the design; its testbench plays no part.
  ///   - folder: gets a folder for each stage, and `qor.json`.
  ///   - latencyClocks: latency known from the datapath, carried into the records.
  ///   - estimates: records of earlier stages, put first.
  ///   - examination: what is found out about each netlist before it is placed; its figures join the records.
  /// - Returns: the records in the order: estimates, then for each device synthesis, then place and route. A design
  ///   that does not fit a device is not placed there; its synthesis record says so.
  /// - Throws: ``QoRError`` with code `compileOnly` for a device without synthesis, and what the tools throw.
  public func implement(
    _ bundle: SourceBundle, on devices: [Device], in folder: Folder, usesDSP: Bool = false,
    options: RoutingOptions = RoutingOptions(), latencyClocks: Int? = nil,
    estimates: [QoRRecord] = [], examination: NetlistExamination? = nil,
    onProgress: ToolProgressHandler? = nil
  ) async throws -> QoR {
    let families = try devices.map { device in
      guard let family = device.family else {
        throw QoRError(.compileOnly(device: device.name))
      }
      return family
    }
    try folder.create()
    var records = estimates
    var netlists: [SynthesisTarget: SynthesisResult] = [:]
    var findings: [SynthesisTarget: NetlistExamination.Findings] = [:]
    for (device, family) in zip(devices, families) {
      let target = SynthesisTarget(family, usesDSP: usesDSP)
      let synthesis: SynthesisResult
      if let done = netlists[target] {
        synthesis = done
      } else {
        synthesis = try await self.synthesis(bundle, target, in: folder, onProgress)
        netlists[target] = synthesis
        if let examination {
          findings[target] = try await found(
            by: examination, in: synthesis, of: bundle, in: folder, onProgress)
        }
      }
      func examined(_ record: QoRRecord, clockMHz: Double?) throws -> QoRRecord {
        guard let examination, let findings = findings[target] else { return record }
        return try record.with(examination, findings, on: device, clockMHz: clockMHz)
      }
      let record = try examined(
        QoRRecord(synthesis, on: device, latencyClocks: latencyClocks),
        clockMHz: options.frequencyMHz)
      records.append(record)
      guard let part = device.ecp5, let router, record.fits else { continue }
      let place = folder.folder("route-\(device.name)")
      let key = try stageKey(bundle, router.tool) { hash in
        hash.combine(synthesis.toolVersion)
        hash.combine(try canonical(target))
        hash.combine(try canonical(part))
        hash.combine(try canonical(RoutingKey(options)))
        // Results of versions that did not list the steps of the slowest path are made again.
        hash.combine("paths with steps")
      }
      let routed = try await resumed(key, in: place) {
        try await router.placeAndRoute(
          synthesis, on: part, options: options, in: place, onProgress: onProgress)
      }
      let bitstream = try await bitstream(
        of: routed, options.bitstream, key: key, in: place, onProgress)
      records.append(
        try examined(
          QoRRecord(routed, on: device, latencyClocks: latencyClocks, bitstream: bitstream.made)
            .with(warnings: bitstream.reason.map { [$0] } ?? []),
          clockMHz: routed.best.fmaxMHz))
    }
    let qor = QoR(records)
    try qor.write(to: folder)
    return qor
  }

  private func found(
    by examination: NetlistExamination, in synthesis: SynthesisResult, of bundle: SourceBundle,
    in folder: Folder, _ onProgress: ToolProgressHandler?
  ) async throws -> NetlistExamination.Findings {
    let key = try stageKey(bundle, synthesizer.tool) { hash in
      hash.combine(try canonical(synthesis.target))
      hash.combine(examination.key)
    }
    let place = folder.folder("netlist-\(synthesis.target.family.rawValue)")
    return try await resumed(key, in: place) {
      try place.create()
      return try await examination.examine(synthesis, onProgress)
    }
  }

  /// The bitstream that was asked for, or why there is none.
  private func bitstream(
    of routed: RoutedDesign, _ choice: RoutingOptions.BitstreamChoice, key: String,
    in place: Folder, _ onProgress: ToolProgressHandler?
  ) async throws -> (made: Bitstream?, reason: String?) {
    if choice == .none { return (nil, nil) }
    guard routed.harness == nil || choice == .harness else {
      return (
        nil,
        "no bitstream: the design has more ports than the package has pins, so a serial harness has the "
          + "pins (--bitstream harness packs it with that)"
      )
    }
    guard let router else { preconditionFailure("a routed design and no router") }
    let name = "bitstream.json"
    if !place.has("\(routed.top).bit") { try Folder(place.file(name)).remove() }
    let made = try await resumed(key, in: place, as: name) {
      try await router.bitstream(
        of: routed, in: place, allowsHarness: choice == .harness, onProgress: onProgress)
    }
    return (made, nil)
  }

  private func synthesis(
    _ bundle: SourceBundle, _ target: SynthesisTarget, in folder: Folder,
    _ onProgress: ToolProgressHandler?
  ) async throws -> SynthesisResult {
    let place = folder.folder("synth-\(target.family.rawValue)")
    let key = try stageKey(bundle, synthesizer.tool) { $0.combine(try canonical(target)) }
    return try await resumed(key, in: place) {
      try await synthesizer.synthesize(bundle, for: target, in: place, onProgress: onProgress)
    }
  }
}

/// The options that can change a result; the number of runs at a time cannot.
private struct RoutingKey: Codable {
  let frequencyMHz: Double
  let seeds: [Int]
  let clock: String
  let harness: RoutingOptions.Harness
  let pinConstraints: String?

  init(_ options: RoutingOptions) {
    frequencyMHz = options.frequencyMHz
    seeds = options.seeds
    clock = options.clock
    harness = options.harness
    pinConstraints = options.pinConstraints
  }
}

private func stageKey(
  _ bundle: SourceBundle, _ tool: Tool, _ more: (inout StableHash) throws -> Void
) throws -> String {
  var hash = StableHash()
  hash.combine(bundle.top)
  for file in bundle.design {
    hash.combine(file.path)
    hash.combine(file.text)
  }
  hash.combine(tool.name.rawValue)
  hash.combine(tool.version)
  try more(&hash)
  return hash.hex
}
