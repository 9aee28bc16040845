import PareDatapath
import PareFixed
import PareNetwork
import PareNumerics
import PareQoR
import PareSignal
import PareText
import PareTools
import PareTrain

/// The second half of the demo: one model through compile, simulate, synthesis, place and route.
struct DemoHardware: Sendable {
  private let demo: Demo
  private let simulator: VerilatorSimulator
  private let toolchain: Toolchain
  private let devices = [Device.zcu104, .ecp5(.k85)]

  /// Finds every tool before the work starts.
  init(_ demo: Demo) async throws {
    self.demo = demo
    simulator = try await VerilatorSimulator(jobs: demo.jobs)
    try VerilatorSimulator.checkPath(Folder(demo.folder.path))
    toolchain = try await Toolchain.openSource(for: devices)
  }

  private struct Implemented: Codable {
    var records: [QoRRecord]
    /// Of each record, by the tool that made it.
    var seconds: [Double?]
  }

  private struct Simulated: Codable {
    var summary: DesignSimulation.Summary
    var testNMSEdB: Double
  }

  func build(
    _ picked: Demo.Training.Point, among training: Demo.Training, data: Demo.Data,
    splits: SampleSplits
  ) async throws -> DemoReport {
    let model = try ModelFile(json: picked.point.model, file: "the picked model")
    var built: [Built] = []
    for device in devices {
      built.append(try await build(model, for: device, data: data, splits: splits))
    }
    return report(picked, model: model, training: training, data: data, built: built)
  }

  /// One network as the gates of one family, with all that was measured on them.
  private struct Built {
    let device: Device
    let design: DesignFolder
    let compileSeconds: Double
    let simulated: Stage<Simulated>
    let qor: Stage<Implemented>
  }

  private func build(
    _ model: ModelFile, for device: Device, data: Demo.Data, splits: SampleSplits
  ) async throws -> Built {
    let start = ContinuousClock().now
    var options = CompileOptions(generator: demo.plan.generator)
    options.targets = [device.name]
    let design = try DesignFolder.compile(
      .model(model), options: options, to: "\(demo.folder.path)/design-\(device.name)")
    let seconds = start.duration(to: ContinuousClock().now).inSeconds
    demo.onEvent(
      .note(
        "compile for \(device.name): \(design.manifest.summary), "
          + "\(design.manifest.statistics.adderCount) adders"))
    let simulated = try await simulate(design, model: model, data: data, splits: splits)
    return Built(
      device: device, design: design, compileSeconds: seconds, simulated: simulated,
      qor: try await implement(design, on: device))
  }

  /// The text of everything that decides what a tool makes of the design.
  private func designKey(_ design: DesignFolder) throws -> [String] {
    try design.rtl().files.flatMap { [$0.path, $0.text] } + [try design.source.json()]
  }

  private func simulate(
    _ design: DesignFolder, model: ModelFile, data: Demo.Data, splits: SampleSplits
  ) async throws -> Stage<Simulated> {
    let key =
      try designKey(design) + [
        simulator.tool.version, data.name, StableHash.hex(data.dataset.stableHash),
      ]
    let stage = try await demo.folder.stage(
      "simulation-\(design.manifest.targets[0])", key: key, onDamage: note
    ) {
      let stimuli = [try design.cornerStimulus()] + (try design.stimuli(from: data.dataset))
      let simulation = try await design.simulate(stimuli, with: simulator, onProgress: tell)
      guard let test = stimuli.firstIndex(where: { $0.name == "test" }) else {
        preconditionFailure("no test split among \(stimuli.map(\.name))")
      }
      return Simulated(
        summary: simulation.summary,
        testNMSEdB: try nmse(
          ofOutput: model.fixed.real(simulation.outputs[test]).map { $0.map(Float.init) },
          on: splits.test,
          for: model.network.architecture))
    }
    note(
      "simulate: \(stage.value.summary.samples.grouped) samples equal" + kept(stage.wasKept))
    return stage
  }

  private func implement(
    _ design: DesignFolder, on device: Device
  ) async throws -> Stage<Implemented> {
    let options = RoutingOptions(
      frequencyMHz: design.manifest.clockMHz, seeds: demo.plan.routingSeeds, jobs: demo.jobs)
    let key =
      try designKey(design) + ["\(options.seeds)", "\(options.frequencyMHz)"]
      + toolchain.tools.map { "\($0.name.rawValue) \($0.version)" }
    let stage = try await demo.folder.stage(
      "implementation-\(device.name)", key: key, onDamage: note
    ) {
      let records = try await design.implement(
        on: [device], with: toolchain, options: options, onProgress: tell
      ).records
      return Implemented(records: records, seconds: records.map(\.seconds))
    }
    note(
      "implement: synthesis\(device.ecp5 == nil ? "" : ", place and route") for \(device.name)"
        + kept(stage.wasKept))
    return stage
  }

  private func note(_ words: String) { demo.onEvent(.note(words)) }
  private func tell(_ step: ToolProgress) { demo.onEvent(.note("  \(step.stage): \(step.detail)")) }
  private func kept(_ wasKept: Bool) -> String { wasKept ? " (kept)" : "" }

  // MARK: - Report

  private func report(
    _ picked: Demo.Training.Point, model: ModelFile, training: Demo.Training, data: Demo.Data,
    built: [Built]
  ) -> DemoReport {
    let point = picked.point
    let pare = demo.plan.generator
    func same(_ sparsity: Double) -> Demo.Training.Point? {
      training.points.first {
        $0.point.kernelSize == point.kernelSize && $0.point.sparsity == sparsity
          && $0.point.quantizer == .none
      }
    }
    var rows: [DemoReport.Row] = []
    func add(_ step: String, source: String, _ fill: (inout DemoReport.Row) -> Void) {
      var row = DemoReport.Row(step, source: source)
      fill(&row)
      rows.append(row)
    }
    add("data", source: data.name) { $0.seconds = data.seconds }
    add("train (all points)", source: pare) {
      $0.seconds = training.seconds
      $0.wasKept = training.wasKept
    }
    for (step, sparsity) in [("float, dense", 0.0), ("float, pruned", point.sparsity)] {
      guard let parent = same(sparsity)?.point else { continue }
      add(step, source: pare) {
        $0.testNMSEdB = parent.testNMSEdB
        $0.nonZeroCount = parent.nonZeroCount
      }
    }
    add("quantized, \(point.quantizer)", source: pare) {
      $0.testNMSEdB = point.testNMSEdB
      $0.nonZeroCount = point.nonZeroCount
    }
    add("fixed, \(model.fixed.inputFormat)", source: pare) {
      $0.testNMSEdB = model.training?.fixedTestNMSEdB
      $0.nonZeroCount = model.fixed.nonZeroCount
    }
    for part in built { report(part, in: &rows) }
    return DemoReport(
      dataset: data.name, isSynthetic: data.isSynthetic,
      points: training.points.map {
        DemoReport.Point(
          kernelSize: $0.point.kernelSize, sparsity: $0.point.sparsity,
          quantizer: $0.point.quantizer, seed: $0.seed, nonZeroCount: $0.point.nonZeroCount,
          validationNMSEdB: $0.point.validationNMSEdB, testNMSEdB: $0.point.testNMSEdB,
          isPicked: $0.point.model == point.model)
      },
      picked: "\(built[0].design.manifest.summary), pruned \((point.sparsity * 100).fixed(0)) %",
      rows: rows,
      comparedSamples: built.reduce(0) { $0 + $1.simulated.value.summary.samples },
      routedMHz: built.flatMap(\.qor.value.records).flatMap { $0.seeds.compactMap(\.fmaxMHz) },
      folder: demo.folder.path)
  }

  private func report(_ part: Built, in rows: inout [DemoReport.Row]) {
    let manifest = part.design.manifest
    let name = part.device.name
    func add(_ step: String, source: String, _ fill: (inout DemoReport.Row) -> Void) {
      var row = DemoReport.Row("\(step), \(name)", source: source)
      fill(&row)
      rows.append(row)
    }
    add("compile", source: demo.plan.generator) {
      $0.adders = manifest.statistics.adderCount
      $0.latencySamples = manifest.latencyClocks
      $0.seconds = part.compileSeconds
    }
    let simulation = part.simulated.value.summary
    add("RTL, simulated", source: "\(simulation.simulator) \(simulation.version)") {
      $0.testNMSEdB = part.simulated.value.testNMSEdB
      $0.latencySamples = manifest.latencyClocks
      $0.seconds = part.simulated.seconds
      $0.wasKept = part.simulated.wasKept
    }
    for (record, seconds) in zip(part.qor.value.records, part.qor.value.seconds)
    where record.stage != .costModel {
      let step = record.stage == .synthesis ? "synthesis" : "place and route"
      add(step, source: "\(record.tool) \(record.version)") {
        $0.lut = record[.lut].map { Int($0) }
        $0.ff = record[.ff].map { Int($0) }
        $0.dsp = record[.dsp].map { Int($0) }
        $0.fmaxMHz = record[.fmaxMHz]
        $0.latencySamples = record[.latencyClocks].map { Int($0) }
        $0.seconds = seconds
        $0.wasKept = part.qor.wasKept
      }
    }
  }
}
