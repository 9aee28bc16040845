import PareNetwork
import PareSignal
import PareTrain
import Testing

@testable import PareExplore

private let key = PointKey(datasetHash: "d", task: .inverse, seed: 1, generator: "pare test")

@Suite struct SpacePointsTests {
  @Test func `the paper's preset has its 1,344 points of 56 networks, 448 for each quantizer`()
    throws
  {
    let experiment = SweepExperiment(preset: .paper)
    try experiment.space.validate()
    let points = try experiment.plannedPoints(by: key)
    #expect(points.count == 1_344)
    #expect(Set(points.map(\.key)).count == 1_344)
    #expect(Set(points.map(\.parent)).count == 56)
    #expect(points.allSatisfy { $0.recipe.seedCount == 3 })
    for quantizer in [QuantizationScheme.none, .pot(), .apot()] {
      #expect(points.count { $0.point.quantizer == quantizer } == 448)
    }
    // Published counts: 2 -> C -> 2 has 4 C k weights, 2 -> C -> C -> 2 has 4 C k + C C k.
    for point in points {
      let shape = point.point.architecture
      let c = shape.hiddenChannels[0]
      let k = shape.kernelSize
      #expect(shape.weightCount == 4 * c * k + (shape.convolutions == 3 ? c * c * k : 0))
    }
  }

  @Test func `the quick preset has 48 points of 4 networks`() throws {
    let points = try SweepExperiment(preset: .quick).plannedPoints(by: key)
    #expect(points.count == 48)
    #expect(Set(points.map(\.parent)).count == 4)
  }

  @Test func `points of one network follow each other, and so do those of one chain`() {
    var space = SpacePreset.quick.space
    space.recipeAxes = [
      .init(name: "steps", values: ["1000", "2000"]),
      .init(name: "quantization.sweeps", values: ["1", "2"]),
      .init(name: "pruning.method", values: ["surgeon", "saliency"]),
    ]
    var parents: [DenseParent] = []
    struct Chain: Hashable {
      let parent: DenseParent
      let pruning: [String]
    }
    var chains: [Chain] = []
    for point in space.points {
      let parent = point.point.parent(with: point.recipe)
      if parents.last != parent { parents.append(parent) }
      guard point.point.sparsity > 0 else { continue }
      let chain = Chain(parent: parent, pruning: point.recipe.pruningKey)
      if chains.last != chain { chains.append(chain) }
    }
    #expect(parents.count == 8)
    #expect(Set(parents).count == parents.count)
    #expect(chains.count == 16)
    #expect(Set(chains).count == chains.count)
  }

  @Test func `a point's key is the same in every space with its sparsity axis`() throws {
    let whole = try SweepExperiment(preset: .paper).plannedPoints(by: key)
    var part = SweepExperiment(preset: .paper)
    part.space.kernelSizes = [7, 3]
    part.space.widths = .listed([[4], [8, 8]])
    part.space.quantizers = [.apot()]
    part.space.constraints = [
      Constraint(.nnz, .atMost, 60), Constraint(.sparsity, .notEqual, 0.83),
    ]
    let some = try part.plannedPoints(by: key)
    #expect(some.count > 10)
    #expect(Set(some.map(\.key)).isSubset(of: whole.map(\.key)))
    let last = try #require(some.last { $0.point.sparsity == 0.95 })
    // The constraint drops points, not the levels on the way of others.
    #expect(last.point.ladder == [0.30, 0.65, 0.83, 0.91])
  }

  @Test func `an axis that cannot matter does not multiply a point`() throws {
    var space = DesignSpace()
    space.widths = .uniform(convolutions: [1, 2], channels: [4, 8])
    space.activations = [.relu, .tanh]
    space.tanhTableBits = [8, 10]
    space.lookAheads = [.quarter, .samples(1), .samples(2)]
    space.sparsities = [0, 0.5]
    space.recipeAxes = [.init(name: "pruning.method", values: ["surgeon", "saliency"])]
    try space.validate()
    let points = Array(space.points)
    #expect(Set(points.map { $0.planned(by: key).key }).count == points.count)
    // A quarter is 1 with one convolution of 5 taps and 2 with two: two look-aheads each. Activation and width matter with
    // two convolutions only: 2 widths x (relu + 2 tables of tanh). One dense point, two pruning methods.
    #expect(points.count == 2 * (1 + 2 * 3) * 3)
    #expect(
      points.allSatisfy {
        $0.point.sparsity > 0 || $0.recipe.pruning.method == space.recipe.pruning.method
      })
  }

  @Test func `a space contains its points and no others`() throws {
    var space = SpacePreset.quick.space
    space.constraints = [Constraint(.weights, .below, 100)]
    for point in space.points { #expect(space.contains(point.point, recipe: point.recipe)) }
    for other in SpacePreset.quick.space.points where other.point.architecture.weightCount >= 100 {
      #expect(!space.contains(other.point, recipe: other.recipe))
    }
    var strange = try #require(space.points.first { _ in true })
    let recipe = strange.recipe
    var point = strange.point
    point.tanhTableBits = 7
    #expect(!space.contains(point, recipe: recipe))
    strange = try #require(space.points.first { $0.point.sparsity == 0.95 })
    point = strange.point
    point.ladder = []
    #expect(!space.contains(point, recipe: recipe))
  }

  @Test
  func
    `a random sample has different points of the space, repeats with its seed, and needs enough`()
    throws
  {
    var experiment = SweepExperiment(preset: .paper)
    experiment.space.constraints = [Constraint(.nnz, .atMost, 100)]
    experiment.strategy = .random(count: 30)
    let first = try experiment.plannedPoints(by: key)
    #expect(Set(first.map(\.key)).count == 30)
    #expect(first.allSatisfy { $0.point.targetNonZeroCount <= 100 })
    #expect(try experiment.plannedPoints(by: key) == first)
    experiment.seed = 2
    #expect(Set(try experiment.plannedPoints(by: key).map(\.point)) != Set(first.map(\.point)))
    // Larger than what one would draw: places are drawn, not walked.
    experiment.space.wordLengths = Array(4...32)
    #expect(try experiment.plannedPoints(by: key).count == 30)
    experiment.strategy = .random(count: 2_000)
    experiment.space.wordLengths = [16]
    let error = #expect(throws: ExploreError.self) { try experiment.plannedPoints(by: key) }
    #expect(error?.message.contains("asks for 2,000 points, and the space has ") == true)
  }

  @Test func `a random sample favours no point`() throws {
    let space = SpacePreset.quick.space
    var hits: [DesignPoint: Int] = [:]
    for seed in 0..<400 {
      for point in try space.sample(12, seed: UInt64(seed)) { hits[point.point, default: 0] += 1 }
    }
    #expect(hits.count == 48)
    // 100 expected, standard deviation sqrt(400 * 1/4 * 3/4) = 8.7; six of them on each side.
    #expect(hits.values.allSatisfy { (48...152).contains($0) })
  }
}
