import PareNetwork
import PareNumerics
import PareSignal
import Testing

@testable import PareExplore

private let key = PointKey(datasetHash: "d", task: .inverse, seed: 1, generator: "pare test")

/// A problem in closed form with the shape of the real one: the error falls with weights at a rate that depends on how well
/// kernel, width and depth fit each other, pruning is free up to a point, and quantizers cost some accuracy.
private func metrics(of point: DesignPoint) -> Metrics {
  let shape = point.architecture
  let weights = Double(shape.weightCount)
  let left = Double(point.targetNonZeroCount)
  let width = Double(shape.hiddenChannels[0])
  var error = -14 - 19 * (1 - 30 / (30 + left))
  error += 0.5 * abs(Double(shape.kernelSize) - 5) + 0.12 * abs(width - 9)
  error += shape.convolutions == 3 ? 0.8 - 0.002 * left : 0
  let share = left / weights
  error += 0.3 / (share + 0.05)
  let loss = ["none": 0.0, "pot:4": 2.5, "apot:2:4": 0.6][point.quantizer.description]!
  error += loss
  var metrics = Metrics()
  metrics[.nmse] = error
  metrics[.nnz] =
    (left * ["none": 1.0, "pot:4": 0.8, "apot:2:4": 0.97][
      point.quantizer.description]!).rounded()
  return metrics
}

/// Area between a front of (nnz, nmse) and the corner (600, -10).
private func hypervolume(_ all: [Metrics]) -> Double {
  var volume = 0.0
  var best = -10.0
  let sorted = all.map { ($0[.nnz]!, $0[.nmse]!) }.sorted { $0 < $1 }
  for (nnz, nmse) in sorted where nnz < 600 && nmse < best {
    volume += (600 - nnz) * (best - nmse)
    best = nmse
  }
  return volume
}

@Suite struct EvolutionarySearchTests {
  private func settings(wholeParents: Bool) -> EvolutionSettings {
    var settings = EvolutionSettings()
    settings.population = wholeParents ? 48 : 24
    settings.generations = 11
    settings.wholeParents = wholeParents
    return settings
  }

  private func run(
    _ space: DesignSpace, _ settings: EvolutionSettings, seed: UInt64,
    metrics: (DesignPoint) -> Metrics? = { metrics(of: $0) }
  ) -> [[DesignSpace.Point]] {
    var search = EvolutionarySearch(space, settings, seed: seed)
    var generations: [[DesignSpace.Point]] = []
    while !search.isOver {
      generations.append(search.proposals)
      search.advance { metrics($0.point) }
    }
    return generations
  }

  @Test(arguments: [true, false], [1, 2, 3] as [UInt64])
  func `a fifth of the grid reaches 95 % of its hypervolume`(wholeParents: Bool, seed: UInt64) {
    let space = SpacePreset.paper.space
    let grid = hypervolume(space.points.map { metrics(of: $0.point) })
    var spent: [DesignSpace.Point] = []
    for generation in run(space, settings(wholeParents: wholeParents), seed: seed) {
      spent += generation
    }
    spent = Array(spent.prefix(1_344 / 5))
    #expect(hypervolume(spent.map { metrics(of: $0.point) }) >= 0.95 * grid)
    #expect(Set(spent.map(\.place)).count == spent.count)
    if wholeParents {
      // 24 points each, the last one's cut.
      #expect(Set(spent.map(\.point.architecture)).count == 12)
    }
  }

  @Test func `finds more than a random sample of the same size`() throws {
    // A tenth of a grid of 8,064 points; the mean over seeds, so that luck does not decide.
    var space = SpacePreset.paper.space
    space.lookAheads = [.quarter, .samples(0), .samples(1)]
    space.biases = [true, false]
    func volume(_ points: [DesignPoint]) -> Double {
      // A look-ahead other than a quarter costs accuracy, and so does a network without biases.
      hypervolume(
        points.map { point in
          var figures = metrics(of: point)
          let field = point.architecture.convolutions * (point.architecture.kernelSize - 1) + 1
          let off = abs(point.architecture.lookAhead - (field - 1) / 4)
          figures[.nmse]! += 1.5 * Double(off) + (point.architecture.hasBiases ? 0 : 1)
          return figures
        })
    }
    func searched(_ seed: UInt64) -> Double {
      let found = run(space, settings(wholeParents: false), seed: seed) { point in
        var figures = metrics(of: point)
        let field = point.architecture.convolutions * (point.architecture.kernelSize - 1) + 1
        figures[.nmse]! +=
          1.5 * Double(abs(point.architecture.lookAhead - (field - 1) / 4))
          + (point.architecture.hasBiases ? 0 : 1)
        return figures
      }
      return volume(found.flatMap { $0.map(\.point) })
    }
    let seeds: [UInt64] = [1, 2, 3]
    let evolution = seeds.map(searched).reduce(0, +)
    let random = try seeds.map { volume(try space.sample(264, seed: $0).map(\.point)) }
      .reduce(0, +)
    #expect(evolution > random)
  }

  @Test(arguments: [true, false])
  func `a search that stopped comes to the same points again, whatever else was evaluated`(
    wholeParents: Bool
  ) throws {
    var experiment = SweepExperiment(preset: .paper)
    experiment.strategy = .evolution(settings(wholeParents: wholeParents))
    let generations = run(experiment.space, settings(wholeParents: wholeParents), seed: 1)
    // A ledger with the whole grid in it.
    let all = Dictionary(
      uniqueKeysWithValues: experiment.space.points.map {
        ($0.planned(by: key).key, metrics(of: $0.point))
      })
    for generation in [0, 1, 3] {
      #expect(
        EvolutionarySearch.next(generation, of: experiment, evaluated: all, by: key)
          == generations[generation].map { $0.planned(by: key) })
    }
    experiment.seed = 2
    #expect(
      EvolutionarySearch.next(0, of: experiment, evaluated: [:], by: key)
        != generations[0].map { $0.planned(by: key) })
  }

  @Test func `constraints hold for every proposal, and failed points have no children`() {
    var space = SpacePreset.paper.space
    space.kernelSizes = Array(3...14)
    space.constraints = [Constraint(.nnz, .atMost, 60), Constraint(.kernelSize, .notEqual, 7)]
    // Everything with three convolutions fails.
    let generations = run(space, settings(wholeParents: false), seed: 4) {
      $0.architecture.convolutions == 3 ? nil : metrics(of: $0)
    }
    let points = generations.flatMap { $0.map(\.point) }
    #expect(
      points.allSatisfy { $0.targetNonZeroCount <= 60 && $0.architecture.kernelSize != 7 })
    func failures(_ generation: [DesignSpace.Point]) -> Int {
      generation.count { $0.point.architecture.convolutions == 3 }
    }
    // About half at first. Later only mutants: one axis in five moves. Half of 120 would be 60, standard deviation 5.5.
    #expect(failures(generations[0]) >= 6)
    #expect(generations.suffix(5).map(failures).reduce(0, +) < 40)
  }

  @Test(arguments: [true, false]) func `a small space is used up, and the search ends`(whole: Bool)
  {
    var wide = settings(wholeParents: whole)
    wide.generations = 100
    let generations = run(SpacePreset.quick.space, wide, seed: 1)
    let points = generations.flatMap { $0 }
    #expect(points.count == 48 && Set(points.map(\.place)).count == 48)
    #expect(generations.count < 10)
  }

  @Test func `points that chance would not meet are found`() {
    // One of 200,000 combinations is small enough.
    var space = DesignSpace()
    space.kernelSizes = Array(1...40)
    space.widths = .uniform(convolutions: [2, 3, 4, 5, 6], channels: Array(2...26))
    space.sparsities = [0, 0.1, 0.2, 0.3]
    space.wordLengths = Array(10...19)
    space.constraints = [Constraint(.weights, .atMost, 8), Constraint(.sparsity, .atMost, 0)]
    let points = run(space, settings(wholeParents: false), seed: 1).flatMap { $0 }
    #expect(Set(points.map(\.place)).count == Array(space.points).count)
    #expect(points.allSatisfy { $0.point.architecture.weightCount <= 8 } && !points.isEmpty)
  }

  @Test func `ranks are fronts peeled one by one`() {
    var stream = RandomStream(seed: 5)
    // Small integers: many ties and copies.
    let objectives: [[Double]?] = (0..<80).map { index in
      index % 9 == 0 ? nil : (0..<3).map { _ in Double(stream.index(below: 6)) }
    }
    let sort = NonDominatedSort(objectives)
    func dominates(_ a: [Double], _ b: [Double]) -> Bool {
      zip(a, b).allSatisfy { $0 <= $1 } && a != b
    }
    var left = objectives.indices.filter { objectives[$0] != nil }
    var rank = 0
    while !left.isEmpty {
      let front = left.filter { i in
        !left.contains { dominates(objectives[$0]!, objectives[i]!) }
      }
      for i in front { #expect(sort.ranks[i] == rank) }
      left.removeAll { front.contains($0) }
      rank += 1
    }
    for i in objectives.indices where objectives[i] == nil { #expect(sort.ranks[i] == rank) }
    let order = sort.order
    #expect(Set(order).count == 80)
    for (a, b) in zip(order, order.dropFirst()) { #expect(!sort.isBetter(b, than: a)) }
  }

  @Test func `distances are those of the paper's figure, and a copy has none`() {
    // On a line: spans 8 and 8; the inner ones see their neighbours.
    let sort = NonDominatedSort([[0, 8], [1, 7], [4, 4], [8, 0], [4, 4], [9, 9]])
    #expect(sort.ranks == [0, 0, 0, 0, 0, 1])
    #expect(sort.distances[0] == .infinity && sort.distances[3] == .infinity)
    #expect(sort.distances[1] == (4.0 - 0) / 8 + (8.0 - 4) / 8)
    #expect(sort.distances[2] == (8.0 - 1) / 8 + (7.0 - 0) / 8)
    #expect(sort.distances[4] == 0)
  }
}
