import Foundation
import PareExplore
import PareReport
import Testing

#if canImport(FoundationXML)
  import FoundationXML
#endif

/// The page in a real browser; left out, and said so, where there is none.
@Suite(
  .enabled(
    if: Browser.installed != nil || Browser.isRequired,
    "no Chromium on PATH (nor in PARE_CHROMIUM): how the report behaves in a browser was not tested"
  ),
  .serialized)
struct BrowserTests {
  let browser: Browser

  init() throws {
    browser = try #require(
      Browser.installed, "PARE_REQUIRE_BROWSER is 1, and there is no Chromium on PATH")
  }

  /// Half a pixel of anti-aliasing would be seen by nobody; the page rounds positions to 0.01.
  static let pixel = 0.05

  @Test func `a sweep is drawn where its values say, and answers to filters, keys and themes`()
    throws
  {
    let data = SyntheticSweep().data
    let check = try SelfCheck(of: data, in: browser)
    #expect(check.problems == [])
    #expect(check.count == 1344)
    #expect(check.first.shown == 1344)
    let points = Dictionary(uniqueKeysWithValues: zip(data.points.map(\.key), data.points))

    for (id, standing) in [
      ("schemes", ReportData.Standing.schemeFront), ("merged", .merged),
      ("channels-power", .kept), ("channels-nnz", .kept), ("pruning-nmse", .kept),
      ("pruning-nnz", .kept),
    ] {
      let plot = try #require(check.first.plots[id])
      let members = data.standings.indices.filter { data.standings[$0].contains(standing) }
      #expect(Set(plot.marks.map(\.key)) == Set(members.map { data.points[$0].key }))
      #expect(plot.indices == 1344)
      #expect(plot.cloudMarks == 1344 - members.count)
      #expect(plot.binned == 0)
    }

    for (state, x, y) in [
      (check.first, true, Metric.nmse), (check.onTest, true, .testNMSE),
      (check.linear, false, .nmse),
    ] {
      for id in ["schemes", "merged"] {
        let plot = try #require(state.plots[id])
        for mark in plot.marks {
          let metrics = try #require(points[mark.key]).metrics
          let atX = try SelfCheck.Plot.place(
            of: #require(metrics[.nnz]), between: plot.xTicks, isLogarithmic: x)
          let atY = try SelfCheck.Plot.place(
            of: #require(metrics[y]), between: plot.yTicks, isLogarithmic: false)
          #expect(abs(mark.x - atX) < Self.pixel, "\(id) \(mark.key)")
          #expect(abs(mark.y - atY) < Self.pixel, "\(id) \(mark.key)")
        }
      }
    }
    // Axes of classes: a mark stands within the band of its class, half way to the next label at most.
    let power = try #require(check.first.plots["channels-power"])
    #expect(power.yTitle == "dynamic power, est. (W)")
    let step = power.xTicks[1].at - power.xTicks[0].at
    for mark in power.marks {
      let metrics = try #require(points[mark.key]).metrics
      let label = try #require(
        power.xTicks.first { Double($0.label) == metrics[.channels] }, "no label for \(mark.key)")
      #expect(abs(mark.x - label.at) < step / 2)
      let atY = try SelfCheck.Plot.place(
        of: #require(metrics[.power]), between: power.yTicks.filter { $0.label != "" },
        isLogarithmic: true)
      #expect(abs(mark.y - atY) < Self.pixel)
    }

    let others = data.points.filter { $0.quantizer != "none" }
    #expect(check.withoutFirstQuantizer.shown == others.count)
    #expect(check.withoutFirstQuantizer.plots["merged"]?.indices == others.count)
    let small = data.points.filter { $0.metrics[.nnz]! <= 50 }
    #expect(check.nnzUpTo50.shown == small.count)
    for plot in check.nnzUpTo50.plots.values {
      #expect(plot.cloudMarks + plot.marks.count == small.count)
    }
    #expect(check.nothing.shown == 0)
    #expect(check.nothing.plots.values.allSatisfy { $0.marks.isEmpty && $0.cloudMarks == 0 })
    #expect(check.afterReset == 1344)

    let tip = try #require(check.tip)
    let tipped = try #require(points[tip.key])
    #expect(tip.text.contains(tipped.name))
    #expect(tip.text.contains("dB"))
    #expect(tip.text.contains("est."))
    let index = try #require(data.points.firstIndex { $0.key == tip.key })
    #expect(tip.model == data.modelPaths[index])
    let merged = data.standings.indices.filter { data.standings[$0].contains(.merged) }
      .sorted { data.points[$0].metrics[.nnz]! < data.points[$1].metrics[.nnz]! }
    #expect(check.afterTwoSteps == data.points[merged[1]].key)

    #expect(!check.systemTheme.isDark)
    #expect(check.systemTheme.background == check.light.background)
    #expect(check.light != check.dark)
    #expect(check.light.surface != check.dark.surface)
  }

  @Test func `an exported plot is an SVG file that stands alone`() throws {
    let data = SyntheticSweep().data
    let check = try SelfCheck(of: data, in: browser)
    #expect(check.exported.count == 6)
    for plot in check.exported {
      let document = try XMLDocument(xmlString: plot.text)
      let root = try #require(document.rootElement())
      #expect(root.name == "svg")
      #expect(root.attributes?.contains { $0.name == "width" } == true)
      // Nothing in it needs a style sheet, a variable or another file.
      #expect(!plot.text.contains("var(--"))
      #expect(!plot.text.contains("href"))
      #expect(!plot.text.contains("url("))
      let marks = try #require(check.first.plots[plot.id]).marks
      #expect(plot.text.split(separator: "data-i=").count - 1 == marks.count)
    }
  }

  @Test func `a system in the dark gets a dark page`() throws {
    let check = try SelfCheck(of: SyntheticSweep().data, in: browser, isDark: true)
    #expect(check.systemTheme.isDark)
    #expect(check.systemTheme.background == check.dark.background)
  }

  @Test func `what is dominated among more than 20,000 points is binned, and the bins count all`()
    throws
  {
    let data = SyntheticSweep(copies: 16).data
    let check = try SelfCheck(of: data, in: browser)
    #expect(check.problems == [])
    #expect(check.first.shown == 21_504)
    for plot in check.first.plots.values {
      #expect(plot.cloudMarks == 0)
      #expect(plot.binned + plot.marks.count == 21_504)
      // Of the order of the plot's area in bins, not of the points.
      #expect(plot.elements < 10_000)
    }
    // Few enough again, hence drawn one by one.
    let few = check.nnzUpTo50
    #expect(few.shown < 20_000)
    for plot in few.plots.values {
      #expect(plot.binned == 0)
      #expect(plot.cloudMarks + plot.marks.count == few.shown)
    }
  }

  @Test func `text from data is text, whatever it looks like`() throws {
    let evil =
      "</script><script>document.title='owned'</script><img src=x onerror=alert(1)>\"'&\u{2028}"
    var sweep = SyntheticSweep(
      SyntheticSweep().data.points.prefix(40).map { point in
        CandidateSummary(
          key: point.key, name: point.name + evil, quantizer: point.quantizer + evil,
          activation: evil, hiddenChannels: point.hiddenChannels, metrics: point.metrics)
      }, run: evil)
    sweep.data.facts.append(.init(evil, evil))
    sweep.data.failures = [.init(key: evil, name: evil, reason: evil)]
    sweep.data.failureCount = 1
    let check = try SelfCheck(of: sweep.data, in: browser)
    #expect(check.problems == [])
    #expect(check.first.shown == 40)
    let tip = try #require(check.tip)
    #expect(tip.text.contains("</script><script>document.title='owned'</script>"))
  }

  @Test func `a ledger with one point, or none, or without figures of hardware has a page too`()
    throws
  {
    let points = SyntheticSweep().data.points
    for some in [Array(points.prefix(1)), []] {
      let check = try SelfCheck(of: SyntheticSweep(some).data, in: browser)
      #expect(check.problems == [])
      #expect(check.first.shown == some.count)
    }
    let bare = points.prefix(100).map { point in
      var metrics = point.metrics
      for metric in [Metric.power, .adders, .lut, .testNMSE] { metrics[metric] = nil }
      return CandidateSummary(
        key: point.key, name: point.name, quantizer: point.quantizer, activation: point.activation,
        hiddenChannels: point.hiddenChannels, metrics: metrics)
    }
    let check = try SelfCheck(of: SyntheticSweep(bare).data, in: browser)
    #expect(check.problems == [])
    #expect(check.first.plots["channels-power"]?.indices == 0)
    #expect(check.first.plots["schemes"]?.indices == 100)
  }
}
