import PareNumerics
import PareText

/// Curves over a common axis as an SVG drawing that needs no script.
struct CurvePlot {
  struct Curve {
    var name: String
    /// In the order of x.
    var points: [(x: Double, y: Double)]
  }

  enum Scale { case linear, logarithmic }

  var title: String
  var xTitle: String
  var yTitle: String
  var yScale = Scale.linear
  /// Limits of y that cut curves off; what the points span when absent.
  var yLimits: ClosedRange<Double>?
  var curves: [Curve]

  private static let width = 620.0
  private static let height = 360.0
  private static let left = 66.0
  private static let top = 14.0
  private static let bottom = 46.0
  /// Room for the curves' names.
  private static let right = 128.0

  /// - Precondition: a curve has a point; all coordinates are finite, and positive on a logarithmic scale.
  var svg: String {
    let points = curves.flatMap(\.points)
    precondition(!points.isEmpty, "\(title): no points")
    for point in points {
      precondition(
        point.x.isFinite && point.y.isFinite && (yScale == .linear || point.y > 0),
        "\(title): a point at \(point)")
    }
    let x = Axis(
      points.map(\.x).min()!...points.map(\.x).max()!, ticks: 10, length: Self.plotWidth)
    let y = vertical(points.map(\.y))
    var lines = [
      """
      <svg viewBox="0 0 \(Self.width.fixed(0)) \(Self.height.fixed(0))" role="img" aria-label="\(HTMLText.escape(title))">
      <defs><clipPath id="\(clip)"><rect x="\(Self.left.fixed(0))" y="\(Self.top.fixed(0))" width="\(Self.plotWidth.fixed(0))" \
      height="\(Self.plotHeight.fixed(0))"/></clipPath></defs>
      """
    ]
    let base = Self.top + Self.plotHeight
    for tick in x.ticks {
      let at = (Self.left + x.position(tick)).fixed(1)
      lines.append("<path class=\"grid\" d=\"M\(at) \(Self.top.fixed(1))V\(base.fixed(1))\"/>")
      lines.append(
        "<text class=\"tick\" x=\"\(at)\" y=\"\((base + 17).fixed(1))\" text-anchor=\"middle\">\(x.text(tick))</text>"
      )
    }
    for tick in y.ticks {
      let at = base - y.position(tick)
      lines.append(
        "<path class=\"grid\" d=\"M\(Self.left.fixed(1)) \(at.fixed(1))h\(Self.plotWidth.fixed(1))\"/>"
      )
      let text =
        yScale == .logarithmic
        ? "10<tspan class=\"power\" dy=\"-5\">\(Int(tick))</tspan>" : y.text(tick)
      lines.append(
        "<text class=\"tick\" x=\"\((Self.left - 7).fixed(1))\" y=\"\((at + 4).fixed(1))\" text-anchor=\"end\">\(text)</text>"
      )
    }
    lines.append("<g clip-path=\"url(#\(clip))\">")
    for (index, curve) in curves.enumerated() where !curve.points.isEmpty {
      let path = curve.points.map { point in
        "\((Self.left + x.position(point.x)).fixed(1)) \((base - y.position(scaled(point.y))).fixed(1))"
      }
      lines.append(
        "<path class=\"curve curve-\(index % 8)\" d=\"M\(path.joined(separator: "L"))\"/>")
    }
    lines.append("</g>")
    for (index, curve) in curves.enumerated() {
      let at = Self.top + 10 + 18 * Double(index)
      let start = Self.left + Self.plotWidth + 10
      lines.append(
        "<path class=\"curve curve-\(index % 8)\" d=\"M\(start.fixed(1)) \(at.fixed(1))h20\"/>")
      lines.append(
        "<text class=\"name\" x=\"\((start + 25).fixed(1))\" y=\"\((at + 4).fixed(1))\">\(HTMLText.escape(curve.name))</text>"
      )
    }
    lines.append(
      """
      <text class="axis" x="\((Self.left + Self.plotWidth / 2).fixed(1))" y="\((Self.height - 8).fixed(1))" \
      text-anchor="middle">\(HTMLText.escape(xTitle))</text>
      <text class="axis" transform="translate(15 \((Self.top + Self.plotHeight / 2).fixed(1))) rotate(-90)" \
      text-anchor="middle">\(HTMLText.escape(yTitle))</text>
      </svg>
      """)
    return lines.joined(separator: "\n")
  }

  private static var plotWidth: Double { width - left - right }
  private static var plotHeight: Double { height - top - bottom }

  /// A name for the clipping rectangle that is the page's own.
  private var clip: String {
    var hash = StableHash()
    hash.combine(title)
    return "clip-\(hash.hex)"
  }

  private func scaled(_ y: Double) -> Double {
    yScale == .linear ? y : decibels(y) / 10
  }

  private func vertical(_ values: [Double]) -> Axis {
    let limits = yLimits ?? values.min()!...values.max()!
    let low = scaled(limits.lowerBound)
    let high = scaled(limits.upperBound)
    guard yScale == .logarithmic else {
      return Axis(low...high, ticks: 7, length: Self.plotHeight)
    }
    return Axis(
      low.rounded(.down)...high.rounded(.up), ticks: 8, length: Self.plotHeight, wholeOnly: true)
  }
}

/// One axis of a drawing: its limits widened to round numbers.
struct Axis {
  let ticks: [Double]
  private let low: Double
  private let high: Double
  private let step: Double
  private let length: Double

  /// - Parameter ticks: about how many there may be.
  init(_ values: ClosedRange<Double>, ticks count: Int, length: Double, wholeOnly: Bool = false) {
    let span = max(values.upperBound - values.lowerBound, abs(values.upperBound) * 1e-6, 1e-12)
    let rough = span / Double(count)
    var unit = 1.0
    while unit > rough { unit /= 10 }
    while unit * 10 <= rough { unit *= 10 }
    var step = [1.0, 2, 5, 10].map { $0 * unit }.first { $0 >= rough } ?? 10 * unit
    if wholeOnly { step = max(step.rounded(.up), 1) }
    let first = (values.lowerBound / step).rounded(.down)
    let last = max((values.upperBound / step).rounded(.up), first + 1)
    self.step = step
    self.length = length
    low = first * step
    high = last * step
    self.ticks = (0...Int(last - first)).map { (first + Double($0)) * step }
  }

  /// Distance from the start of the axis.
  func position(_ value: Double) -> Double { (value - low) / (high - low) * length }

  /// As many decimals as the step needs.
  func text(_ value: Double) -> String {
    var decimals = 0
    var scaled = step
    while decimals < 12, abs(scaled - scaled.rounded()) > 1e-9 * max(1, abs(scaled)) {
      scaled *= 10
      decimals += 1
    }
    return value.fixed(decimals)
  }
}
