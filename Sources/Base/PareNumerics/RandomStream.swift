/// A seeded stream of random numbers that gives the same values on every machine.
///
/// Streams are forked by label, so that adding a consumer never shifts the numbers of another:
///
///     var weights = seed.fork("init").fork("layer 0")
///
/// - Source: Steele, Lea, Flood, Fast Splittable Pseudorandom Number Generators, OOPSLA 2014 (SplitMix64).
public struct RandomStream: RandomNumberGenerator, Sendable, Hashable, Codable {
  private var state: UInt64

  public init(seed: UInt64) { state = seed }

  public mutating func next() -> UInt64 {
    state &+= 0x9E37_79B9_7F4A_7C15
    var z = state
    z = (z ^ (z >> 30)) &* 0xBF58_476D_1CE4_E5B9
    z = (z ^ (z >> 27)) &* 0x94D0_49BB_1331_11EB
    return z ^ (z >> 31)
  }

  /// An independent stream; depends on this stream's state and the label only, and leaves this stream as it is.
  public func fork(_ label: String) -> RandomStream {
    var hash = StableHash()
    hash.combine(state)
    hash.combine(label)
    return RandomStream(seed: hash.value)
  }

  /// Uniform in [0, 1), 53 bits.
  public mutating func uniform() -> Double {
    Double(next() >> 11) * 0x1p-53
  }

  /// Uniform integer in 0..<bound, without bias.
  public mutating func index(below bound: Int) -> Int {
    precondition(bound > 0, "bound \(bound) is not positive")
    // Lemire, Fast Random Integer Generation in an Interval, 2019.
    let range = UInt64(bound)
    var product = next().multipliedFullWidth(by: range)
    if product.low < range {
      let threshold = (0 &- range) % range
      while product.low < threshold { product = next().multipliedFullWidth(by: range) }
    }
    return Int(product.high)
  }

  /// Approximately normal, mean 0, variance 1: the sum of twelve uniforms less 6.
  ///
  /// Additions only, so that no machine's `log` or `cos` can change a bit; the tails end at 6.
  public mutating func normal() -> Double {
    var sum = 0.0
    for _ in 0..<12 { sum += uniform() }
    return sum - 6
  }
}
