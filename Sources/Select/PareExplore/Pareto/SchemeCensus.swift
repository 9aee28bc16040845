import PareText

/// How many members of the fronts are of each kind of quantizer, once with fewer weights preferred and once with less error.
///
/// The kinds are the words before the colon of a quantizer: `none`, `pot`, `apot`, `digits`, `fixed`; layers with quantizers of
/// their own are `mixed`.
public struct SchemeCensus: Encodable, Hashable, Sendable {
  public let schemaVersion = 1
  /// One for each preference and kind that candidates have, in this order.
  public let rows: [Row]

  /// The members of one kind.
  public struct Row: Encodable, Hashable, Sendable {
    /// What the exclusion rules prefer and the members are ranked by first.
    public let preference: Preference
    public let scheme: String
    public let candidates: Int
    /// Members of the fronts of its quantizers.
    public let front: Int
    /// Members of the merged front, before any rule.
    public let merged: Int
    /// Members of the final front, after the rules.
    public let final: Int
    /// Of these, among the first ten, and among the first fifty of all.
    public let amongTen: Int
    public let amongFifty: Int
    /// Place of its best member in the final front, from 1; nil without one.
    public let bestPlace: Int?

    private enum CodingKeys: CodingKey {
      case preference, scheme, candidates, front, merged, final, amongTen, amongFifty, bestPlace
    }
  }

  private enum CodingKeys: CodingKey { case schemaVersion, rows }

  /// - Parameter settings: its rules' preference is replaced by both in turn; without rules only the ranks differ.
  /// - Throws: as ``Selection/init(of:_:)`` does.
  public init(of candidates: [CandidateSummary], _ settings: Selection.Settings) throws {
    var rows: [Row] = []
    for preference in [Preference.nnz, .nmse] {
      var own = settings
      own.rules?.preference = preference
      let selection = try Selection(of: candidates, own)
      let ranked = Self.ranked(selection.final.members, preference).map {
        Self.scheme($0.quantizer)
      }
      func count(_ members: [CandidateSummary], _ scheme: String) -> Int {
        members.count { Self.scheme($0.quantizer) == scheme }
      }
      let schemes = Set(selection.considered.map { Self.scheme($0.quantizer) })
      for scheme in schemes.sorted(by: Self.precedes) {
        rows.append(
          Row(
            preference: preference, scheme: scheme,
            candidates: count(selection.considered, scheme),
            front: count(selection.fronts.flatMap(\.front.members), scheme),
            merged: count(selection.merged.members, scheme),
            final: ranked.count { $0 == scheme },
            amongTen: ranked.prefix(10).count { $0 == scheme },
            amongFifty: ranked.prefix(50).count { $0 == scheme },
            bestPlace: ranked.firstIndex(of: scheme).map { $0 + 1 }))
      }
    }
    self.rows = rows
  }

  /// A table.
  public var text: String {
    var table = TextTable([
      ("ranked by", .left), ("quantizer", .left), ("candidates", .right), ("own front", .right),
      ("merged", .right), ("final", .right), ("of first 10", .right), ("of first 50", .right),
      ("best place", .right),
    ])
    for row in rows {
      table.add([
        row.preference == .nnz ? "nnz, NMSE" : "NMSE, nnz", row.scheme, row.candidates.grouped,
        row.front.grouped, row.merged.grouped, row.final.grouped, row.amongTen.grouped,
        row.amongFifty.grouped, row.bestPlace.map { $0.grouped } ?? "-",
      ])
    }
    return table.text
  }

  private static func ranked(
    _ members: [CandidateSummary], _ preference: Preference
  ) -> [CandidateSummary] {
    let metrics: [Metric] = preference == .nnz ? [.nnz, .nmse] : [.nmse, .nnz]
    return members.sorted { left, right in
      for metric in metrics {
        let (a, b) = (left.metrics[metric] ?? .infinity, right.metrics[metric] ?? .infinity)
        if a != b { return a < b }
      }
      return left.key < right.key
    }
  }

  static func scheme(_ quantizer: String) -> String {
    quantizer.contains(",")
      ? "mixed" : quantizer.split { $0 == ":" || $0 == "/" }.first.map(String.init) ?? quantizer
  }

  private static func precedes(_ a: String, _ b: String) -> Bool {
    let order = ["none", "pot", "apot"]
    let (left, right) = (
      order.firstIndex(of: a) ?? order.count, order.firstIndex(of: b) ?? order.count
    )
    return left != right ? left < right : a < b
  }
}
