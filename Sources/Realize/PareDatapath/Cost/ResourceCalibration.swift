/// What a family's mapper makes of limits, comparisons, tables and products: small designs of one such node each,
/// synthesized by Yosys 0.70 with `synth_xilinx -family xcup` and `synth_ecp5`.
struct ResourceCalibration {
  let family: LogicFamily

  init(_ family: LogicFamily) { self.family = family }

  /// A rectifier's synchronous reset: `rst`, `in_valid` and the sign in a table.
  var clear: Int { 1 }

  /// A product of `a` by `b` bits without DSP blocks takes this much of `a * b / 100` tables.
  ///
  /// - Source: 8x8 134, 12x12 321, 12x20 514, 16x16 619 tables.
  static let productTablesPerHundredBits = 225

  /// Beside the chain: the bit that decides a tie joins the carry.
  static let tieTables = 3

  /// What a shift register of one bit takes: tables of up to 32 samples, and a flip-flop for one sample beyond 16 or 32.
  ///
  /// - Source: AMD UG574, SRL16E and SRLC32E; the flip-flop is what Yosys 0.70 makes of 17 samples (12 bits: 12 tables, 12
  ///   flip-flops), 35 take two tables, 69 three.
  static func shiftRegister(length: Int) -> (tables: Int, flipFlops: Int) {
    let rest = length % 32
    let hasFlipFlop = rest == 17 || rest == 1 && length > 1
    return (length / 32 + (rest > 1 ? 1 : 0), hasFlipFlop ? 1 : 0)
  }

  /// Carry cells of a chain of this many bits; generic families have none that could be named.
  func carries(bits: Int) -> Int {
    switch family {
    case .ultraScalePlus: (bits + 7) / 8
    case .series7: (bits + 3) / 4
    case .ecp5: (bits + 1) / 2
    case .generic: 0
    }
  }

  /// Blocks of a signed product. The pieces but the highest of a longer word lose the sign bit.
  ///
  /// - Source: AMD UG579 (27 by 18), UG479 (25 by 18); Lattice FPGA-TN-02205 (18 by 18).
  func blocks(_ long: Int, _ short: Int) -> Int {
    let (a, b) =
      switch family {
      case .ultraScalePlus, .generic: (26, 17)
      case .series7: (24, 17)
      case .ecp5: (17, 17)
      }
    func pieces(_ bits: Int, _ size: Int) -> Int { max(1, (bits - 1 + size - 1) / size) }
    return pieces(long, a) * pieces(short, b)
  }

  /// Tables that choose between a word and its limits by the bits above it.
  ///
  /// While one table holds a bit and all that decide, there is no other; else the deciding ones are joined first.
  ///
  /// - Parameters:
  ///   - bits: of the word that depend on the choice.
  ///   - deciding: bits that are looked at.
  ///   - isEquality: whether they are compared with each other, else with 0.
  func limits(bits: Int, deciding: Int, isEquality: Bool) -> Int {
    if deciding <= 0 { return 0 }
    switch family {
    case .ultraScalePlus, .series7, .generic:
      if deciding <= 5 { return bits }
      return isEquality
        ? bits + min(3, deciding - 5) + max(0, deciding - 8) / 5 : bits + (deciding - 1) / 5
    case .ecp5:
      // Tables of four inputs; multiplexers of the slice join two or four for five or six inputs.
      switch deciding {
      case ...3: return bits
      case 4: return 2 * bits
      case 5: return 4 * bits
      default: return isEquality ? bits + deciding + 1 : 4 * bits + deciding - 5
      }
    }
  }

  /// A tree that tells whether one of these bits differs from a sign.
  func joined(_ bits: Int) -> Int { max(0, bits + tableInputs - 2) / (tableInputs - 1) + 1 }

  /// A comparison with a constant that is no power of two.
  func comparison(bits: Int) -> (luts: Int, carries: Int) {
    switch family {
    case .ultraScalePlus, .series7, .generic: ((bits + 3) / 5, 0)
    case .ecp5: (2 * ((bits - 2) / 2), (bits - 2) / 2)
    }
  }

  /// A comparison that finds a word above a power of two, which is one more than its bits can tell.
  ///
  /// - Source: words of 12 and of 16 bits limited to ±512 and to ±1024.
  func powerComparison(bits: Int) -> (luts: Int, carries: Int) {
    switch family {
    case .ultraScalePlus, .series7, .generic: bits > 12 ? (6, family == .generic ? 0 : 1) : (0, 0)
    case .ecp5: (10, 0)
    }
  }

  /// Inputs of a table; multiplexers of the slice join several without one.
  private var tableInputs: Int {
    switch family {
    case .ultraScalePlus, .series7, .generic: 6
    case .ecp5: 4
    }
  }

  /// The logic of a stored table: a table of the device for each bit and each stretch of entries in which the bit changes.
  ///
  /// With six inputs and four stretches the mapper joins some bits by a table instead of the slice's multiplexers.
  func stored(_ entries: ArraySlice<Int64>) -> Int {
    let size = 1 << tableInputs
    var tables = 0
    var start = entries.startIndex
    var once: Int64 = 0
    var twice: Int64 = 0
    var often: Int64 = 0
    var stretches = 0
    while start < entries.endIndex {
      let end = min(start + size, entries.endIndex)
      var changing: Int64 = 0
      for place in start..<end { changing |= entries[place] ^ entries[start] }
      tables += changing.nonzeroBitCount
      often |= twice & changing
      twice |= once & changing
      once |= changing
      stretches += 1
      if stretches == 4 || end == entries.endIndex {
        if tableInputs == 6 { tables += often.nonzeroBitCount }
        (once, twice, often, stretches) = (0, 0, 0, 0)
      }
      start = end
    }
    return max(1, tables)
  }
}
