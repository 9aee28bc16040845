import PareDatapath
import PareText

extension PowerCalibration {
  /// The reports with what is predicted of them, the energies with those before, and how far to trust them.
  public var text: String {
    var reports = TextTable([
      ("report", .left), ("reported W", .right), ("fitted W", .right), ("held out W", .right),
      ("error", .right),
    ])
    for row in rows {
      reports.add([
        row.name, row.reportedW.fixed(3), row.fittedW.fixed(3), row.heldOutW.fixed(3),
        "\((100 * row.heldOutError).fixed(1)) %",
      ])
    }
    var energies = TextTable([
      ("energy, fJ", .left), ("low", .right), ("typical", .right), ("high", .right),
      ("before", .right), ("", .left),
    ])
    for term in PowerModel.Term.allCases {
      guard let energy = model.energies[term]?.value else { continue }
      energies.add(
        [term.rawValue]
          + [energy.low, energy.typical, energy.high, prior.joules(of: term)]
          .map { ($0 * 1e15).fixed(1) }
          + [kept[term].map { "kept: \($0.words)" } ?? "fitted"])
    }
    let order = rankCorrelation.map { "rank correlation \($0.fixed(3))" } ?? "no order to compare"
    return """
      \(reports.text)

      \(energies.text)

      held out, \(rows.count) reports: mean error \((100 * meanHeldOutError).fixed(1)) %, worst \
      \((100 * worstHeldOutError).fixed(1)) %, \(order)
      """
  }

  /// What `--json` prints.
  public struct Report: Encodable, Sendable {
    struct Energy: Encodable {
      let joules: Bounded
      let before: Bounded
      let isFitted: Bool
      let reason: String?
    }

    let version: String
    let family: String
    let reports: [Row]
    let energies: [PowerModel.Term: Energy]
    let meanHeldOutError: Double
    let worstHeldOutError: Double
    let rankCorrelation: Double?
  }

  public var report: Report {
    var energies: [PowerModel.Term: Report.Energy] = [:]
    for (term, energy) in model.energies {
      energies[term] = Report.Energy(
        joules: energy.value, before: prior.energies[term]?.value ?? energy.value,
        isFitted: kept[term] == nil, reason: kept[term]?.words)
    }
    return Report(
      version: model.version, family: model.family.rawValue, reports: rows, energies: energies,
      meanHeldOutError: meanHeldOutError, worstHeldOutError: worstHeldOutError,
      rankCorrelation: rankCorrelation)
  }
}
