import PareNumerics

/// A number type that holds every word, product and sum of a network exactly, with the loops over rows of such numbers.
///
/// `Int64` always does. `Double` does when nothing leaves ±2^50 (``FixedNetwork/isExactInDouble``), and every processor
/// has vector multiplications for it, which it has not for 64-bit integers.
protocol ExactWord: Sendable {
  init(word: Int64)
  var word: Int64 { get }
  static var zero: Self { get }

  /// `sums[n] += Σ coefficient * source[n + offset]`.
  @unsafe
  static func accumulate(
    _ terms: [RowTerm<Self>], of source: UnsafePointer<Self>, to sums: UnsafeMutablePointer<Self>,
    count: Int)

  /// `products[n] = a[n] * b[n]`, and `+ c[n] * c[n]` when there is a `c`.
  @unsafe
  static func multiply(
    _ a: UnsafePointer<Self>, _ b: UnsafePointer<Self>, plusSquareOf c: UnsafePointer<Self>?,
    to products: UnsafeMutablePointer<Self>, count: Int)

  /// Applies an activation to sums.
  @unsafe
  static func activate(
    _ row: UnsafeMutablePointer<Self>, by activation: FixedActivation, fractionBits: Int,
    count: Int)

  /// Brings a row to a format.
  @unsafe
  static func requantize(
    _ row: UnsafeMutablePointer<Self>, by requantizer: Requantizer, fractionBits: Int, count: Int)
}

/// One product of a sum over a row.
struct RowTerm<Word: ExactWord>: Sendable {
  let coefficient: Word
  /// Of the source's first sample.
  let offset: Int
}

extension Int64: ExactWord {
  init(word: Int64) { self = word }
  var word: Int64 { self }
  static var zero: Int64 { 0 }

  // Wrapping operators: the bounds are proven (FixedNetwork/check), and they vectorize.

  @unsafe
  static func accumulate(
    _ terms: [RowTerm<Int64>], of source: UnsafePointer<Int64>,
    to sums: UnsafeMutablePointer<Int64>, count: Int
  ) {
    for term in terms {
      let x = unsafe source + term.offset
      for n in 0..<count { unsafe sums[n] &+= term.coefficient &* x[n] }
    }
  }

  @unsafe
  static func multiply(
    _ a: UnsafePointer<Int64>, _ b: UnsafePointer<Int64>, plusSquareOf c: UnsafePointer<Int64>?,
    to products: UnsafeMutablePointer<Int64>, count: Int
  ) {
    for n in 0..<count { unsafe products[n] = a[n] &* b[n] }
    if let c = unsafe c { for n in 0..<count { unsafe products[n] &+= c[n] &* c[n] } }
  }

  @unsafe
  static func activate(
    _ row: UnsafeMutablePointer<Int64>, by activation: FixedActivation, fractionBits: Int,
    count: Int
  ) {
    switch activation {
    case .identity: break
    case .relu: for n in 0..<count { unsafe row[n] = Swift.max(0, row[n]) }
    case .leakyReLU(let shift):
      for n in 0..<count { unsafe row[n] = row[n] < 0 ? row[n] : row[n] << Int64(shift) }
    case .hardTanh:
      let one = Int64(1) << Int64(fractionBits)
      for n in 0..<count { unsafe row[n] = Swift.min(Swift.max(row[n], -one), one) }
    case .lookup(let table): for n in 0..<count { unsafe row[n] = table(row[n]) }
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
  init(word: Int64) { self = Double(word) }
  var word: Int64 { Int64(self) }
  static var zero: Double { 0 }

  @unsafe
  static func accumulate(
    _ terms: [RowTerm<Double>], of source: UnsafePointer<Double>,
    to sums: UnsafeMutablePointer<Double>, count: Int
  ) {
    var next = 0
    // Four products at a time, so that a sum is loaded and stored once for them; the order of exact sums is free.
    while next + 4 <= terms.count {
      let (c0, c1) = (terms[next].coefficient, terms[next + 1].coefficient)
      let (c2, c3) = (terms[next + 2].coefficient, terms[next + 3].coefficient)
      let x0 = unsafe source + terms[next].offset
      let x1 = unsafe source + terms[next + 1].offset
      let x2 = unsafe source + terms[next + 2].offset
      let x3 = unsafe source + terms[next + 3].offset
      for n in 0..<count {
        unsafe sums[n] += (c0 * x0[n] + c1 * x1[n]) + (c2 * x2[n] + c3 * x3[n])
      }
      next += 4
    }
    for term in terms[next...] {
      let x = unsafe source + term.offset
      for n in 0..<count { unsafe sums[n] += term.coefficient * x[n] }
    }
  }

  @unsafe
  static func multiply(
    _ a: UnsafePointer<Double>, _ b: UnsafePointer<Double>,
    plusSquareOf c: UnsafePointer<Double>?, to products: UnsafeMutablePointer<Double>, count: Int
  ) {
    for n in 0..<count { unsafe products[n] = a[n] * b[n] }
    if let c = unsafe c { for n in 0..<count { unsafe products[n] += c[n] * c[n] } }
  }

  @unsafe
  static func activate(
    _ row: UnsafeMutablePointer<Double>, by activation: FixedActivation, fractionBits: Int,
    count: Int
  ) {
    switch activation {
    case .identity: break
    case .relu: for n in 0..<count { unsafe row[n] = row[n] < 0 ? 0 : row[n] }
    case .leakyReLU(let shift):
      let scale = powerOfTwo(shift)
      for n in 0..<count { unsafe row[n] = row[n] < 0 ? row[n] : row[n] * scale }
    case .hardTanh: unsafe limit(row, to: powerOfTwo(fractionBits), count: count)
    case .lookup(let table): for n in 0..<count { unsafe row[n] = Double(table(row[n].word)) }
    }
  }

  @unsafe
  private static func limit(_ row: UnsafeMutablePointer<Double>, to limit: Double, count: Int) {
    for n in 0..<count {
      let low = unsafe row[n] < -limit ? -limit : row[n]
      unsafe row[n] = low > limit ? limit : low
    }
  }

  /// Rounding to the nearest integer, ties to even, is adding and subtracting 1.5 * 2^52 for magnitudes below 2^51. A
  /// value `b / 2^k` has no neighbour nearer than `2^-k`, so that half a step up, `2^-(k+1)`, decides ties upward, and half
  /// a step less than 1/2 down makes it the floor.
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
    let (low, high) = (Double(format.minimumRaw), Double(format.maximumRaw))
    let magic = 0x1.8p52
    for n in 0..<count {
      let rounded = unsafe ((row[n] * scale + offset) + magic) - magic
      let raised = rounded < low ? low : rounded
      unsafe row[n] = raised > high ? high : raised
    }
  }
}
