import PareText

/// Horizontal stacked bars on one scale, each with its name and value as text of the page: readable at any width, drawn
/// without a script.
struct BarFigure {
  struct Segment {
    var name: String
    var value: Double
    /// What a pointer is told, plain text.
    var title: String
  }

  struct Bar {
    /// Plain text.
    var name: String
    /// HTML.
    var value: String
    var segments: [Segment]
    /// Ends of the range that the sum may lie in.
    var whisker: ClosedRange<Double>?
    /// Whether the value is an estimate: drawn in outline.
    var isEstimate: Bool
    /// HTML below the bar.
    var note = ""
    /// Whether it is more than there is room for.
    var isTooMuch = false
  }

  var title: String
  /// HTML.
  var note: String
  var bars: [Bar]
  /// Where a line is drawn on all bars, such as a device's limit.
  var limit: Double?
  /// Whether bars are low, where there are many.
  var isThin = false
  /// The value at the full width; what the bars span when absent.
  var fullScale: Double?

  /// Names that get a colour of their own, in the order of their first use.
  var legend: [String] {
    var seen: Set<String> = []
    return bars.flatMap(\.segments).map(\.name).filter { seen.insert($0).inserted }
  }

  /// The value at the full width.
  var scale: Double {
    let ends: [Double] = bars.map { bar in
      max(bar.segments.reduce(0) { $0 + $1.value }, bar.whisker?.upperBound ?? 0)
    }
    return max(fullScale ?? 0, ends.max() ?? 0)
  }

  var html: String {
    let names = legend
    let rows = bars.map { bar in
      """
      <div class="bar\(bar.isTooMuch ? " too-much" : "")">
      <span class="bar-name">\(HTMLText.escape(bar.name))</span><span class="bar-value">\(bar.value)</span>
      \(drawing(of: bar, names))
      \(bar.note.isEmpty ? "" : "<p class=\"bar-note\">\(bar.note)</p>\n")</div>
      """
    }
    return """
      <figure class="plot bars\(isThin ? " thin" : "")">
      <h3>\(HTMLText.escape(title))</h3>
      <p class="note">\(note)</p>
      \(names.count > 1 ? key(names) : "")
      \(rows.joined(separator: "\n"))
      </figure>
      """
  }

  private func key(_ names: [String]) -> String {
    let items = names.enumerated().map { index, name in
      "<li><svg width=\"12\" height=\"12\" aria-hidden=\"true\"><rect width=\"12\" height=\"12\" class=\"scheme-\(index % 8)\"/></svg> \(HTMLText.escape(name))</li>"
    }
    return "<ul class=\"key\">\(items.joined())</ul>\n"
  }

  private func drawing(of bar: Bar, _ names: [String]) -> String {
    let scale = scale
    func percent(_ value: Double) -> String {
      scale > 0 ? (100 * value / scale).fixed(3) + "%" : "0%"
    }
    var start = 0.0
    var parts: [String] = []
    for segment in bar.segments {
      let color = names.firstIndex(of: segment.name).map { $0 % 8 } ?? 0
      parts.append(
        "<rect class=\"\(bar.isEstimate ? "estimate" : "exact") scheme-\(color) curve-\(color)\" x=\"\(percent(start))\" y=\"\(isThin ? 1 : 3)\" width=\"\(percent(segment.value))\" height=\"\(isThin ? 6 : 14)\"><title>\(HTMLText.escape(segment.title))</title></rect>"
      )
      start += segment.value
    }
    if let whisker = bar.whisker {
      let (low, high) = (percent(whisker.lowerBound), percent(whisker.upperBound))
      parts.append(
        "<line class=\"whisker\" x1=\"\(low)\" x2=\"\(high)\" y1=\"10\" y2=\"10\"/><line class=\"whisker\" x1=\"\(low)\" x2=\"\(low)\" y1=\"5\" y2=\"15\"/><line class=\"whisker\" x1=\"\(high)\" x2=\"\(high)\" y1=\"5\" y2=\"15\"/>"
      )
    }
    if let limit {
      parts.append(
        "<line class=\"limit\" x1=\"\(percent(limit))\" x2=\"\(percent(limit))\" y1=\"0\" y2=\"20\"/>"
      )
    }
    return
      "<svg class=\"bar-drawing\" width=\"100%\" height=\"\(isThin ? 8 : 20)\" role=\"img\" aria-label=\"\(HTMLText.escape(bar.name))\">\(parts.joined())</svg>"
  }
}
