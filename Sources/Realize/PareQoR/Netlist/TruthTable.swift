/// A function of up to six bits: bit `i` is its value when the inputs, the first lowest, are the number `i`.
struct TruthTable: Hashable, Sendable {
  let bits: UInt64

  static let variableCount = 6
  /// Each input as a function of all six.
  static let variables: [UInt64] = [
    0xAAAA_AAAA_AAAA_AAAA, 0xCCCC_CCCC_CCCC_CCCC, 0xF0F0_F0F0_F0F0_F0F0, 0xFF00_FF00_FF00_FF00,
    0xFFFF_0000_FFFF_0000, 0xFFFF_FFFF_0000_0000,
  ]

  init(bits: UInt64) { self.bits = bits }

  /// A table of fewer inputs, which the others do not change.
  init(_ entries: UInt64, inputs: Int) {
    var bits = inputs == 6 ? entries : entries & ((1 << (1 << UInt64(inputs))) - 1)
    for variable in inputs..<max(inputs, Self.variableCount) {
      bits |= bits << (1 << UInt64(variable))
    }
    self.bits = bits
  }

  func cofactor(_ variable: Int, _ value: Bool) -> TruthTable {
    let mask = Self.variables[variable]
    let shift = UInt64(1) << UInt64(variable)
    let part = bits & (value ? mask : ~mask)
    return TruthTable(bits: value ? part | part >> shift : part | part << shift)
  }

  func depends(on variable: Int) -> Bool {
    cofactor(variable, false) != cofactor(variable, true)
  }

  var support: [Int] { (0..<Self.variableCount).filter(depends) }

  static prefix func ~ (table: TruthTable) -> TruthTable { TruthTable(bits: ~table.bits) }

  static let never = TruthTable(bits: 0)
  static let always = TruthTable(bits: ~0)
}

/// How a function is made of one operation and simpler functions.
indirect enum LogicForm: Hashable, Sendable {
  case constant(Bool)
  case input(Int)
  case not(Int)
  case and(Int, TruthTable)
  /// The table where the input is 0.
  case andNot(TruthTable, Int)
  case or(Int, TruthTable)
  /// The table, and 1 where the input is 0.
  case orNot(TruthTable, Int)
  case xor(Int, TruthTable)
  case xnor(Int, TruthTable)
  /// The input and the first, or the second.
  case andOr(Int, TruthTable, TruthTable)
  /// The first without the input, or the second.
  case andNotOr(TruthTable, Int, TruthTable)
  /// The input chooses between the first, at 1, and the second.
  case mux(Int, TruthTable, TruthTable)
  case xor3(Int, Int, Int)
  case majority(Int, Int, Int)
}

/// Finds forms with few operations by Shannon's expansion; remembers what it has found.
struct LogicForms {
  private var known: [TruthTable: (cost: Int, form: LogicForm)] = [:]

  /// Beyond so many inputs the first good expansion is taken rather than the best of all.
  private static let exactInputs = 4

  mutating func form(of table: TruthTable) -> LogicForm { best(table).form }

  /// Operations of the form, shared ones counted each time.
  mutating func cost(of table: TruthTable) -> Int { best(table).cost }

  private mutating func best(_ table: TruthTable) -> (cost: Int, form: LogicForm) {
    if let found = known[table] { return found }
    let found = search(table)
    known[table] = found
    return found
  }

  private mutating func search(_ table: TruthTable) -> (cost: Int, form: LogicForm) {
    let support = table.support
    switch support.count {
    case 0: return (0, .constant(table == .always))
    case 1:
      let isPlain = table.bits == TruthTable.variables[support[0]]
      return isPlain ? (0, .input(support[0])) : (1, .not(support[0]))
    case 3:
      let x = support.map { TruthTable.variables[$0] }
      if table.bits == x[0] ^ x[1] ^ x[2] { return (1, .xor3(support[0], support[1], support[2])) }
      if table.bits == x[0] & x[1] | x[0] & x[2] | x[1] & x[2] {
        return (1, .majority(support[0], support[1], support[2]))
      }
    default: break
    }
    var candidates = support
    if support.count > Self.exactInputs {
      // The expansion whose parts depend on the fewest inputs.
      let weights = support.map { variable in
        let (low, high) = (table.cofactor(variable, false), table.cofactor(variable, true))
        return low == ~high ? low.support.count : low.support.count + high.support.count
      }
      let least = weights.min()!
      candidates = [support[weights.firstIndex(of: least)!]]
    }
    var found: (cost: Int, form: LogicForm)?
    for variable in candidates {
      let next = expansion(table, by: variable)
      if next.cost < found?.cost ?? Int.max { found = next }
    }
    return found!
  }

  private mutating func expansion(
    _ table: TruthTable, by variable: Int
  ) -> (cost: Int, form: LogicForm) {
    let (low, high) = (table.cofactor(variable, false), table.cofactor(variable, true))
    if low == .never { return (1 + best(high).cost, .and(variable, high)) }
    if high == .never { return (1 + best(low).cost, .andNot(low, variable)) }
    if low == .always { return (1 + best(high).cost, .orNot(high, variable)) }
    if high == .always { return (1 + best(low).cost, .or(variable, low)) }
    if high == ~low {
      let (plain, inverse) = (best(low).cost, best(high).cost)
      return plain <= inverse
        ? (1 + plain, .xor(variable, low)) : (1 + inverse, .xnor(variable, high))
    }
    let cost = 1 + best(low).cost + best(high).cost
    if low.bits & ~high.bits == 0 { return (cost, .andOr(variable, high, low)) }
    if high.bits & ~low.bits == 0 { return (cost, .andNotOr(low, variable, high)) }
    return (cost, .mux(variable, high, low))
  }
}
