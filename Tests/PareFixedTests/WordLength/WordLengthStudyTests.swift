import PareNetwork
import PareNumerics
import RandomNetworks
import Testing

@testable import PareFixed

@Suite struct WordLengthStudyTests {
  /// A study of a random network that is to repeat its own outputs in floats.
  static func study(seed: UInt64) throws -> WordLengthStudy {
    let architecture = try Architecture.random(seed: seed)
    let network = sampleNetwork(
      seed: seed, architecture, QuantizationScheme.random(seed: seed, for: architecture))
    let input = noise(seed: seed, count: 400, amplitude: 0.5)
    let target = network.network(input)
    return try WordLengthStudy(
      of: network, on: SampleSet(input: input, target: target), tanhTableBits: 12
    ) { output, _ in
      let errors = zip(output, target).map { a, b in
        zip(a, b).reduce(0) { $0 + ($1.0 - Double($1.1)) * ($1.0 - Double($1.1)) }
      }
      let energy = target.joined().reduce(0) { $0 + Double($1) * Double($1) }
      let error = errors.reduce(0, +)
      return OutputFigures(
        meanSquaredError: error / Double(target.count * target[0].count), roundingError: 0,
        nmse: decibels((error + energy * 1e-9) / energy))
    }
  }

  @Test(arguments: 0..<12 as Range<UInt64>)
  func `every tensor's format can be read back and changes nothing else`(seed: UInt64) throws {
    let study = try Self.study(seed: seed)
    let tensors = study.network.fixedTensors
    #expect(Set(tensors).count == tensors.count)
    for tensor in tensors {
      var formats = study.modes
      let format = WordFormat(wordLength: 11, integerBits: 3)
      formats[tensor] = format
      #expect(formats[tensor] == format)
      for other in tensors where other != tensor {
        #expect(formats[other] == study.modes[other])
      }
    }
  }

  @Test(arguments: 0..<12 as Range<UInt64>)
  func `no input leaves the proven ranges`(seed: UInt64) throws {
    let study = try Self.study(seed: seed)
    let network = study.network
    var formats = study.modes
    for range in study.ranges {
      #expect(range.provenIntegerBits >= range.observedIntegerBits)
      if case .weights = range.tensor { continue }
      if case .biases = range.tensor { continue }
      // A format that would wrap a hard tanh's 1 is refused, also where no sum reaches it.
      let integers =
        if case .activation = range.tensor, network.architecture.activation == .hardTanh {
          max(range.provenIntegerBits, 2)
        } else { range.provenIntegerBits }
      formats[range.tensor] = WordFormat(wordLength: 20 + integers, integerBits: integers)
    }
    // Wrapping and saturating agree when nothing leaves the ranges, whatever comes in.
    formats.overflow = .saturate
    let saturating = try network.fixed(to: formats)
    formats.overflow = .wrap
    let wrapping = try network.fixed(to: formats)
    var random = RandomStream(seed: seed)
    let range = formats.input.range
    let words = (0..<network.architecture.inputChannels).map { _ in
      (0..<300).map { _ -> Int64 in
        switch random.index(below: 3) {
        case 0: range.lower
        case 1: range.upper
        default: Int64(random.uniform() * Double(range.upper))
        }
      }
    }
    #expect(saturating.run(words) == wrapping.run(words))
  }

  @Test(arguments: 0..<6 as Range<UInt64>)
  func `a point of the study is what the network in those formats gives`(seed: UInt64) throws {
    let study = try Self.study(seed: seed)
    let float = study.network.network(study.samples.input)
    for point in try study.jointly(wordLengths: 10...11, integerBits: 3...4) {
      var formats = FixedFormats.uniform(point.format, for: study.network.architecture)
      if study.network.architecture.hasBiases {
        formats.biases = Array(
          repeating: point.format, count: study.network.architecture.convolutions)
      }
      formats.tanhTableBits = 12
      formats.magnitudeTableBits = WordLengthStudy.generousTableBits
      let output = try study.network.fixed(to: formats)(study.samples.input)
      var error = 0.0
      for (a, b) in zip(output.joined(), float.joined()) {
        error += (a - Double(b)) * (a - Double(b))
      }
      let figures = try #require(point.figures)
      // Two orders of adding a thousand squares.
      #expect(
        abs(figures.roundingError - error / Double(2 * float[0].count)) < 1e-12 + error * 1e-9)
    }
  }

  @Test(arguments: 0..<6 as Range<UInt64>)
  func `long words lose nothing and short ones much`(seed: UInt64) throws {
    let study = try Self.study(seed: seed)
    for tensor in study.network.fixedTensors {
      let points = try study.oneAtATime(wordLengths: 2...20).filter { $0.tensor == tensor }
      let errors = points.map { $0.figures?.roundingError ?? .infinity }
      // Biases and weights that are 0 lose nothing at any length; a result of two bits is all but noise.
      #expect(errors.last! <= errors.first!)
      if tensor == .output { #expect(errors.first! > 100 * errors.last!) }
    }
  }

  @Test func `biases in a format are its multiples`() throws {
    let architecture = try Architecture(
      hiddenChannels: [3], kernelSize: 3, activation: .relu, hasBiases: true)
    let network = sampleNetwork(
      seed: 5, architecture, QuantizationScheme.random(seed: 5, for: architecture))
    var formats = FixedFormats.uniform(for: architecture)
    formats.biases = Array(repeating: WordFormat(wordLength: 5, integerBits: 1), count: 2)
    let fixed = try network.fixed(to: formats)
    for (layer, original) in zip(fixed.layers, network.layers) {
      let unit = Int64(1) << Int64(layer.accumulatorFractionBits - 4)
      for (bias, exact) in zip(layer.biases, original.biases) {
        #expect(bias % unit == 0)
        let value = Double(bias) * powerOfTwo(-layer.accumulatorFractionBits)
        #expect(abs(value - min(max(Double(exact), -1), 0.9375)) <= powerOfTwo(-5))
      }
    }
  }
}
