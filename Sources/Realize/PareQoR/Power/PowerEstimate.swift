public import PareDatapath

/// What a design is believed to draw at a clock, part by part, each with its range.
public struct PowerEstimate: Hashable, Sendable {
  /// Where dynamic power goes.
  public enum Part: String, Hashable, Sendable, Codable, CaseIterable, CodingKeyRepresentable {
    /// Flip-flops, shift registers and the clock tree.
    case clock
    /// LUTs and carry cells.
    case logic
    /// Routed nets.
    case signals
    /// DSP blocks.
    case dsp

    var figure: FigureName {
      switch self {
      case .clock: .powerClockW
      case .logic: .powerLogicW
      case .signals: .powerSignalsW
      case .dsp: .powerDSPW
      }
    }
  }

  /// Watts; every part is there.
  public let parts: [Part: Bounded]
  /// Watts of the whole part, whatever is on it; nil where nothing is published.
  public let staticPower: Bounded?
  public let clockHz: Double
  public let samplesPerClock: Int
  /// How the toggles were counted.
  public let origin: SwitchingProfile.Origin
  public let model: PowerModel

  /// Watts.
  public var dynamic: Bounded {
    Part.allCases.reduce(.zero) { $0 + (parts[$1] ?? .zero) }
  }

  /// Dynamic joules for each sample.
  public var energyPerSample: Bounded {
    dynamic * (1 / (clockHz * Double(samplesPerClock)))
  }

  /// Whether only ratios to other designs of the family mean anything.
  public var isRankingOnly: Bool { model.isRankingOnly }

  /// As figures of a record; each says what it rests on.
  public func figures(stage: QoRStage) -> [FigureName: Figure] {
    func figure(_ value: Double, _ note: String) -> Figure {
      Figure(
        value,
        Provenance(
          .estimated, tool: "pare power model", version: model.version, stage: stage,
          note: [note, origin.words, rankingNote].compactMap { $0 }.joined(separator: "; ")))
    }
    let clock = "at \((clockHz / 1e6).formattedMHz) MHz"
    var figures: [FigureName: Figure] = [
      .powerDynamicW: figure(dynamic.typical, "typical energies \(clock)"),
      .powerDynamicLowW: figure(
        dynamic.low, "all energies at the low ends of their ranges, \(clock)"),
      .powerDynamicHighW: figure(
        dynamic.high, "all energies at the high ends of their ranges, \(clock)"),
      .energyPerSampleJ: figure(energyPerSample.typical, "dynamic, typical energies"),
      .energyPerSampleLowJ: figure(energyPerSample.low, "dynamic, low ends"),
      .energyPerSampleHighJ: figure(energyPerSample.high, "dynamic, high ends"),
    ]
    for (part, power) in parts {
      figures[part.figure] = figure(power.typical, "typical energies \(clock)")
    }
    if let staticPower {
      figures[.powerStaticW] = figure(staticPower.typical, "of the whole part, typical process")
      figures[.powerStaticLowW] = figure(staticPower.low, "of the whole part")
      figures[.powerStaticHighW] = figure(staticPower.high, "of the whole part, maximum process")
    }
    return figures
  }

  private var rankingNote: String? {
    isRankingOnly
      ? "\(Provenance.rankingOnly): \(model.caveat ?? "no published energies")" : model.caveat
  }
}

extension Double {
  /// Without a fraction where there is none.
  fileprivate var formattedMHz: String {
    self == rounded() ? "\(Int(self))" : "\((self * 10).rounded() / 10)"
  }
}
