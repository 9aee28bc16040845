import PareNumerics
import Testing

@Suite struct RequantizerTests {
  /// Rounding as the real-number definition says it, independent of shifts and masks.
  private func rounded(_ value: Double, _ rounding: Rounding) -> Double {
    switch rounding {
    case .floor: value.rounded(.down)
    case .nearest: (value + 0.5).rounded(.down)
    case .convergent: value.rounded(.toNearestOrEven)
    }
  }

  @Test(arguments: Rounding.allCases, 1...6)
  func `dropping bits equals rounding the quotient`(rounding: Rounding, shift: Int) {
    for raw in Int64(-300)...300 {
      let exact = rounded(Double(raw) / powerOfTwo(shift), rounding)
      #expect(Double(Requantizer.shiftedRight(raw, by: shift, rounding)) == exact)
    }
  }

  @Test func `half goes up by default, as in AP_RND`() {
    let unit = Requantizer(to: WordFormat(wordLength: 8, integerBits: 8))
    #expect(unit(3, fractionBits: 1) == 2)
    #expect(unit(-3, fractionBits: 1) == -1)
    #expect(unit(0.5) == 1)
    #expect(unit(-0.5) == 0)
  }

  @Test func `saturates at the most negative and the most positive word`() {
    let format = WordFormat(wordLength: 4, integerBits: 4)
    let unit = Requantizer(to: format)
    #expect(unit(100, fractionBits: 0) == 7)
    #expect(unit(-100, fractionBits: 0) == -8)
    #expect(unit(1e300) == 7)
    #expect(unit(-Double.infinity) == -8)
  }

  @Test func `wraps by keeping the low bits`() {
    let signed = Requantizer(to: WordFormat(wordLength: 4, integerBits: 4), overflow: .wrap)
    let unsigned = Requantizer(
      to: WordFormat(wordLength: 4, integerBits: 4, isSigned: false), overflow: .wrap)
    for value in Int64(-40)...40 {
      #expect((signed(value, fractionBits: 0) - value) % 16 == 0)
      #expect((-8...7).contains(signed(value, fractionBits: 0)))
      #expect((unsigned(value, fractionBits: 0) - value) % 16 == 0)
      #expect((0...15).contains(unsigned(value, fractionBits: 0)))
    }
  }

  @Test func `a finer format only appends zeros`() {
    let fine = Requantizer(to: WordFormat(wordLength: 20, integerBits: 6))
    #expect(fine(-5, fractionBits: 10) == -5 << 4)
  }
}
