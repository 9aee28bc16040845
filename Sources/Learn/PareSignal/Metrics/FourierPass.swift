/// One self-sorting pass: joins `radix` transforms of length `done` into one of `done * radix`, everywhere at once.
struct FourierPass: Sendable {
  let radix: Int
  let count: Int
  /// Length of the transforms that earlier passes have finished.
  let done: Int
  /// `exp(-2πi leg * k / (done * radix))` at `k * (radix - 1) + leg - 1`.
  private let twiddles: [Complex]

  init(radix: Int, count: Int, done: Int) {
    self.radix = radix
    self.count = count
    self.done = done
    twiddles = (0..<done).flatMap { k in
      (1..<radix).map { rootOfUnity($0 * k, of: done * radix) }
    }
  }

  /// Reads `[leg][stride][k]` and writes `[stride][leg][k]`, where stride runs over `count / (done * radix)`.
  func run(
    from re: [Double], _ im: [Double], to outRe: inout [Double], _ outIm: inout [Double]
  ) {
    switch radix {
    case 2: radix2(re, im, &outRe, &outIm)
    case 3: radix3(re, im, &outRe, &outIm)
    case 4: radix4(re, im, &outRe, &outIm)
    case 5: radix5(re, im, &outRe, &outIm)
    default: preconditionFailure("no pass of radix \(radix)")
    }
  }

  /// The samples of one butterfly: leg `leg` of group `group`, index `k`, turned by its twiddle factor.
  @inline(__always)
  private func load(_ re: [Double], _ im: [Double], _ place: Int, _ leg: Int, _ k: Int) -> Complex {
    let twiddle = twiddles[k * (radix - 1) + leg - 1]
    let index = place + leg * (count / radix)
    return Complex(
      re[index] * twiddle.re - im[index] * twiddle.im,
      re[index] * twiddle.im + im[index] * twiddle.re)
  }

  private func radix2(
    _ re: [Double], _ im: [Double], _ outRe: inout [Double], _ outIm: inout [Double]
  ) {
    for group in 0..<count / (done * 2) {
      for k in 0..<done {
        let place = group * done + k
        let out = group * done * 2 + k
        let b = load(re, im, place, 1, k)
        outRe[out] = re[place] + b.re
        outIm[out] = im[place] + b.im
        outRe[out + done] = re[place] - b.re
        outIm[out + done] = im[place] - b.im
      }
    }
  }

  private func radix3(
    _ re: [Double], _ im: [Double], _ outRe: inout [Double], _ outIm: inout [Double]
  ) {
    let sine = 0.86602540378443864676  // sin(2π/3)
    for group in 0..<count / (done * 3) {
      for k in 0..<done {
        let place = group * done + k
        let out = group * done * 3 + k
        let a = Complex(re[place], im[place])
        let b = load(re, im, place, 1, k)
        let c = load(re, im, place, 2, k)
        let sum = b + c
        let difference = sine * (b - c)
        let middle = a - 0.5 * sum
        outRe[out] = a.re + sum.re
        outIm[out] = a.im + sum.im
        outRe[out + done] = middle.re + difference.im
        outIm[out + done] = middle.im - difference.re
        outRe[out + 2 * done] = middle.re - difference.im
        outIm[out + 2 * done] = middle.im + difference.re
      }
    }
  }

  private func radix4(
    _ re: [Double], _ im: [Double], _ outRe: inout [Double], _ outIm: inout [Double]
  ) {
    for group in 0..<count / (done * 4) {
      for k in 0..<done {
        let place = group * done + k
        let out = group * done * 4 + k
        let a = Complex(re[place], im[place])
        let b = load(re, im, place, 1, k)
        let c = load(re, im, place, 2, k)
        let d = load(re, im, place, 3, k)
        let (even, evenLess) = (a + c, a - c)
        let (odd, oddLess) = (b + d, b - d)
        outRe[out] = even.re + odd.re
        outIm[out] = even.im + odd.im
        outRe[out + done] = evenLess.re + oddLess.im
        outIm[out + done] = evenLess.im - oddLess.re
        outRe[out + 2 * done] = even.re - odd.re
        outIm[out + 2 * done] = even.im - odd.im
        outRe[out + 3 * done] = evenLess.re - oddLess.im
        outIm[out + 3 * done] = evenLess.im + oddLess.re
      }
    }
  }

  private func radix5(
    _ re: [Double], _ im: [Double], _ outRe: inout [Double], _ outIm: inout [Double]
  ) {
    let (cosine1, sine1) = (0.30901699437494742410, 0.95105651629515357212)  // 2π/5
    let (cosine2, sine2) = (-0.80901699437494742410, 0.58778525229247312917)  // 4π/5
    for group in 0..<count / (done * 5) {
      for k in 0..<done {
        let place = group * done + k
        let out = group * done * 5 + k
        let a = Complex(re[place], im[place])
        let b = load(re, im, place, 1, k)
        let c = load(re, im, place, 2, k)
        let d = load(re, im, place, 3, k)
        let e = load(re, im, place, 4, k)
        let (outer, outerLess) = (b + e, b - e)
        let (inner, innerLess) = (c + d, c - d)
        let first = a + cosine1 * outer + cosine2 * inner
        let second = a + cosine2 * outer + cosine1 * inner
        let firstTurn = sine1 * outerLess + sine2 * innerLess
        let secondTurn = sine2 * outerLess - sine1 * innerLess
        outRe[out] = a.re + outer.re + inner.re
        outIm[out] = a.im + outer.im + inner.im
        outRe[out + done] = first.re + firstTurn.im
        outIm[out + done] = first.im - firstTurn.re
        outRe[out + 2 * done] = second.re + secondTurn.im
        outIm[out + 2 * done] = second.im - secondTurn.re
        outRe[out + 3 * done] = second.re - secondTurn.im
        outIm[out + 3 * done] = second.im + secondTurn.re
        outRe[out + 4 * done] = first.re - firstTurn.im
        outIm[out + 4 * done] = first.im + firstTurn.re
      }
    }
  }
}
