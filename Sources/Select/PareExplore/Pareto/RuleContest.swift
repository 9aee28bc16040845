/// The rules at work on one set of candidates.
struct RuleContest {
  private let rules: ExclusionRules
  private var entries: [Entry]
  private(set) var removals: [ExclusionRules.Removal] = []
  /// Keys that the rule under way has taken out.
  private var excluded: Set<String> = []

  private struct Entry {
    let candidate: CandidateSummary
    let nmse: Double
    let nnz: Double
    let power: Double
    let channels: Double
    let convolutions: Double

    init(_ candidate: CandidateSummary) {
      self.candidate = candidate
      let metrics = candidate.metrics
      nmse = metrics[.nmse]!
      nnz = metrics[.nnz]!
      power = metrics[.power] ?? .infinity
      channels = metrics[.channels] ?? .infinity
      convolutions = metrics[.convolutions] ?? .infinity
    }

    static func byWeights(_ a: Entry, _ b: Entry) -> Bool {
      if a.nnz != b.nnz { return a.nnz < b.nnz }
      if a.nmse != b.nmse { return a.nmse < b.nmse }
      return a.candidate.key < b.candidate.key
    }

    static func byError(_ a: Entry, _ b: Entry) -> Bool {
      if a.nmse != b.nmse { return a.nmse < b.nmse }
      if a.nnz != b.nnz { return a.nnz < b.nnz }
      return a.candidate.key < b.candidate.key
    }
  }

  /// - Parameter candidates: each with NMSE and nnz.
  init(_ candidates: [CandidateSummary], _ rules: ExclusionRules) {
    self.rules = rules
    entries = candidates.map(Entry.init).sorted(by: Entry.byWeights)
  }

  var survivors: [CandidateSummary] { entries.map(\.candidate) }

  mutating func run() {
    let order = rules.preference == .nnz ? [1, 2, 3, 4, 5] : [2, 1, 3, 4, 5]
    var before = -1
    while before != removals.count {
      before = removals.count
      for rule in order { apply(rule) }
    }
  }

  private mutating func apply(_ rule: Int) {
    let tolerance = rules.tolerance
    switch rule {
    case 1:
      let nmse = rules.preference == .nnz ? tolerance.nmse : 0
      for group in groups(nmse: nmse) {
        // The anchor has the fewest weights.
        remove(group, rule: rule, for: group[0]) { $0.nnz > group[0].nnz + tolerance.nnz }
      }
    case 2:
      entries.sort(by: Entry.byError)
      for group in groups(nnz: tolerance.nnz) {
        remove(group, rule: rule, for: group[0]) { $0.nmse > group[0].nmse + tolerance.nmse }
      }
      entries.sort(by: Entry.byWeights)
    case 3:
      for group in groups(nmse: tolerance.nmse, nnz: tolerance.nnz) {
        let best = least(group, \.power)
        // Where no power is known there is nothing to decide by.
        guard best.power.isFinite else { continue }
        remove(group, rule: rule, for: best) {
          $0.candidate.quantizer != best.candidate.quantizer
        }
      }
    case 4:
      for group in groups(nmse: tolerance.nmse, nnz: tolerance.nnz, label: \.candidate.quantizer) {
        let best = least(group, \.channels)
        remove(group, rule: rule, for: best) { $0.channels > best.channels }
      }
    default:
      let alike = groups(nmse: tolerance.nmse, nnz: tolerance.nnz) {
        "\($0.candidate.quantizer) \($0.channels)"
      }
      for group in alike {
        let best = least(group, \.convolutions)
        remove(group, rule: rule, for: best) { $0.convolutions > best.convolutions }
      }
    }
    entries.removeAll { excluded.contains($0.candidate.key) }
    excluded = []
  }

  /// The first entry of the smallest figure.
  private func least(_ group: [Entry], _ figure: (Entry) -> Double) -> Entry {
    group.min { figure($0) < figure($1) }!
  }

  private mutating func remove(
    _ group: [Entry], rule: Int, for kept: Entry, where isExcluded: (Entry) -> Bool
  ) {
    guard group.count > 1 else { return }
    for entry in group where isExcluded(entry) {
      excluded.insert(entry.candidate.key)
      removals.append(
        ExclusionRules.Removal(
          rule: rule, kept: kept.candidate.key, removed: entry.candidate.key,
          keptValues: ExclusionRules.Removal.Values(kept.candidate),
          removedValues: ExclusionRules.Removal.Values(entry.candidate)))
    }
  }

  /// Where an entry lies, so that all that can be equal to it lie in this cell or next to it.
  private struct Cell: Hashable {
    var nmse: Double
    var nnz: Double
    var label: String
  }

  /// The entries by anchor, in their order; a tolerance that is nil takes all figures for equal.
  private func groups(
    nmse: Double? = nil, nnz: Double? = nil, label: (Entry) -> String = { _ in "" }
  ) -> [[Entry]] {
    /// Cells are a little wider than the tolerance, so that rounding cannot put equals two cells apart.
    func place(_ figure: Double, _ tolerance: Double?) -> Double {
      guard let tolerance else { return 0 }
      return tolerance == 0 ? figure : (figure / (1.001 * tolerance)).rounded(.down)
    }
    func isClose(_ a: Double, _ b: Double, _ tolerance: Double?) -> Bool {
      tolerance.map { abs(a - b) <= $0 } ?? true
    }
    func steps(_ tolerance: Double?) -> [Double] { (tolerance ?? 0) == 0 ? [0] : [-1, 0, 1] }
    var groups: [[Entry]] = []
    var anchors: [Cell: [Int]] = [:]
    for entry in entries {
      let home = Cell(
        nmse: place(entry.nmse, nmse), nnz: place(entry.nnz, nnz), label: label(entry))
      var earliest: Int?
      for nmseStep in steps(nmse) {
        for nnzStep in steps(nnz) {
          let cell = Cell(
            nmse: home.nmse + nmseStep, nnz: home.nnz + nnzStep, label: home.label)
          for group in anchors[cell] ?? [] where group < earliest ?? .max {
            let anchor = groups[group][0]
            if isClose(anchor.nmse, entry.nmse, nmse), isClose(anchor.nnz, entry.nnz, nnz) {
              earliest = group
            }
          }
        }
      }
      if let earliest {
        groups[earliest].append(entry)
      } else {
        anchors[home, default: []].append(groups.count)
        groups.append([entry])
      }
    }
    return groups
  }
}
