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
  /// - Parameter timeLimit: for each run of a tool.
  /// - Throws: `ToolError` with code `toolMissing`.
  public static func openSource(
    _ locator: ToolLocator = ToolLocator(), for devices: [Device],
    timeLimit: Duration = .seconds(3600)
  ) async throws -> Toolchain {
    let needsRouter = devices.contains { $0.ecp5 != nil }
    return Toolchain(
      synthesizer: try await YosysSynthesizer(locator, timeLimit: timeLimit),
      router: needsRouter ? try await NextpnrECP5(locator, timeLimit: timeLimit) : nil)
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
  /// - Returns: the records in the order: estimates, then for each device synthesis, then place and route. A design
  ///   that does not fit a device is not placed there; its synthesis record says so.
  /// - Throws: ``QoRError`` with code `compileOnly` for a device without synthesis, and what the tools throw.
  public func implement(
    _ bundle: SourceBundle, on devices: [Device], in folder: Folder, usesDSP: Bool = false,
    options: RoutingOptions = RoutingOptions(), latencyClocks: Int? = nil,
    estimates: [QoRRecord] = [], onProgress: ToolProgressHandler? = nil
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
    for (device, family) in zip(devices, families) {
      let target = SynthesisTarget(family, usesDSP: usesDSP)
      let synthesis: SynthesisResult
      if let done = netlists[target] {
        synthesis = done
      } else {
        synthesis = try await self.synthesis(bundle, target, in: folder, onProgress)
        netlists[target] = synthesis
      }
      let record = QoRRecord(synthesis, on: device, latencyClocks: latencyClocks)
      records.append(record)
      guard let part = device.ecp5, let router, record.fits else { continue }
      let place = folder.folder("route-\(device.name)")
      let key = try stageKey(bundle, router.tool) { hash in
        hash.combine(synthesis.toolVersion)
        hash.combine(try canonical(target))
        hash.combine(try canonical(part))
        hash.combine(try canonical(RoutingKey(options)))
      }
      let routed = try await resumed(key, in: place) {
        try await router.placeAndRoute(
          synthesis, on: part, options: options, in: place, onProgress: onProgress)
      }
      records.append(QoRRecord(routed, on: device, latencyClocks: latencyClocks))
    }
    let qor = QoR(records)
    try qor.write(to: folder)
    return qor
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

  init(_ options: RoutingOptions) {
    frequencyMHz = options.frequencyMHz
    seeds = options.seeds
    clock = options.clock
    harness = options.harness
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
