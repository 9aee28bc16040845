import PareText

extension VendorReport {
  /// The values as a table for people: a row for each, `-` for what the report does not know.
  public var text: String {
    var rows = SourceRows(source)
    switch self {
    case .csynth(let report):
      rows.add("clock target", ns(report.targetNs))
      rows.add("clock uncertainty", ns(report.uncertaintyNs))
      rows.add("clock estimated", ns(report.estimatedNs))
      rows.add(
        "latency best / average / worst",
        join([report.latencyBest, report.latencyAverage, report.latencyWorst]) + " clocks")
      rows.add("interval min / max", join([report.intervalMin, report.intervalMax]) + " clocks")
      rows.add(report.resources)
    case .cosim(let report):
      for run in report.runs {
        rows.add("\(run.language) status", run.status)
        guard run.status != "NA" else { continue }
        rows.add(
          "\(run.language) latency min / average / max",
          join([run.latencyMin, run.latencyAverage, run.latencyMax]) + " clocks")
        rows.add(
          "\(run.language) interval min / average / max",
          join([run.intervalMin, run.intervalAverage, run.intervalMax]) + " clocks")
        rows.add("\(run.language) total", join([run.totalClocks]) + " clocks")
      }
    case .export(let report):
      rows.add("stage", report.stage.rawValue)
      rows.add("clock target", ns(report.targetNs))
      rows.add("clock after synthesis", ns(report.postSynthesisNs))
      rows.add("clock after routing", ns(report.postRouteNs))
      rows.add("worst slack", ns(report.slackNs))
      rows.add("timing met", yesNo(report.isTimingMet))
      rows.add(report.resources)
    case .utilization(let report):
      rows.add(report.resources)
      for cell in report.primitives { rows.add("primitive \(cell.name)", cell.used.grouped) }
    case .timing(let report): rows.add(report.path, "path")
    case .timingSummary(let report):
      rows.add(report.setup, "setup")
      rows.add(report.hold, "hold")
      rows.add(report.pulseWidth, "pulse width")
      rows.add("constraints met", yesNo(report.isMet))
      for clock in report.clocks {
        rows.add("clock \(clock.name)", "\(ns(clock.periodNs)), \(clock.frequencyMHz.fixed(3)) MHz")
      }
      if let path = report.worstSetupPath { rows.add(path, "setup path") }
      if let path = report.worstHoldPath { rows.add(path, "hold path") }
    case .power(let report):
      rows.add("total", watts(report.totalW))
      rows.add("dynamic", watts(report.dynamicW))
      rows.add("static", watts(report.staticW))
      rows.add("junction", "\(report.junctionC.fixed(1)) C")
      rows.add("confidence", report.confidence)
      rows.add("activity", report.activityFile ?? "guessed by the tool")
      if let matched = report.netsMatched { rows.add("nets matched", matched) }
      for part in report.components {
        rows.add(
          String(repeating: "  ", count: part.level) + "component \(part.name)",
          watts(part.powerW))
      }
      for clock in report.clocks { rows.add("clock \(clock.name)", ns(clock.periodNs)) }
      for part in report.hierarchy ?? [] {
        rows.add(
          String(repeating: "  ", count: part.level) + "block \(part.name)", watts(part.powerW))
      }
    }
    return "\(kind.title)\n\(rows.table.text)"
  }
}

private func ns(_ value: Double?) -> String { value.map { "\($0.fixed(3)) ns" } ?? "-" }

private func join(_ values: [Int?]) -> String {
  values.map { $0.map(\.grouped) ?? "-" }.joined(separator: " / ")
}

private func yesNo(_ value: Bool?) -> String { value.map { $0 ? "yes" : "no" } ?? "-" }

private func watts(_ value: BoundedNumber) -> String {
  (value.isUpperBound ? "<" : "") + "\(value.value.fixed(3)) W"
}

/// Rows of a table of values, the origin first.
private struct SourceRows {
  var table = TextTable([("value", .left), ("", .left)])

  init(_ source: ReportSource) {
    add("tool", [source.tool, source.version].compactMap { $0 }.joined(separator: " "))
    if let part = source.part {
      add("part", [part, source.speed].compactMap { $0 }.joined(separator: " "))
    }
    if let design = source.design { add("design", design) }
    if let state = source.state { add("state", state) }
  }

  mutating func add(_ name: String, _ value: String) { table.add([name, value]) }

  mutating func add(_ resources: [ResourceKind: ResourceUse]) {
    for kind in ResourceKind.allCases {
      guard let use = resources[kind] else { continue }
      add(kind.rawValue, amount(use.used) + (use.available.map { " of \(amount($0))" } ?? ""))
    }
  }

  mutating func add(_ check: TimingSummaryReport.Check, _ name: String) {
    add(
      name,
      "worst \(ns(check.worstSlackNs)), total \(ns(check.totalNegativeSlackNs)), failing "
        + join([check.failing, check.endpoints]))
  }

  mutating func add(_ path: TimingPath, _ name: String) {
    add("\(name) slack", path.slackNs.map { ns($0) } ?? "inf")
    add("\(name) from", path.from)
    add("\(name) to", path.to)
    add(
      "\(name) delay",
      "\(ns(path.delayNs)) (logic \(ns(path.logicNs)), route \(ns(path.routeNs))), "
        + "\(path.levels) levels")
  }

  private func amount(_ value: Double) -> String {
    // Counts are whole or halves; a count beyond what an Int holds is printed as it is.
    guard value == value.rounded(), abs(value) < 1e15 else { return "\(value)" }
    return Int(value).grouped
  }
}
