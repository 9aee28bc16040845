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
    Architecture(
      features: [.signal(0), .signal(1), .power, Feature(channel: 1, envelopePower: 4)],
      hiddenChannels: [5], kernelSize: 3, dilations: [4, 3],
      activation: .leakyReLU(shift: 3), lookAhead: 5),
    Architecture(
      hiddenChannels: [4, 6], kernelSize: 3, dilations: [1, 2, 9], activation: .hardTanh,
      lookAhead: 2, hasBiases: false, branch: LinearBranch(kernelSize: 31, lookAhead: 10)),
    Architecture(
      features: Feature.memoryPolynomial(order: 5), hiddenChannels: [], kernelSize: 4,
      lookAhead: 3, hasSkip: false,
      branch: LinearBranch(kernelSize: 5, lookAhead: 1, structure: .complex)),
    Architecture(
      features: [
        .signal(1), Feature(channel: 0, envelope: .power(3), envelopeLag: 5),
        Feature(channel: 1, carrierLag: 7, envelope: .power(2)),
        Feature(
          channel: 0, envelope: .correlation(lag: 9, part: .imaginary, power: 2), envelopeLag: 2),
      ],
      hiddenChannels: [3], kernelSize: 2, activation: .tanh, lookAhead: 1,
      branch: LinearBranch(kernelSize: 5, lookAhead: 3)),
    // More memory than a chunk has outputs.
    Architecture(hiddenChannels: [2], kernelSize: 3, dilations: [500, 30], lookAhead: 800),
  ]

  func network(_ architecture: Architecture) -> Network {
    var random = RandomStream(seed: 3)
    var layers = architecture.layerShapes.enumerated().map { index, shape in
      let hasBiases = architecture.hasBiases(inLayer: index)
      return Layer(
        shape: shape, weights: (0..<shape.weightCount).map { _ in Float(random.normal() * 0.3) },
        biases: (0..<shape.outputChannels).map { _ in
          hasBiases ? Float(random.normal() * 0.3) : 0
        })
    }
    for tie in architecture.ties {
      let leader = layers[tie.layer].weights[tie.leader]
      layers[tie.layer].weights[tie.follower] = tie.isNegated ? -leader : leader
    }
    return Network(architecture: architecture, layers: layers, mask: Mask(allOf: architecture))
  }

  func signal(_ architecture: Architecture, _ count: Int) -> [[Float]] {
    var random = RandomStream(seed: 4)
    return (0..<architecture.inputChannels).map { _ in
      (0..<count).map { _ in Float(random.normal() * 0.5) }
    }
  }

  /// One causal convolution of a whole stream, its past before 0 being 0.
  func convolve(_ layer: Layer, _ stream: [[Float]]) -> [[Float]] {
    let shape = layer.shape
    return (0..<shape.outputChannels).map { o in
      stream[0].indices.map { t in
        var sum = layer.biases[o]
        for i in 0..<shape.inputChannels {
          for k in 0..<shape.kernelSize {
            let past = t - k * shape.dilation >= 0 ? stream[i][t - k * shape.dilation] : 0
            sum.addProduct(layer.weights[shape.index(output: o, input: i, tap: k)], past)
          }
        }
        return sum
      }
    }
  }

  /// The definition, sample by sample.
  func reference(_ network: Network, _ input: [[Float]]) -> [[Float]] {
    let architecture = network.architecture
    let activation: (Float) -> Float =
      switch architecture.activation {
      case .relu: { KernelTwin.relu($0) }
      case .leakyReLU(let shift): { $0 > 0 ? $0 : $0 / Float(1 << shift) }
      case .hardTanh: { KernelTwin.hardTanh($0) }
      case .tanh: { KernelTwin.tanh($0) }
      }
    func ahead(_ samples: Int) -> [[Float]] {
      input.map { $0 + Array(repeating: 0, count: samples) }
    }
    let early = ahead(architecture.lookAhead)
    var stream = architecture.features.map { $0(early) }
    for (index, layer) in network.layers.prefix(architecture.convolutions).enumerated() {
      stream = convolve(layer, stream)
      if index + 1 < architecture.convolutions { stream = stream.map { $0.map(activation) } }
    }
    var output = stream.map { Array($0.dropFirst(architecture.lookAhead)) }
    if let branch = architecture.branch {
      let linear = convolve(network.layers.last!, ahead(branch.lookAhead))
      for (channel, samples) in linear.enumerated() {
        output[channel] = zip(output[channel], samples.dropFirst(branch.lookAhead)).map { $0 + $1 }
      }
    }
    guard architecture.hasSkip else { return output }
    return zip(output, input).map { zip($0, $1).map { $0 + $1 } }
  }

  @Test(arguments: architectures)
  func `equals its definition bit for bit, across chunks and for tiny signals`(
    architecture: Architecture
  ) {
    let network = network(architecture)
    for count in [1, 2, 7, 767, 768, 769, 1_700] {
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
