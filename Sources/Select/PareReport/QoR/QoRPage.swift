import PareQoR
public import PareText
import PareTools

/// One HTML file about implemented designs, each beside its baseline: area, power, accuracy against both, utilization, timing,
/// signals, word lengths, and where every number comes from.
///
/// All of it is text and static drawings: it needs no script, prints, and fits a phone. A figure that is not known is absent,
/// and the page says so.
///
///     let page = QoRPage(title: "dpd", designs: [design])
///     try page.html.write(...)
public struct QoRPage: Sendable {
  let title: String
  let designs: [QoRDesign]
  let candidates: [QoRCandidate]
  let commands: [String]
  let lead: [Lead]

  /// A table of the page's own, before all else.
  public struct Lead: Sendable {
    let title: String
    let table: TextTable?
    let notes: [String]

    public init(title: String, table: TextTable? = nil, notes: [String] = []) {
      self.title = title
      self.table = table
      self.notes = notes
    }
  }

  /// Designs with sections of their own; all are in the tables and plots of all.
  static let detailLimit = 12

  /// - Parameters:
  ///   - candidates: of a sweep, for the plots of NMSE against hardware.
  ///   - commands: lines that make the page again.
  ///   - lead: tables that come first.
  /// - Precondition: there is a design.
  public init(
    title: String, designs: [QoRDesign], candidates: [QoRCandidate] = [], commands: [String] = [],
    lead: [Lead] = []
  ) {
    precondition(!designs.isEmpty, "a page of no design")
    self.title = title
    self.designs = designs
    self.candidates = candidates
    self.commands = commands
    self.lead = lead
  }

  /// Equal designs give equal bytes.
  public var html: String {
    let name = HTMLText.escape(title)
    let facts = commands.map { "<dt>command</dt><dd><code>\(HTMLText.escape($0))</code></dd>" }
    return """
      <!DOCTYPE html>
      <html lang="en">
      <head>
      <meta charset="utf-8" />
      <meta http-equiv="Content-Security-Policy" content="default-src 'none'; style-src 'unsafe-inline'; base-uri 'none'; form-action 'none'" />
      <meta name="viewport" content="width=device-width, initial-scale=1" />
      <title>\(name): quality of results</title>
      <style>
      \(Self.style)
      </style>
      </head>
      <body>
      <header><h1>\(name): quality of results</h1></header>
      <dl class="facts">
      <dt>designs</dt><dd>\(designs.map { HTMLText.escape($0.optimized.name) }.joined(separator: ", "))</dd>
      \(facts.joined(separator: "\n"))
      </dl>
      \(lead.map(Self.html).joined(separator: "\n"))
      \(sections)
      <footer>An estimate carries ~ and is drawn in outline; what was counted or measured is filled. A small figure behind a number
      leads to its origin. A device's data sheet says what it has room for.</footer>
      </body>
      </html>

      """
  }

  /// What a page of something else takes in: the sections alone, for ``style``.
  var sections: String {
    var origins = OriginList()
    // One design speaks for itself; of several, what tells them apart comes first.
    var parts = designs.count > 1 ? [overview(&origins), fronts(&origins)] : []
    for (index, design) in designs.prefix(Self.detailLimit).enumerated() {
      parts.append(section(of: design, number: index + 1, &origins))
    }
    if designs.count > Self.detailLimit {
      parts.append(
        "<p class=\"note\">The first \(Self.detailLimit) of \(designs.count.grouped) designs are shown one by one; the table of all has the rest.</p>"
      )
    }
    if designs.count == 1 { parts.append(fronts(&origins)) }
    parts.append(origins.html)
    return parts.filter { !$0.isEmpty }.joined(separator: "\n")
  }

  private static func html(_ lead: Lead) -> String {
    var parts = ["<p class=\"note\">\(HTMLText.escape(lead.title))</p>"]
    if let table = lead.table {
      func cells(_ element: String, _ texts: [String]) -> String {
        let cells = zip(texts, table.alignments).map { text, alignment in
          let name = alignment == .right ? " class=\"number\"" : ""
          return "<\(element)\(name)>\(HTMLText.escape(text))</\(element.prefix(2))>"
        }
        return "<tr>\(cells.joined())</tr>"
      }
      parts.append(
        """
        <div class="wide"><table>
        <thead>\(cells("th scope=\"col\"", table.headings))</thead>
        <tbody>
        \(table.rows.map { cells("td", $0) }.joined(separator: "\n"))
        </tbody></table></div>
        """)
    }
    if !lead.notes.isEmpty {
      parts.append(
        "<ul class=\"note\">\(lead.notes.map { "<li>\(HTMLText.escape($0))</li>" }.joined())</ul>")
    }
    return "<section>\n\(parts.joined(separator: "\n"))\n</section>"
  }

  static var style: String {
    String(decoding: PackageResources.report_css, as: UTF8.self)
      + String(decoding: PackageResources.qor_css, as: UTF8.self)
  }

  private func section(
    of design: QoRDesign, number: Int, _ origins: inout OriginList
  ) -> String {
    let id = "design-\(number)"
    var lines = ["<section class=\"design\" id=\"\(id)\">"]
    lines.append("<h2>\(HTMLText.escape(design.optimized.name))</h2>")
    for (role, implementation) in design.implementations where !implementation.summary.isEmpty {
      lines.append(
        "<p class=\"note\">\(role): \(HTMLText.escape(implementation.summary))</p>")
    }
    lines += checks(of: design)
    lines.append(comparison(of: design, &origins))
    lines.append("<div class=\"figures\">")
    lines += areaFigures(of: design, &origins)
    lines += powerFigures(of: design, &origins)
    lines.append(utilization(of: design, &origins))
    lines.append(timing(of: design, &origins))
    lines += signalFigures(of: design, id: id, &origins)
    lines.append(wordLengths(of: design, id: id, &origins))
    lines.append("</div>\n</section>")
    return lines.filter { !$0.isEmpty }.joined(separator: "\n")
  }

  /// What was compared bit for bit, and what can be loaded.
  private func checks(of design: QoRDesign) -> [String] {
    design.implementations.flatMap { role, implementation in
      implementation.records.compactMap { record -> String? in
        var words: [String] = []
        if let samples = record[.verifiedSamples] {
          words.append(
            "every output bit of the netlist equals the integers, \(Int(samples).grouped) samples")
        }
        if let bits = record.bitstream {
          words.append("bitstream \(bits.file), \(bits.bytes.grouped) bytes")
        }
        guard !words.isEmpty else { return nil }
        return
          "<p class=\"note\">\(role), \(HTMLText.escape("\(record.target): \(words.joined(separator: "; "))")).</p>"
      }
    }
  }

  /// A sentence in the place of a figure.
  static func absent(_ what: String, _ why: String) -> String {
    "<p class=\"absent\">\(HTMLText.escape(what)): not known; \(HTMLText.escape(why)).</p>"
  }
}
