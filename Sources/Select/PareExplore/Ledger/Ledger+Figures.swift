import GRDB
public import PareQoR
import PareText

extension Ledger {
  /// Implementations that may be compared with each other: one stage, one device, equal settings.
  public struct FigureGroup: Hashable, Sendable, Encodable {
    public let stage: QoRStage
    public let device: String
    /// Hash of the settings.
    public let settings: String
    /// One line about the settings.
    public let summary: String
    /// Candidates with figures.
    public let candidates: Int
    /// Candidates of which the stage failed.
    public let failed: Int
  }

  /// What the ledger has figures of, by stage, device and settings.
  public func figureGroups() throws -> [FigureGroup] {
    let groups = try read { database -> [FigureGroup] in
      guard try database.tableExists("qor") else { return [] }
      return try Row.fetchAll(
        database,
        sql: """
          SELECT qor.stage, qor.device, qor.settings, settings.json,
            sum(implementation.failure IS NULL), sum(implementation.failure IS NOT NULL)
          FROM qor JOIN implementation ON implementation.key = qor.implementation
          JOIN settings ON settings.hash = qor.settings
          GROUP BY 1, 2, 3
          """
      ).compactMap { row in
        guard let stage = QoRStage(rawValue: row[0]) else { return nil }
        let settings = try LedgerJSON.decode(
          ImplementationSettings.self, from: row[3],
          place: "\(self.path), settings \(row[2] as String)")
        return FigureGroup(
          stage: stage, device: row[1], settings: row[2], summary: settings.summary,
          candidates: row[4], failed: row[5])
      }
    }
    let place = Dictionary(
      uniqueKeysWithValues: QoRStage.allCases.enumerated().map { ($1, $0) })
    return groups.sorted {
      (place[$0.stage]!, $0.device, $0.settings) < (place[$1.stage]!, $1.device, $1.settings)
    }
  }

  /// The figures of a group, by key of the candidate.
  ///
  /// - Throws: ``ExploreError`` that says what there is when no group fits, or several do.
  public func figures(
    at stage: QoRStage, on device: String? = nil, settings: String? = nil
  ) throws -> ImplementedFigures {
    let all = try figureGroups()
    let here = all.filter { $0.stage == stage }
    let groups = here.filter {
      (device == nil || device == $0.device) && $0.settings.hasPrefix(settings ?? "")
    }
    guard let group = groups.first else {
      let words = here.map { "\($0.device), settings \($0.settings)" }.joined(separator: "; ")
      throw ExploreError(
        .option("--stage"),
        "\(path): no figures of \(stage.rawValue)"
          + (device.map { " on \($0)" } ?? "") + (settings.map { " with settings \($0)" } ?? ""),
        hint: words.isEmpty ? "pare qor run makes them" : "there are \(words)", kind: .usage)
    }
    guard groups.count == 1 else {
      let isOneDevice = Set(groups.map(\.device)).count == 1
      let words = groups.map {
        isOneDevice ? "\($0.settings) (\($0.summary))" : $0.device
      }
      throw ExploreError(
        .option(isOneDevice ? "--settings" : "--device"),
        "\(path): figures of \(stage.rawValue) "
          + (isOneDevice ? "with several settings" : "on several devices")
          + " cannot be compared",
        hint: "choose by \(isOneDevice ? "--settings" : "--device"): "
          + Set(words).sorted().joined(separator: "; "), kind: .usage)
    }
    return ImplementedFigures(group: group, figures: try figures(of: group))
  }

  private func figures(of group: FigureGroup) throws -> [String: [FigureName: Figure]] {
    try read { database in
      var figures: [String: [FigureName: Figure]] = [:]
      let rows = try Row.fetchCursor(
        database,
        sql: """
          SELECT qor.candidate, figure.name, value, kind, figure.tool, figure.version, figure.stage,
            note
          FROM qor JOIN figure ON figure.key = qor.implementation
          WHERE qor.stage = ? AND qor.device = ? AND qor.settings = ?
          """, arguments: [group.stage.rawValue, group.device, group.settings])
      while let row = try rows.next() {
        // A figure of a newer version that this one does not know is not asked for either.
        guard let name = FigureName(rawValue: row[1]), let kind = Provenance.Kind(rawValue: row[3]),
          let stage = QoRStage(rawValue: row[6])
        else { continue }
        figures[row[0], default: [:]][name] = Figure(
          row[2] as Double,
          Provenance(kind, tool: row[4], version: row[5], stage: stage, note: row[7]))
      }
      return figures
    }
  }
}
