public import PareExplore
import PareText

extension ReportData {
  /// Points with their standing in a selection.
  ///
  /// - Parameters:
  ///   - run: its name, for the title.
  ///   - points: what the selection was made of, by key.
  public init(run: String, points: [CandidateSummary], selection: Selection) {
    let place = Dictionary(uniqueKeysWithValues: points.enumerated().map { ($1.key, $0) })
    var standings = [Standing](repeating: [], count: points.count)
    func mark(_ members: [CandidateSummary], _ standing: Standing) {
      for member in members { standings[place[member.key]!].insert(standing) }
    }
    for scheme in selection.fronts { mark(scheme.front.members, .schemeFront) }
    mark(selection.merged.members, .merged)
    mark(selection.final.members, .kept)
    mark(selection.picked, .top)
    let objectives = selection.settings.objectives
    self.init(
      run: run, points: points, standings: standings, objectives: objectives.map(\.description),
      hasStairs: Set(objectives) == Set([Objective].paper))
    removals = selection.removals.map { removal in
      Removal(
        rule: "\(removal.rule)", removed: place[removal.removed]!, kept: place[removal.kept]!,
        reason: removal.reason)
    }
    for member in selection.final.members {
      modelPaths[place[member.key]!] = Self.modelPath(of: member)
    }
  }

  /// Tells by what the selection was made.
  mutating func addSettings(of selection: Selection) {
    let settings = selection.settings
    facts.append(Fact("objectives", objectives.joined(separator: ", ")))
    if !settings.quantizers.isEmpty {
      facts.append(Fact("quantizers", settings.quantizers.joined(separator: ", ")))
    }
    if !settings.budgets.isEmpty {
      facts.append(Fact("budgets", settings.budgets.map(\.description).joined(separator: ", ")))
    }
    if selection.consideredCount < selection.candidateCount {
      facts.append(
        Fact(
          "considered",
          "\(selection.consideredCount.grouped) of \(selection.candidateCount.grouped) points"))
    }
    if selection.incomparableCount > 0 {
      facts.append(
        Fact("left out", "\(selection.incomparableCount.grouped) without a figure to select by"))
    }
    facts.append(
      Fact(
        "exclusion rules",
        settings.rules.map { rules in
          "\(rules.preference.rawValue) preferred; equal within \(rules.tolerance.nmse.fixed(3)) dB and "
            + "\(rules.tolerance.nnz.fixed(0)) weights"
        } ?? "none"))
  }
}
