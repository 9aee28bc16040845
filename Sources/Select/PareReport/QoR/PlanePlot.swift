import PareNumerics
import PareText

/// Points and curves in a plane, drawn small enough that its text is legible on a phone, without a script.
struct PlanePlot {
  enum Scale { case linear, logarithmic }

  struct Point {
    var x: Double
    var y: Double
    /// What a pointer is told, plain text.
    var title = ""
  }

  enum Style: Hashable {
    case curve
    case dashed
    /// Levels that hold until the next point, as the border of a front.
    case stairs
    /// Many small dots in one path.
    case dots
    case circles(isFilled: Bool)
    case squares(isFilled: Bool)
  }

  struct Series {
    /// In the key below the drawing; empty for what needs none.
    var name: String
    var color: Int
    var style: Style
    var points: [Point]
  }

  /// Of the page's own, for references inside the drawing.
  var id: String
  var title: String
  /// HTML.
  var note: String
  var xTitle: String
  var yTitle: String
  var xScale = Scale.linear
  /// What the points span when absent; what lies beyond is cut off.
  var xLimits: ClosedRange<Double>?
  var yLimits: ClosedRange<Double>?
  var series: [Series]

  private static let width = 440.0
  private static let height = 290.0
  private static let left = 64.0
  private static let right = 14.0
  private static let top = 10.0
  private static let bottom = 44.0
  private static var plotWidth: Double { width - left - right }
  private static var plotHeight: Double { height - top - bottom }

  /// - Precondition: there is a point; all coordinates are finite, and positive on a logarithmic scale.
  var html: String {
    """
    <figure class="plot plane" id="\(id)">
    <h3>\(HTMLText.escape(title))</h3>
    <p class="note">\(note)</p>
    \(svg)
    \(key)
    </figure>
    """
  }

  private var key: String {
    let items = series.filter { !$0.name.isEmpty && !$0.points.isEmpty }.map { series in
      "<li><svg width=\"22\" height=\"12\" aria-hidden=\"true\">\(sample(of: series))</svg> \(HTMLText.escape(series.name))</li>"
    }
    return items.isEmpty ? "" : "<ul class=\"key\">\(items.joined())</ul>"
  }

  private func sample(of series: Series) -> String {
    switch series.style {
    case .curve, .dashed, .stairs:
      "<path class=\"\(line(series))\" d=\"M1 6h20\"/>"
    case .dots:
      "<path class=\"dots curve-\(series.color % 8)\" d=\"M5 8h0.1M11 4h0.1M17 7h0.1\"/>"
    case .circles, .squares: mark(series, at: (11, 6), title: "")
    }
  }

  private func line(_ series: Series) -> String {
    "\(series.style == .dashed ? "dashed " : series.style == .stairs ? "stairs " : "")curve curve-\(series.color % 8)"
  }

  private func mark(_ series: Series, at place: (x: Double, y: Double), title: String) -> String {
    let color = series.color % 8
    let (x, y) = place
    let text = title.isEmpty ? "" : "<title>\(HTMLText.escape(title))</title>"
    func classes(_ isFilled: Bool) -> String {
      "mark curve-\(color) " + (isFilled ? "scheme-\(color)" : "hollow")
    }
    switch series.style {
    case .circles(let isFilled):
      return
        "<circle class=\"\(classes(isFilled))\" cx=\"\(x.fixed(2))\" cy=\"\(y.fixed(2))\" r=\"4.5\">\(text)</circle>"
    case .squares(let isFilled):
      return
        "<rect class=\"\(classes(isFilled))\" x=\"\((x - 4).fixed(2))\" y=\"\((y - 4).fixed(2))\" width=\"8\" height=\"8\">\(text)</rect>"
    case .curve, .dashed, .stairs, .dots:
      preconditionFailure("\(series.name) has no marks")
    }
  }

  private var svg: String {
    let points = series.flatMap(\.points)
    precondition(!points.isEmpty, "\(title): no points")
    for point in points {
      precondition(
        point.x.isFinite && point.y.isFinite && (xScale == .linear || point.x > 0),
        "\(title): a point at \(point.x), \(point.y)")
    }
    let x = PlaneAxis(
      xLimits ?? points.map(\.x).min()!...points.map(\.x).max()!, xScale, ticks: 6,
      length: Self.plotWidth)
    let y = PlaneAxis(
      yLimits ?? points.map(\.y).min()!...points.map(\.y).max()!, .linear, ticks: 6,
      length: Self.plotHeight)
    let base = Self.top + Self.plotHeight
    func place(_ point: Point) -> (x: Double, y: Double) {
      (Self.left + x.position(point.x), base - y.position(point.y))
    }
    var lines = [
      """
      <svg viewBox="0 0 \(Self.width.fixed(0)) \(Self.height.fixed(0))" role="img" aria-label="\(HTMLText.escape(title))">
      <defs><clipPath id="\(id)-clip"><rect x="\(Self.left.fixed(0))" y="\(Self.top.fixed(0))" width="\(Self.plotWidth.fixed(0))" \
      height="\(Self.plotHeight.fixed(0))"/></clipPath></defs>
      """
    ]
    lines += x.ticks.map { tick in
      let at = (Self.left + x.position(tick)).fixed(1)
      return
        "<path class=\"grid\" d=\"M\(at) \(Self.top.fixed(1))V\(base.fixed(1))\"/><text class=\"tick\" x=\"\(at)\" y=\"\((base + 16).fixed(1))\" text-anchor=\"middle\">\(x.text(tick))</text>"
    }
    lines += y.ticks.map { tick in
      let at = base - y.position(tick)
      return
        "<path class=\"grid\" d=\"M\(Self.left.fixed(1)) \(at.fixed(1))h\(Self.plotWidth.fixed(1))\"/><text class=\"tick\" x=\"\((Self.left - 6).fixed(1))\" y=\"\((at + 4).fixed(1))\" text-anchor=\"end\">\(y.text(tick))</text>"
    }
    lines.append("<g clip-path=\"url(#\(id)-clip)\">")
    for series in series where !series.points.isEmpty {
      let places = series.points.map(place)
      switch series.style {
      case .curve, .dashed:
        lines.append("<path class=\"\(line(series))\" d=\"M\(path(places, by: "L"))\"/>")
      case .stairs:
        var steps: [(x: Double, y: Double)] = []
        for (index, place) in places.enumerated() {
          if index > 0 { steps.append((place.x, places[index - 1].y)) }
          steps.append(place)
        }
        steps.append((Self.left + Self.plotWidth, places[places.count - 1].y))
        lines.append("<path class=\"\(line(series))\" d=\"M\(path(steps, by: "L"))\"/>")
      case .dots:
        let d = places.map { "M\($0.x.fixed(1)) \($0.y.fixed(1))h0.1" }.joined()
        lines.append("<path class=\"dots curve-\(series.color % 8)\" d=\"\(d)\"/>")
      case .circles, .squares:
        lines += zip(series.points, places).map { mark(series, at: $1, title: $0.title) }
      }
    }
    lines.append(
      """
      </g>
      <text class="axis" x="\((Self.left + Self.plotWidth / 2).fixed(1))" y="\((Self.height - 8).fixed(1))" \
      text-anchor="middle">\(HTMLText.escape(xTitle))</text>
      <text class="axis" transform="translate(13 \((Self.top + Self.plotHeight / 2).fixed(1))) rotate(-90)" \
      text-anchor="middle">\(HTMLText.escape(yTitle))</text>
      </svg>
      """)
    return lines.joined(separator: "\n")
  }

  private func path(_ places: [(x: Double, y: Double)], by separator: String) -> String {
    places.map { "\($0.x.fixed(1)) \($0.y.fixed(1))" }.joined(separator: separator)
  }
}

/// An axis of a ``PlanePlot``: linear with round ends, or logarithmic with ticks at 1, 2 and 5 of each decade.
struct PlaneAxis {
  let ticks: [Double]
  private let linear: Axis?
  private let low: Double
  private let high: Double
  private let length: Double

  /// - Precondition: limits above 0 on a logarithmic scale.
  init(_ limits: ClosedRange<Double>, _ scale: PlanePlot.Scale, ticks count: Int, length: Double) {
    self.length = length
    switch scale {
    case .linear:
      let axis = Axis(limits, ticks: count, length: length)
      linear = axis
      ticks = axis.ticks
      low = limits.lowerBound
      high = limits.upperBound
    case .logarithmic:
      precondition(limits.lowerBound > 0, "a logarithmic axis from \(limits.lowerBound)")
      linear = nil
      // A twentieth of a decade at each end, so that no mark lies on the frame.
      low = decibels(limits.lowerBound) / 10 - 0.05
      high = max(decibels(limits.upperBound) / 10 + 0.05, low + 0.4)
      let range = low...high
      func inside(_ digits: [Double]) -> [Double] {
        (Int(range.lowerBound.rounded(.down))...Int(range.upperBound.rounded(.up))).flatMap {
          decade in
          digits.map { $0 * Self.power(of: decade) }
        }.filter { range ~= decibels($0) / 10 }
      }
      // As many as have room for their labels.
      let unit = length / (range.upperBound - range.lowerBound)
      let choices = [[1, 2, 3, 4, 5, 6, 7, 8, 9], [1, 2, 3, 5, 7], [1, 2, 5], [1, 3], [1]]
        .map(inside)
      ticks =
        choices.first { choice in
          zip(choice, choice.dropFirst()).allSatisfy { unit * decibels($1 / $0) / 10 >= 36 }
        } ?? choices[choices.count - 1]
    }
  }

  func position(_ value: Double) -> Double {
    linear?.position(value) ?? (decibels(value) / 10 - low) / (high - low) * length
  }

  func text(_ value: Double) -> String {
    if let linear { return linear.text(value).replacing("-", with: "\u{2212}") }
    return value >= 1 ? Int(value.rounded()).grouped : EngineeringNumber(value).shortText
  }

  /// Ten to a power, as near as a double comes.
  private static func power(of exponent: Int) -> Double {
    Double("1e\(exponent)")!
  }
}
