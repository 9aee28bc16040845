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

  @Test func `powers of two are exact`() {
    for exponent in -100...100 {
      #expect(powerOfTwo(exponent) == Double(sign: .plus, exponent: exponent, significand: 1))
    }
  }
}
