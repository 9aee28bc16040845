import PareNetwork
import PareNumerics
import Testing

@testable import PareTrain

@Suite struct `Levenberg and Marquardt` {
  static let tiny = try! Architecture(
    hiddenChannels: [2], kernelSize: 2, activation: .tanh, hasSkip: false)

  static let splits = SampleSplits(
    training: Tasks.set(900, seed: 1), validation: Tasks.set(400, seed: 2),
    test: Tasks.set(400, seed: 3))

  /// Noise through a network: a target that it can meet exactly.
  static func taught(by teacher: Network, _ count: Int) -> SampleSet {
    var random = RandomStream(seed: 11)
    let input = (0..<2).map { _ in (0..<count).map { _ in Float(random.normal()) } }
    return SampleSet(input: input, target: teacher(input))
  }

  static func recipe(_ change: (inout SecondOrderRecipe) -> Void = { _ in }) -> SecondOrderRecipe {
    var recipe = SecondOrderRecipe()
    recipe.iterations = 8
    change(&recipe)
    return recipe
  }

  @Test func `one step finds the least-squares solution of a linear network`() throws {
    let architecture = try Architecture(hiddenChannels: [], kernelSize: 3, lookAhead: 1)
    let start = Network(randomized: architecture, from: RandomStream(seed: 3))
    let fit = try SecondOrderFit(
      Self.recipe { $0.damping = 1e-12 }, architecture, on: Self.splits, stage: .train,
      stepsBefore: 0, plannedIterations: 1, onProgress: { _ in })
    let engine = JacobianEngine(start, free: FreeParameters(allOf: start))
    let frames = fit.training.allFrames(ofLength: engine.blockLength)
    let before = try fit.linearize(engine, frames)
    try fit.descend(engine, iterations: 1, frames: frames, keepsBest: false)
    let after = try fit.linearize(engine, frames)
    for n in after.gradient.indices {
      // At the solution residuals are orthogonal to the columns, but for parameters rounded to float.
      let size = (after.matrix[n * after.count + n] * after.squaredError).squareRoot()
      #expect(abs(after.gradient[n]) < 1e-5 * size)
      #expect(abs(before.gradient[n]) > 100 * abs(after.gradient[n]))
    }
  }

  @Test func `a student finds its teacher, at last quadratically`() throws {
    let teacher = Network(randomized: Self.tiny, from: RandomStream(seed: 5))
    let set = Self.taught(by: teacher, 600)
    var start = teacher
    for layer in start.layers.indices {
      for index in start.layers[layer].weights.indices {
        start.layers[layer].weights[index] += 0.05
      }
    }
    let refined = try LevenbergMarquardt(Self.recipe { $0.damping = 1e-6 }).refine(
      start, on: SampleSplits(training: set, validation: set, test: set))
    let path = refined.curve.map(\.trainingNMSE)
    // A first-order method gains a constant number of dB a step; here the number itself grows until float ends it.
    #expect(path[0] - path[1] > 20 && path.min()! < -120, "\(path)")
  }

  @Test(arguments: SecondOrderRecipe.DampingScale.allCases, [0, 1e-3])
  func `never raises the training error, and repeats itself`(
    scale: SecondOrderRecipe.DampingScale, ridge: Double
  ) throws {
    let start = Network(randomized: Tasks.small, from: RandomStream(seed: 7))
    let method = LevenbergMarquardt(
      Self.recipe {
        $0.dampingScale = scale
        $0.ridge = ridge
      })
    let once = try method.refine(start, on: Self.splits)
    let path = once.curve.map(\.trainingNMSE)
    #expect(zip(path, path.dropFirst()).allSatisfy { $0 >= $1 })
    #expect(path.last! < path[0] && path.count == once.iterations)
    #expect(try method.refine(start, on: Self.splits) == once)
    let seen = try nmse(of: once.network, on: Self.splits.validation)
    // The curve relates to the power of the whole set, the score to that of the outputs with full context.
    #expect(abs(seen - once.curve.map(\.validationNMSE).min()!) < 0.1)
  }

  @Test func `pruned and fixed weights stay, ties stay tied`() throws {
    let architecture = try Architecture(
      hiddenChannels: [3], kernelSize: 3, activation: .tanh, lookAhead: 1,
      branch: LinearBranch(kernelSize: 4, lookAhead: 1, structure: .complex))
    var start = `Gradients`.network(architecture)
    start.mask.layers[0][4] = false
    start.layers[0].weights[4] = 0
    var free = FreeParameters(allOf: start)
    free.weights[1][2] = false
    free.biases[0][1] = false
    let method = LevenbergMarquardt(Self.recipe { $0.iterations = 3 })
    let end = try method.refine(start, free: free, on: Self.splits).network
    #expect(end.layers[0].weights[4] == 0)
    #expect(end.layers[1].weights[2] == start.layers[1].weights[2])
    #expect(end.layers[0].biases[1] == start.layers[0].biases[1])
    #expect(end.layers[2].weights[0] != start.layers[2].weights[0])
    #expect(architecture.brokenTie(in: end.layers.map(\.weights)) == nil)

    let rested = try method.refine(start, free: .init(biasesOf: start), on: Self.splits).network
    #expect(rested.layers.map(\.weights) == start.layers.map(\.weights))
    #expect(rested.layers.map(\.biases) != start.layers.map(\.biases))
  }

  @Test func `what cannot be used is refused`() throws {
    let start = Network(randomized: Tasks.small, from: RandomStream(seed: 7))
    for recipe in [
      Self.recipe { $0.damping = .nan }, Self.recipe { $0.maximumParameters = 5 },
      Self.recipe { $0.candidates = 0 },
    ] {
      let error = #expect(throws: TrainingError.self) {
        try LevenbergMarquardt(recipe).refine(start, on: Self.splits)
      }
      guard case .recipe = error?.code else {
        Issue.record("\(String(describing: error))")
        continue
      }
    }
    var broken = start
    broken.layers[0].weights[0] = .nan
    let error = #expect(throws: TrainingError.self) {
      try LevenbergMarquardt(Self.recipe()).refine(broken, on: Self.splits)
    }
    guard case .diverged = error?.code else {
      Issue.record("\(String(describing: error))")
      return
    }
  }
}

@Suite struct `Pruning by curvature` {
  @Test func `equals the constrained least-squares solution of a linear network`() throws {
    let architecture = try Architecture(hiddenChannels: [], kernelSize: 3, lookAhead: 1)
    let start = Network(randomized: architecture, from: RandomStream(seed: 3))
    let recipe = `Levenberg and Marquardt`.recipe { $0.damping = 1e-12 }
    let fit = try SecondOrderFit(
      recipe, architecture, on: `Levenberg and Marquardt`.splits, stage: .prune, stepsBefore: 0,
      plannedIterations: 1, onProgress: { _ in })
    let engine = JacobianEngine(start, free: FreeParameters(allOf: start))
    let frames = fit.training.allFrames(ofLength: engine.blockLength)
    try fit.descend(engine, iterations: 3, frames: frames, keepsBest: false)
    let equations = try fit.linearize(engine, frames)
    let none = Array(repeating: 0.0, count: equations.count)
    let factor = try #require(Cholesky(equations.matrix, count: equations.count, adding: none))
    // The minimum in double: the engine's parameters are floats.
    let minimum = zip(engine.values, factor.solve(equations.gradient)).map { $0 - $1 }
    var surgeon = try #require(BrainSurgeon(equations, minimum, damping: none))
    var rise = 0.0
    let dropped = [1, 7, 4]
    for index in dropped {
      rise += surgeon.saliency(index)
      surgeon.remove(index)
    }
    // The same by normal equations without the dropped unknowns.
    let kept = (0..<equations.count).filter { !dropped.contains($0) }
    func h(_ i: Int, _ j: Int) -> Double { equations.matrix[i * equations.count + j] }
    let right = kept.map { i in
      minimum.indices.reduce(0.0) { $0 + h(i, $1) * minimum[$1] }
    }
    let small = try #require(
      Cholesky(
        kept.flatMap { i in kept.map { h(i, $0) } }, count: kept.count,
        adding: Array(repeating: 0, count: kept.count)))
    let solution = small.solve(right)
    for (n, index) in kept.enumerated() {
      #expect(abs(surgeon.values[index] - solution[n]) < 1e-9)
    }
    #expect(dropped.allSatisfy { surgeon.values[$0] == 0 })
    // Half the rise of the sum of squares is what the saliencies promised.
    let move = zip(surgeon.values, minimum).map { $0 - $1 }
    let exact = move.indices.reduce(0.0) { sum, i in
      sum + move.indices.reduce(0.0) { $0 + move[i] * h(i, $1) * move[$1] } / 2
    }
    #expect(abs(rise - exact) < 1e-9 * exact)
  }

  @Test func `levels have their exact counts, nested masks and tuned weights`() throws {
    let dense = try LevenbergMarquardt(`Levenberg and Marquardt`.recipe()).refine(
      Network(randomized: Tasks.small, from: RandomStream(seed: 7)),
      on: `Levenberg and Marquardt`.splits)
    let recipe = `Levenberg and Marquardt`.recipe {
      $0.iterations = 3
      $0.roundIterations = 1
      $0.dropFraction = 0.2
      $0.candidates = 2
    }
    let counts = [30, 29, 12, 2]
    let levels = try GaussNewtonPruner(recipe).path(
      dense.network, toNonZeroCounts: counts, on: `Levenberg and Marquardt`.splits)
    var parent = dense.network
    for (level, count) in zip(levels, counts) {
      #expect(level.network.mask.count == count)
      #expect(level.network.mask.layers.allSatisfy { $0.contains(true) })
      for (kept, before) in zip(level.network.mask.layers, parent.mask.layers) {
        #expect(zip(kept, before).allSatisfy { !$0 || $1 }, "the mask grew")
      }
      #expect(level.curve.count == level.iterations && level.iterations > 0)
      parent = level.network
    }
    let first = try nmse(of: levels[0].network, on: `Levenberg and Marquardt`.splits.test)
    let last = try nmse(of: levels[3].network, on: `Levenberg and Marquardt`.splits.test)
    #expect(first < last, "two weights cannot do the work of thirty")
  }

  @Test func `a large weight on a silent input goes before a small one that matters`() throws {
    let architecture = try Architecture(
      hiddenChannels: [], outputChannels: 1, kernelSize: 1, hasSkip: false)
    let loud = Tasks.set(600, seed: 3).target[0]
    let set = SampleSet(
      input: [loud, loud.map { $0 * $0 * 1e-4 }], target: [loud.map { $0 * 0.1 }])
    let network = Network(
      architecture: architecture,
      layers: [Layer(shape: architecture.layerShapes[0], weights: [0.1, 3], biases: [0])],
      mask: Mask(allOf: architecture))
    let pruned = try GaussNewtonPruner().prune(
      network, toNonZeroCount: 1, on: SampleSplits(training: set, validation: set, test: set))
    #expect(pruned.mask.layers[0] == [true, false])
  }

  @Test func `tied weights go in pairs, and counts out of reach are refused`() throws {
    let architecture = try Architecture(
      hiddenChannels: [], kernelSize: 1,
      branch: LinearBranch(kernelSize: 3, lookAhead: 1, structure: .complex))
    let network = `Gradients`.network(architecture)
    let pruner = GaussNewtonPruner(`Levenberg and Marquardt`.recipe { $0.iterations = 2 })
    let splits = `Levenberg and Marquardt`.splits
    let pruned = try pruner.prune(network, toNonZeroCount: 8, on: splits)
    #expect(pruned.mask.count == 8)
    #expect(
      architecture.ties.allSatisfy {
        pruned.mask.layers[$0.layer][$0.leader] == pruned.mask.layers[$0.layer][$0.follower]
      })
    for counts in [[17], [1], [6, 8]] {
      let error = #expect(throws: TrainingError.self) {
        try pruner.path(network, toNonZeroCounts: counts, on: splits)
      }
      #expect(error?.code == .sparsity)
    }
  }
}
