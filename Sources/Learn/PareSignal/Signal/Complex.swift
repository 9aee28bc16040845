/// A complex number in double precision.
public struct Complex: Hashable, Sendable, Codable, CustomStringConvertible {
  public let re: Double
  public let im: Double

  public init(_ re: Double, _ im: Double = 0) {
    self.re = re
    self.im = im
  }

  public static let zero = Complex(0)
  public static let one = Complex(1)

  /// Squared magnitude.
  public var squaredMagnitude: Double { re * re + im * im }
  public var magnitude: Double { squaredMagnitude.squareRoot() }
  public var conjugate: Complex { Complex(re, -im) }
  public var reciprocal: Complex {
    Complex(re / squaredMagnitude, -im / squaredMagnitude)
  }

  /// `1.0+0.5j`, shortest text that reads back to the same number.
  public var description: String {
    "\(re)\(im.sign == .minus ? "-" : "+")\(abs(im))j"
  }

  public static func + (a: Complex, b: Complex) -> Complex { Complex(a.re + b.re, a.im + b.im) }
  public static func - (a: Complex, b: Complex) -> Complex { Complex(a.re - b.re, a.im - b.im) }
  public static func * (a: Complex, b: Complex) -> Complex {
    Complex(a.re * b.re - a.im * b.im, a.re * b.im + a.im * b.re)
  }
  public static func * (a: Double, b: Complex) -> Complex { Complex(a * b.re, a * b.im) }
}
