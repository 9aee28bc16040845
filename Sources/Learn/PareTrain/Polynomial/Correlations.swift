/// Sums of products of delayed complex rows, the inner loop of the normal equations.
enum Correlations {
  /// Delays that share one pass over the samples.
  private static let tile = 4

  /// Adds `sum over t of conj(a[first + t]) * b[first + t - d]` for `d` in `0..<results`, `t` in `0..<count`.
  ///
  /// Two lanes of partial sums per delay, products and sums rounded one by one, so the same bits come out on every
  /// processor.
  ///
  /// - Parameters:
  ///   - rows: rows of `stride` real parts followed by `stride` imaginary parts; `a` and `b` are numbers of such rows.
  ///   - sums: `2 * results` numbers from `place` on, real and imaginary part of each delay.
  /// - Precondition: `first - results + 1` is not negative, and `first + count` does not pass the row's end.
  static func add(
    _ a: Int, _ b: Int, of rows: [Double], stride: Int, first: Int, count: Int, results: Int,
    to sums: inout [Double], at place: Int
  ) {
    precondition(
      first - results + 1 >= 0 && first + count <= stride, "\(first), \(count), \(stride)")
    precondition(2 * stride * (max(a, b) + 1) <= rows.count, "row \(max(a, b)) of \(rows.count)")
    precondition(place + 2 * results <= sums.count, "\(place), \(results) of \(sums.count)")
    unsafe rows.withUnsafeBufferPointer { rows in
      unsafe sums.withUnsafeMutableBufferPointer { sums in
        guard let rows = rows.baseAddress, let sums = sums.baseAddress else { return }
        let aRe = unsafe rows + 2 * stride * a + first
        let bRe = unsafe rows + 2 * stride * b + first
        var d = 0
        while d + tile <= results {
          unsafe addTile(aRe, bRe - d, stride: stride, count: count, to: sums + place + 2 * d)
          d += tile
        }
        while d < results {
          unsafe addOne(aRe, bRe - d, stride: stride, count: count, to: sums + place + 2 * d)
          d += 1
        }
      }
    }
  }

  private typealias Pair = SIMD2<Double>

  @inline(__always)
  private static func pair(_ base: UnsafePointer<Double>, _ index: Int) -> Pair {
    unsafe UnsafeRawPointer(base + index).loadUnaligned(as: Pair.self)
  }

  /// Four delays at once; `b` is the row at the first of them, and each further delay lies one sample earlier.
  private static func addTile(
    _ a: UnsafePointer<Double>, _ b: UnsafePointer<Double>, stride: Int, count: Int,
    to sums: UnsafeMutablePointer<Double>
  ) {
    var (re0, re1, re2, re3) = (Pair.zero, Pair.zero, Pair.zero, Pair.zero)
    var (im0, im1, im2, im3) = (Pair.zero, Pair.zero, Pair.zero, Pair.zero)
    var t = 0
    while t + 2 <= count {
      let aRe = unsafe pair(a, t)
      let aIm = unsafe pair(a, t + stride)
      var bRe = unsafe pair(b, t)
      var bIm = unsafe pair(b, t + stride)
      re0 += aRe * bRe
      re0 += aIm * bIm
      im0 += aRe * bIm
      im0 -= aIm * bRe
      bRe = unsafe pair(b, t - 1)
      bIm = unsafe pair(b, t - 1 + stride)
      re1 += aRe * bRe
      re1 += aIm * bIm
      im1 += aRe * bIm
      im1 -= aIm * bRe
      bRe = unsafe pair(b, t - 2)
      bIm = unsafe pair(b, t - 2 + stride)
      re2 += aRe * bRe
      re2 += aIm * bIm
      im2 += aRe * bIm
      im2 -= aIm * bRe
      bRe = unsafe pair(b, t - 3)
      bIm = unsafe pair(b, t - 3 + stride)
      re3 += aRe * bRe
      re3 += aIm * bIm
      im3 += aRe * bIm
      im3 -= aIm * bRe
      t += 2
    }
    unsafe store(re0, im0, to: sums)
    unsafe store(re1, im1, to: sums + 2)
    unsafe store(re2, im2, to: sums + 4)
    unsafe store(re3, im3, to: sums + 6)
    if t < count {
      for delay in 0..<tile {
        unsafe addLast(a + t, b + t - delay, stride: stride, to: sums + 2 * delay)
      }
    }
  }

  private static func addOne(
    _ a: UnsafePointer<Double>, _ b: UnsafePointer<Double>, stride: Int, count: Int,
    to sums: UnsafeMutablePointer<Double>
  ) {
    var (re, im) = (Pair.zero, Pair.zero)
    var t = 0
    while t + 2 <= count {
      let aRe = unsafe pair(a, t)
      let aIm = unsafe pair(a, t + stride)
      let bRe = unsafe pair(b, t)
      let bIm = unsafe pair(b, t + stride)
      re += aRe * bRe
      re += aIm * bIm
      im += aRe * bIm
      im -= aIm * bRe
      t += 2
    }
    unsafe store(re, im, to: sums)
    if t < count { unsafe addLast(a + t, b + t, stride: stride, to: sums) }
  }

  @inline(__always)
  private static func store(
    _ re: SIMD2<Double>, _ im: SIMD2<Double>, to sums: UnsafeMutablePointer<Double>
  ) {
    unsafe sums[0] += re[0] + re[1]
    unsafe sums[1] += im[0] + im[1]
  }

  @inline(__always)
  private static func addLast(
    _ a: UnsafePointer<Double>, _ b: UnsafePointer<Double>, stride: Int,
    to sums: UnsafeMutablePointer<Double>
  ) {
    unsafe sums[0] += a[0] * b[0] + a[stride] * b[stride]
    unsafe sums[1] += a[0] * b[stride] - a[stride] * b[0]
  }
}
