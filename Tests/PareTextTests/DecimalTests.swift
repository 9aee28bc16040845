import PareText
import Testing

@Suite struct DecimalTests {
  @Test(arguments: [
    (-31.204, 2, "-31.20"), (0.005, 2, "0.00"), (-0.001, 2, "0.00"), (12.0, 0, "12"),
    (1_234.5678, 3, "1234.568"), (.infinity, 2, "inf"), (-.infinity, 1, "-inf"), (.nan, 1, "nan"),
  ])
  func `prints a number with a fixed count of decimals`(
    value: Double, decimals: Int, text: String
  ) {
    #expect(value.fixed(decimals) == text)
  }

  @Test(arguments: [(0, "0"), (999, "999"), (1000, "1,000"), (-1_234_567, "-1,234,567")])
  func `groups digits by three`(value: Int, text: String) {
    #expect(value.grouped == text)
  }
}
