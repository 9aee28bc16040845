import CPareKernels
import PareNumerics
import Testing

/// The integer forward pass's kernels against 64-bit integers.
@Suite struct `Exact kernels` {
  static let counts = [1, 3, 7, 8, 15, 16, 31, 32, 33, 100]

  func words(_ count: Int, within bound: Int64, _ label: String) -> [Int64] {
    var random = RandomStream(seed: 21).fork(label)
    return (0..<count).map { _ in Int64(random.index(below: Int(2 * bound + 1))) - bound }
  }

  @Test(arguments: Variant.all)
  func `sums of shifted rows are exact`(variant: Variant) throws {
    try variant.require()
    for count in Self.counts {
      for terms in [0, 1, 2, 5, 40] {
        let x = words(count + 64, within: 1 << 20, "x\(count)")
        let coefficients = words(terms, within: 1 << 20, "c\(terms)")
        let offsets = words(terms, within: 32, "o\(terms)").map { Int($0) + 32 }
        let start = words(count, within: 1 << 40, "s\(count)")
        var sums = start.map(Double.init)
        unsafe pare_exact_sums(
          variant.value, count, terms, coefficients.map(Double.init), offsets,
          x.map(Double.init), &sums)
        let expected = (0..<count).map { t in
          zip(coefficients, offsets).reduce(start[t]) { $0 + $1.0 * x[$1.1 + t] }
        }
        #expect(sums.map { Int64($0) } == expected)
      }
    }
  }

  @Test(arguments: Variant.all)
  func `rounding goes to the nearest integer, ties to even, and stops at the limits`(
    variant: Variant
  ) throws {
    try variant.require()
    for count in Self.counts {
      let x = words(count, within: 1 << 12, "r\(count)")
      var row = x.map(Double.init)
      unsafe pare_exact_round(variant.value, count, 0.125, 0, -100, 99, &row)
      #expect(
        row == x.map { min(max((Double($0) / 8).rounded(.toNearestOrEven), -100), 99) })
    }
  }

  @Test(arguments: Variant.all)
  func `a lookup mirrors its table about minus one half`(variant: Variant) throws {
    try variant.require()
    let entries = words(37, within: 1 << 15, "entries")
    for count in Self.counts {
      for shift in [0, 3, 40] {
        let x = [0, -1] + words(count, within: 64 << Int64(shift), "l\(count)")
        var row = x.map(Double.init)
        unsafe pare_exact_lookup(
          variant.value, row.count, Int32(shift), entries.map(Double.init), entries.count, &row)
        let expected = x.map { x in
          let entry = entries[min(Int((x < 0 ? ~x : x) >> Int64(shift)), entries.count - 1)]
          return x < 0 ? -entry : entry
        }
        #expect(row.map { Int64($0) } == expected)
      }
    }
  }

  @Test(arguments: Variant.all)
  func `words survive the way to floats and back`(variant: Variant) throws {
    try variant.require()
    for count in Self.counts {
      let x = words(count, within: 1 << 53, "w\(count)")
      var row = [Double](repeating: 0, count: count)
      var back = [Int64](repeating: 0, count: count)
      unsafe pare_exact_load(variant.value, count, x, &row)
      unsafe pare_exact_store(variant.value, count, row, &back)
      #expect(back == x)
    }
  }
}
