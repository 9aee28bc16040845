public import PareDatapath
import PareFixed
import PareNetwork
import PareNumerics

/// A design that models are held against synthesis on.
public struct Design: Sendable {
  public let name: String
  public let family: LogicFamily
  public let lowered: Datapath

  /// The same passes as a design folder at effort `fast`.
  public func pipeline() throws -> PipelinedDatapath {
    let options = SolverOptions(family: family, effort: .fast)
    return try lowered.optimized(by: .solving(options)).pipelined(PipelineOptions(family: family))
  }
}

extension Design {
  /// Seeded designs: four networks to a plain filter bank, three for UltraScale+ to one for ECP5.
  public static func random(count: Int) throws -> [Design] {
    try (0..<count).map { index in
      var random = RandomStream(seed: UInt64(index)).fork("resources")
      let family: LogicFamily = index % 4 == 3 ? .ecp5 : .ultraScalePlus
      return index % 5 == 4
        ? try filterBank(index, family, &random) : try network(index, family, &random)
    }
  }

  /// Seven taps, 2-8-8-2 channels, rectifiers, power-of-two weights of which 65 % are pruned.
  public static func sevenTap(family: LogicFamily) throws -> Design {
    var random = RandomStream(seed: 1).fork("seven")
    let architecture = try Architecture(
      hiddenChannels: [8, 8], kernelSize: 7, activation: .relu, lookAhead: 3, hasSkip: true)
    let network = quantized(
      architecture, QuantizationScheme(.pot(bits: 4)), density: 0.35, &random)
    let formats = FixedFormats.uniform(
      WordFormat(wordLength: 12, integerBits: 2), for: architecture)
    return Design(
      name: "7-tap 2-8-8-2 PoT 65 %", family: family,
      lowered: try network.fixed(to: formats).lowered())
  }

  private static func filterBank(
    _ index: Int, _ family: LogicFamily, _ random: inout RandomStream
  ) throws -> Design {
    let outputs = 1 + random.index(below: 4)
    let inputs = 1 + random.index(below: 3)
    let taps = 4 + random.index(below: 12)
    let density = 0.3 + 0.7 * random.uniform()
    let bits = 5 + random.index(below: 5)
    let limit = Int64(1) << Int64(bits - 1)
    let matrix = (0..<outputs).map { _ in
      (0..<inputs).map { _ in
        (0..<taps).map { _ in
          random.uniform() < density
            ? Int64(random.index(below: Int(2 * limit))) - limit : 0
        }
      }
    }
    let word = 8 + random.index(below: 9)
    let bank = try FilterBank(
      taps: matrix, format: WordFormat(wordLength: word, integerBits: word))
    return Design(
      name: "\(index)-fir-\(outputs)x\(inputs)x\(taps)-w\(bits)-x\(word)", family: family,
      lowered: try bank.lowered())
  }

  private static func network(
    _ index: Int, _ family: LogicFamily, _ random: inout RandomStream
  ) throws -> Design {
    func pick<Value>(_ values: [Value]) -> Value { values[random.index(below: values.count)] }
    let activation: Activation = pick([.relu, .relu, .leakyReLU(shift: 3), .hardTanh, .tanh])
    let hidden = pick([[3], [4], [5], [6], [3, 3], [4, 3]])
    let kernel = pick([3, 4, 5, 7])
    let quantizer: Quantizer = pick([
      .pot(bits: 4), .apot(terms: 2, bits: 4), .apot(terms: 2, bits: 5), .digits(3),
      .fixed(wordLength: 8),
    ])
    let density = pick([0.1, 0.2, 0.35, 0.5])
    let format = pick([
      WordFormat.paper, WordFormat(wordLength: 12, integerBits: 2),
      WordFormat(wordLength: 14, integerBits: 3),
    ])
    let architecture = try Architecture(
      hiddenChannels: hidden, kernelSize: kernel, activation: activation,
      lookAhead: random.index(below: 3), hasSkip: random.index(below: 3) > 0)
    let scheme = QuantizationScheme(quantizer)
    var formats = FixedFormats.uniform(format, for: architecture)
    formats.tanhTableBits = 8
    let network = quantized(architecture, scheme, density: density, &random)
    return Design(
      name: "\(index)-\(architecture.name)-\(quantizer)-\(Int(density * 100))%-\(format)",
      family: family, lowered: try network.fixed(to: formats).lowered())
  }

  /// Seeded weights on the grid; the largest level of a layer is 1/2 or 1.
  private static func quantized(
    _ architecture: Architecture, _ scheme: QuantizationScheme, density: Double,
    _ random: inout RandomStream
  ) -> QuantizedNetwork {
    let layers = architecture.layerShapes.enumerated().map { index, shape -> QuantizedLayer in
      let quantizer = scheme.quantizer(ofLayer: index)
      guard let grid = quantizer.grid else { fatalError("\(quantizer) has no grid") }
      let scale = -Int(grid.largest.exponent) - random.index(below: 2)
      let levels = (0..<shape.weightCount).map { _ in
        grid.nearest(
          to: random.uniform() < density ? random.uniform() * 2 - 1 : 0, scaleExponent: scale)
      }
      return QuantizedLayer(
        shape: shape, quantizer: quantizer,
        scaleExponents: Array(repeating: scale, count: shape.outputChannels),
        digits: levels.map(\.digits), weights: levels.map { Float($0.value) },
        biases: (0..<shape.outputChannels).map { _ in Float(random.uniform() - 0.5) * 0.3 })
    }
    return QuantizedNetwork(architecture: architecture, scheme: scheme, layers: layers)
  }
}
