import CPareKernels
import PareNetwork
import PareNumerics
import Testing

@Suite struct `Network forward pass` {
  static let architectures = try! [
    Architecture(hiddenChannels: [8], kernelSize: 5, lookAhead: 2),
    Architecture(hiddenChannels: [4], kernelSize: 3, activation: .tanh),
    Architecture(hiddenChannels: [5, 3], kernelSize: 7, activation: .tanh, lookAhead: 9),
    Architecture(hiddenChannels: [], kernelSize: 11, lookAhead: 10, hasSkip: false),
    Architecture(
      inputChannels: 3, hiddenChannels: [6], outputChannels: 1, kernelSize: 1, hasSkip: false),
  ]

  func network(_ architecture: Architecture) -> Network {
    var random = RandomStream(seed: 3)
    return Network(
      architecture: architecture,
      layers: architecture.layerShapes.map { shape in
        Layer(
          shape: shape, weights: (0..<shape.weightCount).map { _ in Float(random.normal() * 0.3) },
          biases: (0..<shape.outputChannels).map { _ in Float(random.normal() * 0.3) })
      }, mask: Mask(allOf: architecture))
  }

  func signal(_ architecture: Architecture, _ count: Int) -> [[Float]] {
    var random = RandomStream(seed: 4)
    return (0..<architecture.inputChannels).map { _ in
      (0..<count).map { _ in Float(random.normal() * 0.5) }
    }
  }

  /// The definition, sample by sample: each layer's output of the whole stream, its past before 0 being 0.
  func reference(_ network: Network, _ input: [[Float]]) -> [[Float]] {
    let architecture = network.architecture
    let count = input[0].count
    var stream = input.map { $0 + Array(repeating: 0, count: architecture.lookAhead) }
    for (index, layer) in network.layers.enumerated() {
      let shape = layer.shape
      stream = (0..<shape.outputChannels).map { o in
        stream[0].indices.map { t in
          var sum = layer.biases[o]
          for i in 0..<shape.inputChannels {
            for k in 0..<shape.kernelSize {
              let past = t - k >= 0 ? stream[i][t - k] : 0
              sum.addProduct(layer.weights[shape.index(output: o, input: i, tap: k)], past)
            }
          }
          guard index < network.layers.count - 1 else { return sum }
          return architecture.activation == .relu ? KernelTwin.relu(sum) : KernelTwin.tanh(sum)
        }
      }
    }
    return stream.enumerated().map { channel, samples in
      (0..<count).map { t in
        let output = samples[t + architecture.lookAhead]
        return architecture.hasSkip ? output + input[channel][t] : output
      }
    }
  }

  @Test(arguments: architectures)
  func `equals its definition bit for bit, across chunks and for tiny signals`(
    architecture: Architecture
  ) {
    let network = network(architecture)
    for count in [1, 2, 7, 511, 512, 513, 1_300] {
      let input = signal(architecture, count)
      #expect(network(input).map(bits) == reference(network, input).map(bits), "\(count) samples")
    }
  }

  @Test(arguments: architectures)
  func `two segments together are two streams apart`(architecture: Architecture) {
    let network = network(architecture)
    let input = signal(architecture, 900)
    let cut = 613
    let together = network(input, segments: [0..<cut, cut..<900])
    let head = network(input.map { Array($0[..<cut]) })
    let tail = network(input.map { Array($0[cut...]) })
    #expect(together == zip(head, tail).map { $0 + $1 })
    if architecture.receptiveField > 1 {
      #expect(together != network(input), "the joint must matter")
    }
  }

  @Test func `looking ahead is reading the past of a signal that comes early`() throws {
    let architecture = try Architecture(
      hiddenChannels: [4], kernelSize: 5, lookAhead: 3, hasSkip: false)
    let causal = try Architecture(hiddenChannels: [4], kernelSize: 5, lookAhead: 0, hasSkip: false)
    let ahead = network(architecture)
    let behind = Network(architecture: causal, layers: ahead.layers, mask: ahead.mask)
    let input = signal(architecture, 700)
    let early = behind(input.map { $0 + [0, 0, 0] })
    #expect(ahead(input) == early.map { Array($0.dropFirst(3)) })
  }

  @Test func `an empty signal gives an empty signal`() {
    #expect(network(Self.architectures[0])([[], []]) == [[], []])
  }
}
