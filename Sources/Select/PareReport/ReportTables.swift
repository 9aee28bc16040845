import PareExplore
import PareText

/// The tables under the plots, in HTML without scripts.
struct ReportTables {
  /// Rows of one table; what is left away is told below it.
  static let rowLimit = 500

  let data: ReportData

  var html: String { front + removals + failures }

  private struct Column {
    var title: String
    var isNumber = true
  }

  /// Table I of the paper, with our names and figures beside it.
  private var front: String {
    var columns = [
      Column(title: "kernel"), Column(title: "quantization", isNumber: false),
      Column(title: "hidden channels"), Column(title: "convolutions<br>(paper: hidden layers)"),
      Column(title: "pruning<br>%"), Column(title: "NMSE<br>validation, dB"), Column(title: "nnz"),
      Column(title: "NMSE<br>test, dB"), Column(title: "adders"),
      Column(title: "dynamic power,<br>est., mW"), Column(title: "name", isNumber: false),
      Column(title: "in the paper's form", isNumber: false),
    ]
    // Predistorters alone have a quality.
    let hasQuality = data.indices(.kept).contains { data.points[$0].metrics[.quality] != nil }
    if hasQuality {
      columns += [Column(title: "Q<br>validation, dB"), Column(title: "Q<br>test, dB")]
    }
    let members = data.indices(.kept).sorted { left, right in
      let (a, b) = (data.points[left], data.points[right])
      let (p, q) = (a.metrics[.nnz] ?? .infinity, b.metrics[.nnz] ?? .infinity)
      if p != q { return p < q }
      let (x, y) = (a.metrics[.nmse] ?? .infinity, b.metrics[.nmse] ?? .infinity)
      return x != y ? x < y : a.key < b.key
    }
    let rows = members.prefix(Self.rowLimit).map { index in
      let point = data.points[index]
      let name = HTMLText.escape(point.name)
      let link =
        data.modelPaths[index].map { "<a href=\"\(HTMLText.escape($0))\">\(name)</a>" } ?? name
      return row(
        columns,
        [
          count(point, .kernelSize), HTMLText.escape(point.quantizer),
          HTMLText.escape(point.hiddenChannels), count(point, .convolutions), percent(point),
          decibels(point, .nmse), count(point, .nnz), decibels(point, .testNMSE),
          count(point, .adders),
          point.metrics[.power].map { ($0 * 1000).fixed(3) } ?? "",
          link, paperName(point),
        ] + (hasQuality ? [decibels(point, .quality), decibels(point, .testQuality)] : []),
        isTop: data.standings[index].contains(.top))
    }
    return section(
      "front", "Candidate solutions",
      """
      The paper's Table I, and what is known beside it: the final front by \
      \(HTMLText.escape(data.objectives.joined(separator: ", "))), sorted by nnz. The marked rows are the top \
      \(data.indices(.top).count.grouped). A name leads to the model.
      """, columns, rows, outOf: members.count, empty: "No point has a result.")
  }

  private var removals: String {
    let columns = [
      Column(title: "rule", isNumber: false), Column(title: "removed", isNumber: false),
      Column(title: "kept in its place", isNumber: false), Column(title: "reason", isNumber: false),
    ]
    let rows = data.removals.prefix(Self.rowLimit).map { removal in
      row(
        columns,
        [
          HTMLText.escape(removal.rule), HTMLText.escape(data.points[removal.removed].name),
          HTMLText.escape(data.points[removal.kept].name),
          HTMLText.escape(removal.reason),
        ])
    }
    return section(
      "removals", "Removed by exclusion rules",
      """
      Members of a quantizer's front that a rule took away, in the order in which it was done; what was kept may have given \
      way to another one later.
      """, columns,
      rows,
      outOf: data.removals.count, empty: "No rule removed a point.")
  }

  private var failures: String {
    guard data.failureCount > 0 else { return "" }
    let columns = [
      Column(title: "point", isNumber: false), Column(title: "key", isNumber: false),
      Column(title: "why", isNumber: false),
    ]
    let rows = data.failures.prefix(Self.rowLimit).map { failure in
      row(
        columns,
        [failure.name, "<code>\(HTMLText.escape(failure.key))</code>", failure.reason]
          .enumerated().map { $0.offset == 1 ? $0.element : HTMLText.escape($0.element) })
    }
    return section(
      "failures", "Points without a result", "These are in no plot.", columns, rows,
      outOf: data.failureCount, empty: "")
  }

  private func section(
    _ id: String, _ title: String, _ note: String, _ columns: [Column], _ rows: [String],
    outOf count: Int, empty: String
  ) -> String {
    let head = columns.map { column in
      "<th scope=\"col\"\(column.isNumber ? " class=\"number\"" : "")>\(column.title)</th>"
    }
    let more =
      rows.count < count
      ? "<p class=\"note\">The first \(rows.count.grouped) of \(count.grouped); the ledger has all.</p>\n"
      : ""
    let table = """
      <div class="wide"><table>
      <thead><tr>\(head.joined())</tr></thead>
      <tbody>
      \(rows.joined(separator: "\n"))
      </tbody></table></div>

      """
    return """
      <section id="\(id)">
      <h2>\(title)</h2>
      <p class="note">\(note)</p>
      \(count == 0 ? "<p>\(empty)</p>\n" : table)\(more)</section>

      """
  }

  /// A row of cells that are HTML already.
  private func row(_ columns: [Column], _ cells: [String], isTop: Bool = false) -> String {
    precondition(
      columns.count == cells.count, "\(cells.count) cells for \(columns.count) columns")
    let html = zip(columns, cells).map { column, cell in
      "<td\(column.isNumber ? " class=\"number\"" : column.title == "reason" || column.title == "why" ? " class=\"words\"" : "")>\(cell)</td>"
    }
    return "<tr\(isTop ? " class=\"top\"" : "")>\(html.joined())</tr>"
  }

  private func count(_ point: CandidateSummary, _ metric: Metric) -> String {
    point.metrics[metric].map { Int($0.rounded()).grouped } ?? ""
  }

  private func decibels(_ point: CandidateSummary, _ metric: Metric) -> String {
    point.metrics[metric].map { $0.fixed(2).replacing("-", with: "\u{2212}") } ?? ""
  }

  private func percent(_ point: CandidateSummary) -> String {
    point.metrics[.sparsity].map(Self.percent) ?? ""
  }

  private static func percent(_ sparsity: Double) -> String {
    let percent = sparsity * 100
    return percent.fixed(percent.fixed(2).hasSuffix(".00") ? 0 : 2)
  }

  /// `kernel_hiddenLayers_channels_pruning` as in the paper's Table II, which counts hidden layers and not convolutions.
  private func paperName(_ point: CandidateSummary) -> String {
    guard let kernel = point.metrics[.kernelSize], let convolutions = point.metrics[.convolutions],
      let sparsity = point.metrics[.sparsity]
    else { return "" }
    return HTMLText.escape(
      "\(kernel.fixed(0))_\((convolutions - 1).fixed(0))_\(point.hiddenChannels)_\(Self.percent(sparsity))"
    )
  }
}
