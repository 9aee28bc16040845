import PareNetwork
import PareNumerics
import PareTrain
import Testing

@testable import PareExplore

@Suite struct SpacePlanTests {
  private static let spaces: [DesignSpace] = {
    var formats = SpacePreset.quick.space
    formats.wordLengths = [16, 12]
    formats.integerBits = [.count(6), .observed]
    formats.tanhTableBits = [8, 10]
    formats.activations = [.relu, .tanh]
    formats.widths = .uniform(convolutions: [1, 2, 3], channels: [2, 4])
    formats.kernelSizes = [3]
    var recipes = SpacePreset.quick.space
    recipes.recipeAxes = [
      .init(name: "steps", values: ["1000", "2000"]),
      .init(name: "seedCount", values: ["2", "4"]),
      .init(name: "pruning.method", values: ["surgeon", "saliency"]),
      .init(name: "quantization.sweeps", values: ["1", "2", "3"]),
    ]
    var constrained = SpacePreset.paper.space
    constrained.constraints = [
      Constraint(.nnz, .atMost, 60), Constraint(.receptiveField, .below, 20),
    ]
    return [SpacePreset.paper.space, formats, recipes, constrained]
  }()

  @Test(arguments: 0..<4) func `counting shape by shape is counting point by point`(index: Int)
    throws
  {
    let space = Self.spaces[index]
    let quick = try SweepPlan(SweepExperiment(space: space))
    let slow = SweepPlan(counting: space, cost: SweepCost())
    #expect(quick.points == slow.points)
    #expect(quick.points == Array(space.points).count)
    #expect(quick.denseParents == slow.denseParents)
    #expect(quick.chains == slow.chains)
    #expect(quick.quantizers == slow.quantizers)
    #expect(quick.leastWeights == slow.leastWeights && quick.mostWeights == slow.mostWeights)
    #expect(quick.seconds == slow.seconds)
  }

  @Test func `the paper's plan says what there is to do`() throws {
    let plan = try SweepPlan(SweepExperiment(preset: .paper))
    #expect(plan.points == 1_344 && plan.denseParents == 56)
    #expect(plan.trainings == 168 && plan.chains == 168)
    #expect(plan.quantizers.map(\.points) == [448, 448, 448])
    // k3 C2 with two convolutions, k11 C16 with three.
    #expect(plan.leastWeights == 24 && plan.mostWeights == 11 * (64 * 16 / 16 + 16 * 16))
    let text = plan.text(jobs: 2)
    #expect(text.contains("1,344"))
    #expect(text.contains("24 to 3,520"))
    #expect(text.contains("estimated"))
    #expect(plan.wallSeconds(jobs: 2) == plan.seconds / 2)
  }

  @Test func `a million points are counted without being made`() throws {
    var space = SpacePreset.paper.space
    space.wordLengths = Array(8...32)
    space.integerBits = (1...8).map { .count($0) }
    space.roundings = [.floor, .nearest, .convergent]
    space.overflows = [.saturate, .wrap]
    let plan = try SweepPlan(SweepExperiment(space: space))
    #expect(plan.points == 1_344 * 25 * 8 * 3 * 2)
    #expect(plan.text(jobs: 2).contains("1,612,800"))
  }

  @Test func `a random sweep is counted by its points, an evolutionary one by its bound`() throws {
    var experiment = SweepExperiment(preset: .paper)
    experiment.strategy = .random(count: 40)
    let random = try SweepPlan(experiment)
    #expect(random.points == 40 && random.pointsOfSpace == 1_344 && !random.isBound)
    #expect(random.quantizers.reduce(0) { $0 + $1.points } == 40)
    #expect((14...40).contains(random.denseParents))
    var settings = EvolutionSettings()
    settings.population = 24
    settings.generations = 5
    settings.wholeParents = false
    experiment.strategy = .evolution(settings)
    let bound = try SweepPlan(experiment)
    #expect(bound.points == 120 && bound.isBound)
    #expect(bound.text(jobs: 1).contains("at most 120"))
  }

  @Test func `a network that costs more is estimated to take longer`() throws {
    var recipe = TrainingRecipe.quick
    let cost = SweepCost()
    let small = try Architecture(hiddenChannels: [4], kernelSize: 5)
    let large = try Architecture(hiddenChannels: [12], kernelSize: 5)
    #expect(cost.dense(small, recipe) < cost.dense(large, recipe))
    #expect(cost.chain(small, [0.5], recipe) < cost.chain(small, [0.5, 0.9], recipe))
    let before = cost.dense(small, recipe)
    recipe.steps *= 2
    #expect(cost.dense(small, recipe) > before)
  }
}
