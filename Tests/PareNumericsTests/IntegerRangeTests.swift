import PareNumerics
import Testing

@Suite struct IntegerRangeTests {
  private static let samples = [
    IntegerRange(-5, 3), IntegerRange(0), IntegerRange(2, 9), IntegerRange(-7, -1),
  ]

  @Test(arguments: samples, samples)
  func `sum, product and clamp hold exactly the values they can take`(
    a: IntegerRange, b: IntegerRange
  ) {
    var sums: Set<Int64> = []
    var products: Set<Int64> = []
    var clamped: Set<Int64> = []
    for x in a.lower...a.upper {
      for y in b.lower...b.upper {
        sums.insert(x + y)
        products.insert(x * y)
      }
      clamped.insert(min(max(x, b.lower), b.upper))
    }
    #expect(a.adding(b) == IntegerRange(sums.min()!, sums.max()!))
    #expect(a.multiplied(by: b) == IntegerRange(products.min()!, products.max()!))
    #expect(a.clamped(to: b) == IntegerRange(clamped.min()!, clamped.max()!))
  }

  @Test(arguments: [
    (IntegerRange(0), 1), (IntegerRange(-1), 1), (IntegerRange(0, 1), 2), (IntegerRange(-8, 7), 4),
    (IntegerRange(-9, 0), 5), (IntegerRange(0, 8), 5), (IntegerRange(.min, .max), 64),
  ])
  func `counts the bits of the shortest word`(range: IntegerRange, bits: Int) {
    #expect(range.signedBits == bits)
  }

  @Test func `overflow is reported, not wrapped`() {
    let huge = IntegerRange(0, .max)
    #expect(huge.adding(IntegerRange(1)) == nil)
    #expect(huge.scaled(by: 2) == nil)
  }
}
