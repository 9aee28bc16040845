import PareNumerics

/// An odd, saturating function kept as a table over one sign of its argument.
///
/// With `m = x < 0 ? ~x : x` the result is `t = values[min(m >> shift, values.count - 1)]`, negated when `x < 0`. `~x`
/// instead of `-x` makes the two signs mirror images about -1/2 unit, so that one table serves both without an adder.
public struct OddTable: Hashable, Sendable, Codable {
  /// Bits of the argument below one step of the table.
  public let shift: Int
  /// Results in the format of the layer.
  public let values: [Int64]

  public init(shift: Int, values: [Int64]) {
    precondition((0...62).contains(shift) && !values.isEmpty, "shift \(shift), \(values.count)")
    self.shift = shift
    self.values = values
  }

  @inlinable
  public func callAsFunction(_ raw: Int64) -> Int64 {
    let index = (raw < 0 ? ~raw : raw) >> Int64(shift)
    let value = values[Int(min(index, Int64(values.count - 1)))]
    return raw < 0 ? -value : value
  }

  /// The table of tanh: entry `k` is `tanh((k + 1/2) * step)`, rounded; `2^bits` steps cover the part of the axis where
  /// `1 - tanh` is at least one unit of the result and at least half a step, which is the table's largest error elsewhere.
  ///
  /// - Parameters:
  ///   - argumentFractionBits: fraction bits of the argument; at least ``requiredFractionBits(bits:result:)``.
  static func tanh(
    bits: Int, argumentFractionBits: Int, result: Requantizer
  ) -> OddTable {
    let shift = argumentFractionBits - requiredFractionBits(bits: bits, result: result.format)
    let step = powerOfTwo(-requiredFractionBits(bits: bits, result: result.format))
    return OddTable(
      shift: shift,
      values: (0..<(1 << bits)).map { result(portableTanh((Double($0) + 0.5) * step)) })
  }

  /// Fraction bits of the argument that address a table of `2^bits` entries.
  static func requiredFractionBits(bits: Int, result: WordFormat) -> Int {
    var rangeBits = 0
    while rangeBits < 5,
      1 - portableTanh(powerOfTwo(rangeBits))
        >= max(result.resolution, powerOfTwo(rangeBits - bits - 1))
    {
      rangeBits += 1
    }
    return bits - rangeBits
  }
}
