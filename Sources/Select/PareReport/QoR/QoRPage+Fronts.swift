import PareDatapath
import PareQoR
import PareText

extension QoRPage {
  /// NMSE against LUTs and against dynamic power: the designs, and the sweep that they come from, with their fronts.
  func fronts(_ origins: inout OriginList) -> String {
    let figures = [
      front("NMSE against LUTs", "LUT", .lut, \.lut, &origins),
      front("NMSE against dynamic power", "dynamic power, W", .power, \.power, &origins),
    ]
    return """
      <section id="fronts">
      <h2>Accuracy against hardware</h2>
      <div class="figures">
      \(figures.joined(separator: "\n"))
      </div>
      </section>
      """
  }

  private struct Group: Hashable {
    var target: String
    var isMeasured: Bool
    var isBaseline: Bool
  }

  private func front(
    _ title: String, _ axis: String, _ quantity: QoRQuantity,
    _ path: KeyPath<QoRCandidate, Double?>, _ origins: inout OriginList
  ) -> String {
    var series: [PlanePlot.Series] = []
    var targets: [String] = []
    var groups: [(Group, [PlanePlot.Point])] = []
    var marks: [String] = []
    var lacking = 0
    for design in designs {
      for (role, implementation) in design.implementations {
        var isKnown = false
        for record in implementation.records {
          guard let accuracy = implementation.accuracy, let nmse = accuracy.validationNMSE,
            nmse.isFinite, let value = quantity.value(in: record), value.value > 0,
            // What ranks one family has no place on an axis of watts.
            !value.isRankingOnly
          else { continue }
          isKnown = true
          // The model of a family, before synthesis, goes with the device that the design was synthesized for.
          let target =
            record.target == "any"
            ? implementation.records.map(\.target).first { $0 != "any" }
              ?? implementation.resources?.family.rawValue ?? "any" : record.target
          if !targets.contains(target) { targets.append(target) }
          for mark in [
            origins.mark(FigureOrigin(accuracy, split: "validation")), origins.mark(value.origin),
          ] where !marks.contains(mark) { marks.append(mark) }
          let group = Group(
            target: target, isMeasured: value.origin.kind != .estimated,
            isBaseline: role == "baseline")
          let point = PlanePlot.Point(
            x: value.value, y: nmse,
            title:
              "\(implementation.name) (\(role)), \(record.target), \(record.stage.words): \(value.origin.kind == .estimated ? "~" : "")\(quantity.text(value.value)), \(Self.decibels(nmse))"
          )
          if let place = groups.firstIndex(where: { $0.0 == group }) {
            groups[place].1.append(point)
          } else {
            groups.append((group, [point]))
          }
        }
        if !isKnown { lacking += 1 }
      }
    }
    let cloud = candidates.compactMap { candidate in
      candidate[keyPath: path].flatMap { value in
        value > 0 && value.isFinite && candidate.nmse.isFinite
          ? PlanePlot.Point(x: value, y: candidate.nmse, title: candidate.name) : nil
      }
    }
    guard !groups.isEmpty || !cloud.isEmpty else {
      return
        "<figure class=\"plot\"><h3>\(title)</h3>\(Self.absent(axis, "no stage tells it beside an NMSE on the validation split"))</figure>"
    }
    if !cloud.isEmpty {
      let origin = FigureOrigin(
        .estimated, tool: "pare", version: nil, stage: QoRStage.costModel.words,
        note: "points of the sweep, by the cost model before synthesis; NMSE of the integers")
      marks.append(origins.mark(origin))
      series.append(
        PlanePlot.Series(
          name: "sweep, estimated", color: 7, style: .dots, points: Self.thinned(cloud)))
      series.append(
        PlanePlot.Series(
          name: "front of the sweep", color: 7, style: .stairs, points: Self.front(of: cloud)))
    }
    for (group, points) in groups {
      let color = (targets.firstIndex(of: group.target) ?? 0) % 7
      series.append(
        PlanePlot.Series(
          name:
            "\(group.isBaseline ? "baseline" : "optimized"), \(group.target), \(group.isMeasured ? "counted" : "estimated")",
          color: color,
          style: group.isBaseline
            ? .squares(isFilled: group.isMeasured) : .circles(isFilled: group.isMeasured),
          points: points))
    }
    // A front is drawn for each device and kind of number: an estimate dominates no measurement.
    for target in targets {
      for isMeasured in [true, false] {
        let points = groups.filter { $0.0.target == target && $0.0.isMeasured == isMeasured }
          .flatMap(\.1)
        let front = Self.front(of: points)
        if points.count > 1 {
          series.append(
            PlanePlot.Series(
              name: "", color: (targets.firstIndex(of: target) ?? 0) % 7, style: .stairs,
              points: front))
        }
      }
    }
    let all = series.flatMap(\.points)
    let low = all.map(\.y).min()!
    let high = all.map(\.y).max()!
    return PlanePlot(
      id: "front-\(quantity == .lut ? "lut" : "power")", title: title,
      note:
        "Filled: counted; hollow: estimated \(marks.joined(separator: " ")). Lines are the fronts of each device; NMSE of the integers on the validation split.\(lacking > 0 ? " \(lacking) without these figures." : "")",
      xTitle: axis, yTitle: "NMSE, dB", xScale: .logarithmic, yLimits: (low - 0.2)...(high + 0.2),
      series: series
    ).html
  }

  /// Points that no other is better than in both, from left to right.
  static func front(of points: [PlanePlot.Point]) -> [PlanePlot.Point] {
    var lowest = Double.infinity
    return points.sorted { ($0.x, $0.y) < ($1.x, $1.y) }.filter { point in
      guard point.y < lowest else { return false }
      lowest = point.y
      return true
    }
  }

  /// At most some thousands of dots, evenly from the list.
  private static func thinned(_ points: [PlanePlot.Point]) -> [PlanePlot.Point] {
    let limit = 4000
    guard points.count > limit else { return points }
    return (0..<limit).map { points[$0 * points.count / limit] }
  }
}
