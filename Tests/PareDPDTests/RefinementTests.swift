import PareNetwork
import PareNumerics
import PareSignal
import PareTrain
import Testing

@testable import PareDPD

@Suite struct `Refinement through amplifiers` {
  private static let architecture = try! Architecture(
    features: [.signal(0), .signal(1), .power], hiddenChannels: [3], kernelSize: 2,
    activation: .tanh, lookAhead: 1, branch: LinearBranch(kernelSize: 3, lookAhead: 1))

  private static func network(seed: UInt64 = 5) -> Network {
    var random = RandomStream(seed: seed)
    let shapes = architecture.layerShapes
    return Network(
      architecture: architecture,
      layers: shapes.enumerated().map { index, shape in
        Layer(
          shape: shape, weights: (0..<shape.weightCount).map { _ in Float(0.2 * random.normal()) },
          biases: (0..<shape.outputChannels).map { _ in
            index == 2 ? 0 : Float(0.1 * random.normal())
          })
      }, mask: Mask(allOf: architecture))
  }

  /// Through two amplifiers; a peak of 0.6 limits one sample in twenty.
  private static func objective(peak: Double) -> PredistortionObjective {
    let input = ResidualGRUAmplifierTests.noise(700, seed: 4, rms: 0.25)
    return PredistortionObjective(
      input: input, target: input,
      through: [EchoAmplifier(), EchoAmplifier(compression: 0.4)],
      BandWeights(halfBand: 0.15, channel: 0.1), margin: 60, peak: peak
    ) { _ in 0 }
  }

  @Test(arguments: [10, 0.6])
  func `gradient equals central differences of the error`(peak: Double) throws {
    let objective = Self.objective(peak: peak)
    let network = Self.network()
    let equations = try objective.linearized(around: network)
    let error = try objective.error(of: network)
    // Rows are floats of which thousands are summed.
    #expect(abs(equations.squaredError - error) < 1e-5 * error)
    let largest = equations.gradient.reduce(0) { max($0, abs($1)) }
    let drive = IQSignal(channels: network(objective.channels))
    #expect((0..<drive.count).contains { drive[$0].magnitude > 0.6 })
    var index = 0
    let h: Float = 1.0 / 512
    for layer in network.layers.indices {
      let isBranch = layer == Self.architecture.branchLayer
      let shape = network.layers[layer].shape
      for place in 0..<shape.weightCount + (isBranch ? 0 : shape.outputChannels) {
        func error(_ step: Float) throws -> Double {
          var moved = network
          if place < shape.weightCount {
            moved.layers[layer].weights[place] += step
          } else {
            moved.layers[layer].biases[place - shape.weightCount] += step
          }
          return try objective.error(of: moved)
        }
        // Half the slope of the sum of squares.
        let slope = try (error(h) - error(-h)) / (4 * Double(h))
        // The step's square times a third derivative, and samples that meet the limiter within it.
        #expect(abs(slope - equations.gradient[index]) < 2e-3 * largest, "\(layer) \(place)")
        index += 1
      }
    }
    #expect(index == equations.count)
  }

  /// More than one stretch of time, and a part that does not change.
  @Test func `many changes at once are pushed as one by one`() throws {
    let input = ResidualGRUAmplifierTests.noise(1300, seed: 4, rms: 0.25)
    let jacobian = try BandedJacobian(EchoAmplifier().tangent(at: input))
    let (front, back) = jacobian.padding(reach: 0)
    let change = ResidualGRUAmplifierTests.noise(1300, seed: 5, rms: 0.25).channels
    let silent = [change[0], [Float](repeating: 0, count: 1300)]
    let pushed = try jacobian.push([change, silent])
    func alone(_ part: Int) -> (i: [Float], q: [Float]) {
      let padded =
        [Float](repeating: 0, count: front) + change[part] + [Float](repeating: 0, count: back)
      return jacobian.push(padded, front: front, delay: 0, part: part)
    }
    let (first, second) = (alone(0), alone(1))
    #expect(pushed[0].i == zip(first.i, second.i).map { $0 + $1 })
    #expect(pushed[0].q == zip(first.q, second.q).map { $0 + $1 })
    #expect(pushed[1].i == first.i && pushed[1].q == first.q)
  }

  @Test func `lowers the error step by step and prunes to the very count`() throws {
    var recipe = SecondOrderRecipe()
    recipe.iterations = 4
    recipe.dropFraction = 0.2
    recipe.ridge = 1e-9
    var errors: [Double] = []
    var refiner = try ObjectiveRefiner(Self.objective(peak: 10), recipe) { errors.append($0.error) }
    let refined = try refiner.refine(Self.network())
    #expect(zip(errors, errors.dropFirst()).allSatisfy { $1 <= $0 })
    #expect(errors.last! < 0.5 * errors[0])
    #expect(try refiner.prune(refined, toNonZeroCount: 21).nonZeroCount == 21)
  }

  @Test(arguments: [Complex(0.85, -0.02), Complex(1.5, 0)])
  func `a gain moves into the weights`(gain: Complex) throws {
    let signal = ResidualGRUAmplifierTests.noise(200, seed: 9, rms: 0.25)
    let bare = try Architecture(hiddenChannels: [3], kernelSize: 2, activation: .tanh)
    let tied = try Architecture(
      hiddenChannels: [2], kernelSize: 2, activation: .tanh,
      branch: LinearBranch(kernelSize: 3, lookAhead: 1, structure: .complex))
    let plain = try Architecture(hiddenChannels: [3], kernelSize: 2, hasSkip: false)
    var networks = [Self.network()]
    for architecture in [bare, tied, plain] {
      // Followers of the other part are negated.
      let negated = Set(architecture.ties.filter(\.isNegated).map(\.follower))
      networks.append(
        Network(
          architecture: architecture,
          layers: architecture.layerShapes.enumerated().map { index, shape in
            Layer(
              shape: shape,
              weights: (0..<shape.weightCount).map {
                index == architecture.branchLayer && negated.contains($0) ? -0.25 : 0.25
              }, biases: Array(repeating: 0, count: shape.outputChannels))
          }, mask: Mask(allOf: architecture)))
    }
    networks[0].mask.layers[1][0] = false
    networks[0].layers[1].weights[0] = 0
    for network in networks {
      let wanted = IQSignal(channels: network(signal.channels)).scaled(by: gain)
      let reached = IQSignal(channels: network.multiplied(by: gain)(signal.channels))
      // Sums of a dozen floats.
      #expect(decibels((wanted - reached).energy() / wanted.energy()) < -120)
    }
  }
}
