import PareDatapath
public import PareExplore
import PareQoR

extension QoRDesign {
  /// The implemented candidates of a ledger, in the order of `points`: those that `pare qor run` brought to a netlist or further.
  ///
  /// Where a candidate has a stage on a device with several settings, that of most candidates counts, so that figures beside
  /// each other are of one kind; of equals the first by the hash of the settings.
  ///
  /// - Returns: an empty list when nothing was implemented.
  /// - Throws: ``ExploreError`` when the ledger cannot be read.
  public static func implemented(
    in ledger: Ledger, among points: [CandidateSummary]
  ) throws -> [QoRDesign] {
    let rows = try ledger.implementations().filter { $0.record != nil }
    guard !rows.isEmpty else { return [] }
    let owners = try ledger.implementers()
    struct Kind: Hashable {
      var stage: QoRStage
      var device: String
      var settings: String
    }
    var counts: [Kind: Int] = [:]
    var own: [String: [(Kind, QoRRecord)]] = [:]
    for row in rows {
      guard let record = row.record else { continue }
      let kind = Kind(stage: row.stage, device: row.device, settings: row.settings.hash)
      for candidate in owners[row.key] ?? [] {
        counts[kind, default: 0] += 1
        own[candidate, default: []].append((kind, record))
      }
    }
    return try points.compactMap { point in
      guard let records = own[point.key] else { return nil }
      var chosen: [QoRRecord] = []
      for stage in QoRStage.allCases {
        let devices = Set(records.filter { $0.0.stage == stage }.map(\.0.device)).sorted()
        for device in devices {
          let best = records.filter { $0.0.stage == stage && $0.0.device == device }.min {
            (-counts[$0.0, default: 0], $0.0.settings) < (-counts[$1.0, default: 0], $1.0.settings)
          }
          if let best { chosen.append(best.1) }
        }
      }
      let row = try ledger.candidate(point.key)
      return QoRDesign(
        Implementation(
          name: point.name,
          summary: "\(point.name), \(point.quantizer) weights, candidate \(point.key)",
          accuracy: row.map {
            Accuracy(
              validationNMSE: point.metrics[.nmse], testNMSE: point.metrics[.testNMSE],
              dataset: $0.dataset, generator: $0.generator)
          }, records: chosen),
        signal: .absent("the design has no folder here; pare report FOLDER shows them"),
        wordLengths: .absent("the design has no folder here; pare report FOLDER shows it"))
    }
  }
}
