import PareNumerics
import PareText

/// A type of the generated code: an `ap_fixed` with its rounding and overflow written out.
struct NumberType: Hashable {
  let name: String
  /// Not limited to the 63 bits of a `WordFormat`: sums and products may be longer.
  let wordLength: Int
  let integerBits: Int
  var isSigned = true
  var rounding = Rounding.floor
  var overflow = Overflow.wrap
  /// What a reader should know of it.
  let comment: String

  var fractionBits: Int { wordLength - integerBits }

  /// The longest word that the header of our own computes with.
  static let longestWord = 126

  init(
    _ name: String, wordLength: Int, integerBits: Int, isSigned: Bool = true, comment: String
  ) {
    self.name = name
    self.wordLength = wordLength
    self.integerBits = integerBits
    self.isSigned = isSigned
    self.comment = comment
  }

  /// The type of words that a requantizer makes.
  init(_ name: String, _ requantizer: Requantizer, comment: String) {
    self.init(name, requantizer.format, comment: comment)
    rounding = requantizer.rounding
    overflow = requantizer.overflow
  }

  init(_ name: String, _ format: WordFormat, comment: String) {
    self.init(
      name, wordLength: format.wordLength, integerBits: format.integerBits,
      isSigned: format.isSigned, comment: comment)
  }

  /// A signed type that holds every value of these, for numbers that are only moved.
  init(_ name: String, holding formats: [WordFormat], comment: String) {
    let fraction = formats.map(\.fractionBits).max()!
    let isSigned = formats.contains(where: \.isSigned)
    let integer = formats.map { $0.integerBits + (isSigned && !$0.isSigned ? 1 : 0) }.max()!
    self.init(
      name, wordLength: integer + fraction, integerBits: integer, isSigned: isSigned,
      comment: comment)
  }

  /// `typedef ap_fixed<16, 6, AP_RND, AP_SAT> hidden0_t;`
  var definition: String {
    "typedef \(isSigned ? "ap_fixed" : "ap_ufixed")<\(wordLength), \(integerBits), "
      + "\(rounding.mode), \(overflow.mode)> \(name);"
  }

  func check() throws(HLSError) {
    guard wordLength <= Self.longestWord else {
      throw HLSError(
        .wordLength(tensor: name),
        "\(name) would need \(wordLength) bits (\(comment)), and \(Self.longestWord) are the most",
        hint: "use shorter word lengths, or formats whose fraction bits differ less")
    }
  }
}

extension Rounding {
  /// The name of the mode in `ap_fixed`.
  var mode: String {
    switch self {
    case .floor: "AP_TRN"
    case .nearest: "AP_RND"
    case .convergent: "AP_RND_CONV"
    }
  }
}

extension Overflow {
  /// The name of the mode in `ap_fixed`.
  var mode: String {
    switch self {
    case .wrap: "AP_WRAP"
    case .saturate: "AP_SAT"
    }
  }
}
