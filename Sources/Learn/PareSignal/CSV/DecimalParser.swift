import PareNumerics

/// Reads decimal numbers exactly, without the cost of a general conversion in nearly all cases.
///
/// A number of up to 19 significant digits is a 64-bit integer times a power of ten. Two fast ways cover it: when the
/// integer is below 2^53 and the power at most 22, one rounded multiplication or division is exact (Clinger, How to
/// Read Floating Point Numbers Accurately, PLDI 1990). Otherwise the integer is multiplied by a 64-bit power of five
/// whose error is below one unit, and the result is taken when no value within that error rounds differently (the idea
/// of Lemire, Number Parsing at a Gigabyte per Second, 2021). What is left goes to the standard library.
struct DecimalParser: Sendable {
  private static let largestPower = 27
  /// 10^0...10^22, exact in double precision.
  private let exactPowersOfTen: [Double]
  /// 5^-27...5^27 with the highest bit at bit 63, rounded down.
  private let powersOfFive: [UInt64]
  /// The exponent e so that `powersOfFive[k] * 2^e` is the power.
  private let exponents: [Int]

  init() {
    var powers = [1.0]
    for _ in 0..<22 { powers.append(powers.last! * 10) }
    exactPowersOfTen = powers
    var mantissas: [UInt64] = []
    var exponents: [Int] = []
    for power in -Self.largestPower...Self.largestPower {
      var five: UInt64 = 1
      for _ in 0..<abs(power) { five *= 5 }
      if power >= 0 {
        mantissas.append(five << UInt64(five.leadingZeroBitCount))
        exponents.append(-five.leadingZeroBitCount)
      } else {
        // 2^(63 + b) / 5^|power| lies in (2^63, 2^64) for a divisor of b bits.
        let bits = 64 - five.leadingZeroBitCount
        mantissas.append(UInt64((UInt128(1) << UInt128(63 + bits)) / UInt128(five)))
        exponents.append(-(63 + bits))
      }
    }
    powersOfFive = mantissas
    self.exponents = exponents
  }

  /// The number written in a range of bytes, or nil if it is none; `nan` and `inf` in any case are read as such.
  func callAsFunction(_ bytes: Span<UInt8>, _ range: Range<Int>) -> Double? {
    var index = range.lowerBound
    let end = range.upperBound
    guard index < end else { return nil }
    let isNegative = bytes[index] == UInt8(ascii: "-")
    if isNegative || bytes[index] == UInt8(ascii: "+") { index += 1 }
    var mantissa: UInt64 = 0
    var digits = 0
    var significant = 0
    var exponent = 0
    var hasPoint = false
    while index < end {
      let byte = bytes[index]
      let digit = byte &- UInt8(ascii: "0")
      if digit < 10 {
        if significant < 19 { mantissa = mantissa &* 10 &+ UInt64(digit) }
        if significant > 0 || digit > 0 { significant += 1 }
        if hasPoint { exponent -= 1 }
        digits += 1
      } else if byte == UInt8(ascii: "."), !hasPoint {
        hasPoint = true
      } else {
        break
      }
      index += 1
    }
    guard digits > 0 else { return general(bytes, range) }
    if index < end {
      guard bytes[index] | 0x20 == UInt8(ascii: "e") else { return nil }
      index += 1
      guard let power = Self.integer(bytes, index..<end) else { return nil }
      exponent += power
    }
    guard significant <= 19 else { return general(bytes, range) }
    guard let value = converted(mantissa, timesTenTo: exponent) else {
      return general(bytes, range)
    }
    return isNegative ? -value : value
  }

  private static func integer(_ bytes: Span<UInt8>, _ range: Range<Int>) -> Int? {
    var index = range.lowerBound
    guard index < range.upperBound else { return nil }
    let isNegative = bytes[index] == UInt8(ascii: "-")
    if isNegative || bytes[index] == UInt8(ascii: "+") { index += 1 }
    guard index < range.upperBound else { return nil }
    var value = 0
    while index < range.upperBound {
      let digit = bytes[index] &- UInt8(ascii: "0")
      guard digit < 10 else { return nil }
      value = min(value * 10 + Int(digit), 100_000)
      index += 1
    }
    return isNegative ? -value : value
  }

  /// The correctly rounded product, or nil when it takes the general way.
  private func converted(_ mantissa: UInt64, timesTenTo power: Int) -> Double? {
    if mantissa == 0 { return 0 }
    if mantissa < 1 << 53, abs(power) <= 22 {
      return power < 0
        ? Double(mantissa) / exactPowersOfTen[-power] : Double(mantissa) * exactPowersOfTen[power]
    }
    guard abs(power) <= Self.largestPower else { return nil }
    let entry = power + Self.largestPower
    let shift = mantissa.leadingZeroBitCount
    let upper = (mantissa << UInt64(shift)).multipliedFullWidth(by: powersOfFive[entry]).high
    // The true product of the upper words lies in [upper, upper + 2).
    let dropped = upper >> 63 == 1 ? UInt64(11) : 10
    let kept = upper >> dropped
    let rest = upper & ((1 << dropped) - 1)
    let half = UInt64(1) << (dropped - 1)
    guard rest + 2 <= half || rest > half else { return nil }
    let rounded = rest > half ? kept + 1 : kept
    let scale = 64 + Int(dropped) - shift + exponents[entry] + power
    return Double(rounded) * powerOfTwo(scale)
  }

  private func general(_ bytes: Span<UInt8>, _ range: Range<Int>) -> Double? {
    let text = String(decoding: range.map { bytes[$0] }, as: UTF8.self)
    // The standard library also reads hexadecimal numbers, which no table of samples holds on purpose.
    guard !text.contains(where: { $0 == "x" || $0 == "X" || $0 == "p" || $0 == "P" }) else {
      return nil
    }
    return Double(text)
  }
}
