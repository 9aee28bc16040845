import PareNumerics
import PareText

/// One HTML file with plots, tables and filters, which opens offline: it asks the network for nothing, and forbids it.
public struct ReportPage: Sendable {
  let data: ReportData

  public init(_ data: ReportData) { self.data = data }

  private struct Figure {
    var id: String
    var title: String
    /// HTML.
    var note: String
  }

  /// UTF-8; equal data give equal bytes.
  public var html: [UInt8] {
    let block = DataBlock(data: data).bytes
    // The browser runs scripts with this word only, so no text from data is ever a script, whatever slips through.
    var hash = StableHash()
    hash.combine(bytes: block)
    let nonce = hash.hex
    var out: [UInt8] = []
    out.reserveCapacity(block.count + 100_000)
    func add(_ text: String) { out.append(contentsOf: text.utf8) }

    let run = HTMLText.escape(data.run)
    add(
      """
      <!DOCTYPE html>
      <html lang="en">
      <head>
      <meta charset="utf-8">
      <meta http-equiv="Content-Security-Policy" content="default-src 'none'; script-src 'nonce-\(nonce)'; \
      style-src 'unsafe-inline'; base-uri 'none'; form-action 'none'">
      <meta name="viewport" content="width=device-width, initial-scale=1">
      <title>\(run): exploration</title>
      <style>

      """)
    out += PackageResources.report_css
    add("</style>\n</head>\n<body data-run=\"\(run)\">\n")
    add(header)
    add(controls)
    add("<div class=\"plots\">\n")
    for figure in figures { add(html(of: figure)) }
    add("</div>\n")
    add(ReportTables(data: data).html)
    add(
      """
      <footer>Estimates (est.) come from a cost model of the compiled datapath, before any synthesis. NMSE is that of the
      network in integers; the validation split is what candidates are selected by, the test split decides nothing.</footer>
      <div id="tip" role="status" aria-live="polite" hidden></div>
      <script type="application/json" id="data">
      """)
    out += block
    add("</script>\n<script nonce=\"\(nonce)\">\n")
    out += PackageResources.plot_js
    add("</script>\n<script nonce=\"\(nonce)\">\n")
    out += PackageResources.report_js
    add("</script>\n</body>\n</html>\n")
    return out
  }

  private var header: String {
    let facts = data.facts.map { fact in
      let text = HTMLText.escape(fact.text)
      return
        "<dt>\(HTMLText.escape(fact.title))</dt><dd>\(fact.isCommand ? "<code>\(text)</code>" : text)</dd>"
    }
    let qor =
      data.qorPage.map {
        "\n<dt>implemented</dt><dd><a href=\"\(HTMLText.escape($0))\">area, power and timing of the designs that were implemented</a></dd>"
      } ?? ""
    return """
      <header>
      <h1>\(HTMLText.escape(data.run))</h1>
      <fieldset class="theme"><legend>colours</legend>
      <label><input type="radio" name="theme" id="theme-auto" checked>as the system</label>
      <label><input type="radio" name="theme" id="theme-light">light</label>
      <label><input type="radio" name="theme" id="theme-dark">dark</label>
      </fieldset>
      </header>
      <dl class="facts">
      \(facts.joined(separator: "\n"))\(qor)
      </dl>
      <noscript><p>The plots are drawn by a script in this file, and scripts are switched off. The tables below need none.</p></noscript>

      """
  }

  private var controls: String {
    """
    <details class="controls" open>
    <summary>Filters and axes</summary>
    <p class="note">Filters hide points in all plots; fronts stay those of the whole run.</p>
    <div id="filters"></div>
    <div class="switches">
    <fieldset><legend>NMSE of the</legend>
    <label><input type="radio" name="split" id="split-validation" checked>validation split</label>
    <label><input type="radio" name="split" id="split-test">test split</label>
    </fieldset>
    <fieldset><legend>nnz axis</legend>
    <label><input type="radio" name="nnz" id="nnz-log" checked>logarithmic</label>
    <label><input type="radio" name="nnz" id="nnz-linear">linear</label>
    </fieldset>
    <button type="button" id="reset">Reset filters</button>
    <span id="shown" role="status" aria-live="polite"></span>
    </div>
    </details>

    """
  }

  private var figures: [Figure] {
    let objectives = HTMLText.escape(data.objectives.joined(separator: ", "))
    let merged = data.indices(.merged).count
    let kept = data.indices(.kept).count
    return [
      Figure(
        id: "schemes", title: "NMSE against nnz, a front for each quantizer",
        note:
          "The paper's Figure 2. \(data.indices(.schemeFront).count.grouped) members of fronts by \(objectives)."
      ),
      Figure(
        id: "merged", title: "Merged front",
        note: """
          The paper's Figure 3a. \(merged.grouped) members by \(objectives); \(kept.grouped) in the final front, after the \
          exclusion rules; the top \(data.indices(.top).count.grouped) in a circle.
          """),
      Figure(
        id: "channels-power", title: "Power against hidden channels",
        note: "The paper's Figure 4a. Power is an estimate of the dynamic part."),
      Figure(
        id: "channels-nnz", title: "nnz against hidden channels", note: "The paper's Figure 4b."),
      Figure(
        id: "pruning-nmse", title: "NMSE against pruning",
        note: "What pruning costs: all points, quantizers side by side."),
      Figure(
        id: "pruning-nnz", title: "nnz against pruning",
        note: "What pruning saves; nnz counts the quantized weights."),
    ]
  }

  private func html(of figure: Figure) -> String {
    """
    <figure class="plot" id="plot-\(figure.id)">
    <div class="title"><h2>\(figure.title)</h2><button type="button" title="Download this plot as an SVG file">SVG</button></div>
    <p class="note">\(figure.note)</p>
    <div class="drawing" tabindex="0" aria-label="\(figure.title): arrow keys walk along the front, Enter opens the model"></div>
    <p class="remark"></p>
    </figure>

    """
  }
}
