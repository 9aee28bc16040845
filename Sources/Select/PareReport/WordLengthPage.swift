public import PareExplore
import PareFixed
import PareNumerics
import PareText

/// One HTML file with the curves and tables of a word-length study.
public struct WordLengthPage: Sendable {
  private let report: WordLengthReport
  private let title: String
  private let command: String

  /// - Parameter command: what makes the page again.
  public init(_ report: WordLengthReport, title: String, command: String) {
    self.report = report
    self.title = title
    self.command = command
  }

  /// Equal studies give equal bytes.
  public var html: String {
    let name = HTMLText.escape(title)
    let figures = plots.map { plot in
      """
      <figure class="plot">
      <h2>\(HTMLText.escape(plot.title))</h2>
      \(plot.svg)
      </figure>
      """
    }
    return """
      <!DOCTYPE html>
      <html lang="en">
      <head>
      <meta charset="utf-8">
      <meta http-equiv="Content-Security-Policy" content="default-src 'none'; style-src 'unsafe-inline'">
      <meta name="viewport" content="width=device-width, initial-scale=1">
      <title>\(name): word lengths</title>
      <style>
      \(String(decoding: PackageResources.report_css, as: UTF8.self))
      </style>
      </head>
      <body>
      <header><h1>\(name): word lengths</h1></header>
      <dl class="facts">
      <dt>samples</dt><dd>\(HTMLText.escape(report.samples))</dd>
      <dt>in floats</dt><dd>NMSE \(report.reference.nmse.fixed(3)) dB</dd>
      <dt>command</dt><dd><code>\(HTMLText.escape(command))</code></dd>
      </dl>
      <div class="plots">
      \(figures.joined(separator: "\n"))
      </div>
      \(tables)
      <footer>Every figure was measured by running the network in integers on these samples. Hardware is an estimate of the
      cost model of the compiled datapath, before any synthesis.</footer>
      </body>
      </html>

      """
  }

  private var plots: [CurvePlot] {
    let byIntegerBits = Dictionary(grouping: report.joint, by: \.format.integerBits)
    let joint = byIntegerBits.keys.sorted().map { bits in
      CurvePlot.Curve(
        name: "<W,\(bits)>",
        points: byIntegerBits[bits]!.compactMap { point in
          point.figures.map { (Double(point.format.wordLength), $0.roundingError) }
        }.filter { $0.1 > 0 })
    }.filter { !$0.points.isEmpty }
    let loss = report.tensors.map { tensor in
      CurvePlot.Curve(
        name: "\(tensor)",
        points: report.single.filter { $0.tensor == tensor }.compactMap { point in
          point.figures.map { (Double(point.format.wordLength), $0.nmse - report.reference.nmse) }
        })
    }.filter { !$0.points.isEmpty }
    var plots: [CurvePlot] = []
    if !joint.isEmpty {
      plots.append(
        CurvePlot(
          title: "Mean squared error of the integers, one format for all tensors",
          xTitle: "word length W", yTitle: "against the network in floats", yScale: .logarithmic,
          curves: joint))
    }
    if !loss.isEmpty {
      plots.append(
        CurvePlot(
          title: "What each tensor's word length costs, the others long",
          xTitle: "word length W", yTitle: "loss of NMSE, dB", yLimits: -0.1...2, curves: loss))
    }
    return plots
  }

  private var tables: String {
    report.tables.map { title, table in
      """
      <section><h2>\(HTMLText.escape(title))</h2>
      <pre class="table">\(HTMLText.escape(table.text))</pre></section>
      """
    }.joined(separator: "\n")
  }
}
