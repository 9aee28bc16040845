import PareNumerics
import Testing

@testable import PareSignal

struct DecimalParserTests {
  private func parse(_ text: String) -> Double? {
    let bytes = Array(text.utf8)
    return DecimalParser()(bytes.span, 0..<bytes.count)
  }

  @Test
  func `shortest texts of random numbers read back to the same bits`() {
    var random = RandomStream(seed: 1)
    let parser = DecimalParser()
    for _ in 0..<200_000 {
      let value = Double(bitPattern: random.next())
      guard value.isFinite else { continue }
      let bytes = Array(value.description.utf8)
      #expect(parser(bytes.span, 0..<bytes.count)?.bitPattern == value.bitPattern)
    }
  }

  @Test
  func `numbers of 1 to 24 digits agree with the standard library`() {
    var random = RandomStream(seed: 2)
    let parser = DecimalParser()
    for _ in 0..<300_000 {
      var digits = ""
      for _ in 0...random.index(below: 24) { digits += "\(random.index(below: 10))" }
      let point = random.index(below: digits.count + 1)
      let exponent = random.index(below: 61) - 30
      let text = "-\(digits.prefix(point)).\(digits.dropFirst(point))e\(exponent)"
      let bytes = Array(text.utf8)
      #expect(
        parser(bytes.span, 0..<bytes.count)?.bitPattern == Double(text)!.bitPattern, "\(text)")
    }
  }

  /// Numbers half-way between two doubles, and their closest neighbours, where careless conversions fail.
  @Test
  func `halves between neighbours round to even`() {
    #expect(parse("9007199254740993") == 9_007_199_254_740_992)
    #expect(parse("9007199254740993.0000000001") == 9_007_199_254_740_994)
    #expect(parse("9007199254740995") == 9_007_199_254_740_996)
    #expect(parse("0.500000000000000166533453693773481063544750213623046875") == 0.5000000000000002)
    #expect(parse("2.2250738585072011e-308")?.bitPattern == 0x000F_FFFF_FFFF_FFFF)
  }

  @Test
  func `accepted spellings`() {
    #expect(parse("1") == 1)
    #expect(parse("+1.") == 1)
    #expect(parse("-.5") == -0.5)
    #expect(parse("1E+2") == 100)
    #expect(parse("-0.0")?.sign == .minus)
    #expect(parse("000000000000000000000000000001") == 1)
    #expect(parse("nan")?.isNaN == true)
    #expect(parse("-Inf") == -Double.infinity)
    #expect(parse("1e999") == Double.infinity)
  }

  @Test(arguments: [
    "", "-", ".", "e5", "1e", "1e+", "1,5", "1 2", "0x10", "1.2.3", "--1", "1f", "1e5x", "abc",
    "\0",
  ])
  func `refused spellings`(text: String) {
    #expect(parse(text) == nil)
  }
}
