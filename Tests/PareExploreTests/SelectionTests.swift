import PareExplore
import PareNumerics
import Testing

@Suite struct SelectionTests {
  static let rules = [
    ExclusionRules(), ExclusionRules(preference: .nmse),
    ExclusionRules(tolerance: Tolerance(nmse: 0.25, nnz: 2)),
    ExclusionRules(tolerance: Tolerance(nmse: 0.25, nnz: 2), preference: .nmse),
    ExclusionRules(tolerance: Tolerance(nmse: 0, nnz: 0)),
  ]

  private func settings(_ rules: ExclusionRules?) -> Selection.Settings {
    var settings = Selection.Settings()
    settings.rules = rules
    return settings
  }

  @Test(arguments: rules, UInt64(0)..<12)
  func `no final member is dominated, and every other candidate has its reason`(
    rules: ExclusionRules, seed: UInt64
  ) throws {
    let candidates = paretoSamples(seed: seed, count: 300, lacking: seed % 3 == 0)
    let selection = try Selection(of: candidates, settings(rules))
    let final = Set(selection.final.members.map(\.key))
    for member in selection.final.members {
      #expect(!selection.final.members.contains { Objective.dominates($0, member, .paper) })
    }
    let removed = Set(selection.removals.map(\.removed))
    #expect(removed.count == selection.removals.count, "one candidate was removed twice")
    #expect(removed.isDisjoint(with: final))
    for candidate in candidates where !final.contains(candidate.key) {
      if candidate.metrics[.nmse] == nil { continue }
      let isDominatedInScheme = candidates.contains {
        $0.quantizer == candidate.quantizer && Objective.dominates($0, candidate, .paper)
      }
      let isDominatedByFinal = selection.final.members.contains {
        Objective.dominates($0, candidate, .paper)
      }
      #expect(isDominatedInScheme || removed.contains(candidate.key) || isDominatedByFinal)
    }
  }

  @Test(arguments: rules, UInt64(0)..<12)
  func `each removal is what its rule says`(rules: ExclusionRules, seed: UInt64) throws {
    let candidates = paretoSamples(seed: seed, count: 300)
    let byKey = Dictionary(uniqueKeysWithValues: candidates.map { ($0.key, $0) })
    // All candidates, so that every rule has something to do.
    let (kept, removals) = rules(candidates)
    #expect(kept.count + removals.count == candidates.count)
    for removal in removals {
      let (a, b) = (byKey[removal.kept]!, byKey[removal.removed]!)
      let (left, right) = (removal.keptValues, removal.removedValues)
      #expect(left.nmse == a.metrics[.nmse] && right.nnz == b.metrics[.nnz])
      let nmseApart = abs(left.nmse - right.nmse)
      let nnzApart = abs(left.nnz - right.nnz)
      // Groups hold what is equal to the anchor, so two of a group are at most twice the tolerance apart.
      switch removal.rule {
      case 1:
        #expect(nmseApart <= (rules.preference == .nmse ? 0 : rules.tolerance.nmse))
        #expect(left.nnz + rules.tolerance.nnz < right.nnz)
      case 2:
        #expect(nnzApart <= rules.tolerance.nnz)
        #expect(left.nmse + rules.tolerance.nmse < right.nmse)
      default:
        #expect(nmseApart <= 2 * rules.tolerance.nmse + 1e-9)
        #expect(nnzApart <= 2 * rules.tolerance.nnz)
        #expect((a.quantizer == b.quantizer) == (removal.rule > 3))
        if removal.rule == 3 { #expect(left.power! <= right.power!) }
        if removal.rule == 4 { #expect(left.channels! < right.channels!) }
        if removal.rule == 5 {
          #expect(left.channels == right.channels)
          #expect(left.convolutions! < right.convolutions!)
        }
      }
      #expect(removal.reason.contains("rule \(removal.rule)"))
    }
    let loose = rules.tolerance.nmse > 0
    #expect(Set(removals.map(\.rule)).count >= (loose ? 3 : 2), "the samples exercise few rules")
  }

  @Test(arguments: rules, UInt64(0)..<12)
  func `order cannot matter, and once is as good as twice`(rules: ExclusionRules, seed: UInt64)
    throws
  {
    let candidates = paretoSamples(seed: seed, count: 200, lacking: seed % 2 == 0)
    let once = rules(candidates)
    var random = RandomStream(seed: seed)
    let shuffled = candidates.shuffled(using: &random)
    #expect(rules(shuffled).kept == once.kept)
    #expect(rules(shuffled).removals == once.removals)
    #expect(rules(once.kept).kept == once.kept)
    #expect(rules(once.kept).removals.isEmpty)
    let selection = try Selection(of: candidates, settings(rules))
    #expect(try Selection(of: shuffled, settings(rules)) == selection)
    let again = try Selection(of: selection.final.members, settings(rules))
    #expect(again.final.members == selection.final.members)
    #expect(again.removals.isEmpty)
  }

  @Test func `the five rules, one after the other`() {
    func removal(_ candidates: [CandidateSummary]) -> [String] {
      ExclusionRules()(candidates).removals.map { "\($0.rule): \($0.removed) for \($0.kept)" }
    }
    #expect(
      removal([candidate("a", nmse: -30, nnz: 20), candidate("b", nmse: -30.09, nnz: 40)])
        == ["1: b for a"])
    #expect(
      removal([candidate("a", nmse: -30, nnz: 20), candidate("b", nmse: -30.2, nnz: 20)])
        == ["2: a for b"])
    #expect(
      removal([
        candidate("a", nmse: -30.05, nnz: 20, power: 0.2, quantizer: "pot:4"),
        candidate("b", nmse: -30, nnz: 20, power: 0.1, quantizer: "apot:2:4"),
        candidate("c", nmse: -30.02, nnz: 20, power: 0.3, quantizer: "apot:2:4"),
      ]) == ["3: a for b"])
    #expect(
      removal([
        candidate("a", nmse: -30.05, nnz: 20, channels: 8),
        candidate("b", nmse: -30, nnz: 20, channels: 4),
      ]) == ["4: a for b"])
    #expect(
      removal([
        candidate("a", nmse: -30.05, nnz: 20, channels: 4, convolutions: 3),
        candidate("b", nmse: -30, nnz: 20, channels: 4, convolutions: 2),
        candidate("c", nmse: -30, nnz: 20, channels: 4, convolutions: 2),
      ]) == ["5: a for b"])
  }

  @Test func `equality does not creep along a chain`() {
    let chain = (0..<20).map {
      candidate("c\($0 + 10)", nmse: -20 - 0.08 * Double($0), nnz: Double(10 + $0))
    }
    // Each is within 0.1 dB of the next, but only every second one is of its anchor.
    let kept = ExclusionRules()(chain).kept.map(\.key)
    #expect(kept == stride(from: 10, to: 30, by: 2).map { "c\($0)" })
  }

  @Test func `the preference says what a tolerance may be spent on`() throws {
    let pair = [candidate("small", nmse: -30, nnz: 20), candidate("good", nmse: -30.05, nnz: 40)]
    func final(_ preference: Preference) throws -> [String] {
      try Selection(of: pair, settings(ExclusionRules(preference: preference))).picked.map(\.key)
    }
    #expect(try final(.nnz) == ["small"])
    #expect(try final(.nmse) == ["good", "small"])
  }

  @Test func `fronts per quantizer, budgets and the best within them`() throws {
    let candidates = paretoSamples(seed: 5, count: 400)
    var settings = settings(nil)
    settings.budgets = [try Budget(parsing: "power<=30mW"), try Budget(parsing: "nnz<30")]
    let selection = try Selection(of: candidates, settings)
    let within = candidates.filter { $0.metrics[.power]! <= 0.03 && $0.metrics[.nnz]! < 30 }
    #expect(selection.consideredCount == within.count)
    #expect(selection.best?.metrics[.nmse] == within.compactMap { $0.metrics[.nmse] }.min())
    #expect(selection.fronts.map(\.quantizer) == ["apot:2:4", "none", "pot:4"])
    #expect(selection.fronts.reduce(0) { $0 + $1.candidateCount } == within.count)
    // With no rule the final front is that of all, however it was reached.
    #expect(selection.final.members == ParetoFront(of: within, objectives: .paper).members)
    settings.quantizers = ["none"]
    #expect(
      try Selection(of: candidates, settings).final.members.allSatisfy { $0.quantizer == "none" })
    settings.quantizers = ["nine"]
    #expect(throws: ExploreError.self) { try Selection(of: candidates, settings) }
  }

  @Test func `rules want the objectives that they compare`() {
    var settings = Selection.Settings()
    settings.objectives = [Objective(.nmse), Objective(.lut)]
    #expect(throws: ExploreError.self) { try Selection(of: [], settings) }
    settings.rules = nil
    #expect(throws: Never.self) { try Selection(of: [], settings) }
  }

  @Test func `picks no more than asked for`() throws {
    var settings = settings(ExclusionRules(tolerance: Tolerance(nmse: 0)))
    settings.top = 4
    let selection = try Selection(of: paretoSamples(seed: 9, count: 500), settings)
    #expect(selection.final.members.count > 4)
    #expect(selection.picked.count == 4)
    #expect(Set(selection.picked).isSubset(of: Set(selection.final.members)))
    #expect(
      selection.hypervolume(of: selection.final) <= selection.hypervolume(of: selection.merged))
  }
}
