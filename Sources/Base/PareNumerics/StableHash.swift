/// A 64-bit hash that never changes between processes, machines or versions (unlike `Hasher`).
///
/// - Source: Fowler, Noll, Vo, FNV-1a, 64 bits; the result is mixed once more by SplitMix64's finalizer.
public struct StableHash: Sendable {
  private var state: UInt64 = 0xCBF2_9CE4_8422_2325

  public init() {}

  public mutating func combine(bytes: some Sequence<UInt8>) {
    for byte in bytes { state = (state ^ UInt64(byte)) &* 0x0000_0100_0000_01B3 }
  }

  /// Length first, so that ("ab", "c") and ("a", "bc") differ.
  public mutating func combine(_ text: String) {
    combine(UInt64(text.utf8.count))
    combine(bytes: text.utf8)
  }

  public mutating func combine(_ word: UInt64) {
    for shift in stride(from: UInt64(0), to: 64, by: 8) {
      state = (state ^ ((word >> shift) & 0xFF)) &* 0x0000_0100_0000_01B3
    }
  }

  public mutating func combine(_ values: [Float]) {
    combine(UInt64(values.count))
    for value in values { combine(UInt64(value.bitPattern)) }
  }

  public var value: UInt64 {
    var z = state
    z = (z ^ (z >> 30)) &* 0xBF58_476D_1CE4_E5B9
    z = (z ^ (z >> 27)) &* 0x94D0_49BB_1331_11EB
    return z ^ (z >> 31)
  }

  /// Sixteen lower-case hexadecimal digits.
  public var hex: String { Self.hex(value) }

  /// Sixteen lower-case hexadecimal digits of a hash.
  public static func hex(_ value: UInt64) -> String {
    let digits = String(value, radix: 16)
    return String(repeating: "0", count: 16 - digits.count) + digits
  }
}
