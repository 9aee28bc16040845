import PareNetwork
import PareNumerics
import Testing

@testable import PareFixed

@Suite struct ObservedFormatsTests {
  @Test func `gives every tensor the fewest integer bits that hold it`() throws {
    let network = try sampleNetwork(seed: 21, hidden: [4])
    let input = noise(seed: 22, count: 500, amplitude: 0.9)
    let samples = SampleSet(input: input, target: input)
    let formats = try FixedFormats.observed(network, on: samples, wordLength: 12)
    #expect(formats.input == WordFormat(wordLength: 12, integerBits: 1))
    let hidden = directOutputPeak(network, input)
    let fits = Double(formats.activations[0].maximumRaw) * formats.activations[0].resolution
    #expect(hidden <= fits * 1.001)
    #expect(hidden > fits / 2 * 0.99)
  }

  /// Largest hidden value, by the definition.
  private func directOutputPeak(_ network: QuantizedNetwork, _ input: [[Float]]) -> Double {
    var peak = 0.0
    _ = directOutput(of: network, input) { value in
      peak = max(peak, value)
      return max(0, value)
    }
    return peak
  }

  @Test(arguments: [(0.0, -16), (0.49, 0), (0.9, 1), (1.0, 2), (31.9, 6), (32.0, 7)])
  func `fits a magnitude`(magnitude: Double, integerBits: Int) {
    #expect(FixedFormats.fitting(magnitude, wordLength: 16).integerBits == integerBits)
  }
}
