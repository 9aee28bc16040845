import PareNetwork
import PareNumerics
import Testing

@testable import PareTrain

@Suite struct `Gradients` {
  static let architectures = try! [
    Architecture(hiddenChannels: [4], kernelSize: 3, activation: .tanh, lookAhead: 1),
    Architecture(hiddenChannels: [4], kernelSize: 5, activation: .relu, lookAhead: 2),
    Architecture(hiddenChannels: [3, 5], kernelSize: 4, activation: .tanh, lookAhead: 9),
    Architecture(hiddenChannels: [6, 2], kernelSize: 2, activation: .relu, hasSkip: false),
    Architecture(hiddenChannels: [], kernelSize: 11, lookAhead: 4),
    Architecture(hiddenChannels: [3], kernelSize: 1, activation: .tanh, hasSkip: false),
    Architecture(
      hiddenChannels: [4], kernelSize: 3, dilations: [2, 5], activation: .leakyReLU(shift: 2),
      lookAhead: 3),
    Architecture(
      hiddenChannels: [5, 3], kernelSize: 3, dilations: [1, 3, 2], activation: .hardTanh,
      lookAhead: 4, hasBiases: false),
    Architecture(
      features: [.signal(0), .signal(1), .power, Feature(channel: 0, envelopePower: 4)],
      hiddenChannels: [4], kernelSize: 4, activation: .leakyReLU(shift: 5), hasBiases: false,
      branch: LinearBranch(kernelSize: 3, lookAhead: 1)),
    Architecture(
      hiddenChannels: [4], kernelSize: 3, activation: .tanh, lookAhead: 1,
      branch: LinearBranch(kernelSize: 31, lookAhead: 10, structure: .complex)),
    Architecture(
      hiddenChannels: [4, 4], kernelSize: 2, dilations: [1, 4, 1], activation: .relu, lookAhead: 6,
      hasSkip: false, branch: LinearBranch(kernelSize: 2, structure: .complex)),
    Architecture(
      features: Feature.memoryPolynomial(order: 5), hiddenChannels: [], kernelSize: 3,
      lookAhead: 2, branch: LinearBranch(kernelSize: 9, lookAhead: 0)),
    Architecture(
      features: [
        .signal(1), Feature(channel: 0, carrierLag: 4, envelope: .power(3)),
        Feature(channel: 1, envelope: .correlation(lag: 5, part: .real, power: 2), envelopeLag: 2),
      ], hiddenChannels: [3], kernelSize: 3, activation: .tanh, lookAhead: 2),
    Architecture(
      inputChannels: 3, features: [.signal(2), Feature(channel: 2, envelopePower: 2)],
      hiddenChannels: [3], outputChannels: 1, kernelSize: 3, activation: .hardTanh,
      hasSkip: false, branch: LinearBranch(kernelSize: 4)),
  ]

  /// The error of a network in double precision, straight from its definition.
  static func error(
    _ architecture: Architecture, _ parameters: [Double], on set: SampleSet, _ frames: [Frame]
  ) -> Double {
    var sum = 0.0
    var outputs = 0
    let features = architecture.features.map { $0(set.input) }
    for frame in frames {
      let past = architecture.convolutionMemory - architecture.lookAhead
      let window = frame.start - past..<frame.start + frame.count + architecture.lookAhead
      var signal = features.map { $0[window].map(Double.init) }
      var next = 0
      /// Outputs of one layer where all of its taps meet samples.
      func convolve(_ shape: LayerShape, _ signal: [[Double]]) -> [[Double]] {
        let weights = parameters[next..<next + shape.weightCount]
        let biases = parameters[(next + shape.weightCount)...].prefix(shape.outputChannels)
        next += shape.weightCount + shape.outputChannels
        return (0..<shape.outputChannels).map { o in
          (shape.memory..<signal[0].count).map { t in
            var y = biases[biases.startIndex + o]
            for i in 0..<shape.inputChannels {
              for k in 0..<shape.kernelSize {
                y +=
                  weights[weights.startIndex + shape.index(output: o, input: i, tap: k)]
                  * signal[i][t - k * shape.dilation]
              }
            }
            return y
          }
        }
      }
      let shapes = architecture.layerShapes
      for (index, shape) in shapes.prefix(architecture.convolutions).enumerated() {
        signal = convolve(shape, signal)
        guard index + 1 < architecture.convolutions else { break }
        signal = signal.map { row in
          row.map { y in
            switch architecture.activation {
            case .relu: max(0, y)
            case .leakyReLU(let shift): y > 0 ? y : y / Double(1 << shift)
            case .hardTanh: min(max(y, -1), 1)
            case .tanh: tanhOf(y)
            }
          }
        }
      }
      if let branch = architecture.branch {
        let window =
          frame.start - branch.pastSamples..<frame.start + frame.count + branch.lookAhead
        let linear = convolve(
          shapes[architecture.convolutions], set.input.map { $0[window].map(Double.init) })
        signal = zip(signal, linear).map { zip($0, $1).map { $0 + $1 } }
      }
      for (channel, samples) in signal.enumerated() {
        for (n, sample) in samples.enumerated() {
          let skip = architecture.hasSkip ? Double(set.input[channel][frame.start + n]) : 0
          let difference = sample + skip - Double(set.target[channel][frame.start + n])
          sum += difference * difference
        }
      }
      outputs += frame.count
    }
    let power = set.target.reduce(0.0) { $0 + $1.reduce(0.0) { $0 + Double($1) * Double($1) } }
    return sum / Double(outputs) / power * Double(set.count)
  }

  /// Two segments with as many channels as the network takes; loud enough that a hard tanh limits.
  static func set(for architecture: Architecture) -> SampleSet {
    let set = Tasks.set(300, seed: 5, segments: [0..<120, 120..<300])
    let third = Tasks.set(300, seed: 8).input[0]
    return SampleSet(
      input: Array((set.input + [third]).prefix(architecture.inputChannels)).map {
        $0.map { $0 * 1.5 }
      }, target: Array(set.target.prefix(architecture.outputChannels)), segments: set.segments)
  }

  /// Random weights in every layer, the branch included.
  static func network(_ architecture: Architecture) -> Network {
    var network = Network(randomized: architecture, from: RandomStream(seed: 6))
    var random = RandomStream(seed: 9)
    if let branch = architecture.branchLayer {
      for index in network.layers[branch].weights.indices {
        network.layers[branch].weights[index] = Float(random.normal() * 0.2)
      }
    }
    for tie in architecture.ties {
      let leader = network.layers[tie.layer].weights[tie.leader]
      network.layers[tie.layer].weights[tie.follower] = tie.isNegated ? -leader : leader
    }
    return network
  }

  @Test(arguments: architectures)
  func `equal central differences of a double-precision twin`(architecture: Architecture) throws {
    let set = Self.set(for: architecture)
    let signal = try TrainingSignal(set, for: architecture, named: "training")
    let engine = TrainingEngine(architecture, frameLength: 64)
    engine.load(Self.network(architecture))
    // Three lengths, so that the zeros around a frame must be restored between them.
    let starts = signal.usable.map(\.lowerBound)
    let frames = [
      Frame(start: starts[0], count: 64), Frame(start: starts[1] + 7, count: 33),
      Frame(start: starts[1], count: 1), Frame(start: starts[0] + 20, count: 64),
    ]
    let error = engine.computeGradient(on: signal, frames)
    let parameters = engine.parameters.values.map(Double.init)
    let exact = Self.error(architecture, parameters, on: set, frames)
    #expect(abs(error - exact) < 1e-5 * exact)
    #expect(abs(engine.relativeError(on: signal, frames) - exact) < 1e-5 * exact)

    let gradient = engine.gradient.values.map(Double.init)
    let largest = gradient.map(\.magnitude).max()!
    let absent = engine.plans.filter { !$0.hasBiases }.flatMap { Array($0.biases) }
    for index in parameters.indices where !absent.contains(index) {
      var moved = parameters
      // Small enough that hardly any rectifier changes sides, large enough for doubles.
      let h = 1e-6
      moved[index] = parameters[index] + h
      let above = Self.error(architecture, moved, on: set, frames)
      moved[index] = parameters[index] - h
      let slope = (above - Self.error(architecture, moved, on: set, frames)) / (2 * h)
      // Float sums over 162 outputs.
      #expect(abs(gradient[index] - slope) < 3e-5 * largest, "parameter \(index)")
    }
  }

  /// More frames than one batch holds, of two lengths, so that the zeros around the slopes move.
  @Test(arguments: architectures)
  func `of many frames are the mean of the frames' own`(architecture: Architecture) throws {
    let signal = try TrainingSignal(
      Self.set(for: architecture), for: architecture, named: "training")
    let engine = TrainingEngine(architecture, frameLength: 16)
    engine.load(Self.network(architecture))
    var random = RandomStream(seed: 3)
    let frames = (0..<700).map { index in
      signal.randomFrame(ofLength: index % 3 == 0 ? 11 : 16, from: &random)
    }
    #expect(engine.batch.frames(of: frames.count) < frames.count)
    let outputs = Double(frames.reduce(0) { $0 + $1.count })
    var error = 0.0
    var mean = [Double](repeating: 0, count: engine.parameterCount)
    for frame in frames {
      let share = Double(frame.count) / outputs
      error += share * engine.computeGradient(on: signal, [frame])
      for index in mean.indices { mean[index] += share * Double(engine.gradient[index]) }
    }
    let together = engine.computeGradient(on: signal, frames)
    // Float sums of squares in 16 lanes, and float lanes of 700 frames' slopes.
    #expect(abs(together - error) < 1e-6 * error)
    #expect(abs(engine.relativeError(on: signal, frames) - error) < 1e-6 * error)
    let largest = mean.map(\.magnitude).max()!
    for index in mean.indices {
      #expect(abs(Double(engine.gradient[index]) - mean[index]) < 2e-5 * largest)
    }
  }

  @Test(arguments: architectures)
  func `a step keeps tied weights equal in bits and biases that do not exist zero`(
    architecture: Architecture
  ) throws {
    let signal = try TrainingSignal(
      Self.set(for: architecture), for: architecture, named: "training")
    let engine = TrainingEngine(architecture, frameLength: 64)
    let network = Self.network(architecture)
    engine.load(network)
    let settings = AdamSettings(beta1: 0.9, beta2: 0.99, epsilon: 1e-8)
    var errors: [Double] = []
    for step in 1...20 {
      errors.append(
        engine.computeGradient(on: signal, signal.spreadFrames(ofLength: 64, samples: 128)))
      engine.step(
        rate: 0.003, settings, decay: (powerOf(0.9, step), powerOf(0.99, step)))
    }
    #expect(errors[19] < errors[0])
    // Traps when a tie is broken or an absent bias has moved.
    let trained = engine.network(mask: network.mask)
    for tie in architecture.ties {
      let weights = trained.layers[tie.layer].weights
      #expect(weights[tie.leader] != network.layers[tie.layer].weights[tie.leader])
      #expect(
        weights[tie.follower].bitPattern
          == (tie.isNegated ? -weights[tie.leader] : weights[tie.leader]).bitPattern)
    }
  }

  private func powerOf(_ base: Double, _ exponent: Int) -> Double {
    (0..<exponent).reduce(1) { product, _ in product * base }
  }

  @Test func `a masked weight does not move, and its neighbours do`() throws {
    let architecture = Tasks.small
    let signal = try TrainingSignal(
      Tasks.splits.training, for: architecture, named: "training")
    let engine = TrainingEngine(architecture, frameLength: 64)
    var network = Network(randomized: architecture, from: RandomStream(seed: 6))
    network.mask.layers[0][5] = false
    network.layers[0].weights[5] = 0
    engine.load(network)
    let before = engine.parameters.values
    _ = engine.computeGradient(on: signal, [Frame(start: 100, count: 64)])
    engine.step(
      rate: 0.01, AdamSettings(beta1: 0.9, beta2: 0.99, epsilon: 1e-8), decay: (0.9, 0.99))
    let after = engine.parameters.values
    #expect(after[5] == 0)
    // The first step of Adam moves every other parameter with a gradient by the rate.
    let moved = zip(before, after).filter { abs(abs($0 - $1) - 0.01) < 1e-4 }.count
    #expect(moved >= before.count - 5)
  }
}
