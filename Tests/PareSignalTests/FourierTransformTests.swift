import PareNumerics
import PareSignal
import Testing

struct FourierTransformTests {
  static func noise(_ count: Int, seed: UInt64) -> (re: [Double], im: [Double]) {
    var random = RandomStream(seed: seed)
    let re = (0..<count).map { _ in random.normal() }
    return (re, (0..<count).map { _ in random.normal() })
  }

  /// One bin by the definition.
  static func bin(_ k: Int, _ x: (re: [Double], im: [Double])) -> Complex {
    let count = x.re.count
    var sum = Complex.zero
    for n in 0..<count {
      let turn = unitPhasor(turns: -Double(k * n % count) / Double(count))
      sum = sum + Complex(x.re[n], x.im[n]) * turn
    }
    return sum
  }

  @Test(arguments: 1...64)
  func `equals the definition for every small length`(count: Int) {
    var (re, im) = Self.noise(count, seed: UInt64(count))
    let input = (re, im)
    FourierTransform(count: count).forward(&re, &im)
    for k in 0..<count {
      let wanted = Self.bin(k, input)
      // Rounding grows with the square root of the length; a few units of the last place remain.
      #expect((Complex(re[k], im[k]) - wanted).magnitude < 1e-13 * Double(count).squareRoot())
    }
  }

  @Test(arguments: [127, 1009, 2560, 4096, 6561, 15_625, 16_384, 19_662, 65_537, 98_304])
  func `equals the definition for long lengths`(count: Int) {
    var (re, im) = Self.noise(count, seed: UInt64(count))
    let input = (re, im)
    FourierTransform(count: count).forward(&re, &im)
    for k in [0, 1, 2, count / 3, count / 2, count - 1] {
      let error = (Complex(re[k], im[k]) - Self.bin(k, input)).magnitude
      #expect(error < 1e-12 * Double(count).squareRoot())
    }
  }

  @Test(arguments: [1, 2, 3, 17, 100, 2560, 4099, 19_662])
  func `inverse undoes forward`(count: Int) {
    var (re, im) = Self.noise(count, seed: 5)
    let input = (re, im)
    let transform = FourierTransform(count: count)
    transform.forward(&re, &im)
    transform.inverse(&re, &im)
    for n in 0..<count {
      #expect(abs(re[n] - input.0[n]) < 1e-13 && abs(im[n] - input.1[n]) < 1e-13)
    }
  }

  @Test(arguments: [30, 19_662])
  func `keeps the energy`(count: Int) {
    var (re, im) = Self.noise(count, seed: 6)
    let before = IQSignal(i: re, q: im).energy()
    FourierTransform(count: count).forward(&re, &im)
    let after = IQSignal(i: re, q: im).energy() / Double(count)
    #expect(abs(after / before - 1) < 1e-13)
  }

  @Test
  func `fast lengths are the smallest of factors 2, 3 and 5`() {
    func isFast(_ number: Int) -> Bool {
      var rest = number
      for factor in [2, 3, 5] { while rest % factor == 0 { rest /= factor } }
      return rest == 1
    }
    for count in 1...3000 {
      let wanted = (count...).first(where: isFast)!
      #expect(FourierTransform.fastCount(atLeast: count) == wanted)
    }
  }
}
