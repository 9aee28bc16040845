public import PareDatapath

/// Estimates of power as `pare power estimate` prints them: watts with their ranges, or ratios where watts mean nothing.
public struct PowerSummary: Hashable, Sendable, Encodable {
  /// One design.
  public struct Design: Hashable, Sendable, Encodable {
    public let name: String
    /// The part, or the family where no part is meant.
    public let target: String
    public let clockMHz: Double
    public let samplesPerClock: Int
    /// How toggles were counted, and on how many clocks.
    public let toggles: SwitchingProfile.Origin
    public let clocks: Int
    public let model: String
    public let isRankingOnly: Bool
    /// Why it is for ranking only.
    public let caveat: String?
    /// Each part's share of the dynamic power, typical energies.
    public let shares: [PowerEstimate.Part: Double]
    /// Watts, as those below; absent when the model is for ranking only.
    public let partsW: [PowerEstimate.Part: Bounded]?
    public let dynamicW: Bounded?
    /// Of the whole part; absent where none is published.
    public let staticW: Bounded?
    public let energyPerSampleJ: Bounded?
    /// Typical dynamic power and energy over those of the first design; absent for another family than its.
    public let relativePower: Double?
    public let relativeEnergy: Double?
  }

  /// A term of a design's dynamic power.
  public struct Term: Hashable, Sendable, Encodable {
    public let term: PowerModel.Term
    public let part: PowerEstimate.Part
    public let joules: Bounded
    public let unit: String
    public let source: String
  }

  public let designs: [Design]
  /// The energies of each model that was used, by family.
  public let energies: [String: [Term]]

  /// - Precondition: at least one design.
  public init(
    _ designs: [(name: String, target: String, profile: SwitchingProfile, estimate: PowerEstimate)]
  ) {
    precondition(!designs.isEmpty, "no design")
    let first = designs[0].estimate
    self.designs = designs.map { Design($0.name, $0.target, $0.profile, $0.estimate, first: first) }
    var energies: [String: [Term]] = [:]
    for design in designs {
      let model = design.estimate.model
      energies[model.family.rawValue] = PowerModel.Term.allCases.compactMap { term in
        model.energies[term].map {
          Term(
            term: term, part: term.part, joules: $0.value, unit: $0.unit, source: $0.source)
        }
      }
    }
    self.energies = energies
  }
}

extension PowerSummary.Design {
  fileprivate init(
    _ name: String, _ target: String, _ profile: SwitchingProfile, _ estimate: PowerEstimate,
    first: PowerEstimate
  ) {
    self.name = name
    self.target = target
    clockMHz = estimate.clockHz / 1e6
    samplesPerClock = estimate.samplesPerClock
    toggles = estimate.origin
    clocks = profile.clocks
    model = estimate.model.version
    isRankingOnly = estimate.isRankingOnly
    caveat = estimate.model.caveat
    let whole = estimate.dynamic.typical
    shares = estimate.parts.mapValues { whole > 0 ? $0.typical / whole : 0 }
    let isKnown = !estimate.isRankingOnly
    partsW = isKnown ? estimate.parts : nil
    dynamicW = isKnown ? estimate.dynamic : nil
    staticW = isKnown ? estimate.staticPower : nil
    energyPerSampleJ = isKnown ? estimate.energyPerSample : nil
    func ratio(_ value: (PowerEstimate) -> Double) -> Double? {
      guard estimate.model == first.model, value(first) > 0 else { return nil }
      return value(estimate) / value(first)
    }
    relativePower = ratio(\.dynamic.typical)
    relativeEnergy = ratio(\.energyPerSample.typical)
  }
}
