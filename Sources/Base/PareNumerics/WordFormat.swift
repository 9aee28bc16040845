public import PareText

/// A fixed-point number format, written `<W,I>` as in `ap_fixed<W,I>`.
///
/// A value is `raw * 2^-fractionBits` with an integer `raw`. `integerBits` includes the sign bit; it may be negative or
/// exceed `wordLength`.
public struct WordFormat: Hashable, Sendable, Codable, CustomStringConvertible {
  public let wordLength: Int
  public let integerBits: Int
  public let isSigned: Bool

  public var fractionBits: Int { wordLength - integerBits }

  /// - Precondition: `wordLength` is 1...63, so that every raw value fits an `Int64`.
  public init(wordLength: Int, integerBits: Int, isSigned: Bool = true) {
    precondition((1...63).contains(wordLength), "word length \(wordLength) outside 1...63")
    self.wordLength = wordLength
    self.integerBits = integerBits
    self.isSigned = isSigned
  }

  /// The format of the paper: 16 bits, 6 of them before the binary point, signed.
  public static let paper = WordFormat(wordLength: 16, integerBits: 6)

  public var minimumRaw: Int64 { isSigned ? -(Int64(1) << (wordLength - 1)) : 0 }
  public var maximumRaw: Int64 {
    Int64.max >> Int64(63 - (isSigned ? wordLength - 1 : wordLength))
  }
  public var range: IntegerRange { IntegerRange(minimumRaw, maximumRaw) }

  /// The value of one unit in the last place.
  public var resolution: Double { powerOfTwo(-fractionBits) }

  /// `<16,6>`, or `u<16,6>` for an unsigned format.
  public var description: String { "\(isSigned ? "" : "u")<\(wordLength),\(integerBits)>" }

  /// Reads what ``description`` prints, and `16,6`.
  ///
  /// - Throws: ``WordFormatError`` when the text is not a format.
  public init(parsing text: String) throws(WordFormatError) {
    var body = String(text).filter { $0 != " " }
    let isSigned = body.first != "u"
    if !isSigned { body.removeFirst() }
    if body.first == "<", body.last == ">" { body = String(body.dropFirst().dropLast()) }
    let parts = body.split(separator: ",", omittingEmptySubsequences: false)
    guard parts.count == 2, let word = Int(parts[0]), let integer = Int(parts[1]),
      (1...63).contains(word), (-64...64).contains(integer)
    else { throw WordFormatError(text: text) }
    self.init(wordLength: word, integerBits: integer, isSigned: isSigned)
  }
}

/// A text that is not a word format.
public struct WordFormatError: PareError {
  public let text: String
  public var message: String { "'\(text)' is not a word format" }
  public var hint: String {
    "write word length and integer bits (sign included), as in <16,6>; the word length is 1 to 63"
  }
  public var kind: FailureKind { .badData }
}

/// `2^exponent`, exact.
///
/// - Precondition: `exponent` is -1022...1023.
public func powerOfTwo(_ exponent: Int) -> Double {
  precondition((-1022...1023).contains(exponent), "exponent \(exponent) outside -1022...1023")
  return Double(bitPattern: UInt64(exponent + 1023) << 52)
}
