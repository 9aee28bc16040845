import PareDatapath
import PareExplore
import PareNumerics
import PareQoR
import PareText
import PareTools
import Testing

@testable import PareReport

/// What the page of designs holds, read back without a browser.
@Suite struct QoRPageTests {
  private func tree(_ designs: [QoRDesign], candidates: [QoRCandidate] = []) throws -> PageTree {
    try PageTree(QoRPage(title: "test", designs: designs, candidates: candidates).html)
  }

  private static let sweep = (1...40).map { place in
    QoRCandidate(
      name: "p\(place)", nmse: -20 - Double(place) / 10, lut: 100 * Double(place),
      power: 0.001 * Double(place))
  }

  @Test func `a table of the page's own comes first, and nothing in it ends an element`() throws {
    var table = TextTable([("model", .left), ("LUT", .right)])
    table.add(["</td><script>", "141"])
    let lead = QoRPage.Lead(title: "six <networks>", table: table, notes: ["a & b"])
    let html = QoRPage(title: "test", designs: [SyntheticDesign().design], lead: [lead]).html
    _ = try PageTree(html)
    #expect(!html.contains("<script"))
    let place = try #require(html.firstRange(of: "six &lt;networks&gt;"))
    let first = try #require(html.firstRange(of: "class=\"design\""))
    #expect(place.upperBound < first.lowerBound)
    #expect(html.contains("<td class=\"number\">141</td>") && html.contains("<li>a &amp; b</li>"))
  }

  @Test func `the page is well formed, runs no script and reaches for no network`() throws {
    let html = QoRPage(
      title: "test", designs: [SyntheticDesign().design], candidates: Self.sweep
    ).html
    let tree = try PageTree(html)
    #expect(tree.root.all("script").isEmpty)
    #expect(tree.root.all("svg").count > 10)
    #expect(html.contains("default-src 'none'"))
    for word in ["src=\"", "@import", "url(http", "<link", "http:", "https:", "onclick"] {
      #expect(!html.contains(word), "\(word)")
    }
    for link in tree.root.all("a") {
      #expect(link.attributes["href"]?.hasPrefix("#") == true)
    }
  }

  @Test func `every number of a table or a bar has a footnote, and every footnote is there once`()
    throws
  {
    let tree = try tree([SyntheticDesign().design], candidates: Self.sweep)
    let ids = tree.root.all.compactMap { $0.attributes["id"] }
    #expect(Set(ids).count == ids.count)
    let marks = tree.root.all("sup").flatMap { $0.all("a") }
    #expect(marks.count > 60)
    for mark in marks {
      #expect(ids.contains(String(mark.attributes["href"]!.dropFirst())))
      #expect(mark.attributes["title"]?.contains(": ") == true)
    }
    let numbers = tree.root.all("span", class: "number")
    #expect(numbers.count > 40)
    for number in numbers { #expect(number.all("sup").count == 1, "\(number.text)") }
    // No digit stands in a cell of its own account, but in the names of figures and in ratios, whose head has the mark.
    for table in tree.root.all("table", class: "compare") {
      for row in table.all("tr") {
        for cell in row.all("td").dropFirst()
        where !cell.classes.contains("better") && !cell.classes.contains("worse") {
          let isRatio = cell.ownText.hasSuffix("\u{D7}")
          #expect(isRatio || !cell.ownText.contains(where: \.isNumber), "\(cell.text)")
        }
      }
    }
    let used = Set(marks.map { $0.attributes["href"]! })
    let notes = ids.filter { $0.hasPrefix("origin-") }
    #expect(used == Set(notes.map { "#" + $0 }))
  }

  @Test func `a footnote names tool, version, stage and kind`() throws {
    let tree = try tree([SyntheticDesign().design])
    let rows = tree.root.all("tr").filter {
      $0.attributes["id"]?.hasPrefix("origin-") == true
    }.map { $0.all("td").dropFirst().map(\.text) }
    #expect(rows.contains(["measured", "yosys 0.70", "synthesis", "LUT4 cells"]))
    #expect(rows.contains(["estimated", "pare 0.1.0", "synthesis", "power model of the family"]))
    #expect(
      rows.contains([
        "measured", "pare 0.1.0", "integer model",
        "NMSE of the integers on the test split of opendpd/APA_200MHz",
      ]))
  }

  @Test func `the table puts the baseline over the optimized design`() throws {
    let tree = try tree([SyntheticDesign().design])
    let table = try #require(tree.root.all("table", class: "compare").first)
    func row(_ name: String) -> [String] {
      guard let row = table.all("tr").first(where: { $0.all("td").first?.text == name }) else {
        return ["no row"]
      }
      return row.all("td").dropFirst().map { cell in
        // Without footnotes and ranges.
        cell.ownText
          + cell.children.filter { $0.name == "span" && $0.classes == ["number"] }
          .map(\.ownText).joined()
      }
    }
    // Routed figures win over synthesized ones: 900 and 1,800 LUT.
    #expect(row("LUT") == ["900", "1,800", "2.00\u{D7}"])
    #expect(row("DSP") == ["0", "80", "none left"])
    #expect(row("area, LUT + 100 DSP") == ["900", "9,800", "10.89\u{D7}"])
    #expect(row("dynamic power") == ["~40.0\u{A0}mW", "~100\u{A0}mW", "~2.50\u{D7}"])
    #expect(row("energy per sample") == ["~200\u{A0}pJ", "~500\u{A0}pJ", "~2.50\u{D7}"])
    #expect(row("fmax") == ["250.0\u{A0}MHz", "125.0\u{A0}MHz", "0.50\u{D7}"])
    #expect(
      row("NMSE, test") == [
        "\u{2212}24.32\u{A0}dB", "\u{2212}24.78\u{A0}dB", "0.46\u{A0}dB lost",
      ])
  }

  @Test func `bars are as long as their values`() throws {
    let tree = try tree([SyntheticDesign().design])
    let figure = try #require(
      tree.root.all("figure").first { $0.all("h3").first?.text == "Area by layer" })
    let bars = figure.all("div", class: "bar").map { bar in
      (
        bar.all("span", class: "bar-name").first?.text ?? "",
        bar.all("rect").map { Double($0.attributes["width"]!.dropLast())! }
      )
    }
    // The longest is the baseline's 1,800 LUT and 80 DSP blocks as 8,000; widths are rounded to 0.001 %.
    let whole = 9800.0
    func expected(_ values: [Double]) -> [Double] { values.map { 100 * $0 / whole } }
    let wanted: [(String, [Double])] = [
      ("optimized, ecp5 model", [500, 280, 10]), ("baseline, ecp5 model", [1000, 560, 20, 8000]),
      ("optimized, ecp5-85k, synthesis", [800]), ("optimized, ecp5-85k, place and route", [900]),
      ("baseline, ecp5-85k, synthesis", [1600, 8000]),
      ("baseline, ecp5-85k, place and route", [1800, 8000]),
    ]
    #expect(bars.map(\.0) == wanted.map(\.0))
    for (bar, (_, values)) in zip(bars, wanted) {
      #expect(bar.1.count == values.count, "\(bar)")
      for (width, value) in zip(bar.1, expected(values)) {
        #expect(abs(width - value) <= 0.0005001)
      }
    }
  }

  @Test func `segments of power lie end to end, and the whisker is the range`() throws {
    let tree = try tree([SyntheticDesign().design])
    let figure = try #require(
      tree.root.all("figure").first { $0.all("h3").first?.text == "Dynamic power" })
    func percent(_ text: String?) -> Double { Double((text ?? "x").dropLast()) ?? .nan }
    let bars = figure.all("div", class: "bar")
    #expect(bars.count == 2)
    for (bar, scale) in zip(bars, [1.0, 2.5]) {
      var end = 0.0
      for rect in bar.all("rect") {
        // Each place is rounded to 0.001 %.
        #expect(abs(percent(rect.attributes["x"]) - end) < 0.003)
        end += percent(rect.attributes["width"])
        #expect(rect.classes.contains("estimate"))
      }
      // The scale ends at the top of the baseline's range, 150 mW.
      #expect(abs(end - 100 * 0.040 * scale / 0.150) < 0.005)
      let whisker = try #require(bar.all("line", class: "whisker").first)
      #expect(abs(percent(whisker.attributes["x1"]) - 100 * 0.025 * scale / 0.150) < 0.001)
      #expect(abs(percent(whisker.attributes["x2"]) - 100 * 0.060 * scale / 0.150) < 0.001)
    }
  }

  @Test func `what is not known is said and never 0`() throws {
    var synthetic = SyntheticDesign()
    synthetic.hasPower = false
    synthetic.hasBaseline = false
    var design = synthetic.design
    design.optimized.accuracy = nil
    design.optimized.records.removeLast()
    let tree = try tree([design])
    let text = tree.root.text
    for words in [
      "power: not known", "fmax: not known", "Not known: dynamic power, energy per sample, fmax",
      "No baseline was given", "spectra, AM/AM and AM/PM: not known",
      "the word-length curve: not known",
    ] {
      #expect(text.contains(words), "\(words)")
    }
    for words in ["0.00\u{A0}W", "0\u{A0}W", "0.0\u{A0}MHz", "nan", "inf"] {
      #expect(!text.contains(words), "\(words)")
    }
  }

  @Test func `a design that does not fit says so, and the whole device is a line`() throws {
    let fits = try tree([SyntheticDesign().design])
    #expect(!fits.root.text.contains("does not fit"))
    #expect(fits.root.all("line", class: "limit").isEmpty)
    let tree = try tree([SyntheticDesign(baselineSize: 100).design])
    #expect(tree.root.text.contains("baseline does not fit ecp5-85k: too many LUT, FF, DSP."))
    #expect(tree.root.all("div", class: "too-much").count == 3)
    let limit = try #require(tree.root.all("line", class: "limit").first)
    // 8,000 DSP blocks of 156 are the scale.
    let place = try #require(Double(limit.attributes["x1"]!.dropLast()))
    #expect(abs(place - 100 * 156 / 8000) < 0.001)
  }

  @Test func `what was compared and what can be loaded is told of each implementation`() throws {
    var design = SyntheticDesign().design
    let compared = Provenance(.measured, tool: "pare", version: nil, stage: .synthesis)
    design.optimized.records = design.optimized.records.map { record in
      record.with(
        figures: [.verifiedSamples: Figure(102_784, compared)],
        bitstream: Bitstream(
          file: "synth/<a>.bit", bytes: 12_345, seed: 1, isHarness: false, tool: .ecppack,
          toolVersion: "0.10"))
    }
    let html = QoRPage(title: "test", designs: [design]).html
    _ = try PageTree(html)
    #expect(
      html.contains(
        "equals the integers, 102,784 samples; bitstream synth/&lt;a&gt;.bit, 12,345 bytes."))
    #expect(!QoRPage(title: "test", designs: [SyntheticDesign().design]).html.contains("bitstream"))
  }

  @Test func `power that only ranks is told without watts, on no axis of watts`() throws {
    func page(_ note: String?) -> String {
      var design = SyntheticDesign().design
      design.baseline = nil
      design.optimized.records = design.optimized.records.map { record in
        let power = record.figures.filter { name, _ in
          name.rawValue.hasPrefix("power") || name.rawValue.hasPrefix("energy")
        }
        return record.with(
          figures: power.mapValues { figure in
            Figure(
              figure.value,
              Provenance(.estimated, tool: "pare", version: "1", stage: .synthesis, note: note))
          })
      }
      return QoRPage(title: "test", designs: [design, design]).html
    }
    #expect(
      page(nil).contains("mW") && page(nil).contains("front-power") && !page(nil).contains("ranks"))
    let ranking = page("for ranking only: borrowed")
    _ = try PageTree(ranking)
    #expect(ranking.contains("(ranks\u{A0}only)"))
    #expect(ranking.contains("Dynamic power, for ranking only"))
    #expect(!ranking.contains("front-power"))
  }

  @Test func `text from files is escaped`() throws {
    let evil = "<b onclick='x'>&\"\u{1}"
    var design = SyntheticDesign(name: evil).design
    design.optimized.summary = evil
    design.optimized.accuracy?.dataset = evil
    design.optimized.accuracy?.generator = evil
    design.optimized.resources?.byLayer[0].name = evil
    design.signal = .absent(evil)
    design.wordLengths = .absent(evil)
    let html = QoRPage(
      title: evil, designs: [design, design],
      candidates: [QoRCandidate(name: evil, nmse: -20, lut: 10, power: 0.1)], commands: [evil]
    ).html
    #expect(!html.contains("<b onclick"))
    _ = try PageTree(html)
  }

  @Test func `equal designs give equal bytes, in whatever order figures were put in`() {
    func page(_ order: (FigureName, FigureName) -> Bool) -> String {
      var design = SyntheticDesign().design
      design.optimized.records = design.optimized.records.map { record in
        var figures: [FigureName: Figure] = [:]
        for name in record.figures.keys.sorted(by: order) { figures[name] = record.figures[name] }
        return QoRRecord(
          design: record.design, stage: record.stage, tool: record.tool, version: record.version,
          target: record.target, part: record.part, figures: figures,
          criticalPath: record.criticalPath, device: try? Device(named: record.target))
      }
      return QoRPage(title: "test", designs: [design], candidates: Self.sweep).html
    }
    #expect(page { $0.rawValue < $1.rawValue } == page { $0.rawValue > $1.rawValue })
  }

  @Test func `estimates are hollow and counts are filled`() throws {
    let tree = try tree([SyntheticDesign().design], candidates: Self.sweep)
    let plot = try #require(tree.root.all("figure").first { $0.attributes["id"] == "front-lut" })
    let marks = (plot.all("circle") + plot.all("rect", class: "mark")).filter {
      !$0.all("title").isEmpty
    }
    #expect(marks.count == 6)
    for mark in marks {
      #expect(mark.classes.contains("hollow") == mark.text.contains("~"), "\(mark.text)")
    }
    let power = try #require(
      tree.root.all("figure").first { $0.attributes["id"] == "front-power" })
    #expect(
      (power.all("circle") + power.all("rect", class: "mark")).allSatisfy {
        $0.classes.contains("hollow")
      })
  }

  @Test func `a front is every point that none is better than`() {
    var random = RandomStream(seed: 5)
    for count in [1, 2, 7, 60] {
      let points = (0..<count).map { _ in
        PlanePlot.Point(
          x: Double(random.index(below: 20)), y: -Double(random.index(below: 20)))
      }
      let front = QoRPage.front(of: points)
      let wanted = points.filter { point in
        !points.contains {
          $0.x <= point.x && $0.y <= point.y && ($0.x < point.x || $0.y < point.y)
        }
      }
      #expect(Set(front.map { [$0.x, $0.y] }) == Set(wanted.map { [$0.x, $0.y] }))
    }
  }

  @Test(arguments: [
    (0.031, "31.0\u{A0}mW"), (1.55e-10, "155\u{A0}pW"), (0.0009996, "1.00\u{A0}mW"),
    (999.4, "999\u{A0}W"), (0, "0\u{A0}W"), (9.996e-6, "10.0\u{A0}\u{B5}W"), (0.62, "620\u{A0}mW"),
  ])
  func `numbers have three digits and a prefix`(value: Double, text: String) {
    #expect(EngineeringNumber(value).text("W") == text)
  }

  @Test func `ticks of a logarithmic axis lie in order, apart, at round numbers`() {
    for (low, high) in [(400.0, 1200.0), (0.02, 0.07), (10, 1e6), (5, 5), (3e-12, 4e-3)] {
      let axis = PlaneAxis(low...high, .logarithmic, ticks: 6, length: 360)
      let places = axis.ticks.map(axis.position)
      #expect(axis.ticks.count >= 1, "\(low)...\(high)")
      #expect(places.allSatisfy { (0...360).contains($0) })
      #expect(zip(places, places.dropFirst()).allSatisfy { $1 - $0 > 20 })
      #expect(axis.position(low) >= 0)
      #expect(axis.position(high) <= 360)
    }
  }

  @Test func `of many designs the first are shown one by one, and all are in the table`() throws {
    let designs = (0..<QoRPage.detailLimit + 3).map { SyntheticDesign(name: "d\($0)").design }
    let tree = try tree(designs)
    #expect(tree.root.all("section", class: "design").count == QoRPage.detailLimit)
    let all = try #require(tree.root.all("section").first { $0.attributes["id"] == "all" })
    #expect(all.all("tr").count == 1 + 2 * designs.count)
    #expect(tree.root.text.contains("The first \(QoRPage.detailLimit) of \(designs.count) designs"))
  }
}
