import PareText

/// The paper's selection: a front per quantizer, all of them merged, the exclusion rules, the final front.
///
/// 1. Candidates outside the budgets, or of quantizers that were not asked for, are left out.
/// 2. A front for each quantizer (the paper's Figure 2).
/// 3. ``merged``: the front of these fronts, with no rule applied (Figure 3a).
/// 4. The rules decide within the *union* of the fronts of step 2: in the merged front no two quantizers could be equal within
///    a tolerance, as the better one has taken out the other.
/// 5. ``final``: the front of what the rules left. When taking out what is dominated gives the rules something to decide,
///    they run on it again.
///
/// So a candidate that is not in ``final`` is dominated within its quantizer, or taken out by a rule that ``removals`` names, or
/// dominated by a final one.
public struct Selection: Hashable, Sendable {
  public struct Settings: Hashable, Sendable {
    public var objectives: [Objective] = .paper
    /// Nil applies none.
    public var rules: ExclusionRules? = ExclusionRules()
    public var budgets: [Budget] = []
    /// Descriptions of quantizers, such as `apot:2:4`; empty takes all.
    public var quantizers: [String] = []
    /// How many of ``Selection/final`` to pick by hypervolume; nil takes all.
    public var top: Int?
    /// A figure for each objective that volumes are measured from; from the data when nil.
    public var reference: [Double]?

    public init() {}
  }

  /// The front of one quantizer.
  public struct SchemeFront: Hashable, Sendable {
    public let quantizer: String
    /// Candidates it was made of.
    public let candidateCount: Int
    public let front: ParetoFront
  }

  public let settings: Settings
  /// Candidates that came in.
  public let candidateCount: Int
  /// Of these, within budgets and quantizers; by key.
  public let considered: [CandidateSummary]
  public var consideredCount: Int { considered.count }
  /// Of these, without a figure for some objective.
  public let incomparableCount: Int
  /// By name of the quantizer.
  public let fronts: [SchemeFront]
  public let merged: ParetoFront
  public let removals: [ExclusionRules.Removal]
  public let final: ParetoFront
  /// ``Settings/top`` of ``final``, in the order that the preference asks for.
  public let picked: [CandidateSummary]
  /// The best considered candidate in the first objective, then in the others; no rule can take it out.
  public let best: CandidateSummary?
  /// What volumes are measured from, a figure for each objective: a tenth of the spread beyond the worst figure in
  /// ``fronts`` unless it was given. Nil without candidates.
  public let reference: [Double]?

  /// - Parameter candidates: in any order, keys differ.
  /// - Throws: ``ExploreError`` for rules with other objectives than NMSE and nnz, a quantizer that no candidate has, or a
  ///   reference that does not fit.
  public init(of candidates: [CandidateSummary], _ settings: Settings = Settings()) throws {
    try Self.check(settings, candidates)
    let objectives = settings.objectives
    let wanted = Set(settings.quantizers)
    let considered = candidates.filter { candidate in
      (wanted.isEmpty || wanted.contains(candidate.quantizer))
        && settings.budgets.allSatisfy { $0.holds(for: candidate.metrics) }
    }
    let fronts = Dictionary(grouping: considered, by: \.quantizer)
      .sorted { $0.key < $1.key }
      .map { quantizer, members in
        SchemeFront(
          quantizer: quantizer, candidateCount: members.count,
          front: ParetoFront(of: members, objectives: objectives))
      }
    let union = fronts.flatMap(\.front.members)
    merged = ParetoFront(of: union, objectives: objectives)
    var removals: [ExclusionRules.Removal] = []
    var final = merged
    if let rules = settings.rules {
      var remaining = union
      var changed = true
      while changed {
        let (kept, gone) = rules(remaining)
        removals += gone
        final = ParetoFront(of: kept, objectives: objectives)
        // Candidates only go, so that this ends.
        changed = final.members.count < remaining.count
        remaining = final.members
      }
    }
    reference =
      settings.reference
      ?? ParetoFront.reference(for: fronts.map(\.front), objectives: objectives)
    var picked = final.members
    if let top = settings.top, let reference { picked = final.top(top, reference: reference) }
    self.picked = Self.ordered(picked, settings)
    best = merged.members.first
    self.settings = settings
    candidateCount = candidates.count
    self.considered = considered.sorted { $0.key < $1.key }
    incomparableCount = fronts.reduce(0) { $0 + $1.front.incomparableCount }
    self.fronts = fronts
    self.removals = removals
    self.final = final
  }

  /// Hypervolume of a front of these objectives from ``reference``; 0 without one.
  public func hypervolume(of front: ParetoFront) -> Double {
    reference.map { front.hypervolume(reference: $0) } ?? 0
  }

  /// By nnz when fewer weights are preferred, else by the first objective; then by key.
  private static func ordered(
    _ members: [CandidateSummary], _ settings: Settings
  ) -> [CandidateSummary] {
    guard let rules = settings.rules else { return members }
    let metric = rules.preference == .nnz ? Metric.nnz : .nmse
    return members.sorted {
      let (a, b) = ($0.metrics[metric] ?? .infinity, $1.metrics[metric] ?? .infinity)
      return a != b ? a < b : $0.key < $1.key
    }
  }

  private static func check(_ settings: Settings, _ candidates: [CandidateSummary]) throws {
    if settings.rules != nil, Set(settings.objectives) != Set([Objective].paper) {
      throw ExploreError(
        .option("rules"),
        "the exclusion rules compare NMSE and nnz, not "
          + settings.objectives.map(\.description).joined(separator: ", "),
        hint: "leave the rules out, or select by nmse,nnz", kind: .usage)
    }
    let asked = settings.objectives.map(\.metric) + settings.budgets.map(\.metric)
    for metric in asked where metric.isImplemented && !candidates.isEmpty {
      guard candidates.allSatisfy({ $0.metrics[metric] == nil }) else { continue }
      throw ExploreError(
        .option("objectives"),
        "no candidate has a figure '\(metric.rawValue)', which only implemented designs have",
        hint: "name a stage that reports it, such as --stage placeAndRoute for fmax, else --stage "
          + "synthesis; pare qor run makes the figures", kind: .usage)
    }
    let names = Set(candidates.map(\.quantizer)).sorted()
    for quantizer in settings.quantizers where !names.contains(quantizer) {
      throw ExploreError(
        .option("quantizer"), "no candidate has the quantizer '\(quantizer)'",
        hint: names.isEmpty ? "there are no candidates" : "one of \(names.joined(separator: ", "))",
        kind: .usage)
    }
    if let reference = settings.reference,
      reference.count != settings.objectives.count || !reference.allSatisfy(\.isFinite)
    {
      throw ExploreError(
        .option("reference"),
        "\(reference.count) reference figures for \(settings.objectives.count) objectives",
        hint: "give one finite number for each objective", kind: .usage)
    }
  }
}
