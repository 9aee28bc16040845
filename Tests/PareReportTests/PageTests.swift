import Foundation
import PareExplore
import PareNumerics
import Testing

@testable import PareReport

/// What the page holds, read back without a browser.
@Suite struct PageTests {
  private struct Block: Decodable {
    struct Levels: Decodable {
      var quantizer: [String]
      var activation: [String]
      var hiddenChannels: [String]
    }
    var count: Int
    var levels: Levels
    var quantizer: [Int]
    var activation: [Int]
    var hiddenChannels: [Int]
    var metrics: [String: [Double?]]
    var standing: [UInt8]
    var names: [String]
    var keys: [String]
    var models: [String: String]
  }

  private func page(_ data: ReportData) -> String {
    String(decoding: ReportPage(data).html, as: UTF8.self)
  }

  private func block(of html: String) throws -> Block {
    let start = try #require(html.range(of: "<script type=\"application/json\" id=\"data\">"))
    let end = try #require(html.range(of: "</script>", range: start.upperBound..<html.endIndex))
    return try JSONDecoder().decode(
      Block.self, from: Data(html[start.upperBound..<end.lowerBound].utf8))
  }

  @Test func `the data block gives every point back`() throws {
    let data = SyntheticSweep().data
    let block = try block(of: page(data))
    #expect(block.count == data.points.count)
    #expect(block.names == data.points.map(\.name))
    #expect(block.keys == data.points.map(\.key))
    #expect(block.quantizer.map { block.levels.quantizer[$0] } == data.points.map(\.quantizer))
    #expect(block.activation.map { block.levels.activation[$0] } == data.points.map(\.activation))
    #expect(
      block.hiddenChannels.map { block.levels.hiddenChannels[$0] }
        == data.points.map(\.hiddenChannels))
    #expect(block.levels.quantizer.first == "none")
    #expect(block.levels.hiddenChannels == ["2", "4", "6", "8", "10", "14", "16"])
    #expect(block.standing == data.standings.map(\.rawValue))
    for metric in DataBlock.metrics {
      let column = try #require(block.metrics[metric.rawValue])
      // Half of the last decimal that is written.
      let tolerance = 0.5000001 * pow(10, -Double(metric.shownDecimals))
      for (point, read) in zip(data.points, column) {
        switch (point.metrics[metric], read) {
        case (nil, nil): break
        case (let value?, let read?): #expect(abs(value - read) <= tolerance)
        default: Issue.record("\(metric) of \(point.key): \(read as Any)")
        }
      }
    }
    #expect(block.models.count == data.modelPaths.count)
    for (index, path) in data.modelPaths { #expect(block.models["\(index)"] == path) }
  }

  @Test func `numbers are written as a reader of JSON expects them`() throws {
    for (value, decimals, text) in [
      (0, 4, "0"), (-0.00001, 4, "0"), (-25.25, 4, "-25.25"), (0.0625, 4, "0.0625"),
      (1344, 0, "1344"), (0.00000012, 7, "0.0000001"), (9.99996, 4, "10"), (-1e20, 4, "-1e+20"),
      (.nan, 4, "null"), (.infinity, 4, "null"),
    ] as [(Double, Int, String)] {
      var out = JSONBytes()
      out.number(value, decimals: decimals)
      #expect(String(decoding: out.bytes, as: UTF8.self) == text)
    }
    var random = RandomStream(seed: 3)
    for _ in 0..<2000 {
      let value = (random.uniform() - 0.5) * pow(10, Double(random.index(below: 9)) - 3)
      let decimals = random.index(below: 8)
      var out = JSONBytes()
      out.number(value, decimals: decimals)
      let read = try #require(Double(String(decoding: out.bytes, as: UTF8.self)))
      #expect(abs(read - value) <= 0.5000001 * pow(10, -Double(decimals)))
    }
  }

  @Test func `any string comes back from the data block and ends no element`() throws {
    let texts = [
      "plain", "</script><!--", "\"\\\u{0}\u{1F}\n\t", "é\u{2028}\u{2029}日本 🙂", "<SCRIPT>", "&lt;",
    ]
    var out = JSONBytes()
    out.list(texts) { $0.string($1) }
    #expect(!out.bytes.contains(UInt8(ascii: "<")))
    #expect(try JSONDecoder().decode([String].self, from: Data(out.bytes)) == texts)
  }

  @Test func `text from data is escaped in tables and facts`() {
    let evil = "<b onclick='x'>&\""
    var data = SyntheticSweep(
      SyntheticSweep().data.points.prefix(30).map {
        CandidateSummary(
          key: $0.key, name: evil, quantizer: evil, activation: evil, hiddenChannels: evil,
          metrics: $0.metrics)
      }, run: evil
    ).data
    data.facts = [.init(evil, evil, isCommand: true)]
    data.removals = [.init(rule: evil, removed: 0, kept: 1, reason: evil)]
    data.failures = [.init(key: evil, name: evil, reason: evil)]
    data.failureCount = 1
    let html = page(data)
    #expect(!html.contains("<b onclick"))
    #expect(html.contains("&lt;b onclick=&#39;x&#39;&gt;&amp;&quot;"))
  }

  @Test func `equal data give equal bytes, and nothing on the page reaches for a network`() {
    let html = page(SyntheticSweep().data)
    #expect(html == page(SyntheticSweep().data))
    #expect(html.contains("default-src 'none'"))
    for word in ["src=\"", "@import", "fetch(", "XMLHttpRequest", "<link"] {
      #expect(!html.contains(word), "\(word)")
    }
    // The one address in the page is the name of a language.
    let addresses = html.split(separator: "http").dropFirst().filter {
      $0.hasPrefix("s:") || $0.hasPrefix(":")
    }
    #expect(addresses.allSatisfy { $0.hasPrefix("://www.w3.org/2000/svg") })
  }

  @Test func `a page of the paper's sweep stays small`() {
    #expect(ReportPage(SyntheticSweep().data).html.count < 500_000)
  }

  @Test func `the table is the paper's Table I, with our figures beside it`() throws {
    var metrics = Metrics()
    for (metric, value) in [
      (.kernelSize, 5), (.convolutions, 2), (.channels, 4), (.sparsity, 0.95), (.nmse, -25.801),
      (.testNMSE, -25.5), (.nnz, 6), (.adders, 11), (.power, 0.0123),
    ] as [(Metric, Double)] { metrics[metric] = value }
    let data = SyntheticSweep([
      CandidateSummary(
        key: "00000000000000aa", name: "k5-c4-n2-relu-apot-p95", quantizer: "apot:2:4",
        activation: "relu", hiddenChannels: "4", metrics: metrics)
    ]).data
    let html = page(data)
    let row = try #require(html.split(separator: "\n").first { $0.hasPrefix("<tr class=\"top\">") })
    let cells = row.split(separator: "<td").dropFirst().map { cell in
      cell.drop { $0 != ">" }.dropFirst().prefix { $0 != "<" }
    }
    #expect(
      cells == [
        "5", "apot:2:4", "4", "2", "95", "\u{2212}25.80", "6", "\u{2212}25.50", "11", "12.300", "",
        "5_1_4_95",
      ])
    #expect(
      row.contains(
        "<a href=\"models/k5-c4-n2-relu-apot-p95-00000000000000aa.json\">k5-c4-n2-relu-apot-p95</a>"
      ))
  }

  @Test func `rows that a table leaves away are told`() {
    var data = SyntheticSweep().data
    data.failures = (0..<ReportTables.rowLimit + 5).map {
      .init(key: "\($0)", name: "point \($0)", reason: "diverged")
    }
    data.failureCount = 2000
    let html = page(data)
    #expect(html.contains("The first 500 of 2,000"))
    #expect(html.contains("point 499<"))
    #expect(!html.contains("point 500<"))
  }
}
