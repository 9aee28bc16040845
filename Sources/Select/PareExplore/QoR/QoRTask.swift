import PareDatapath
import PareFixed
import PareNetwork
import PareNumerics
import PareQoR
import PareText

#if canImport(FoundationEssentials)
  import FoundationEssentials
#else
  import Foundation
#endif

/// The different designs among candidates, and the stages that each is to be brought through.
struct QoRDesigns {
  private let run: QoRRun
  private(set) var tasks: [QoRTask] = []
  /// Place in ``tasks`` by design and stage.
  private var places: [String: Int] = [:]
  private var lowered: [String: String] = [:]

  init(_ run: QoRRun) { self.run = run }

  /// Different pieces of hardware, whichever devices they are for.
  var count: Int { Set(lowered.values).count }

  /// - Throws: ``ExploreError`` when the ledger has no model of the candidate.
  mutating func add(
    _ candidate: CandidateSummary, _ devices: [Device], _ stage: QoRStage
  ) throws {
    let graph = try graph(of: candidate)
    for family in Set(devices.map(\.logicFamily)).sorted(by: { $0.rawValue < $1.rawValue }) {
      let options = run.plan.compileOptions(for: family, generator: run.generator)
      var hash = StableHash()
      hash.combine(graph)
      hash.combine(LedgerJSON.encode(options))
      let place = "\(stage.rawValue) \(hash.hex)"
      if let known = places[place] {
        tasks[known].candidates.append(candidate.key)
      } else {
        places[place] = tasks.count
        tasks.append(
          QoRTask(
            design: hash.hex, stage: stage, devices: devices.filter { $0.logicFamily == family },
            name: candidate.name, options: options, candidates: [candidate.key]))
      }
    }
  }

  /// A hash of the datapath that the candidate's network is, before any optimization.
  private mutating func graph(of candidate: CandidateSummary) throws -> String {
    if let known = lowered[candidate.key] { return known }
    var hash = StableHash()
    hash.combine(try run.source(of: candidate.key).lowered().description)
    lowered[candidate.key] = hash.hex
    return hash.hex
  }
}

extension QoRRun {
  /// The network of a candidate.
  func source(of candidate: String) throws -> DesignSource {
    guard let model = try ledger.model(of: candidate) else {
      throw ExploreError(
        .file(path: ledger.path), "\(ledger.path): candidate \(candidate) has no model",
        hint: "the ledger was edited; restore it from a copy")
    }
    return .model(try ModelFile(json: model, file: "\(ledger.path), candidate \(candidate)"))
  }

  func settings(_ options: CompileOptions, _ stage: QoRStage) -> ImplementationSettings {
    let isRouted = stage == .placeAndRoute
    return ImplementationSettings(
      compile: options, tools: isRouted ? tools.routingTools : tools.synthesisTools,
      stimulus: stimulus,
      routing: isRouted
        ? .init(frequencyMHz: options.constraintMHz, seeds: plan.seeds) : nil)
  }
}

/// One stage of one design on devices of one family.
struct QoRTask: Sendable {
  let design: String
  let stage: QoRStage
  private(set) var devices: [Device]
  /// Of the first candidate.
  let name: String
  let options: CompileOptions
  /// Keys of those whose hardware it is; the first one's model is compiled.
  var candidates: [String]

  func limited(to devices: [Device]) -> QoRTask {
    var task = self
    task.devices = devices
    return task
  }

  /// Of the rows, in the order of the devices.
  func keys(_ run: QoRRun) -> [String] {
    let settings = run.settings(options, stage).hash
    return devices.map {
      Implementation.key(design: design, stage: stage, device: $0.name, settings: settings)
    }
  }

  func failure(_ row: Implementation, _ reason: String, isOld: Bool) -> QoRRun.Failure {
    QoRRun.Failure(
      name: name, candidate: candidates[0], stage: row.stage, device: row.device, reason: reason,
      isOld: isOld)
  }

  /// Compiles and implements the design, and stores a row for each device.
  func run(_ run: QoRRun, _ desk: QoRDesk) async throws -> [(QoRTask, Implementation)] {
    // A part of a design that does not fit must not take the others along: each is routed by itself.
    let groups = stage == .placeAndRoute ? devices.map { [$0] } : [devices]
    var rows: [(QoRTask, Implementation)] = []
    for group in groups {
      try Task.checkCancellation()
      let start = ContinuousClock.now
      let outcome = try await outcome(run, group)
      let seconds = (ContinuousClock.now - start) / .seconds(1)
      for device in group {
        let row = row(outcome, device, run, seconds: seconds / Double(group.count))
        try run.ledger.keep(row, of: candidates)
        desk.take(row, name: name)
        rows.append((self, row))
      }
    }
    return rows
  }

  private enum Outcome {
    case figures(QoR)
    case failed(String)
  }

  private func outcome(
    _ run: QoRRun, _ devices: [Device]
  ) async throws -> Outcome {
    let source = try run.source(of: candidates[0])
    do {
      let folder = try DesignFolder.compile(
        source, options: options, to: "\(run.folder)/\(design)")
      return .figures(
        try await run.tools.implement(
          folder, devices, stage == .placeAndRoute ? .placeAndRoute : .synthesis))
    } catch let error as any PareError {
      // A tool that was ended by Ctrl-C did not fail.
      try Task.checkCancellation()
      // Nor did a design whose tool has gone: all others would meet the same.
      if error.kind == .toolMissing { throw error }
      return .failed(error.message)
    }
  }

  private func row(
    _ outcome: Outcome, _ device: Device, _ run: QoRRun, seconds: Double
  ) -> Implementation {
    let settings = run.settings(options, stage)
    let now = Date.now.ISO8601Format()
    let reason: String
    switch outcome {
    case .failed(let message): reason = message
    case .figures(let qor):
      if let record = qor.record(stage, on: device) {
        return Implementation(
          design: design, record: record, settings: settings, generator: run.generator,
          host: run.host, finishedAt: now, seconds: seconds)
      }
      let full = qor.record(.synthesis, on: device)?.overflowing ?? []
      reason =
        full.isEmpty
        ? "no record of \(stage.rawValue)"
        : "does not fit: too many \(full.map(\.rawValue).joined(separator: ", "))"
    }
    return Implementation(
      design: design, stage: stage, device: device.name, failure: reason, settings: settings,
      generator: run.generator, host: run.host, finishedAt: now, seconds: seconds)
  }
}
