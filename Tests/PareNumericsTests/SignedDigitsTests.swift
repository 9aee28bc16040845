import PareNumerics
import Testing

@Suite struct SignedDigitsTests {
  @Test func `digits sum to the value and no two are neighbours`() {
    for value in Int64(-2049)...2049 {
      let digits = canonicalSignedDigits(of: value)
      #expect(digits.reduce(0.0) { $0 + $1.value } == Double(value))
      for (low, high) in zip(digits, digits.dropFirst()) {
        #expect(high.exponent - low.exponent >= 2)
      }
    }
  }

  @Test func `no signed-digit form of an 8-bit value has fewer digits`() {
    // Fewest digits by breadth-first search over sums of ±2^e, e in 0...8.
    var fewest: [Int64: Int] = [0: 0]
    var frontier: [Int64] = [0]
    for count in 1...4 {
      var next: [Int64] = []
      for base in frontier {
        for exponent in 0...8 {
          for sum in [base + 1 << exponent, base - 1 << exponent] where fewest[sum] == nil {
            fewest[sum] = count
            next.append(sum)
          }
        }
      }
      frontier = next
    }
    for value in Int64(-128)...127 {
      #expect(canonicalSignedDigits(of: value).count == fewest[value])
    }
  }

  @Test func `the largest admitted magnitude works`() {
    let value = (Int64(1) << 62) - 1
    #expect(canonicalSignedDigits(of: value).map(\.exponent) == [0, 62])
  }
}
