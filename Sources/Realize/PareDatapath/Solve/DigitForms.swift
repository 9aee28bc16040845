import PareNumerics

/// Signed-digit forms of a constant that have as few digits as the canonical one.
///
/// Two digits of opposite sign, two places apart, can be written with one sign and one place apart (4 - 1 = 2 + 1), and
/// back; which of them meet a pattern of other constants is not known beforehand, so restarts try several.
///
/// - Source: Park, Kang, Digital Filter Synthesis Based on Minimal Signed Digit Representation, DAC 2001.
enum DigitForms {
  /// One of the forms, by chance.
  ///
  /// - Parameter chance: of each rewriting, 0 leaves the canonical form.
  static func digits(
    of value: Int64, chance: Double, _ random: inout RandomStream
  ) -> [(shift: Int, isNegated: Bool)] {
    var digits = canonicalSignedDigits(of: value)
      .map { (shift: $0.exponent, isNegated: $0.isNegative) }
      .sorted { $0.shift < $1.shift }
    if chance == 0 || digits.count < 2 { return digits }
    for index in 0..<(digits.count - 1) {
      let (low, high) = (digits[index], digits[index + 1])
      guard high.shift == low.shift + 2, high.isNegated != low.isNegated,
        index == 0 || digits[index - 1].shift < low.shift,
        !digits.contains(where: { $0.shift == low.shift + 1 }), random.uniform() < chance
      else { continue }
      // ±(4 - 1) = ±(2 + 1)
      digits[index] = (low.shift, high.isNegated)
      digits[index + 1] = (low.shift + 1, high.isNegated)
    }
    return digits
  }
}
