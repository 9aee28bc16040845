import PareDatapath
import PareQoR
import PareText

/// Where a number on a page comes from, as its footnote says it.
struct FigureOrigin: Hashable {
  enum Kind: String {
    case measured, estimated
    /// Computed for the page from numbers that have footnotes of their own.
    case derived
  }

  var kind: Kind
  var tool: String
  var version: String?
  var stage: String
  var note: String?

  init(_ kind: Kind, tool: String, version: String?, stage: String, note: String? = nil) {
    self.kind = kind
    self.tool = tool
    self.version = version
    self.stage = stage
    self.note = note
  }

  init(_ provenance: Provenance) {
    self.init(
      provenance.kind == .measured ? .measured : .estimated, tool: provenance.tool,
      version: provenance.version, stage: provenance.stage.words, note: provenance.note)
  }

  /// The accuracy of an implementation on a split.
  init(_ accuracy: QoRDesign.Accuracy, split: String) {
    let words = accuracy.generator.split(separator: " ", maxSplits: 1).map(String.init)
    self.init(
      .measured, tool: words.first ?? accuracy.generator, version: words.count > 1 ? words[1] : nil,
      stage: "integer model",
      note: "NMSE of the integers on the \(split) split of \(accuracy.dataset)")
  }

  init(_ resources: QoRDesign.Resources) {
    let words = resources.generator.split(separator: " ", maxSplits: 1).map(String.init)
    self.init(
      .estimated, tool: words.first ?? resources.generator,
      version: words.count > 1 ? words[1] : nil, stage: QoRStage.costModel.words,
      note: "model of cells for \(resources.family.rawValue)")
  }

  /// A line for a tooltip.
  var words: String {
    "\(kind.rawValue): "
      + [version.map { "\(tool) \($0)" } ?? tool, stage, note].compactMap { $0 }
      .joined(separator: ", ")
  }
}

extension QoRStage {
  var words: String {
    switch self {
    case .costModel: "cost model"
    case .highLevelSynthesis: "high-level synthesis"
    case .cosimulation: "co-simulation"
    case .synthesis: "synthesis"
    case .placeAndRoute: "place and route"
    }
  }
}

/// The footnotes of a page, numbered in the order of their first use.
struct OriginList {
  private(set) var origins: [FigureOrigin] = []
  private var places: [FigureOrigin: Int] = [:]

  /// A superscript that leads to the footnote.
  mutating func mark(_ origin: FigureOrigin) -> String {
    let place = places[origin] ?? origins.count
    if place == origins.count {
      origins.append(origin)
      places[origin] = place
    }
    return
      "<sup><a href=\"#origin-\(place + 1)\" title=\"\(HTMLText.escape(origin.words))\">\(place + 1)</a></sup>"
  }

  /// A number with its mark; an estimate carries `~`.
  ///
  /// - Parameter text: the number and its unit, plain text.
  mutating func number(_ text: String, _ origin: FigureOrigin) -> String {
    // A thin space keeps the sign of an estimate from running into that of a negative number.
    let sign = origin.kind != .estimated ? "" : text.hasPrefix("\u{2212}") ? "~\u{2009}" : "~"
    return
      "<span class=\"number\" title=\"\(HTMLText.escape(origin.words))\">\(sign)\(HTMLText.escape(text))\(mark(origin))</span>"
  }

  /// The table that the marks lead to.
  var html: String {
    let rows = origins.enumerated().map { index, origin in
      let cells = [
        origin.kind.rawValue, origin.version.map { "\(origin.tool) \($0)" } ?? origin.tool,
        origin.stage, origin.note ?? "",
      ].map { "<td>\(HTMLText.escape($0))</td>" }
      return
        "<tr id=\"origin-\(index + 1)\"><td class=\"number\">\(index + 1)</td>\(cells.joined())</tr>"
    }
    return """
      <section id="provenance">
      <h2>Where every number comes from</h2>
      <p class="note">Measured: counted, timed or computed on the very design. Estimated (~): derived by a rule or a model from \
      something else. Derived: computed on this page from numbers with footnotes of their own.</p>
      <div class="wide origins"><table>
      <thead><tr><th scope="col" class="number">#</th><th scope="col">kind</th><th scope="col">tool and version</th>\
      <th scope="col">stage</th><th scope="col">how</th></tr></thead>
      <tbody>
      \(rows.joined(separator: "\n"))
      </tbody></table></div>
      </section>
      """
  }
}
