import PareFixed
import PareNetwork
import PareSignal
import PareTrain
import Synchronization
import Testing

@testable import PareExplore

@Suite struct SweepTests {
  static let dataset = try! IQDataset.synthesized(
    by: MemoryPolynomialAmplifier(), seed: 3, sampleCount: 5_000)

  static let recipe: TrainingRecipe = {
    var recipe = TrainingRecipe.quick
    recipe.steps = 40
    recipe.validationInterval = 20
    recipe.seedCount = 2
    recipe.secondOrder.iterations = 2
    recipe.pruning.roundSteps = 2
    recipe.pruning.finalSteps = 10
    recipe.pruning.finalFits = 1
    recipe.pruning.swaps = 2
    recipe.quantization.stages = 2
    recipe.quantization.sweeps = 1
    recipe.quantization.refreezes = 0
    recipe.quantization.pairs = 2
    recipe.quantization.biasSteps = 4
    return recipe
  }()

  static let context = SweepContext(
    dataset: "synthetic",
    key: PointKey(
      datasetHash: dataset.hashText, task: .inverse, seed: 1, generator: "pare test"),
    host: "here")

  /// 2 kernels x 3 sparsities x 2 quantizers below 2 dense parents.
  static func points(_ recipe: TrainingRecipe = recipe) throws -> [PlannedPoint] {
    let sparsities = [0, 0.4, 0.8]
    return try [3, 5].flatMap { kernelSize in
      try sparsities.flatMap { sparsity in
        try [QuantizationScheme.none, .apot()].map { quantizer in
          var point = DesignPoint(
            architecture: try Architecture(
              hiddenChannels: [2], kernelSize: kernelSize, activation: .tanh, lookAhead: 1))
          point.sparsity = sparsity
          point.ladder = sparsities.filter { $0 > 0 && $0 < sparsity }
          point.quantizer = quantizer
          return PlannedPoint(point, recipe, by: context.key)
        }
      }
    }
  }

  /// What must be equal however a sweep went: all but time and host, with the models.
  static func content(_ ledger: Ledger) throws -> [String] {
    try ledger.candidates().map { candidate in
      let figures = Metric.allCases.map { "\($0) \(candidate.metrics[$0] ?? .nan)" }
      return [
        candidate.key, candidate.point.name, "\(candidate.seeds)",
        "\(candidate.bestSeed as UInt64?)", "\(figures)", "\(candidate.failure as String?)",
        candidate.recipeHash, try ledger.model(of: candidate.key) ?? "",
      ].joined(separator: "\n")
    }
  }

  static func sweep(
    _ points: [PlannedPoint], in folder: String, _ name: String, jobs: Int = 2
  ) async throws -> Ledger {
    let ledger = try Ledger(at: "\(folder)/\(name).sqlite")
    _ = try await Sweep(context, on: dataset, into: ledger).run(points, jobs: jobs)
    return ledger
  }

  @Test func `a row is what training the point alone gives, byte for byte`() async throws {
    try await withTemporaryFolder { folder in
      let points = try Self.points()
      let ledger = try await Self.sweep(points, in: folder, "a")
      #expect(try ledger.finishedKeys() == Set(points.map(\.key)))
      for planned in [points[0], points[5], points[9]] {
        let alone = try await TrainingJob(
          Self.context.experiment(of: planned), generator: "pare test"
        ).run(on: Self.dataset, jobs: 1)
        #expect(try ledger.model(of: planned.key) == alone.model.json, "\(planned.point.name)")
        let candidate = try #require(try ledger.candidate(planned.key))
        #expect(candidate.metrics[.nmse] == alone.model.training?.fixedValidationNMSEdB)
        #expect(candidate.metrics[.nnz] == Double(alone.model.fixed.nonZeroCount))
        #expect(candidate.metrics[.power] ?? 0 > 0)
      }
    }
  }

  @Test func `neither jobs nor company change a row`() async throws {
    try await withTemporaryFolder { folder in
      let points = try Self.points()
      let parallel = try Self.content(try await Self.sweep(points, in: folder, "a", jobs: 3))
      let serial = try Self.content(
        try await Self.sweep(points.reversed(), in: folder, "b", jobs: 1))
      #expect(parallel == serial)
      let some = [points[4], points[11]]
      let alone = try Self.content(try await Self.sweep(some, in: folder, "c"))
      #expect(alone.count == 2 && Set(alone).isSubset(of: Set(parallel)))
    }
  }

  @Test(arguments: [1, 4, 9, 17])
  func `a sweep that was stopped goes on and ends with the same rows`(results: Int) async throws {
    try await withTemporaryFolder { folder in
      let points = try Self.points()
      let whole = try Self.content(try await Self.sweep(points, in: folder, "whole"))
      let ledger = try Ledger(at: "\(folder)/stopped.sqlite")
      let sweep = Sweep(Self.context, on: Self.dataset, into: ledger)
      let seen = Mutex(0)
      let work = Mutex<Task<Sweep.Summary, any Error>?>(nil)
      let task = Task {
        try await sweep.run(points, jobs: 2) { event in
          guard case .progress = event else { return }
          let count = seen.withLock { count in
            count += 1
            return count
          }
          if count == results * 5 { work.withLock { $0?.cancel() } }
        }
      }
      work.withLock { $0 = task }
      _ = try? await task.value
      let summary = try await sweep.run(points, jobs: 2)
      #expect(summary.skipped + summary.finished == points.count)
      #expect(try Self.content(ledger) == whole)
      #expect(try ledger.seedsKept().isEmpty)
    }
  }

  @Test func `a second run finds everything done`() async throws {
    try await withTemporaryFolder { folder in
      let points = Array(try Self.points().prefix(4))
      let ledger = try await Self.sweep(points, in: folder, "a")
      let events = Mutex(0)
      let summary = try await Sweep(Self.context, on: Self.dataset, into: ledger).run(
        points, jobs: 2
      ) { if case .point = $0 { events.withLock { $0 += 1 } } }
      #expect(summary.skipped == 4 && summary.finished + summary.failed == 0)
      #expect(events.withLock { $0 } == 0)
    }
  }

  @Test func `another recipe, seed or data set is another key`() throws {
    let point = try Self.points()[3]
    var recipe = Self.recipe
    recipe.quantization.sweeps += 1
    let base = Self.context.key
    let keys = [
      point.key, PlannedPoint(point.point, recipe, by: base).key,
      PlannedPoint(
        point.point, Self.recipe,
        by: PointKey(
          datasetHash: base.datasetHash, task: .inverse, seed: 2, generator: "pare test")
      ).key,
      PlannedPoint(
        point.point, Self.recipe,
        by: PointKey(datasetHash: "0", task: .inverse, seed: 1, generator: "pare test")
      ).key,
      PlannedPoint(
        point.point, Self.recipe,
        by: PointKey(
          datasetHash: base.datasetHash, task: .forward, seed: 1, generator: "pare test")
      ).key,
    ]
    #expect(Set(keys).count == keys.count)
  }

  @Test func `a point that fails is recorded, and the others go on`() async throws {
    try await withTemporaryFolder { folder in
      var wild = Self.recipe
      wild.learningRate = LearningRate(peak: 100, final: 100, warmUpSteps: 0)
      let bad = Array(try Self.points(wild).prefix(2))
      let good = Array(try Self.points().prefix(2))
      let ledger = try Ledger(at: "\(folder)/a.sqlite")
      let sweep = Sweep(Self.context, on: Self.dataset, into: ledger)
      let summary = try await sweep.run(bad + good, jobs: 2)
      #expect(summary.finished == 2 && summary.failed == 2 && summary.skipped == 0)
      let row = try #require(try ledger.candidate(bad[0].key))
      #expect(row.failure?.contains("learning rate") == true && row.metrics[.nmse] == nil)
      #expect(row.seeds.count == 2 && row.seeds.allSatisfy { $0.failure != nil })
      // Failed rows are left alone until they are asked for.
      let again = try await sweep.run(bad + good, jobs: 1)
      #expect(again.skipped == 4 && again.finished + again.failed == 0)
      #expect(try ledger.forgetFailures() == 2)
      let retried = try await sweep.run(bad + good, jobs: 1)
      #expect(retried.skipped == 2 && retried.finished == 0 && retried.failed == 2)
    }
  }

  @Test func `a state that cannot be read is made again`() async throws {
    try await withTemporaryFolder { folder in
      let points = Array(try Self.points().prefix(2))
      let whole = try Self.content(try await Self.sweep(points, in: folder, "a"))
      let ledger = try Ledger(at: "\(folder)/b.sqlite")
      let dense = Self.context.stateKey(of: points[0], levels: [], seed: 1)
      try ledger.keepState("{ \"tuned\": 1 }", key: dense, group: "x")
      _ = try await Sweep(Self.context, on: Self.dataset, into: ledger).run(points, jobs: 1)
      #expect(try Self.content(ledger) == whole)
    }
  }

  @Test func `a network whose hardware cannot be estimated fails once and for all, not the sweep`()
    async throws
  {
    try await withTemporaryFolder { folder in
      let points = Array(try Self.points().prefix(2))
      let ledger = try Ledger(at: "\(folder)/a.sqlite")
      // Five samples do not fill the memory of these networks, which train well.
      let short = ActivityStimulus(
        Self.dataset[.validation].input.channels.map { Array($0.prefix(5)) })
      let sweep = Sweep(Self.context, on: Self.dataset, into: ledger, stimulus: short)
      let summary = try await sweep.run(points, jobs: 1)
      #expect(summary.finished == 0 && summary.failed == 2)
      let row = try #require(try ledger.candidate(points[0].key))
      #expect(row.failure != nil && row.bestSeed == nil)
      #expect(row.seeds.allSatisfy { $0.failure == nil && $0.nmse != nil })
      #expect(try ledger.model(of: row.key) == nil)
      let again = try await sweep.run(points, jobs: 1)
      #expect(again.skipped == 2 && again.skippedFailed == 2 && again.failed == 0)
      #expect(try ledger.seedsKept().isEmpty)
    }
  }

  @Test func `states are kept for points to come only when asked`() async throws {
    try await withTemporaryFolder { folder in
      let points = Array(try Self.points().prefix(6))
      let ledger = try Ledger(at: "\(folder)/a.sqlite")
      let sweep = Sweep(Self.context, on: Self.dataset, into: ledger)
      let dense = Self.context.stateKey(of: points[0], levels: [], seed: 1)
      _ = try await sweep.run(Array(points.prefix(2)), jobs: 1, keepsStates: true)
      #expect(try ledger.state(dense) != nil)
      _ = try await sweep.run(points, jobs: 1)
      #expect(try ledger.state(dense) == nil)
    }
  }

  @Test func `the running front keeps what nothing beats`() {
    var front = RunningFront()
    for (nnz, nmse) in [(20, -25.0), (10, -20), (20, -26), (30, -25.5), (5, -20), (40, -30)] {
      var metrics = Metrics()
      metrics[.nnz] = Double(nnz)
      metrics[.nmse] = nmse
      front.insert(metrics)
    }
    #expect(front.members.map(\.nnz) == [5, 20, 40])
    #expect(front.members.map(\.nmse) == [-20, -26, -30])
    #expect(front.sample(of: 2).map(\.nnz) == [5, 40])
  }
}

extension IQDataset {
  fileprivate var hashText: String { String(stableHash, radix: 16) }
}
