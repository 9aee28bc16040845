/// How bits below the last place are dropped; the names of the `ap_fixed` modes are in the comments.
public enum Rounding: String, Hashable, Sendable, Codable, CaseIterable {
  /// Toward minus infinity (AP_TRN).
  case floor
  /// To the nearest, ties toward plus infinity (AP_RND).
  case nearest
  /// To the nearest, ties to the even neighbour (AP_RND_CONV).
  case convergent
}

/// What happens to a value outside a format; the names of the `ap_fixed` modes are in the comments.
public enum Overflow: String, Hashable, Sendable, Codable, CaseIterable {
  /// Keep the low bits (AP_WRAP).
  case wrap
  /// Stop at the nearest end of the range (AP_SAT).
  case saturate
}

/// Moves integers between fixed-point formats; the one definition that every floor below the contract line shares.
public struct Requantizer: Hashable, Sendable, Codable {
  public let format: WordFormat
  public let rounding: Rounding
  public let overflow: Overflow

  public init(
    to format: WordFormat, rounding: Rounding = .nearest, overflow: Overflow = .saturate
  ) {
    self.format = format
    self.rounding = rounding
    self.overflow = overflow
  }

  /// The raw value in `format` of `raw * 2^-fractionBits`.
  ///
  /// - Precondition: shifting left must not leave `Int64`; a shift right is at most 62.
  public func callAsFunction(_ raw: Int64, fractionBits: Int) -> Int64 {
    let shift = fractionBits - format.fractionBits
    if shift <= 0 {
      precondition(-shift < 63, "shift \(-shift) too large")
      let (value, overflowed) = raw.multipliedReportingOverflow(by: Int64(1) << Int64(-shift))
      precondition(!overflowed, "\(raw) << \(-shift) leaves 64 bits")
      return limited(value)
    }
    precondition(shift <= 62, "shift \(shift) too large")
    return limited(Self.shiftedRight(raw, by: shift, rounding))
  }

  /// `raw / 2^shift` rounded to an integer, `shift` at least 1.
  public static func shiftedRight(_ raw: Int64, by shift: Int, _ rounding: Rounding) -> Int64 {
    let floored = raw >> Int64(shift)
    let rest = raw & ((Int64(1) << Int64(shift)) - 1)
    let half = Int64(1) << Int64(shift - 1)
    return switch rounding {
    case .floor: floored
    case .nearest: rest >= half ? floored + 1 : floored
    case .convergent: rest > half || (rest == half && floored & 1 == 1) ? floored + 1 : floored
    }
  }

  /// `value` brought into the range of `format`.
  public func limited(_ value: Int64) -> Int64 {
    switch overflow {
    case .saturate:
      return min(max(value, format.minimumRaw), format.maximumRaw)
    case .wrap:
      let unused = Int64(64 - format.wordLength)
      return format.isSigned
        ? (value << unused) >> unused
        : Int64(bitPattern: (UInt64(bitPattern: value) << UInt64(unused)) >> UInt64(unused))
    }
  }

  /// The raw value in `format` of a real number.
  ///
  /// - Precondition: `value` is not NaN. A value beyond 2^62 units saturates there before `overflow` applies.
  public func callAsFunction(_ value: Double) -> Int64 {
    precondition(!value.isNaN, "cannot quantize NaN")
    let scaled = value * powerOfTwo(format.fractionBits)
    let rounded =
      switch rounding {
      case .floor: scaled.rounded(.down)
      case .nearest: (scaled + 0.5).rounded(.down)
      case .convergent: scaled.rounded(.toNearestOrEven)
      }
    let limit = 0x1p62
    return limited(Int64(min(max(rounded, -limit), limit)))
  }
}
