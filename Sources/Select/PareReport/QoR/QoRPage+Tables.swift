import PareNumerics
import PareQoR
import PareText
import PareTools

extension QoRPage {
  // MARK: Optimized beside baseline

  /// The table of one design and its baseline, with ratios.
  func comparison(of design: QoRDesign, _ origins: inout OriginList) -> String {
    let hasBaseline = design.baseline != nil
    let columns = hasBaseline ? 4 : 2
    var rows: [String] = []
    rows += accuracyRows(of: design, &origins)
    for target in design.targets {
      let name = target == "any" ? "before synthesis" : target
      let misfits = design.implementations.filter {
        $0.1.records.contains { $0.target == target && !$0.fits }
      }
      let misfit = misfits.map {
        " <span class=\"misfit\">\($0.role) does not fit</span>"
      }.joined()
      rows.append(
        "<tr class=\"group\"><th colspan=\"\(columns)\" scope=\"rowgroup\">\(HTMLText.escape(name))\(misfit)</th></tr>"
      )
      for quantity in QoRQuantity.allCases {
        let values = design.implementations.map { quantity.best(of: $0.1.records, on: target) }
        guard values.contains(where: { $0 != nil }) else { continue }
        var cells = ["<td>\(quantity.name)</td>"]
        cells += values.map { cell(of: $0, in: quantity, &origins) }
        if hasBaseline { cells.append(ratio(values[0], values[1], in: quantity)) }
        rows.append("<tr>\(cells.joined())</tr>")
      }
    }
    let missing = QoRQuantity.allCases.filter { quantity in
      !design.targets.contains { target in
        design.implementations.contains { quantity.best(of: $0.1.records, on: target) != nil }
      }
    }
    let derived = FigureOrigin(
      .derived, tool: "pare", version: nil, stage: "this page",
      note: "the baseline's figure over the optimized one's, of the same row")
    let baseline =
      hasBaseline
      ? "<th scope=\"col\">baseline</th><th scope=\"col\">baseline \u{F7} optimized\(origins.mark(derived))</th>"
      : ""
    return """
      <div class="sheet">
      <h3>\(hasBaseline ? "Optimized beside baseline" : "Figures")</h3>
      <p class="note">Of each figure the latest stage that knows it.\(hasBaseline ? "" : " No baseline was given, so there are no ratios.")</p>
      <table class="compare">
      <thead><tr><th scope="col">figure</th><th scope="col">optimized</th>\(baseline)</tr></thead>
      <tbody>
      \(rows.joined(separator: "\n"))
      </tbody></table>
      \(missing.isEmpty ? "" : "<p class=\"absent\">Not known: \(missing.map(\.name).joined(separator: ", ")); no stage that ran could tell.</p>")
      </div>
      """
  }

  private func accuracyRows(of design: QoRDesign, _ origins: inout OriginList) -> [String] {
    [("validation", \QoRDesign.Accuracy.validationNMSE), ("test", \.testNMSE)].map { split, path in
      let values = design.implementations.map { $0.1.accuracy?[keyPath: path] }
      var cells = ["<td>NMSE, \(split)</td>"]
      for (value, (_, implementation)) in zip(values, design.implementations) {
        if let value, let accuracy = implementation.accuracy {
          cells.append(
            "<td>\(origins.number(Self.decibels(value), FigureOrigin(accuracy, split: split)))</td>"
          )
        } else {
          cells.append("<td class=\"absent\">not known</td>")
        }
      }
      if values.count == 2 {
        if let optimized = values[0], let baseline = values[1] {
          let loss = optimized - baseline
          let words =
            abs(loss) < 0.005
            ? "equal" : "\(abs(loss).fixed(2))\u{A0}dB \(loss > 0 ? "lost" : "gained")"
          cells.append("<td class=\"\(loss < 0 ? "better" : "worse")\">\(words)</td>")
        } else {
          cells.append("<td></td>")
        }
      }
      return "<tr>\(cells.joined())</tr>"
    }
  }

  private func cell(
    of value: QoRQuantity.Value?, in quantity: QoRQuantity, _ origins: inout OriginList
  ) -> String {
    guard let value else { return "<td class=\"absent\">not known</td>" }
    let range = value.range.map {
      "<span class=\"range\">\(quantity.text($0.lowerBound)) to \(quantity.text($0.upperBound))</span>"
    }
    return "<td>\(origins.number(quantity.text(value), value.origin))\(range ?? "")</td>"
  }

  private func ratio(
    _ optimized: QoRQuantity.Value?, _ baseline: QoRQuantity.Value?, in quantity: QoRQuantity
  ) -> String {
    guard let optimized, let baseline else { return "<td></td>" }
    guard optimized.value != 0 else {
      return baseline.value == 0 ? "<td>none in both</td>" : "<td class=\"better\">none left</td>"
    }
    let ratio = baseline.value / optimized.value
    let isBetter = quantity.isMoreBetter ? ratio < 1 : ratio > 1
    let isEqual = baseline.value == optimized.value
    let mixed =
      (optimized.origin.kind == .estimated) != (baseline.origin.kind == .estimated)
      ? "<span class=\"range\">estimate and measurement</span>" : ""
    let sign = optimized.origin.kind == .estimated || baseline.origin.kind == .estimated ? "~" : ""
    return
      "<td class=\"\(isEqual ? "" : isBetter ? "better" : "worse")\">\(sign)\(ratio.fixed(2))\u{D7}\(mixed)</td>"
  }

  static func decibels(_ value: Double) -> String {
    value.fixed(2).replacing("-", with: "\u{2212}") + "\u{A0}dB"
  }

  // MARK: All designs

  /// A row for each implementation, where there are several designs.
  func overview(_ origins: inout OriginList) -> String {
    guard designs.count > 1 else { return "" }
    let targets = designs.flatMap(\.targets).reduce(into: [String]()) { list, target in
      if !list.contains(target) { list.append(target) }
    }
    let tables = targets.map { target -> String in
      var rows: [String] = []
      for design in designs {
        for (role, implementation) in design.implementations
        where implementation.records.contains(where: { $0.target == target }) {
          var cells = [
            "<td>\(HTMLText.escape(implementation.name))</td><td>\(role)</td>"
          ]
          if let accuracy = implementation.accuracy, let nmse = accuracy.testNMSE {
            cells.append(
              "<td class=\"number\">\(origins.number(Self.decibels(nmse), FigureOrigin(accuracy, split: "test")))</td>"
            )
          } else {
            cells.append("<td class=\"absent\">not known</td>")
          }
          for quantity in QoRQuantity.allCases {
            guard let value = quantity.best(of: implementation.records, on: target) else {
              cells.append("<td class=\"absent\">not known</td>")
              continue
            }
            cells.append(
              "<td class=\"number\">\(origins.number(quantity.text(value), value.origin))</td>"
            )
          }
          rows.append("<tr>\(cells.joined())</tr>")
        }
      }
      let heads = ["NMSE, test"] + QoRQuantity.allCases.map(\.name)
      return """
        <h3>\(HTMLText.escape(target == "any" ? "before synthesis" : target))</h3>
        <div class="wide"><table>
        <thead><tr><th scope="col">design</th><th scope="col">role</th>\(heads.map { "<th scope=\"col\" class=\"number\">\($0)</th>" }.joined())</tr></thead>
        <tbody>
        \(rows.joined(separator: "\n"))
        </tbody></table></div>
        """
    }
    return
      "<section id=\"all\">\n<h2>All designs</h2>\n\(tables.joined(separator: "\n"))\n</section>"
  }

  // MARK: Timing

  func timing(of design: QoRDesign, _ origins: inout OriginList) -> String {
    var rows: [String] = []
    var paths: [String] = []
    for (role, implementation) in design.implementations {
      for record in implementation.records {
        let figures = [FigureName.fmaxMHz, .fmaxMedianMHz, .fmaxSpreadMHz].map {
          record.figures[$0]
        }
        guard figures.contains(where: { $0 != nil }) else { continue }
        let cells = figures.map { figure in
          figure.map {
            "<td>\(origins.number($0.value.fixed(1), FigureOrigin($0.provenance)))</td>"
          } ?? "<td class=\"absent\">not known</td>"
        }
        rows.append(
          "<tr><td>\(role), \(HTMLText.escape(record.target))</td>\(cells.joined())</tr>")
        if !record.seeds.isEmpty, let fmax = record.figures[.fmaxMHz] {
          let seeds = record.seeds.map { seed in
            "\(seed.seed): \(seed.fmaxMHz.map { $0.fixed(1) + "\u{A0}MHz" } ?? "no path")"
          }
          paths.append(
            "<p class=\"bar-note\">\(role), \(HTMLText.escape(record.target)), seeds \(seeds.joined(separator: ", "))\(origins.mark(FigureOrigin(fmax.provenance))).</p>"
          )
        }
        if let path = record.criticalPath, let fmax = record.figures[.fmaxMHz] {
          let time = origins.number(
            path.nanoseconds.fixed(2) + "\u{A0}ns", FigureOrigin(fmax.provenance))
          paths.append(
            """
            <p class="bar-note">\(role), \(HTMLText.escape(record.target)), critical path \(time) through \(path.levels) levels: \
            \(path.logicNanoseconds.fixed(2))\u{A0}ns in cells, \(path.routingNanoseconds.fixed(2))\u{A0}ns in wires, from \
            <code>\(HTMLText.escape(path.stretches.first?.signal ?? path.from))</code> to \
            <code>\(HTMLText.escape(path.stretches.last?.signal ?? path.to))</code>.</p>
            """)
        }
      }
    }
    guard !rows.isEmpty else {
      return
        "<figure class=\"plot\"><h3>Timing</h3>\(Self.absent("fmax", "no stage placed and routed the design"))</figure>"
    }
    return """
      <figure class="plot">
      <h3>Timing</h3>
      <p class="note">fmax in MHz; the spread is the best seed minus the worst.</p>
      <table class="compare">
      <thead><tr><th scope="col">design</th><th scope="col">best</th><th scope="col">median</th><th scope="col">spread</th></tr></thead>
      <tbody>
      \(rows.joined(separator: "\n"))
      </tbody></table>
      \(paths.joined(separator: "\n"))
      </figure>
      """
  }
}
