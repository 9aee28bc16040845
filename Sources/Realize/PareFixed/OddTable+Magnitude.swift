import PareNumerics

extension OddTable {
  /// The table of `|x|` over the words of `|x|^2`.
  ///
  /// The address is the word, or its highest `bits` bits below the sign. Entry `k` is the square root of the middle of the
  /// words with that address, rounded and limited: of the word itself where every word has an entry of its own. Entry 0 is 0,
  /// so that silence stays silent. A word that wrapped to below 0 gives a negative result, as the type says.
  ///
  /// - Parameter bits: there are `2^bits` entries at most.
  static func magnitude(bits: Int, of square: WordFormat, result: Requantizer) -> OddTable {
    let length = magnitudeBits(of: square)
    let shift = max(0, length - bits)
    let words = powerOfTwo(shift)
    let values = (0..<1 << (length - shift)).map { entry -> Int64 in
      if entry == 0 { return 0 }
      let middle = Double(entry) * words + (words - 1) / 2
      return result((middle * square.resolution).squareRoot())
    }
    return OddTable(shift: shift, values: values)
  }

  /// Whether this can be a table of magnitudes: it starts at 0, never falls, fits its format, and has an entry for every word.
  func isMagnitude(of square: WordFormat, result: WordFormat) -> Bool {
    let length = Self.magnitudeBits(of: square)
    return shift <= length && length - shift < 32 && values.count == 1 << (length - shift)
      && values[0] == 0 && zip(values, values.dropFirst()).allSatisfy { $0 <= $1 }
      && values[values.count - 1] <= result.maximumRaw
  }

  /// Bits of a word of `|x|^2` that are not its sign.
  private static func magnitudeBits(of square: WordFormat) -> Int {
    square.wordLength - (square.isSigned ? 1 : 0)
  }
}
