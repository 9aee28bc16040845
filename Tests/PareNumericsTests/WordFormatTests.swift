import PareNumerics
import Testing

@Suite struct WordFormatTests {
  @Test(arguments: ["<16,6>", "u<8,8>", "<1,1>", "<12,-3>", "<8,10>"])
  func `prints and parses alike`(text: String) throws {
    #expect(try WordFormat(parsing: text).description == text)
  }

  @Test(arguments: ["16", "<16,6", "<0,1>", "<64,1>", "<a,b>", "", "u", "<16,6,1>", "<8,99>"])
  func `refuses what is not a format`(text: String) {
    #expect(throws: WordFormatError.self) { try WordFormat(parsing: text) }
  }

  @Test func `the paper's format holds -32 to 32 less one unit in steps of 1/1024`() {
    let format = WordFormat.paper
    #expect(format.fractionBits == 10)
    #expect(Double(format.minimumRaw) * format.resolution == -32)
    #expect(Double(format.maximumRaw) * format.resolution == 32 - 1.0 / 1024)
  }

  @Test(arguments: [
    ("<1,1>", -1, 0), ("u<1,1>", 0, 1), ("<63,1>", -0x4000_0000_0000_0000, 0x3FFF_FFFF_FFFF_FFFF),
    ("u<63,1>", 0, Int64.max),
  ])
  func `the shortest and the longest words have their ends`(
    text: String, minimum: Int64, maximum: Int64
  ) throws {
    let format = try WordFormat(parsing: text)
    #expect(format.minimumRaw == minimum && format.maximumRaw == maximum)
  }

  @Test func `powers of two are exact`() {
    for exponent in -100...100 {
      #expect(powerOfTwo(exponent) == Double(sign: .plus, exponent: exponent, significand: 1))
    }
  }
}
