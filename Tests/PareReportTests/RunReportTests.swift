import Foundation
import PareExplore
import PareNetwork
import PareNumerics
import PareSignal
import PareText
import PareTrain
import Testing

@testable import PareReport

/// From a ledger on disk to a page with models beside it.
@Suite struct RunReportTests {
  private func candidate(
    channels: Int, sparsity: Double, quantizer: QuantizationScheme, failure: String? = nil,
    dataset: String = "opendpd/APA_200MHz"
  ) throws -> Candidate {
    var point = DesignPoint(
      architecture: try Architecture(hiddenChannels: [channels], kernelSize: 5))
    point.sparsity = sparsity
    point.quantizer = quantizer
    var hash = StableHash()
    hash.combine("\(point.name) \(dataset)")
    var metrics = Metrics()
    if failure == nil {
      let nnz = Double(point.targetNonZeroCount)
      metrics[.nnz] = nnz
      metrics[.nmse] = -34 + 40 / (nnz + 2) + (quantizer.isNone ? 0 : 0.7)
      metrics[.testNMSE] = metrics[.nmse]! + 0.25
      metrics[.power] = 1e-4 * nnz
      metrics[.adders] = nnz
      metrics[.channels] = Double(channels)
      metrics[.convolutions] = 2
      metrics[.kernelSize] = 5
      metrics[.sparsity] = sparsity
    }
    let recipe = PointKey.hash(of: TrainingRecipe.quick)
    return Candidate(
      key: hash.hex, point: point, dataset: dataset, datasetHash: "00", task: .inverse,
      recipeHash: recipe,
      seeds: [3, 4].map { .init(seed: $0, nmse: -20, testNMSE: -20, nnz: 4) },
      bestSeed: failure == nil ? 3 : nil, metrics: metrics, failure: failure,
      generator: "pare 0.1.0", host: "here", finishedAt: "2026-01-02T03:04:05Z", seconds: 1)
  }

  private func fill(_ ledger: Ledger) throws {
    for channels in [2, 4, 8] {
      for sparsity in [0, 0.5, 0.9] {
        for quantizer in [QuantizationScheme.none, .pot()] {
          let row = try candidate(channels: channels, sparsity: sparsity, quantizer: quantizer)
          try ledger.finish(row, recipe: .quick, model: "{ \"model\": \"\(row.key)\" }\n")
        }
      }
    }
    try ledger.finish(
      candidate(channels: 16, sparsity: 0, quantizer: .none, failure: "<i>diverged</i>"),
      recipe: .quick, model: nil)
  }

  private func withLedger(_ body: (Ledger, URL) throws -> Void) throws {
    let folder = try Browser.temporaryFolder()
    defer { try? FileManager.default.removeItem(at: folder) }
    let ledger = try Ledger(at: folder.appending(path: "ledger.sqlite").path)
    try fill(ledger)
    try body(ledger, folder)
  }

  @Test func `a run becomes a page and the models of its final front`() throws {
    try withLedger { ledger, folder in
      let report = try RunReport(of: ledger, named: "small", Selection.Settings())
      let final = report.selection.final.members
      #expect(final.count >= 3)
      #expect(final.count < 18)
      let page = folder.appending(path: "out/report.html")
      #expect(try report.write(to: page.path) == (final.count, 0))
      let html = try String(contentsOf: page, encoding: .utf8)
      for member in final {
        let relative = "models/\(member.name)-\(member.key).json"
        #expect(html.contains("<a href=\"\(relative)\">\(member.name)</a>"))
        let model = folder.appending(path: "out/\(relative)")
        #expect(try String(contentsOf: model, encoding: .utf8) == ledger.model(of: member.key))
      }
      let written = try FileManager.default.contentsOfDirectory(
        atPath: folder.appending(path: "out/models").path)
      #expect(written.count == final.count)
      #expect(html.contains("&lt;i&gt;diverged&lt;/i&gt;"))
      #expect(html.contains("18 finished, 1 failed"))
      #expect(html.contains("<dt>seeds</dt><dd>3, 4</dd>"))
      #expect(!html.contains("<dt>mixed</dt>"))

      _ = try RunReport(of: ledger, named: "small", Selection.Settings()).write(to: page.path)
      #expect(try String(contentsOf: page, encoding: .utf8) == html)
    }
  }

  @Test func `every point has the standing that the selection gave it`() throws {
    try withLedger { ledger, _ in
      var settings = Selection.Settings()
      settings.top = 2
      let report = try RunReport(of: ledger, named: "small", settings)
      let selection = report.selection
      let expected: [(ReportData.Standing, [String])] = [
        (.schemeFront, selection.fronts.flatMap { $0.front.members.map(\.key) }),
        (.merged, selection.merged.members.map(\.key)),
        (.kept, selection.final.members.map(\.key)), (.top, selection.picked.map(\.key)),
      ]
      for (standing, keys) in expected {
        #expect(!keys.isEmpty)
        #expect(Set(report.data.indices(standing).map { report.data.points[$0].key }) == Set(keys))
      }
      #expect(report.data.indices(.top).count == 2)
      #expect(report.data.removals.count == selection.removals.count)
      #expect(report.data.hasStairs)
      settings.objectives = try Objective.list(parsing: "nmse,adders")
      settings.rules = nil
      #expect(try !RunReport(of: ledger, named: "small", settings).data.hasStairs)
    }
  }

  @Test func `a model that the ledger lacks has no link and is counted`() throws {
    try withLedger { ledger, folder in
      // The best of all, so a member of any front.
      var row = try candidate(channels: 6, sparsity: 0.95, quantizer: .none)
      var metrics = row.metrics
      metrics[.nmse] = -60
      row = Candidate(
        key: row.key, point: row.point, dataset: row.dataset, datasetHash: row.datasetHash,
        task: row.task,
        recipeHash: row.recipeHash, seeds: row.seeds, bestSeed: 3, metrics: metrics,
        generator: row.generator, host: row.host, finishedAt: row.finishedAt, seconds: 1)
      try ledger.finish(row, recipe: .quick, model: nil)
      let report = try RunReport(of: ledger, named: "small", Selection.Settings())
      let page = folder.appending(path: "report.html")
      #expect(try report.write(to: page.path).missing == 1)
      let html = try String(contentsOf: page, encoding: .utf8)
      #expect(html.contains("<td>\(row.point.name)</td>"))
      #expect(!html.contains("models/\(row.point.name)"))
    }
  }

  @Test func `rows of two data sets are not compared without a word`() throws {
    try withLedger { ledger, _ in
      let row = try candidate(channels: 4, sparsity: 0.25, quantizer: .none, dataset: "other")
      try ledger.finish(row, recipe: .quick, model: "{}\n")
      let error = #expect(throws: ExploreError.self) {
        try RunReport(of: ledger, named: "small", Selection.Settings())
      }
      #expect(error?.hint.contains("other") == true)
      let other = try RunReport(of: ledger, named: "small", dataset: "other", Selection.Settings())
      #expect(other.data.points.map(\.name) == [row.point.name])
      #expect(throws: ExploreError.self) {
        try RunReport(of: ledger, named: "small", dataset: "none", Selection.Settings())
      }
    }
  }

  @Test func `a name from a file cannot lead a model out of its folder`() {
    let point = CandidateSummary(
      key: "../../x", name: "../\u{0}a b", quantizer: "none", activation: "relu",
      hiddenChannels: "8", metrics: Metrics())
    #expect(ReportData.modelPath(of: point) == "models/.._\u{5F}a_b-.._.._x.json")
  }
}
