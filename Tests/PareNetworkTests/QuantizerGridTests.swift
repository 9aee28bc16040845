import PareNetwork
import PareNumerics
import Testing

@Suite struct `Quantizer grids` {
  static let quantizers: [Quantizer] = [
    .pot(bits: 2), .pot(bits: 4), .pot(bits: 5), .apot(terms: 2, bits: 3),
    .apot(terms: 2, bits: 4), .apot(terms: 3, bits: 4), .digits(1), .digits(2), .digits(3),
    .fixed(wordLength: 4), .fixed(wordLength: 8),
  ]

  @Test func `pot holds zero and eight powers`() {
    let values = Quantizer.pot(bits: 4).grid!.magnitudes.map(\.value)
    let powers: [Double] = [0x1p-7, 0x1p-6, 0x1p-5, 0x1p-4, 0x1p-3, 0x1p-2, 0x1p-1, 1]
    #expect(values == [0] + powers)
  }

  @Test func `apot is the sums of its two interleaved sets`() {
    let even = [0, 1, 1.0 / 4, 1.0 / 16, 1.0 / 64]
    let odd = [0, 1.0 / 2, 1.0 / 8, 1.0 / 32, 1.0 / 128]
    let sums = even.flatMap { a in odd.map { a + $0 } }.sorted()
    #expect(Quantizer.apot(terms: 2, bits: 4).grid!.magnitudes.map(\.value) == sums)
    #expect(sums.count == 25)
  }

  /// An integer needs as few digits as its canonical form has, if that stays within the exponents.
  @Test func `two digits reach exactly the integers with two canonical digits`() {
    let reached = Set(Quantizer.digits(2).grid!.magnitudes.map { Int64($0.value * 128) })
    for integer in Int64(0)...255 {
      let canonical = canonicalSignedDigits(of: integer)
      if canonical.allSatisfy({ $0.exponent <= 7 }) {
        #expect(reached.contains(integer) == (canonical.count <= 2), "\(integer)")
      }
    }
    #expect(reached.max() == 192)
  }

  @Test func `an integer word reaches its lowest integer but not its negative`() {
    let grid = Quantizer.fixed(wordLength: 4).grid!
    #expect(grid.nearest(to: -100, scaleExponent: 0).value == -8)
    #expect(grid.nearest(to: 100, scaleExponent: 0).value == 7)
    #expect(grid.magnitudes.map(\.value) == (0...7).map(Double.init))
  }

  @Test(arguments: quantizers)
  func `digits sum to the value, highest first, as many as the quantizer allows`(
    quantizer: Quantizer
  ) {
    for level in quantizer.grid!.magnitudes {
      #expect(level.digits.reduce(0) { $0 + $1.value } == level.value)
      #expect(zip(level.digits, level.digits.dropFirst()).allSatisfy { $0.exponent > $1.exponent })
      switch quantizer {
      case .pot: #expect(level.digits.count <= 1)
      case .apot(let terms, _):
        #expect(level.digits.count <= terms && level.digits.allSatisfy { !$0.isNegative })
      case .digits(let count): #expect(level.digits.count <= count)
      case .fixed, .none: break
      }
    }
  }

  @Test(arguments: quantizers)
  func `nearest is nearest, and a level is its own`(quantizer: Quantizer) {
    let grid = quantizer.grid!
    let scale = -2
    let magnitudes = grid.magnitudes.map { $0.value / 4 }
    var random = RandomStream(seed: 8)
    let largest = magnitudes.last!
    for _ in 0..<2_000 {
      let value = (random.uniform() * 2 - 1) * largest * 1.2
      let found = grid.nearest(to: value, scaleExponent: scale)
      let least = (magnitudes + magnitudes.map(-)).map { abs($0 - value) }.min()!
      #expect(abs(found.value - value) <= least)
      #expect(found.digits.reduce(0) { $0 + $1.value } == found.value)
    }
    for magnitude in magnitudes {
      #expect(grid.nearest(to: magnitude, scaleExponent: scale).value == magnitude)
      #expect(grid.nearest(to: -magnitude, scaleExponent: scale).value == -magnitude)
    }
    for (low, high) in zip(magnitudes, magnitudes.dropFirst()) {
      #expect(grid.nearest(to: (low + high) / 2, scaleExponent: scale).value == low, "ties go in")
    }
  }

  @Test(arguments: quantizers)
  func `neighbours are the next levels, and a sign can flip`(quantizer: Quantizer) {
    let grid = quantizer.grid!
    let up = grid.magnitudes.map(\.value)
    let line = up.dropFirst().reversed().map(-) + up
    for (index, value) in line.enumerated() {
      var expected = Set([index - 1, index + 1].filter(line.indices.contains).map { line[$0] })
      if value.magnitude == up[1] { expected.insert(-value) }
      if case .fixed(let wordLength) = quantizer, index == 0 {
        expected.insert(-Double(1 << (wordLength - 1)))
      }
      #expect(Set(grid.neighbours(of: value, scaleExponent: 0).map(\.value)) == expected)
      let scaled = grid.neighbours(of: value * 8, scaleExponent: 3).map { $0.value / 8 }
      #expect(Set(scaled) == expected)
    }
  }

  @Test func `no quantizer has no grid`() { #expect(Quantizer.none.grid == nil) }
}
