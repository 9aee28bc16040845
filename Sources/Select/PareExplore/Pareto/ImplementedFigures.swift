public import PareQoR

/// Figures of implementations that take the place of the cost model's: of one stage, one device and equal settings.
///
/// In a column of figures all are of one origin: a candidate that was not implemented, or whose implementation failed, has none
/// and is left out.
public struct ImplementedFigures: Sendable {
  public let group: Ledger.FigureGroup
  /// By key of the candidate.
  public let figures: [String: [FigureName: Figure]]

  public init(group: Ledger.FigureGroup, figures: [String: [FigureName: Figure]]) {
    self.group = group
    self.figures = figures
  }

  /// What candidates become when these figures count.
  public struct Candidates: Sendable {
    /// Those with figures, in their order.
    public let candidates: [CandidateSummary]
    /// How many have none.
    public let missing: Int
    /// Metrics that the stage derives and does not measure, such as power of a netlist.
    public let derived: Set<Metric>
  }

  /// The candidates with these figures in the place of the cost model's; those without are left out.
  ///
  /// A metric that tools report in some stage but not in this one is absent, not estimated.
  public func replacing(in candidates: [CandidateSummary]) -> Candidates {
    var kept: [CandidateSummary] = []
    var derived: Set<Metric> = []
    for candidate in candidates {
      guard let own = figures[candidate.key] else { continue }
      var metrics = candidate.metrics
      for metric in Metric.allCases {
        guard let name = metric.figure else { continue }
        metrics[metric] = own[name]?.value
        if own[name]?.provenance.kind == .estimated { derived.insert(metric) }
      }
      kept.append(
        CandidateSummary(
          key: candidate.key, name: candidate.name, quantizer: candidate.quantizer,
          activation: candidate.activation, hiddenChannels: candidate.hiddenChannels,
          metrics: metrics))
    }
    return Candidates(
      candidates: kept, missing: candidates.count - kept.count, derived: derived)
  }
}
