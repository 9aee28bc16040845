/// The discrete Fourier transform of one length, with its tables made once.
///
/// Lengths whose prime factors are 2, 3 and 5 go through mixed-radix passes, all others through Bluestein's convolution
/// with such a length. The same bits come out on every machine.
///
///     let transform = FourierTransform(count: 2560)
///     transform.forward(&re, &im)
///
/// - Complexity: O(n log n) for every length.
/// - Source: Stockham's self-sorting passes as in Van Loan, Computational Frameworks for the Fast Fourier Transform,
///   1992; Bluestein, A Linear Filtering Approach to the Computation of the Discrete Fourier Transform, 1970.
public struct FourierTransform: Sendable {
  public let count: Int
  private let method: Method

  private indirect enum Method {
    case passes([FourierPass])
    case chirp(chirp: [Complex], kernelRe: [Double], kernelIm: [Double], inner: FourierTransform)
  }

  /// - Precondition: `count` is at least 1.
  public init(count: Int) {
    precondition(count >= 1, "no transform of \(count) samples")
    self.count = count
    if let radices = Self.radices(of: count) {
      method = .passes(Self.passes(count: count, radices: radices))
    } else {
      method = Self.chirpMethod(count: count)
    }
  }

  /// Replaces `x[n]` by `X[k] = sum x[n] exp(-2πi k n / count)`.
  ///
  /// - Precondition: both arrays have `count` elements.
  public func forward(_ re: inout [Double], _ im: inout [Double]) {
    precondition(
      re.count == count && im.count == count, "\(re.count), \(im.count) samples, not \(count)")
    switch method {
    case .passes(let passes):
      var otherRe = [Double](repeating: 0, count: count)
      var otherIm = otherRe
      for pass in passes {
        pass.run(from: re, im, to: &otherRe, &otherIm)
        swap(&re, &otherRe)
        swap(&im, &otherIm)
      }
    case .chirp(let chirp, let kernelRe, let kernelIm, let inner):
      convolve(&re, &im, chirp, kernelRe, kernelIm, inner)
    }
  }

  /// Undoes ``forward(_:_:)``; the factor 1 / `count` is applied here.
  public func inverse(_ re: inout [Double], _ im: inout [Double]) {
    forward(&im, &re)  // swapping the parts conjugates input and output
    let scale = 1 / Double(count)
    for n in 0..<count {
      re[n] *= scale
      im[n] *= scale
    }
  }

  /// The smallest length of factors 2, 3 and 5 that is at least `count`.
  public static func fastCount(atLeast count: Int) -> Int {
    var best = Int.max
    var fives = 1
    while fives < best {
      var threes = fives
      while threes < best {
        var candidate = threes
        while candidate < count { candidate *= 2 }
        best = min(best, candidate)
        if threes >= count { break }
        threes *= 3
      }
      if fives >= count { break }
      fives *= 5
    }
    return best
  }

  private static func radices(of count: Int) -> [Int]? {
    var rest = count
    var radices: [Int] = []
    for radix in [4, 2, 3, 5] {
      while rest % radix == 0 {
        radices.append(radix)
        rest /= radix
      }
    }
    return rest == 1 ? radices : nil
  }

  private static func passes(count: Int, radices: [Int]) -> [FourierPass] {
    var done = 1
    return radices.map { radix in
      defer { done *= radix }
      return FourierPass(radix: radix, count: count, done: done)
    }
  }

  private static func chirpMethod(count: Int) -> Method {
    // exp(-πi n² / count); n² is taken modulo 2 * count so that the angle stays exact.
    let chirp = (0..<count).map { rootOfUnity($0 * $0 % (2 * count), of: 2 * count) }
    let inner = FourierTransform(count: fastCount(atLeast: 2 * count - 1))
    var kernelRe = [Double](repeating: 0, count: inner.count)
    var kernelIm = kernelRe
    for n in 0..<count {
      for place in [n, (inner.count - n) % inner.count] {
        kernelRe[place] = chirp[n].re
        kernelIm[place] = -chirp[n].im
      }
    }
    inner.forward(&kernelRe, &kernelIm)
    return .chirp(chirp: chirp, kernelRe: kernelRe, kernelIm: kernelIm, inner: inner)
  }

  private func convolve(
    _ re: inout [Double], _ im: inout [Double], _ chirp: [Complex], _ kernelRe: [Double],
    _ kernelIm: [Double], _ inner: FourierTransform
  ) {
    var workRe = [Double](repeating: 0, count: inner.count)
    var workIm = workRe
    for n in 0..<count {
      workRe[n] = re[n] * chirp[n].re - im[n] * chirp[n].im
      workIm[n] = re[n] * chirp[n].im + im[n] * chirp[n].re
    }
    inner.forward(&workRe, &workIm)
    for k in 0..<inner.count {
      let (a, b) = (workRe[k], workIm[k])
      workRe[k] = a * kernelRe[k] - b * kernelIm[k]
      workIm[k] = a * kernelIm[k] + b * kernelRe[k]
    }
    inner.inverse(&workRe, &workIm)
    for k in 0..<count {
      re[k] = workRe[k] * chirp[k].re - workIm[k] * chirp[k].im
      im[k] = workRe[k] * chirp[k].im + workIm[k] * chirp[k].re
    }
  }
}
