import PareNetwork
import PareNumerics
import Testing

@testable import PareTrain

/// The incremental error and the quadratic model against full passes.
@Suite struct `Trials of changed parameters` {
  static let architectures = try! [
    Architecture(hiddenChannels: [4], kernelSize: 3, activation: .tanh, lookAhead: 1),
    Architecture(hiddenChannels: [5], kernelSize: 4, activation: .relu, hasSkip: false),
    Architecture(
      hiddenChannels: [3, 4], kernelSize: 3, dilations: [1, 2, 1], activation: .leakyReLU(shift: 2),
      lookAhead: 2),
    Architecture(
      features: Feature.memoryPolynomial(order: 3), hiddenChannels: [3], kernelSize: 2,
      activation: .hardTanh, branch: LinearBranch(kernelSize: 5, lookAhead: 2)),
    Architecture(
      hiddenChannels: [3], kernelSize: 3, activation: .tanh,
      branch: LinearBranch(kernelSize: 4, lookAhead: 1, structure: .complex)),
    Architecture(hiddenChannels: [], kernelSize: 5, lookAhead: 2),
    Architecture(
      features: [
        .signal(0), Feature(channel: 1, carrierLag: 3, envelope: .power(1)),
        Feature(
          channel: 0, envelope: .correlation(lag: 2, part: .imaginary, power: 0), envelopeLag: 4),
      ], hiddenChannels: [3], kernelSize: 3, activation: .tanh, lookAhead: 1),
  ]

  /// An engine with random weights, a third of them masked, and a trial of the same.
  static func setUp(
    _ architecture: Architecture
  ) throws -> (optimization: Optimization, trial: TrialError, mask: Mask) {
    var recipe = Tasks.recipe
    recipe.frameLength = 50
    let optimization = try Optimization(
      recipe, architecture, on: Tasks.splits, frames: RandomStream(seed: 1), plannedSteps: 0,
      onProgress: { _ in })
    var network = Network(randomized: architecture, from: RandomStream(seed: 3))
    for unit in network.mask.freeWeights(in: architecture) where unit.indices[0] % 3 == 1 {
      for index in unit.indices {
        network.mask.layers[unit.layer][index] = false
        network.layers[unit.layer].weights[index] = 0
      }
    }
    optimization.engine.load(network)
    let trial = TrialError(
      architecture, on: optimization.training,
      optimization.training.spreadFrames(ofLength: 50, samples: 400))
    trial.load(optimization.engine)
    return (optimization, trial, network.mask)
  }

  /// Sums of 400 squares in another order, and roundings of a few hundred operations: some 1e-6 of the error.
  static func isClose(_ a: Double, _ b: Double) -> Bool { abs(a - b) < 1e-5 * b }

  @Test(arguments: architectures)
  func `equal full passes of the changed network`(architecture: Architecture) throws {
    let (optimization, trial, mask) = try Self.setUp(architecture)
    let engine = optimization.engine
    func full() -> Double { engine.relativeError(on: optimization.training, trial.memory.frames) }
    #expect(Self.isClose(trial.current, full()))
    var random = RandomStream(seed: 9)
    let parameters = mask.freeWeights(in: architecture) + architecture.freeBiases
    for round in 0..<60 {
      // One to three parameters of any layers.
      let chosen = (0...round % 3).map { _ in parameters[random.index(below: parameters.count)] }
      guard Set(chosen).count == chosen.count else { continue }
      let changes = chosen.flatMap { $0.changes(to: Float(random.normal())) }
      let before = engine.parameters.values
      for change in changes {
        let plan = engine.plans[change.layer]
        switch change.place {
        case .weight(let index): engine.parameters[plan.weights.lowerBound + index] = change.value
        case .bias(let channel): engine.parameters[plan.biases.lowerBound + channel] = change.value
        }
      }
      let expected = full()
      #expect(Self.isClose(trial.error(with: changes), expected), "\(changes)")
      #expect(trial.error(with: changes, limit: expected * 0.5) == .infinity)
      if round % 2 == 0 {
        trial.apply(changes)
        #expect(Self.isClose(trial.current, expected))
      } else {
        engine.parameters.values = before
      }
    }
    let kept = trial.current
    trial.recompute()
    #expect(Self.isClose(kept, trial.current))
    trial.store(into: engine)
    #expect(Self.isClose(trial.current, full()))
  }

  @Test(arguments: architectures)
  func `the gradient is that of the engine, ties added up`(architecture: Architecture) throws {
    let (optimization, trial, mask) = try Self.setUp(architecture)
    let parameters = mask.freeWeights(in: architecture) + architecture.freeBiases
    let model = trial.quadraticModel(of: parameters)
    for (index, parameter) in parameters.enumerated() {
      // A central difference of a sum of squares: exact for the output's layer, else within the step's square.
      let value = trial.value(of: parameter)
      let above = trial.error(with: parameter.changes(to: value + 0x1p-7))
      let below = trial.error(with: parameter.changes(to: value - 0x1p-7))
      let slope = (above - below) * 0x1p6
      let size = (model.curvature[index * (model.count + 1)] * trial.current).squareRoot()
      #expect(abs(slope - 2 * model.gradient[index]) < 0.02 * size + 1e-6, "\(parameter)")
    }
    #expect(optimization.engine.architecture == architecture)
  }

  @Test func `where the outputs are linear, the quadratic model is the error`() throws {
    let architecture = Self.architectures[5]
    let (_, trial, mask) = try Self.setUp(architecture)
    let parameters = mask.freeWeights(in: architecture) + architecture.freeBiases
    let model = trial.quadraticModel(of: parameters)
    let start = parameters.map { trial.value(of: $0) }
    var random = RandomStream(seed: 4)
    let step = parameters.map { _ in Float(random.normal()) }
    var expected = trial.current
    for row in 0..<model.count {
      expected += 2 * model.gradient[row] * Double(step[row])
      for column in 0..<model.count {
        expected += model.curvature[row * model.count + column] * Double(step[row] * step[column])
      }
    }
    trial.set(parameters, to: zip(start, step).map { $0 + $1 })
    #expect(abs(trial.current - expected) < 1e-5 * expected)
  }

  @Test func `a fit reaches the least squares of a linear network at once`() throws {
    let architecture = Self.architectures[5]
    let (_, trial, mask) = try Self.setUp(architecture)
    let parameters = mask.freeWeights(in: architecture) + architecture.freeBiases
    try trial.fit(parameters, steps: 20)
    let model = trial.quadraticModel(of: parameters)
    for index in 0..<model.count {
      let curvature = model.curvature[index * (model.count + 1)]
      // No parameter alone could lower the error by a millionth of it.
      let gain = curvature > 0 ? model.gradient[index] * model.gradient[index] / curvature : 0
      #expect(gain < 1e-6 * trial.current)
    }
  }

  @Test func `parameters that repeat each other have a finite inverse`() throws {
    // Rounding has made it indefinite: no damping of a millionth repairs that.
    let model = QuadraticModel(
      count: 2, gradient: [1, 1], curvature: [1, 1.0001, 1.0001, 1])
    let inverse = try model.inverse(damping: 1e-6)
    #expect(inverse.allSatisfy { $0.isFinite } && inverse[0] > 0 && inverse[3] > 0)
    let step = model.step(damping: 1e-6)
    #expect(step.allSatisfy { $0.isFinite })
    let broken = QuadraticModel(count: 2, gradient: [1, 1], curvature: [1, .nan, .nan, 1])
    #expect(throws: TrainingError.self) { try broken.inverse(damping: 1e-6) }
  }

  @Test func `the inverse of a curvature is one, without what has no effect`() throws {
    let model = QuadraticModel(
      count: 3, gradient: [0, 0, 0], curvature: [4, 1, 0, 1, 9, 0, 0, 0, 0])
    let inverse = try model.inverse(damping: 0)
    let expected = [9.0, -1, 0, -1, 4, 0, 0, 0, 0].map { $0 / 35 }
    #expect(zip(inverse, expected).allSatisfy { abs($0 - $1) < 1e-15 })
    let reduced = try QuadraticModel(
      count: 3, gradient: [1, 2, 3], curvature: [4, 1, 2, 1, 9, 0, 2, 0, 5]
    ).eliminating(last: 1)
    // Schur's complement by hand: H - h hᵀ / 5, g - 3 h / 5, h = (2, 0).
    #expect(zip(reduced.gradient, [1 - 1.2, 2]).allSatisfy { abs($0 - $1) < 1e-5 })
    #expect(zip(reduced.curvature, [3.2, 1, 1, 9]).allSatisfy { abs($0 - $1) < 1e-5 })
  }
}
