import PareNumerics

/// A sum written out as `Σ coefficient * input[n - delay]`, taps ascending, for exact ranges while sums are joined.
///
/// Coefficients wrap at 64 bits; the ranges of a problem's sums exclude it, and a wrapped one costs a wrong width at
/// worst, never a wrong result.
struct TapForm: Sendable {
  /// `input << 32 | delay`, so that a delay is an addition.
  private(set) var keys: [Int] = []
  private(set) var coefficients: [Int64] = []

  init() {}

  init(input: Int, delay: Int = 0, coefficient: Int64 = 1) {
    keys = [input << 32 + delay]
    coefficients = [coefficient]
  }

  var count: Int { keys.count }

  /// The form some samples ago, shifted to the left.
  func moved(shift: Int, delay: Int) -> TapForm {
    if shift == 0, delay == 0 { return self }
    var result = self
    for index in keys.indices {
      result.keys[index] += delay
      result.coefficients[index] <<= Int64(shift)
    }
    return result
  }

  /// The form shifted to the right; every coefficient is a multiple.
  func shiftedRight(by shift: Int) -> TapForm {
    if shift == 0 { return self }
    var result = self
    for index in keys.indices { result.coefficients[index] >>= Int64(shift) }
    return result
  }

  /// Whether no tap can be in both, told from the ends alone.
  func isApart(from other: TapForm) -> Bool {
    guard let last = keys.last, let otherLast = other.keys.last else { return true }
    return last < other.keys[0] || otherLast < keys[0]
  }

  /// This plus or minus another.
  func adding(_ other: TapForm, negated: Bool) -> TapForm {
    var result = TapForm()
    result.keys.reserveCapacity(count + other.count)
    result.coefficients.reserveCapacity(count + other.count)
    var i = 0
    var j = 0
    while i < count || j < other.count {
      if j == other.count || (i < count && keys[i] < other.keys[j]) {
        result.append(keys[i], coefficients[i])
        i += 1
      } else {
        let coefficient = negated ? 0 &- other.coefficients[j] : other.coefficients[j]
        if i == count || other.keys[j] < keys[i] {
          result.append(other.keys[j], coefficient)
        } else {
          let both = coefficients[i] &+ coefficient
          if both != 0 { result.append(keys[i], both) }
          i += 1
        }
        j += 1
      }
    }
    return result
  }

  func negated() -> TapForm {
    var result = self
    for index in keys.indices { result.coefficients[index] = 0 &- coefficients[index] }
    return result
  }

  private mutating func append(_ key: Int, _ coefficient: Int64) {
    keys.append(key)
    coefficients.append(coefficient)
  }

  /// Bounds of the sum; a delayed tap can also be the 0 before the first sample.
  func bounds(_ inputs: [SumProblem.Input]) -> WideRange {
    var total = WideRange(lower: 0, upper: 0)
    for (key, coefficient) in zip(keys, coefficients) {
      let range = inputs[key >> 32].range
      let isDelayed = key & 0xFFFF_FFFF != 0
      let lower = Int128(isDelayed ? min(range.lower, 0) : range.lower)
      let upper = Int128(isDelayed ? max(range.upper, 0) : range.upper)
      let factor = Int128(coefficient)
      total.lower += factor * (coefficient < 0 ? upper : lower)
      total.upper += factor * (coefficient < 0 ? lower : upper)
    }
    return total
  }
}

/// An interval that no sum of ours leaves.
struct WideRange: Hashable, Sendable {
  var lower: Int128
  var upper: Int128

  static func + (a: WideRange, b: WideRange) -> WideRange {
    WideRange(lower: a.lower + b.lower, upper: a.upper + b.upper)
  }

  static prefix func - (a: WideRange) -> WideRange {
    WideRange(lower: -a.upper, upper: -a.lower)
  }

  /// Bits of the shortest two's complement word that holds it.
  var signedBits: Int {
    func bits(_ value: Int128) -> Int {
      129 - (value < 0 ? ~value : value).leadingZeroBitCount
    }
    return max(bits(lower), bits(upper))
  }
}
