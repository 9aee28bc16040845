import PareNumerics
import Testing

@testable import PareDatapath

@Suite struct DigitFormsTests {
  private static func value(_ digits: [(shift: Int, isNegated: Bool)]) -> Int64 {
    digits.reduce(0) { $0 + (Int64($1.isNegated ? -1 : 1) << Int64($1.shift)) }
  }

  @Test func `every form has the value, and no place twice`() {
    var random = RandomStream(seed: 4)
    for _ in 0..<2000 {
      let value = Int64(random.index(below: 1 << 20)) - (1 << 19)
      let spare = random.index(below: 3)
      let digits = DigitForms.digits(of: value, chance: random.uniform(), spare: spare, &random)
      #expect(Self.value(digits) == value)
      #expect(Set(digits.map(\.shift)).count == digits.count)
      #expect(digits.count <= canonicalSignedDigits(of: value).count + spare)
    }
  }

  @Test func `without chance the form is the canonical one`() {
    var random = RandomStream(seed: 4)
    for value in -600...600 as ClosedRange<Int64> {
      let digits = DigitForms.digits(of: value, chance: 0, &random)
      let canonical = canonicalSignedDigits(of: value)
      #expect(digits.map(\.shift) == canonical.map(\.exponent))
      #expect(digits.map(\.isNegated) == canonical.map(\.isNegative))
      #expect(DigitForms.weight(value) == canonical.count)
    }
  }

  @Test func `all shortest forms of a constant are found`() {
    // 11 = 8 + 4 - 1 = 8 + 2 + 1 = 16 - 4 - 1.
    var random = RandomStream(seed: 4)
    let forms = Set(
      (0..<200).map { _ in
        DigitForms.digits(of: 11, chance: 0.5, &random).map {
          $0.isNegated ? -$0.shift - 1 : $0.shift
        }
      })
    #expect(forms == [[-1, 2, 3], [0, 1, 3], [-1, -3, 4]])
  }
}
