import CPareKernels
import PareNumerics

/// A number type that holds every word, product and sum of a network exactly, with the loops over rows of such numbers.
///
/// `Int64` always does. `Double` does when nothing leaves ±2^50 (``FixedNetwork/isExactInDouble``), and every processor
/// has vector multiplications for it, which it has not for 64-bit integers.
protocol ExactWord: Sendable {
  init(word: Int64)
  var word: Int64 { get }
  static var zero: Self { get }

  /// `row[n] = words[n]`.
  @unsafe
  static func load(
    _ words: UnsafePointer<Int64>, to row: UnsafeMutablePointer<Self>, count: Int)

  /// `words[n] = row[n]`.
  @unsafe
  static func store(
    _ row: UnsafePointer<Self>, to words: UnsafeMutablePointer<Int64>, count: Int)

  /// `sums[n] += Σ coefficient * source[n + offset]`.
  @unsafe
  static func accumulate(
    _ terms: RowTerms<Self>, of source: UnsafePointer<Self>, to sums: UnsafeMutablePointer<Self>,
    count: Int)

  /// `products[n] = a[n] * b[n]`.
  @unsafe
  static func multiply(
    _ a: UnsafePointer<Self>, _ b: UnsafePointer<Self>, to products: UnsafeMutablePointer<Self>,
    count: Int)

  /// `sums[n] += a[n] * b[n]`, or `-=` on request.
  @unsafe
  static func addProduct(
    _ a: UnsafePointer<Self>, _ b: UnsafePointer<Self>, isNegated: Bool,
    to sums: UnsafeMutablePointer<Self>, count: Int)

  /// Applies an activation to sums; `table` has the entries of a lookup.
  @unsafe
  static func activate(
    _ row: UnsafeMutablePointer<Self>, by activation: FixedActivation, table: [Self],
    fractionBits: Int, count: Int)

  /// Brings a row to a format.
  @unsafe
  static func requantize(
    _ row: UnsafeMutablePointer<Self>, by requantizer: Requantizer, fractionBits: Int, count: Int)
}

/// The products of a sum over a row.
struct RowTerms<Word: ExactWord>: Sendable {
  private(set) var coefficients: [Word] = []
  /// Of the source's first sample, one for each coefficient.
  private(set) var offsets: [Int] = []

  mutating func append(_ coefficient: Int64, offset: Int) {
    coefficients.append(Word(word: coefficient))
    offsets.append(offset)
  }

  static func += (terms: inout RowTerms, more: RowTerms) {
    terms.coefficients += more.coefficients
    terms.offsets += more.offsets
  }
}

extension Int64: ExactWord {
  init(word: Int64) { self = word }
  var word: Int64 { self }
  static var zero: Int64 { 0 }

  @unsafe
  static func load(
    _ words: UnsafePointer<Int64>, to row: UnsafeMutablePointer<Int64>, count: Int
  ) {
    unsafe row.update(from: words, count: count)
  }

  @unsafe
  static func store(
    _ row: UnsafePointer<Int64>, to words: UnsafeMutablePointer<Int64>, count: Int
  ) {
    unsafe words.update(from: row, count: count)
  }

  // Wrapping operators: the bounds are proven (FixedNetwork/check), and they vectorize.

  @unsafe
  static func accumulate(
    _ terms: RowTerms<Int64>, of source: UnsafePointer<Int64>,
    to sums: UnsafeMutablePointer<Int64>, count: Int
  ) {
    for (coefficient, offset) in zip(terms.coefficients, terms.offsets) {
      let x = unsafe source + offset
      for n in 0..<count { unsafe sums[n] &+= coefficient &* x[n] }
    }
  }

  @unsafe
  static func multiply(
    _ a: UnsafePointer<Int64>, _ b: UnsafePointer<Int64>,
    to products: UnsafeMutablePointer<Int64>, count: Int
  ) {
    for n in 0..<count { unsafe products[n] = a[n] &* b[n] }
  }

  @unsafe
  static func addProduct(
    _ a: UnsafePointer<Int64>, _ b: UnsafePointer<Int64>, isNegated: Bool,
    to sums: UnsafeMutablePointer<Int64>, count: Int
  ) {
    let sign: Int64 = isNegated ? -1 : 1
    for n in 0..<count { unsafe sums[n] &+= sign &* (a[n] &* b[n]) }
  }

  @unsafe
  static func activate(
    _ row: UnsafeMutablePointer<Int64>, by activation: FixedActivation, table: [Int64],
    fractionBits: Int, count: Int
  ) {
    switch activation {
    case .identity: break
    case .relu: for n in 0..<count { unsafe row[n] = Swift.max(0, row[n]) }
    case .leakyReLU(let shift):
      for n in 0..<count { unsafe row[n] = row[n] < 0 ? row[n] : row[n] << Int64(shift) }
    case .hardTanh:
      let one = Int64(1) << Int64(fractionBits)
      for n in 0..<count { unsafe row[n] = Swift.min(Swift.max(row[n], -one), one) }
    case .lookup(let lookup): for n in 0..<count { unsafe row[n] = lookup(row[n]) }
    }
  }

  @unsafe
  static func requantize(
    _ row: UnsafeMutablePointer<Int64>, by requantizer: Requantizer, fractionBits: Int, count: Int
  ) {
    for n in 0..<count { unsafe row[n] = requantizer(row[n], fractionBits: fractionBits) }
  }
}

extension Double: ExactWord {
  private static let variant = pare_best_variant()

  init(word: Int64) { self = Double(word) }
  var word: Int64 { Int64(self) }
  static var zero: Double { 0 }

  @unsafe
  static func load(
    _ words: UnsafePointer<Int64>, to row: UnsafeMutablePointer<Double>, count: Int
  ) {
    unsafe pare_exact_load(variant, count, words, row)
  }

  @unsafe
  static func store(
    _ row: UnsafePointer<Double>, to words: UnsafeMutablePointer<Int64>, count: Int
  ) {
    unsafe pare_exact_store(variant, count, row, words)
  }

  @unsafe
  static func accumulate(
    _ terms: RowTerms<Double>, of source: UnsafePointer<Double>,
    to sums: UnsafeMutablePointer<Double>, count: Int
  ) {
    unsafe pare_exact_sums(
      variant, count, terms.coefficients.count, terms.coefficients, terms.offsets, source, sums)
  }

  @unsafe
  static func multiply(
    _ a: UnsafePointer<Double>, _ b: UnsafePointer<Double>,
    to products: UnsafeMutablePointer<Double>, count: Int
  ) {
    for n in 0..<count { unsafe products[n] = a[n] * b[n] }
  }

  @unsafe
  static func addProduct(
    _ a: UnsafePointer<Double>, _ b: UnsafePointer<Double>, isNegated: Bool,
    to sums: UnsafeMutablePointer<Double>, count: Int
  ) {
    let sign: Double = isNegated ? -1 : 1
    for n in 0..<count { unsafe sums[n] += sign * (a[n] * b[n]) }
  }

  @unsafe
  static func activate(
    _ row: UnsafeMutablePointer<Double>, by activation: FixedActivation, table: [Double],
    fractionBits: Int, count: Int
  ) {
    switch activation {
    case .identity: break
    case .relu: for n in 0..<count { unsafe row[n] = row[n] < 0 ? 0 : row[n] }
    case .leakyReLU(let shift):
      let scale = powerOfTwo(shift)
      for n in 0..<count { unsafe row[n] = row[n] < 0 ? row[n] : row[n] * scale }
    case .hardTanh: unsafe limit(row, to: powerOfTwo(fractionBits), count: count)
    case .lookup(let lookup):
      unsafe pare_exact_lookup(variant, count, Int32(lookup.shift), table, table.count, row)
    }
  }

  @unsafe
  private static func limit(_ row: UnsafeMutablePointer<Double>, to limit: Double, count: Int) {
    for n in 0..<count {
      let low = unsafe row[n] < -limit ? -limit : row[n]
      unsafe row[n] = low > limit ? limit : low
    }
  }

  /// The kernel rounds ties to even. A value `b / 2^k` has no neighbour nearer than `2^-k`, so that half a step up, `2^-(k+1)`,
  /// decides ties upward, and half a step less than 1/2 down makes it the floor.
  @unsafe
  static func requantize(
    _ row: UnsafeMutablePointer<Double>, by requantizer: Requantizer, fractionBits: Int, count: Int
  ) {
    guard requantizer.overflow == .saturate else {
      for n in 0..<count {
        unsafe row[n] = Double(requantizer(row[n].word, fractionBits: fractionBits))
      }
      return
    }
    let format = requantizer.format
    let shift = fractionBits - format.fractionBits
    let scale = powerOfTwo(-shift)
    let halfStep = shift > 0 ? powerOfTwo(-shift - 1) : 0
    let offset =
      switch requantizer.rounding {
      case .floor: shift > 0 ? halfStep - 0.5 : 0
      case .nearest: halfStep
      case .convergent: 0.0
      }
    unsafe pare_exact_round(
      variant, count, scale, offset, Double(format.minimumRaw), Double(format.maximumRaw), row)
  }
}
