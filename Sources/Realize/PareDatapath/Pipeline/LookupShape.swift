public import PareNumerics

/// The sizes of a table in hardware, from what its argument can be.
///
/// A table in logic is slow when it is large, so that it is read in banks of at most 256 entries, all at once; the next
/// stage picks the bank.
public struct LookupShape: Hashable, Sendable {
  /// Address bits within a bank.
  public static let bankAddressBits = 8

  /// Entries that the argument can reach, from 0 on.
  public let count: Int
  /// Whether an index beyond the table can occur and must be limited.
  public let isLimited: Bool
  /// Whether the argument can be negative.
  public let isSigned: Bool
  public let addressBits: Int
  /// Bits of the two's complement word of every reachable entry.
  public let entryBits: Int

  public init(_ argument: IntegerRange, shift: Int, table: [Int64]) {
    let magnitude = max(argument.upper, argument.lower < 0 ? ~argument.lower : 0)
    let last = magnitude >> Int64(shift)
    isLimited = last >= Int64(table.count)
    count = isLimited ? table.count : Int(last) + 1
    isSigned = argument.lower < 0
    addressBits = max(1, Int.bitWidth - (count - 1).leadingZeroBitCount)
    let reachable = table[..<count]
    entryBits = IntegerRange(reachable.min()!, reachable.max()!).signedBits
  }

  /// Address bits that pick a bank; 0 for a single one.
  public var selectBits: Int { max(0, addressBits - Self.bankAddressBits) }

  public var bankCount: Int {
    selectBits == 0 ? 1 : (count - 1) >> Self.bankAddressBits + 1
  }

  /// Pipeline registers: address, banks if there are several, entry, and sign if the argument can be negative; the last
  /// of them is the result.
  public var registerCount: Int { 2 + (bankCount > 1 ? 1 : 0) + (isSigned ? 1 : 0) }

  /// Flip-flops before the result.
  public var innerBits: Int {
    let sign = isSigned ? 1 : 0
    let banks = bankCount > 1 ? bankCount * entryBits + selectBits + sign : 0
    return addressBits + sign + banks + (isSigned ? entryBits + sign : 0)
  }
}
