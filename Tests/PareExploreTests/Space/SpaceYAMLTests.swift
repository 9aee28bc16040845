import PareNetwork
import PareSignal
import PareNumerics
import PareTrain
import Testing

@testable import PareExplore

@Suite struct SpaceYAMLTests {
  private func experiment(_ text: String) throws -> SweepExperiment {
    try SweepExperiment(yaml: text, file: "e.yaml")
  }

  @Test func `reads every axis`() throws {
    let read = try experiment(
      """
      dataset: opendpd/DPA_200MHz
      task: forward
      seed: 7
      recipe: {preset: quick, steps: 500}
      space:
        architecture:
          kernelSize: [3, 5]
          convolutions: [2, 3]
          channels: {from: 2, to: 8, step: 2}
          activation: [relu, leaky:2, tanh]
          lookAhead: [quarter, 0]
          dilations: [1, [1, 2]]
          skip: [true, false]
          biases: false
          features: [[i, q], [i, q, "|x|^2"]]
          branch: [none, {kernelSize: 31, lookAhead: 10}, {kernelSize: 8, lookAhead: 2, structure: complex}]
        sparsity: [0, {from: 0.3, to: 0.6, step: 0.1}, 0.99]
        quantizer: [none, pot, "apot:2:4/channel"]
        formats:
          wordLength: [16, 12]
          integerBits: [6, observed]
          tanhTableBits: 9
          rounding: [floor, nearest]
          overflow: wrap
        recipe:
          pruning.method: [automatic, saliency]
          quantization: {sweeps: {from: 1, to: 3, step: 1}, pairs: 10}
        constraints: [nnz <= 200, "convolutions==2"]
      strategy: {evolution: {population: 8, generations: 3, objectives: [nmse, adders, power], wholeParents: false}}
      """)
    let space = read.space
    #expect(read.dataset == "opendpd/DPA_200MHz" && read.task == .forward && read.seed == 7)
    #expect(space.kernelSizes == [3, 5])
    #expect(space.widths == .uniform(convolutions: [2, 3], channels: [2, 4, 6, 8]))
    #expect(space.activations == [.relu, .leakyReLU(shift: 2), .tanh])
    #expect(space.lookAheads == [.quarter, .samples(0)])
    #expect(space.dilations == [[1], [1, 2]])
    #expect(space.skips == [true, false] && space.biases == [false])
    #expect(space.features == [[.signal(0), .signal(1)], [.signal(0), .signal(1), .power]])
    #expect(
      space.branches == [
        nil, LinearBranch(kernelSize: 31, lookAhead: 10),
        LinearBranch(kernelSize: 8, lookAhead: 2, structure: .complex),
      ])
    #expect(space.sparsities == [0, 0.3, 0.4, 0.5, 0.6, 0.99])
    #expect(space.quantizers.map(\.description) == ["none", "pot:4", "apot:2:4/channel"])
    #expect(space.wordLengths == [16, 12] && space.integerBits == [.count(6), .observed])
    #expect(space.tanhTableBits == [9] && space.roundings == [.floor, .nearest])
    #expect(space.overflows == [.wrap])
    #expect(
      space.recipeAxes == [
        .init(name: "pruning.method", values: ["automatic", "saliency"]),
        .init(name: "quantization.sweeps", values: ["1", "2", "3"]),
      ])
    var recipe = TrainingRecipe.quick
    recipe.steps = 500
    recipe.quantization.pairs = 10
    #expect(space.recipe == recipe)
    #expect(
      space.constraints == [
        Constraint(.nnz, .atMost, 200), Constraint(.convolutions, .equal, 2),
      ])
    var settings = EvolutionSettings()
    (settings.population, settings.generations) = (8, 3)
    settings.objectives = [.nmse, .adders, .power]
    settings.wholeParents = false
    #expect(read.strategy == .evolution(settings))
  }

  @Test func `a preset gives the axes that the file does not`() throws {
    let read = try experiment(
      "space:\n  preset: paper\n  quantizer: apot\n  architecture: {channels: 4}\n")
    var space = SpacePreset.paper.space
    space.quantizers = [.apot()]
    space.widths = .uniform(convolutions: [2, 3], channels: [4])
    #expect(read == SweepExperiment(space: space))
    #expect(try experiment("space: {preset: quick}") == SweepExperiment(preset: .quick))
    #expect(
      try experiment("space: {preset: quick}\nstrategy: {random: {count: 5}}").strategy
        == .random(count: 5))
  }

  @Test func `the written example is the paper's space with every key`() throws {
    let read = try experiment(SweepExperiment.template)
    #expect(read == SweepExperiment(preset: .paper))
    // What stands behind a # is read too, once the # is gone.
    let tried = SweepExperiment.template.split(separator: "\n")
      .filter { $0.contains("#: ") }.map { $0.replacing("#: ", with: "") }
    let isReplaced = Set(tried.map { $0.prefix { $0 != ":" } })
    let all = SweepExperiment.template.split(separator: "\n").filter { line in
      !isReplaced.contains { line.hasPrefix("\($0):") }
    }.map { $0.replacing("#: ", with: "") }.joined(separator: "\n")
    let whole = try experiment(all)
    #expect(whole.space.branches.count == 2 && whole.space.recipeAxes.count == 1)
    #expect(whole.strategy == .random(count: 200))
  }

  private static let faults: [(text: String, message: String, hint: String?)] = [
    ("seed: 1", "e.yaml:1: there is no 'space' to sweep", nil),
    ("space: {}\nsparsity: 0.5", "e.yaml:2: 'sparsity' of a sweep belongs below 'space'", nil),
    ("space:\n  sparcity: 0", "e.yaml:2: unknown key 'space.sparcity'", "did you mean 'sparsity'?"),
    (
      "space:\n  architecture:\n    kernelsize: 3",
      "e.yaml:3: unknown key 'space.architecture.kernelsize'", "did you mean 'kernelSize'?"
    ),
    (
      "space: {preset: papper}",
      "e.yaml:1: 'space.preset': 'papper' is not a value of 'space.preset'", "did you mean 'paper'?"
    ),
    (
      "space:\n  architecture:\n    kernelSize:\n      - 3\n      - five",
      "e.yaml:5: 'space.architecture.kernelSize': 'five' is not a whole number from 1 to 4096", nil
    ),
    (
      "space:\n  sparsity: [0, 0.5, 1.0]",
      "e.yaml:2: 'space.sparsity': '1.0' is not a number from 0 to 0.999", nil
    ),
    ("space:\n  sparsity: [0, 0.5, 0.50]", "e.yaml:2: 'space.sparsity' has 0.50 twice", nil),
    ("space:\n  sparsity: []", "e.yaml:2: 'space.sparsity' is an empty list", nil),
    (
      "space:\n  sparsity: {from: 0, to: 0.9, step: 0}",
      "e.yaml:2: 'space.sparsity' never ends: its step is 0", nil
    ),
    (
      "space:\n  sparsity: {from: 0, to: 0.9, step: -0.1}",
      "e.yaml:2: 'space.sparsity' never ends: its step is -0.1", nil
    ),
    (
      "space:\n  sparsity: {from: 0.9, to: 0, step: 0.1}",
      "e.yaml:2: 'space.sparsity' is empty: it goes from 0.9 to 0", nil
    ),
    (
      "space:\n  sparsity: {from: 0, to: 0.9, step: 1e-7}",
      "e.yaml:2: 'space.sparsity' has more than 10,000 values", nil
    ),
    ("space:\n  sparsity: {from: 0, to: 0.9}", "e.yaml:2: 'space.sparsity' has no 'step'", nil),
    (
      "space:\n  sparsity: {from: 0, to: 0.9, stap: 1}",
      "e.yaml:2: unknown key 'space.sparsity.stap'", "did you mean 'step'?"
    ),
    (
      "space:\n  quantizer: [none, {pot: 4}]",
      "e.yaml:2: 'space.quantizer' is not a value or a list of values", nil
    ),
    (
      "space:\n  quantizer: [none, ptt]", "e.yaml:2: 'space.quantizer': 'ptt' is not a quantizer",
      nil
    ),
    (
      "space:\n  architecture:\n    channels: 4\n    hiddenChannels: [8]",
      "e.yaml:3: 'space.architecture.channels' and 'hiddenChannels' both say how wide the network is",
      nil
    ),
    (
      "space:\n  architecture: {lookAhead: quater}",
      "e.yaml:2: 'space.architecture.lookAhead': 'quater' is not a whole number from 0 to 4096 or 'quarter'",
      "did you mean 'quarter'?"
    ),
    (
      "space:\n  architecture: {skip: maybe}",
      "e.yaml:2: 'space.architecture.skip': 'maybe' is neither true nor false", nil
    ),
    (
      "space:\n  architecture:\n    branch: [none, {kernelsize: 3}]",
      "e.yaml:3: unknown key 'space.architecture.branch.kernelsize'", "did you mean 'kernelSize'?"
    ),
    (
      "space:\n  architecture: {branch: nane}",
      "e.yaml:2: 'space.architecture.branch': 'nane' is not a branch", "did you mean 'none'?"
    ),
    (
      "space:\n  architecture: {dilations: [[1], [1]]}",
      "e.yaml:2: 'space.architecture.dilations' has 1 twice", nil
    ),
    (
      "space:\n  formats: {wordLength: [16, 40]}",
      "e.yaml:2: 'space.formats.wordLength': '40' is not a whole number from 4 to 32", nil
    ),
    (
      "space:\n  recipe:\n    pruning.methd: [automatic, saliency]",
      "e.yaml:3: 'pruning.methd' is not a knob of the recipe", "did you mean 'pruning.method'?"
    ),
    (
      "space:\n  recipe:\n    pruning:\n      method: [automatic, salience]",
      "e.yaml:4: 'salience' is not a value for the recipe's 'pruning.method'", nil
    ),
    (
      "space:\n  recipe:\n    steps: [500, 500]", "e.yaml:3: 'space.recipe.steps' has 500 twice",
      nil
    ),
    ("space:\n  recipe:\n    steps: [0, 500]", "e.yaml:1: recipe with steps 0: steps is 0", nil),
    (
      "recipe:\n  preset: swep\nspace: {}",
      "e.yaml:2: 'recipe.preset': 'swep' is not a value of 'preset'", "did you mean 'sweep'?"
    ),
    (
      "space:\n  constraints: [nnz < = 3]",
      "e.yaml:2: 'space.constraints': 'nnz < = 3' is not a constraint", nil
    ),
    (
      "space:\n  constraints: [nzz <= 3]",
      "e.yaml:2: 'space.constraints': 'nzz' is not a quantity of a constraint",
      "did you mean 'nnz'?"
    ),
    (
      "space:\n  constraints: nnz <= many", "e.yaml:2: 'space.constraints': 'many' is not a number",
      nil
    ),
    (
      "space:\n  constraints: nnz = 3",
      "e.yaml:2: 'space.constraints': 'nnz = 3' is not a constraint", "write == for equal"
    ),
    (
      "seed: 1\nspace:\n  constraints: weights < 10",
      "e.yaml:2: the constraints leave no point of the space", nil
    ),
    (
      "space:\n  architecture: {kernelSize: [3, 7], lookAhead: 8}",
      "e.yaml:1: kernelSize 3, hiddenChannels [8], lookAhead 8: look-ahead 8 is outside the receptive field",
      nil
    ),
    (
      "space:\n  architecture: {convolutions: [2, 3], dilations: [1, 2]}",
      "e.yaml:1: kernelSize 5, hiddenChannels [8, 8], lookAhead quarter, dilations [1, 2]: 2 dilations for 3 convolutions",
      nil
    ),
    (
      "space:\n  architecture: {convolutions: [2, 3]}\n  quantizer: [\"pot,apot\"]",
      "e.yaml:1: quantizer pot:4,apot:2:4 with kernelSize 5, hiddenChannels [8, 8], lookAhead quarter: 2 quantizers for 3 layers",
      nil
    ),
    ("space: {}\nstrategy: gird", "e.yaml:2: 'gird' is not a strategy", "did you mean 'grid'?"),
    (
      "space: {}\nstrategy: random", "e.yaml:2: the strategy 'random' does not say how many points",
      nil
    ),
    (
      "space: {}\nstrategy: {random: {}}",
      "e.yaml:2: the strategy 'random' does not say how many points", nil
    ),
    (
      "space: {}\nstrategy: {rndom: {count: 3}}", "e.yaml:2: unknown key 'strategy.rndom'",
      "did you mean 'random'?"
    ),
    (
      "space: {}\nstrategy: {evolution: {objectives: [nmse]}}",
      "e.yaml:2: a front needs two objectives or more", nil
    ),
    (
      "space: {}\nstrategy: {evolution: {objectives: [nmse, nzz]}}",
      "e.yaml:2: 'strategy.evolution.objectives': 'nzz' is not a value of 'objectives'",
      "did you mean 'nnz'?"
    ),
  ]

  @Test(arguments: faults.indices) func `a fault is named with its line`(index: Int) {
    let fault = Self.faults[index]
    let error = #expect(throws: ExploreError.self) { try experiment(fault.text) }
    #expect(error?.message == fault.message)
    if let hint = fault.hint { #expect(error?.hint == hint) }
    #expect(error?.hint.isEmpty == false)
  }

  @Test func `a constraint drops what could not be built`() throws {
    let read = try experiment(
      """
      space:
        architecture: {kernelSize: [3, 7], convolutions: [2, 3], lookAhead: 8, dilations: [[1], [1, 2, 1]]}
        constraints: [kernelSize > 3, convolutions == 3]
      """)
    #expect(Array(read.space.points).count == 2)
  }

  @Test func `a single design point is no sweep, and a sweep no design point`() {
    let error = #expect(throws: ExploreError.self) {
      try Experiment(yaml: "seed: 1\nspace: {preset: paper}", file: "e.yaml")
    }
    #expect(
      error?.message == "e.yaml:2: 'space': this experiment is a sweep, not a single design point")
    #expect(error?.hint == "pare sweep runs it")
  }

  @Test(arguments: [
    "nnz <= 200", "weights >= 10", "channels == 4", "convolutions != 3", "kernelSize < 7",
    "sparsity > 0.5", "receptiveField <= 13",
  ])
  func `a constraint reads as it prints`(text: String) throws {
    #expect(try Constraint(parsing: text).description == text)
    #expect(try Constraint(parsing: text.replacing(" ", with: "")).description == text)
  }

  @Test func `a constraint holds for what it says`() throws {
    // 2 -> 6 -> 4 -> 2 with 5 taps: 5 (12 + 24 + 8) = 220 weights; a fifth of them is 44.
    let shape = try Architecture(
      hiddenChannels: [6, 4], kernelSize: 5, lookAhead: 2,
      branch: LinearBranch(kernelSize: 31, lookAhead: 10))
    let weights = 220 + 4 * 31
    func holds(_ text: String) throws -> Bool {
      try Constraint(parsing: text).holds(for: shape, sparsity: 0.75)
    }
    #expect(try holds("weights == \(weights)") && holds("nnz == \(weights / 4)"))
    #expect(try holds("channels == 6") && holds("convolutions == 3") && holds("kernelSize == 5"))
    #expect(try holds("receptiveField == 31") && holds("sparsity == 0.75"))
    #expect(
      try !holds("nnz < 86") && holds("nnz <= 86") && !holds("nnz > 86") && holds("nnz >= 86"))
    #expect(try !holds("nnz != 86") && holds("nnz != 87"))
  }
}
