public import PareNumerics

/// A value that a quantized weight may take.
public struct QuantizedValue: Hashable, Sendable {
  public let value: Double
  /// Signed digits that sum to the value, highest first; empty for 0.
  public let digits: [SignedDigit]

  public static let zero = QuantizedValue(value: 0, digits: [])

  init(value: Double, digits: [SignedDigit]) {
    self.value = value
    self.digits = digits
  }

  init(digits: [SignedDigit]) {
    self.digits = digits.sorted { $0.exponent > $1.exponent }
    value = digits.reduce(0) { $0 + $1.value }
  }

  /// The value times `2^scaleExponent`, negated on request.
  func scaled(by scaleExponent: Int, negated: Bool) -> QuantizedValue {
    QuantizedValue(
      digits: digits.map {
        SignedDigit(
          exponent: $0.exponent + scaleExponent, isNegative: $0.isNegative != negated)
      })
  }
}

/// The levels of a quantizer, ready to be searched.
///
///     let grid = Quantizer.apot(terms: 2, bits: 4).grid!
///     grid.nearest(to: 0.7, scaleExponent: 0).value     // 0.625 is 2^-1 + 2^-3
///
/// Zero lies on every grid, and a grid is symmetric but for the lowest integer of `fixed`.
public struct QuantizerGrid: Sendable {
  private enum Levels: Sendable {
    /// Magnitudes in ascending order, 0 first.
    case listed([QuantizedValue])
    /// All integers of a word; too many to list.
    case integers(ClosedRange<Int64>)
  }

  private let levels: Levels

  fileprivate init(magnitudes: some Sequence<[SignedDigit]>) {
    levels = .listed(
      [.zero] + magnitudes.map { QuantizedValue(digits: $0) }.sorted { $0.value < $1.value })
  }

  fileprivate init(integers: ClosedRange<Int64>) { levels = .integers(integers) }

  /// Magnitudes in ascending order, 0 first, each with its digits; those of `fixed` without its lowest integer.
  public var magnitudes: [QuantizedValue] {
    switch levels {
    case .listed(let list): list
    case .integers(let range): (0...range.upperBound).map { QuantizedValue(integer: $0) }
    }
  }

  /// The largest magnitude at scale 0.
  public var largest: Double {
    switch levels {
    case .listed(let list): list[list.count - 1].value
    case .integers(let range): Double(range.upperBound)
    }
  }

  /// The level nearest to a value; of two equally near ones the smaller in magnitude.
  ///
  /// - Parameter scaleExponent: `s`; levels are those of the grid times `2^s`.
  public func nearest(to value: Double, scaleExponent: Int) -> QuantizedValue {
    precondition(value.isFinite, "\(value) has no nearest level")
    let target = value / powerOfTwo(scaleExponent)
    switch levels {
    case .listed(let list):
      let above = list.firstIndex(after: target.magnitude)
      let below = above - 1
      let choosesBelow =
        above == list.count
        || target.magnitude - list[below].value <= list[above].value - target.magnitude
      return list[choosesBelow ? below : above].scaled(by: scaleExponent, negated: target < 0)
    case .integers(let range):
      let bounded = min(max(target, Double(range.lowerBound)), Double(range.upperBound))
      let toward = bounded.rounded(.towardZero)
      let isPastHalf = (bounded - toward).magnitude > 0.5
      let integer = Int64(isPastHalf ? toward + (bounded < 0 ? -1 : 1) : toward)
      return QuantizedValue(integer: integer).scaled(by: scaleExponent, negated: false)
    }
  }

  /// The levels one step from a level; beside 0 also the one beyond, so that a sign can flip through it.
  ///
  /// - Precondition: `value` is a level at this scale.
  public func neighbours(of value: Double, scaleExponent: Int) -> [QuantizedValue] {
    let level = value / powerOfTwo(scaleExponent)
    switch levels {
    case .listed(let list):
      let index = list.firstIndex(after: level.magnitude) - 1
      precondition(list[index].value == level.magnitude, "\(value) is not a level")
      let isNegative = level < 0
      func at(_ index: Int) -> QuantizedValue? {
        guard index.magnitude < list.count else { return nil }
        return list[Int(index.magnitude)].scaled(
          by: scaleExponent, negated: (index < 0) != isNegative)
      }
      let steps = index == 1 ? [index + 1, 0, -1] : [index + 1, index - 1]
      return steps.compactMap(at)
    case .integers(let range):
      let integer = Int64(level)
      precondition(Double(integer) == level, "\(value) is not a level")
      let steps = integer.magnitude == 1 ? [1, -1, -2 * integer] : [1, -1]
      return steps.map { integer + $0 }.filter(range.contains).map {
        QuantizedValue(integer: $0).scaled(by: scaleExponent, negated: false)
      }
    }
  }
}

extension QuantizedValue {
  fileprivate init(integer: Int64) { self.init(digits: canonicalSignedDigits(of: integer)) }
}

extension [QuantizedValue] {
  /// Index of the first level above a magnitude; the count if there is none.
  fileprivate func firstIndex(after magnitude: Double) -> Int {
    var low = 0
    var high = count
    while low < high {
      let middle = (low + high) / 2
      if self[middle].value <= magnitude { low = middle + 1 } else { high = middle }
    }
    return low
  }
}

extension Quantizer {
  /// The levels of this quantizer at scale 0; nil for `none`.
  public var grid: QuantizerGrid? {
    switch self {
    case .none:
      return nil
    case .pot(let bits):
      return QuantizerGrid(magnitudes: Self.exponents(bits).map { [Self.power($0)] })
    case .apot(let terms, let bits):
      var sums: [[SignedDigit]] = [[]]
      for term in 0..<terms {
        let powers = Self.exponents(bits).filter { $0 % terms == term }.map { [Self.power($0)] }
        sums = sums.flatMap { sum in ([[]] + powers).map { sum + $0 } }
      }
      return QuantizerGrid(magnitudes: sums.filter { !$0.isEmpty })
    case .digits(let count):
      return QuantizerGrid(magnitudes: Self.digitStrings(atMost: count))
    case .fixed(let wordLength):
      let limit = Int64(1) << (wordLength - 1)
      return QuantizerGrid(integers: -limit...limit - 1)
    }
  }

  /// `e` of the powers `2^-e`.
  private static func exponents(_ bits: Int) -> Range<Int> { 0..<(1 << (bits - 1)) }

  private static func power(_ exponent: Int) -> SignedDigit {
    SignedDigit(exponent: -exponent, isNegative: false)
  }

  /// For each positive sum of at most `count` digits with distinct exponents -7...0, the shortest string; of several
  /// the first with `+` before `-` and high exponents before low ones.
  private static func digitStrings(atMost count: Int) -> [[SignedDigit]] {
    var best: [Double: [SignedDigit]] = [:]
    var strings: [[SignedDigit]] = [[]]
    for _ in 0..<count {
      strings = strings.flatMap { string in
        let next = string.last.map { 1 - $0.exponent } ?? 0
        return (next..<max(next, 8)).flatMap { e in
          [false, true].map { string + [SignedDigit(exponent: -e, isNegative: $0)] }
        }
      }
      for string in strings {
        let value = string.reduce(0) { $0 + $1.value }
        if value > 0 && best[value] == nil { best[value] = string }
      }
    }
    return best.sorted { $0.key < $1.key }.map(\.value)
  }
}
