import PareExplore
import Testing

@Suite struct ObjectiveTests {
  @Test(arguments: Metric.allCases)
  func `every metric is read by its name, with its direction and against it`(metric: Metric) throws
  {
    let plain = try Objective(parsing: metric.rawValue)
    #expect(plain == Objective(metric))
    #expect(plain.isMaximized == [.sparsity, .fmax, .quality, .testQuality].contains(metric))
    #expect(try Objective(parsing: "-\(metric.rawValue)").isMaximized == !plain.isMaximized)
    #expect(try Objective(parsing: "max:\(metric.rawValue.uppercased())").isMaximized)
    #expect(try Objective(parsing: "min:\(metric.rawValue)").isMaximized == false)
    for objective in [plain, Objective(metric, isMaximized: !plain.isMaximized)] {
      #expect(try Objective(parsing: objective.description) == objective)
    }
  }

  @Test func `lists say what is wrong with them`() throws {
    #expect(try Objective.list(parsing: "nmse, nnz") == .paper)
    let misspelt = try #require(throws: ExploreError.self) {
      try Objective.list(parsing: "nmse,latencey")
    }
    #expect(misspelt.message.contains("latencey"))
    #expect(misspelt.hint == "did you mean 'latency'?")
    #expect(throws: ExploreError.self) { try Objective.list(parsing: "nmse,max:nmse") }
    #expect(throws: ExploreError.self) { try Objective.list(parsing: "nmse,") }
  }

  @Test(arguments: [
    ("power<=0.5W", Metric.power, Budget.Relation.atMost, 0.5),
    ("power < 500 mW", .power, .below, 0.5), ("power<=500000uW", .power, .atMost, 0.5),
    ("lut<20000", .lut, .below, 20_000), ("nmse<=-25dB", .nmse, .atMost, -25),
    ("nmse <= -25", .nmse, .atMost, -25), ("nnz>=1e2", .nnz, .atLeast, 100),
    ("latency>4clocks", .latency, .above, 4),
  ])
  func `budgets are read with and without units`(
    text: String, metric: Metric, relation: Budget.Relation, limit: Double
  ) throws {
    let budget = try Budget(parsing: text)
    #expect(budget.metric == metric)
    #expect(budget.relation == relation)
    // 500 * 1e-3 may differ from 0.5 in the last place.
    #expect(abs(budget.limit - limit) <= 1e-12 * abs(limit))
  }

  @Test(arguments: ["power", "power<=", "power<=W", "lut<=3W", "pwr<=1", "<=1", "power<=0.5dB"])
  func `budgets that make no sense are refused`(text: String) {
    #expect(throws: ExploreError.self) { try Budget(parsing: text) }
  }

  @Test func `a budget holds at its limit or not, and never without a figure`() throws {
    var metrics = Metrics()
    #expect(try !Budget(parsing: "power<=1W").holds(for: metrics))
    metrics[.power] = 1
    #expect(try Budget(parsing: "power<=1W").holds(for: metrics))
    #expect(try Budget(parsing: "power>=1W").holds(for: metrics))
    #expect(try !Budget(parsing: "power<1W").holds(for: metrics))
    #expect(try !Budget(parsing: "power>1W").holds(for: metrics))
  }
}
