import Foundation
import PareReport
import Testing

/// What a page tells about itself when it is opened with `#selfcheck`.
struct SelfCheck: Decodable {
  struct Tick: Decodable {
    var label: String
    var at: Double
  }

  struct Mark: Decodable {
    var key: String
    var x: Double
    var y: Double
  }

  struct Plot: Decodable {
    var indices: Int
    var cloudMarks: Int
    var binned: Int
    var elements: Int
    var marks: [Mark]
    var yTitle: String
    var xTicks: [Tick]
    var yTicks: [Tick]
  }

  struct State: Decodable {
    var shown: Int
    var plots: [String: Plot]
  }

  struct Colors: Decodable, Equatable {
    var background: String
    var ink: String
    var surface: String
  }

  struct SystemTheme: Decodable {
    var isDark: Bool
    var background: String
  }

  struct Exported: Decodable {
    var id: String
    var text: String
  }

  struct Tip: Decodable {
    var key: String
    var text: String
    var model: String?
  }

  var count: Int
  var openedAfterMilliseconds: Int
  var first: State
  var exported: [Exported]
  var tip: Tip?
  var afterTwoSteps: String?
  var withoutFirstQuantizer: State
  var nnzUpTo50: State
  var nothing: State
  var afterReset: Int
  var onTest: State
  var linear: State
  var systemTheme: SystemTheme
  var light: Colors
  var dark: Colors
  var problems: [String]

  /// Writes a page, opens it and reads what it found.
  init(
    of data: ReportData, in browser: Browser, width: Int = 1400, isDark: Bool = false,
    sourceLocation: SourceLocation = #_sourceLocation
  ) throws {
    let folder = try Browser.temporaryFolder()
    defer { try? FileManager.default.removeItem(at: folder) }
    let page = folder.appending(path: "report.html")
    try Data(ReportPage(data).html).write(to: page)
    let outcome = try browser.open(page, fragment: "selfcheck", width: width, isDark: isDark)
    #expect(outcome.console == [], sourceLocation: sourceLocation)
    let start = try #require(
      outcome.document.range(of: "<pre id=\"selfcheck\" hidden=\"\">"),
      "the page did not check itself", sourceLocation: sourceLocation)
    let end = try #require(outcome.document.range(of: "</pre>", options: .backwards))
    let json = outcome.document[start.upperBound..<end.lowerBound]
      .replacing("&lt;", with: "<").replacing("&gt;", with: ">").replacing("&amp;", with: "&")
    self = try JSONDecoder().decode(SelfCheck.self, from: Data(json.utf8))
  }
}

extension SelfCheck.Plot {
  /// Where a value belongs on an axis, by its outermost labels: an oracle that knows nothing of how the page computes it.
  static func place(of value: Double, between ticks: [SelfCheck.Tick], isLogarithmic: Bool) throws
    -> Double
  {
    let numbers = try ticks.map { tick in
      (try #require(Double(tick.label.replacing("\u{2212}", with: "-"))), tick.at)
    }
    let first = try #require(numbers.first)
    let last = try #require(numbers.last)
    func scale(_ x: Double) -> Double { isLogarithmic ? log(x) : x }
    return first.1
      + (scale(value) - scale(first.0)) / (scale(last.0) - scale(first.0)) * (last.1 - first.1)
  }
}
