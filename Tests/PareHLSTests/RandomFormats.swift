import PareFixed
import PareNetwork
import PareNumerics

extension FixedFormats {
  /// A format for every tensor, short enough that sums saturate or wrap now and then; every rounding and overflow.
  static func random(seed: UInt64, for architecture: Architecture) -> FixedFormats {
    var random = RandomStream(seed: seed).fork("formats")
    var formats = FixedFormats.uniform(for: architecture)
    func format() -> WordFormat {
      WordFormat(wordLength: 8 + random.index(below: 10), integerBits: 2 + random.index(below: 3))
    }
    formats.input = format()
    formats.envelopes = formats.envelopes.map { _ in format() }
    formats.products = formats.products.map { _ in format() }
    formats.activations = formats.activations.map { _ in format() }
    formats.output = format()
    formats.weights = formats.weights.map { _ in
      WordFormat(wordLength: 6 + random.index(below: 8), integerBits: 2)
    }
    formats.rounding = Rounding.allCases[random.index(below: 3)]
    formats.overflow = Overflow.allCases[random.index(below: 2)]
    formats.tanhTableBits = 4 + random.index(below: 4)
    formats.magnitudeTableBits = 4 + random.index(below: 8)
    return formats
  }
}
