import PareNumerics

/// Signed-digit forms of a constant that have as few digits as the canonical one, or one more.
///
/// 4 - 1 = 2 + 1: which form of a constant meets a pattern of other constants is not known beforehand, so restarts and
/// repairs try several.
///
/// - Source: Park, Kang, Digital Filter Synthesis Based on Minimal Signed Digit Representation, DAC 2001.
enum DigitForms {
  /// One of the forms, by chance.
  ///
  /// - Parameter chance: of leaving the canonical form at a digit where another form is as short, 0 leaves it nowhere.
  /// - Parameter spare: digits that the form may have more than the canonical one.
  static func digits(
    of value: Int64, chance: Double, spare: Int = 0, _ random: inout RandomStream
  ) -> [(shift: Int, isNegated: Bool)] {
    var digits: [(shift: Int, isNegated: Bool)] = []
    var rest = value
    var shift = 0
    var spare = spare
    while rest != 0 {
      let zeros = rest.trailingZeroBitCount
      rest >>= Int64(zeros)
      shift += zeros
      // The canonical digit leaves a rest that is divisible by 4, the other one a rest that is divisible by 2 alone.
      var digit: Int64 = rest & 3 == 1 ? 1 : -1
      if chance > 0 {
        let extra = weight(rest + digit) - weight(rest - digit)
        if extra <= spare, random.uniform() < (extra == 0 ? chance : chance / 8) {
          digit = -digit
          spare -= extra
        }
      }
      digits.append((shift, digit < 0))
      rest -= digit
    }
    return digits
  }

  /// Digits of the canonical form, which has as few as any.
  ///
  /// - Source: digits stand where 3 v and v differ (Reitwiesner, Binary Arithmetic, Advances in Computers 1, 1960).
  static func weight(_ value: Int64) -> Int {
    let v = value.magnitude
    return ((3 &* v) ^ v).nonzeroBitCount
  }
}
