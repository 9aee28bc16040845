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
  ]

  /// The error of a network in double precision, straight from its definition.
  static func error(
    _ architecture: Architecture, _ parameters: [Double], on set: SampleSet, _ frames: [Frame]
  ) -> Double {
    var sum = 0.0
    var outputs = 0
    for frame in frames {
      let past = architecture.receptiveField - 1 - architecture.lookAhead
      let window = frame.start - past..<frame.start + frame.count + architecture.lookAhead
      var signal = set.input.map { $0[window].map(Double.init) }
      var next = 0
      for (index, shape) in architecture.layerShapes.enumerated() {
        let weights = parameters[next..<next + shape.weightCount]
        let biases = parameters[(next + shape.weightCount)...].prefix(shape.outputChannels)
        next += shape.weightCount + shape.outputChannels
        signal = (0..<shape.outputChannels).map { o in
          (shape.kernelSize - 1..<signal[0].count).map { t in
            var y = biases[biases.startIndex + o]
            for i in 0..<shape.inputChannels {
              for k in 0..<shape.kernelSize {
                y +=
                  weights[weights.startIndex + shape.index(output: o, input: i, tap: k)]
                  * signal[i][t - k]
              }
            }
            if index == architecture.convolutions - 1 { return y }
            return architecture.activation == .relu ? max(0, y) : tanhOf(y)
          }
        }
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

  @Test(arguments: architectures)
  func `equal central differences of a double-precision twin`(architecture: Architecture) throws {
    let set = Tasks.set(300, seed: 5, segments: [0..<120, 120..<300])
    let signal = try TrainingSignal(set, for: architecture, named: "training")
    let engine = TrainingEngine(architecture, frameLength: 64)
    engine.load(Network(randomized: architecture, from: RandomStream(seed: 6)))
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
    for index in parameters.indices {
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
