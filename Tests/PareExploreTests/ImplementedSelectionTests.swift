import PareQoR
import PareText
import Testing

@testable import PareExplore

/// Selections by figures that were made by hand.
@Suite struct ImplementedSelectionTests {
  private func figures(
    _ values: [String: (lut: Double, power: Double?)], stage: QoRStage = .synthesis
  ) -> ImplementedFigures {
    ImplementedFigures(
      group: .init(
        stage: stage, device: "zcu104", settings: "0123456789abcdef", summary: "yosys 0.70",
        candidates: values.count, failed: 0),
      figures: values.mapValues {
        ImplementationSamples.record("x", lut: $0.lut, power: $0.power).figures
      })
  }

  /// By the model `a` is the smallest; made, `c` is.
  private var candidates: [CandidateSummary] {
    [("a", -30.0, 10.0), ("b", -31, 20), ("c", -32, 30), ("d", -40, 1)].map { key, nmse, lut in
      var metrics = Metrics()
      metrics[.nmse] = nmse
      metrics[.nnz] = 10
      metrics[.lut] = lut
      metrics[.power] = 1
      metrics[.latency] = 3
      metrics[.adders] = 7
      return CandidateSummary(
        key: key, name: "name-\(key)", quantizer: "pot:4", activation: "relu", hiddenChannels: "4",
        metrics: metrics)
    }
  }

  private func settings(_ words: String) throws -> Selection.Settings {
    var settings = Selection.Settings()
    settings.objectives = try Objective.list(parsing: words)
    settings.rules = nil
    return settings
  }

  @Test func `figures of tools take the place of the model's, and nothing is left of those`() {
    let made = figures(["a": (300, nil), "b": (200, 0.5), "c": (100, 0.4)])
      .replacing(in: candidates)
    #expect(made.candidates.map(\.key) == ["a", "b", "c"])
    #expect(made.missing == 1)
    #expect(made.candidates.map { $0.metrics[.lut] } == [300, 200, 100])
    #expect(made.candidates.map { $0.metrics[.ff] } == [100, 200.0 / 3, 100.0 / 3])
    // The model says 1 W of all; the stage says nothing of `a`.
    #expect(made.candidates.map { $0.metrics[.power] } == [nil, 0.5, 0.4])
    #expect(made.candidates.map { $0.metrics[.latency] } == [9, 9, 9])
    #expect(made.candidates.map { $0.metrics[.nmse] } == [-30, -31, -32])
    #expect(made.candidates.allSatisfy { $0.metrics[.fmax] == nil })
    #expect(made.derived == [.power])
  }

  @Test func `the front follows the figures that were asked for`() throws {
    let settings = try settings("nmse,lut")
    let modelled = try Selection(of: Array(candidates.prefix(3)), settings)
    #expect(modelled.final.members.map(\.key) == ["c", "b", "a"])
    let made = figures(["a": (300, 0.6), "b": (200, 0.5), "c": (100, 0.4)])
      .replacing(in: candidates)
    #expect(try Selection(of: made.candidates, settings).final.members.map(\.key) == ["c"])
  }

  @Test func `a candidate without the figure is left out and counted`() throws {
    let implemented = figures(["a": (300, nil), "b": (200, 0.5), "c": (250, 0.4)])
    let made = implemented.replacing(in: candidates)
    let selection = try Selection(of: made.candidates, try settings("nmse,lut,power"))
    #expect(selection.final.members.map(\.key) == ["c", "b"])
    #expect(selection.incomparableCount == 1)
    let report = SelectionReport(selection, figures: .init(implemented, made))
    let text = report.text(withRemovals: false)
    #expect(text.contains("hardware figures of synthesis on zcu104 (yosys 0.70)"))
    #expect(text.contains("1 more candidates have none and are left out"))
    #expect(text.contains("1 lack a figure"))
    #expect(!text.contains("est."))
    // Power is derived from the netlist and says so; LUTs are counted.
    #expect(text.contains("~500.0") && !text.contains("~200"))
    let json = JSONText.encode(report)
    #expect(json.contains("\"stage\" : \"synthesis\""))
    #expect(json.contains("\"missing\" : 1"))
    #expect(report.figures?.derived == ["power"])
  }

  @Test func `a budget is on the same figures`() throws {
    let made = figures(["a": (300, 0.6), "b": (200, 0.5), "c": (100, 0.4)])
      .replacing(in: candidates)
    var settings = try settings("nmse,lut")
    settings.budgets = [try Budget(parsing: "lut<=250"), try Budget(parsing: "ff>40")]
    let selection = try Selection(of: made.candidates, settings)
    #expect(selection.considered.map(\.key) == ["b"])
    settings.budgets = [try Budget(parsing: "lut<=25")]
    #expect(try Selection(of: made.candidates, settings).considered.isEmpty)
  }

  @Test func `what only tools know is no objective without them`() throws {
    for words in ["nmse,ff", "nmse,fmax"] {
      let settings = try settings(words)
      let error = #expect(throws: ExploreError.self) {
        try Selection(of: candidates, settings)
      }
      #expect(error?.hint.contains("--stage") == true)
    }
    let made = figures(["a": (300, 0.6), "b": (200, 0.5)]).replacing(in: candidates)
    #expect(
      try Selection(of: made.candidates, try settings("nmse,ff")).final.members.map(\.key) == ["b"])
    let error = #expect(throws: ExploreError.self) {
      try Selection(of: made.candidates, try settings("nmse,fmax"))
    }
    #expect(error?.message.contains("fmax") == true)
  }

  @Test func `rule 3 goes by the power of the stage`() throws {
    var pair = Array(candidates.prefix(2))
    pair[1] = CandidateSummary(
      key: "b", name: "b", quantizer: "apot:2:4", activation: "relu", hiddenChannels: "4",
      metrics: pair[0].metrics)
    func kept(_ a: Double, _ b: Double) throws -> [String] {
      let made = figures(["a": (1, a), "b": (1, b)]).replacing(in: pair)
      return try Selection(of: made.candidates).final.members.map(\.key)
    }
    #expect(try kept(0.1, 0.2) == ["a"])
    #expect(try kept(0.2, 0.1) == ["b"])
  }

  @Test func `members are counted by kind of quantizer in both orders`() throws {
    // Few weights go to pot, low error to none; apot lies between, and near pot.
    let rows = [
      candidate("p1", nmse: -10, nnz: 2, quantizer: "pot:4"),
      candidate("p2", nmse: -20, nnz: 4, quantizer: "pot:3"),
      candidate("q1", nmse: -20.05, nnz: 6, quantizer: "apot:2:4"),
      candidate("q2", nmse: -30, nnz: 8, quantizer: "apot:2:4"),
      candidate("n1", nmse: -40, nnz: 20, quantizer: "none"),
      candidate("n2", nmse: -5, nnz: 30, quantizer: "none"),
      candidate("m1", nmse: -4, nnz: 40, quantizer: "pot:4,apot:2:4"),
    ]
    let census = try SchemeCensus(of: rows, Selection.Settings())
    #expect(
      census.rows.map(\.scheme) == ["none", "pot", "apot", "mixed", "none", "pot", "apot", "mixed"])
    #expect(census.rows.map(\.preference) == [.nnz, .nnz, .nnz, .nnz, .nmse, .nmse, .nmse, .nmse])
    #expect(census.rows.map(\.candidates) == [2, 2, 2, 1, 2, 2, 2, 1])
    #expect(census.rows.map(\.front) == [1, 2, 2, 1, 1, 2, 2, 1])
    #expect(census.rows.map(\.merged) == [1, 2, 2, 0, 1, 2, 2, 0])
    // With fewer weights preferred rule 1 takes q1 for p2, which is as good within 0.1 dB.
    #expect(census.rows.map(\.final) == [1, 2, 1, 0, 1, 2, 2, 0])
    #expect(census.rows.map(\.bestPlace) == [4, 1, 3, nil, 1, 4, 2, nil])
    #expect(census.rows.map(\.amongTen) == census.rows.map(\.final))
    #expect(census.text.contains("NMSE, nnz"))
  }

  @Test func `the first ten and fifty are counted in order`() throws {
    let rows = (0..<70).map { (place: Int) -> CandidateSummary in
      let quantizer = place % 2 == 0 ? "pot:4" : "none"
      return candidate(
        "k\(place)", nmse: Double(-10 - place), nnz: Double(place + 1), quantizer: quantizer)
    }
    let census = try SchemeCensus(of: rows, Selection.Settings())
    #expect(census.rows.map(\.final) == [35, 35, 35, 35])
    #expect(census.rows.map(\.amongTen) == [5, 5, 5, 5])
    #expect(census.rows.map(\.amongFifty) == [25, 25, 25, 25])
    // By NMSE the last one leads.
    #expect(census.rows.map(\.bestPlace) == [2, 1, 1, 2])
  }
}
