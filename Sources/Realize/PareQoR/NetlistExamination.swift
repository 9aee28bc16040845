public import PareDatapath
public import PareTools

/// A closer look at the netlist of a design: whether it computes what the design does, and what switches in it.
///
/// The simulator and the models are given, so that this module needs none of them.
public struct NetlistExamination: Sendable {
  /// What was found.
  public struct Findings: Sendable, Hashable, Codable {
    /// Samples whose every output equalled the integer model; nil when the netlist was not simulated.
    public let verifiedSamples: Int?
    /// What switches, on the stimulus that stands in ``activity``.
    public let settled: SwitchingProfile?
    public let unitDelay: SwitchingProfile?
    /// What it was fed with, in words.
    public let stimulus: String
    /// The part of it that toggles were counted on.
    public let activity: String
    /// Why something is missing.
    public let warnings: [String]

    public init(
      verifiedSamples: Int?, settled: SwitchingProfile?, unitDelay: SwitchingProfile?,
      stimulus: String, activity: String, warnings: [String] = []
    ) {
      self.verifiedSamples = verifiedSamples
      self.settled = settled
      self.unitDelay = unitDelay
      self.stimulus = stimulus
      self.activity = activity
      self.warnings = warnings
    }
  }

  public typealias Examiner =
    @Sendable (SynthesisResult, ToolProgressHandler?) async throws -> Findings
  /// The figures of power for a device and a clock in Hz.
  public typealias PowerFigures =
    @Sendable (Findings, Device, _ clockHz: Double, QoRStage) throws -> [FigureName: Figure]

  /// Of all that decides the findings but the netlist.
  public let key: String
  public let examine: Examiner
  /// Nil when no power is wanted.
  public let power: PowerFigures?

  public init(key: String, examine: @escaping Examiner, power: PowerFigures?) {
    self.key = key
    self.examine = examine
    self.power = power
  }
}

extension QoRRecord {
  /// The record with what was found in its netlist; power at a clock, and none without one.
  func with(
    _ examination: NetlistExamination, _ findings: NetlistExamination.Findings, on device: Device,
    clockMHz: Double?
  ) throws -> QoRRecord {
    var figures: [FigureName: Figure] = [:]
    if stage == .synthesis {
      figures[.verifiedSamples] = findings.verifiedSamples.map {
        Figure(
          $0,
          Provenance(
            .measured, tool: "pare", version: nil, stage: stage,
            note: "netlist against the integer model, all equal: \(findings.stimulus)"))
      }
    }
    if let clockMHz, let power = examination.power {
      figures.merge(try power(findings, device, clockMHz * 1e6, stage)) { $1 }
    }
    return with(figures: figures, warnings: stage == .synthesis ? findings.warnings : [])
  }
}
