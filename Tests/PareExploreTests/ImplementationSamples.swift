import PareQoR

@testable import PareExplore

/// Implementations for tests: everything follows from their arguments.
enum ImplementationSamples {
  static func settings(clock: Double? = nil, routed: Bool = false) -> ImplementationSettings {
    var options = CompileOptions(generator: "pare 0.1.0")
    options.clockMHz = clock
    return ImplementationSettings(
      compile: options, tools: ["yosys 0.70"], stimulus: "waveform",
      routing: routed ? .init(frequencyMHz: 200, seeds: [1, 2]) : nil)
  }

  static func record(
    _ design: String, lut: Double, power: Double? = nil, stage: QoRStage = .synthesis,
    device: String = "zcu104"
  ) -> QoRRecord {
    func origin(_ kind: Provenance.Kind, _ note: String? = nil) -> Provenance {
      Provenance(kind, tool: "yosys", version: "0.70", stage: stage, note: note)
    }
    var figures: [FigureName: Figure] = [
      .lut: Figure(lut, origin(.measured, "LUT primitives, \"each\" as one")),
      .ff: Figure(lut / 3, origin(.measured)),
      .latencyClocks: Figure(
        9, Provenance(.measured, tool: "pare", version: nil, stage: .costModel)),
    ]
    figures[.powerDynamicW] = power.map { Figure($0, origin(.estimated)) }
    return QoRRecord(
      design: design, stage: stage, tool: "yosys", version: "0.70", target: device,
      figures: figures, warnings: ["one"])
  }

  static func done(
    _ design: String, lut: Double, power: Double? = nil, stage: QoRStage = .synthesis,
    device: String = "zcu104", settings: ImplementationSettings = settings(), host: String = "here",
    second: Int = 0
  ) -> Implementation {
    Implementation(
      design: design, record: record(design, lut: lut, power: power, stage: stage, device: device),
      settings: settings, generator: "pare 0.1.0", host: host,
      finishedAt: "2026-01-02T03:04:0\(second)Z", seconds: 2.5)
  }

  static func failed(
    _ design: String, _ reason: String = "yosys: no such cell", host: String = "here",
    second: Int = 0
  ) -> Implementation {
    Implementation(
      design: design, stage: .synthesis, device: "zcu104", failure: reason, settings: settings(),
      generator: "pare 0.1.0", host: host, finishedAt: "2026-01-02T03:04:0\(second)Z", seconds: 1)
  }
}
