import Foundation
import PareFixed
import PareNetwork
import PareNumerics
import Testing

@Suite struct FixedNetworkTests {
  @Test(arguments: [Activation.relu, .tanh], [[], [3], [4, 2]])
  func `wide words come within rounding of the definition in floating point`(
    activation: Activation, hidden: [Int]
  ) throws {
    let network = try sampleNetwork(seed: 5, hidden: hidden, activation: activation)
    var formats = FixedFormats.uniform(
      WordFormat(wordLength: 28, integerBits: 10), hiddenConvolutions: hidden.count)
    formats.tanhTableBits = 14
    let fixed = try network.fixed(to: formats)
    let input = noise(seed: 6, count: 300)
    let got = fixed(input)
    let expected = directOutput(of: network, input) { activation == .relu ? max(0, $0) : tanh($0) }
    // Input, activations and output each round to 2^-18; a tanh table of 2^14 steps over [0, 8) is off by at most half
    // a step, 2^-12; gains of these nets stay below 40.
    let tolerance = (activation == .relu ? powerOfTwo(-18) : powerOfTwo(-12)) * 40
    for (a, b) in zip(got.joined(), expected.joined()) { #expect(abs(Double(a) - b) < tolerance) }
  }

  @Test func `weights, biases and the skip are exact multiples`() throws {
    let network = try sampleNetwork(seed: 9)
    let fixed = try network.fixed(to: .uniform(hiddenConvolutions: 1))
    for (layer, integers) in zip(network.layers, fixed.layers) {
      for (weight, tap) in zip(layer.weights, integers.taps) {
        #expect(Double(tap) * powerOfTwo(-integers.weightFractionBits) == Double(weight))
      }
      for (bias, integer) in zip(layer.biases, integers.biases) {
        let unit = powerOfTwo(-integers.accumulatorFractionBits)
        #expect(abs(Double(integer) * unit - Double(bias)) <= unit / 2)
      }
    }
    #expect(fixed.nonZeroCount == network.nonZeroCount)
  }

  @Test func `weights without a quantizer are rounded to their format`() throws {
    let network = try sampleNetwork(seed: 10, quantizer: .none)
    var formats = FixedFormats.uniform(hiddenConvolutions: 1)
    formats.weights = WordFormat(wordLength: 4, integerBits: 2)
    let fixed = try network.fixed(to: formats)
    for (layer, integers) in zip(network.layers, fixed.layers) {
      let scale = powerOfTwo(-integers.weightFractionBits)
      for (weight, tap) in zip(layer.weights, integers.taps) {
        let limited = min(max((Double(weight) * 4 + 0.5).rounded(.down) / 4, -2), 1.75)
        #expect(Double(tap) * scale == limited)
      }
    }
  }

  @Test func `segments are independent and start from zero state`() throws {
    let fixed = try sampleNetwork(seed: 12, hidden: [3, 2])
      .fixed(to: .uniform(hiddenConvolutions: 2))
    let words = fixed.quantize(noise(seed: 2, count: 50))
    let together = fixed.run(words, segments: [0..<20, 20..<21, 21..<50])
    let apart = [0..<20, 20..<21, 21..<50].map { range in fixed.run(words.map { Array($0[range]) })
    }
    for channel in 0..<2 {
      #expect(together[channel] == apart.flatMap { $0[channel] })
    }
    #expect(together != fixed.run(words))
  }

  @Test func `a hidden layer's past is zero, not the activation of its bias`() throws {
    // One hidden channel with bias 1 and no input weight; the output sums its two newest samples.
    let shape = try Architecture(hiddenChannels: [1], kernelSize: 2, hasSkip: false)
    let one = [SignedDigit(exponent: 0, isNegative: false)]
    let network = QuantizedNetwork(
      architecture: shape, scheme: .pot(bits: 4),
      layers: [
        QuantizedLayer(
          shape: shape.layerShapes[0], quantizer: .pot(bits: 4),
          scaleExponents: [0], digits: [[], [], [], []],
          weights: [0, 0, 0, 0], biases: [1]),
        QuantizedLayer(
          shape: shape.layerShapes[1], quantizer: .pot(bits: 4),
          scaleExponents: [0, 0], digits: [one, one, [], []],
          weights: [1, 1, 0, 0], biases: [0, 0]),
      ])
    let fixed = try network.fixed(to: .uniform(hiddenConvolutions: 1))
    #expect(fixed([[0, 0, 0], [0, 0, 0]])[0] == [1, 2, 2])
  }

  @Test func `saturates the output instead of wrapping`() throws {
    let fixed = try sampleNetwork(seed: 3).fixed(to: .uniform(hiddenConvolutions: 1))
    let extreme = [Int64](repeating: fixed.inputFormat.maximumRaw, count: 8)
    for word in fixed.run([extreme, extreme]).joined() {
      #expect(fixed.outputFormat.range.contains(word))
    }
  }

  @Test func `an accumulator beyond 61 bits is refused with the layer's number`() throws {
    let network = try sampleNetwork(seed: 4, hidden: [2, 2])
    var formats = FixedFormats.uniform(hiddenConvolutions: 2)
    formats.activations[0] = WordFormat(wordLength: 58, integerBits: 20)
    let error = #expect(throws: FixedError.self) { try network.fixed(to: formats) }
    #expect(error?.code == .accumulator(layer: 1))
  }
}
