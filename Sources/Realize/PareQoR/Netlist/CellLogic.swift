import CPareKernels

/// Builds what one cell computes: operations on slots, with constants folded and equal operations made once.
///
/// A bit is a slot: a net, a constant, or an intermediate result of the cell, numbered from ``temporary`` on.
struct CellLogic {
  typealias Bit = Int32

  /// First number of intermediate results.
  static let temporary: Bit = 1 << 24

  /// Bits that change together, one delay after what they read: one step of levelizing.
  struct Node {
    var gates: [Gate] = []
    var outputs: [(slot: Bit, source: Bit)] = []
    let cell: Int
  }

  struct Register {
    let slot: Bit
    var next: Bit
    var enable: Bit
    var reset: Bit
    let isSetByReset: Bool
    /// Nil for a register that a netlist gives no value to.
    let initial: Bool?
  }

  let cell: Int
  private var gates: [Gate] = []
  private var made: [Gate: Bit] = [:]
  private var inverse: [Bit: Bit] = [:]
  private(set) var nodes: [Node] = []
  private(set) var registers: [Register] = []
  private var stored: [Bit: Bit] = [:]
  private let newSlot: () -> Bit

  init(cell: Int, newSlot: @escaping () -> Bit) {
    self.cell = cell
    self.newSlot = newSlot
  }

  // MARK: - Operations

  private mutating func make(_ op: pare_gate, _ a: Bit, _ b: Bit = 0, _ c: Bit = 0) -> Bit {
    var gate = Gate(op: op, target: 0, a: a, b: b, c: c)
    if let bit = made[gate] { return bit }
    let bit = Self.temporary + Bit(gates.count)
    made[gate] = bit
    gate.target = bit
    gates.append(gate)
    return bit
  }

  mutating func not(_ a: Bit) -> Bit {
    if a == FixedSlot.zero { return FixedSlot.one }
    if a == FixedSlot.one { return FixedSlot.zero }
    if let known = inverse[a] { return known }
    let bit = make(PARE_GATE_NOT, a)
    inverse[a] = bit
    inverse[bit] = a
    return bit
  }

  mutating func and(_ a: Bit, _ b: Bit) -> Bit {
    if a == FixedSlot.zero || b == FixedSlot.zero { return FixedSlot.zero }
    if a == FixedSlot.one || a == b { return b }
    if b == FixedSlot.one { return a }
    return make(PARE_GATE_AND, min(a, b), max(a, b))
  }

  mutating func andNot(_ a: Bit, _ b: Bit) -> Bit {
    if a == FixedSlot.zero || b == FixedSlot.one || a == b { return FixedSlot.zero }
    if b == FixedSlot.zero { return a }
    if a == FixedSlot.one { return not(b) }
    return make(PARE_GATE_AND_NOT, a, b)
  }

  mutating func or(_ a: Bit, _ b: Bit) -> Bit {
    if a == FixedSlot.one || b == FixedSlot.one { return FixedSlot.one }
    if a == FixedSlot.zero || a == b { return b }
    if b == FixedSlot.zero { return a }
    return make(PARE_GATE_OR, min(a, b), max(a, b))
  }

  mutating func orNot(_ a: Bit, _ b: Bit) -> Bit {
    if a == FixedSlot.one || b == FixedSlot.zero || a == b { return FixedSlot.one }
    if b == FixedSlot.one { return a }
    if a == FixedSlot.zero { return not(b) }
    return make(PARE_GATE_OR_NOT, a, b)
  }

  mutating func xor(_ a: Bit, _ b: Bit) -> Bit {
    if a == b { return FixedSlot.zero }
    if a == FixedSlot.zero { return b }
    if b == FixedSlot.zero { return a }
    if a == FixedSlot.one { return not(b) }
    if b == FixedSlot.one { return not(a) }
    return make(PARE_GATE_XOR, min(a, b), max(a, b))
  }

  mutating func xnor(_ a: Bit, _ b: Bit) -> Bit {
    if a <= FixedSlot.one || b <= FixedSlot.one || a == b { return not(xor(a, b)) }
    return make(PARE_GATE_XNOR, min(a, b), max(a, b))
  }

  mutating func xor3(_ a: Bit, _ b: Bit, _ c: Bit) -> Bit {
    let bits = [a, b, c].sorted()
    if bits[0] <= FixedSlot.one || bits[0] == bits[1] || bits[1] == bits[2] {
      return xor(xor(a, b), c)
    }
    return make(PARE_GATE_XOR3, bits[0], bits[1], bits[2])
  }

  mutating func majority(_ a: Bit, _ b: Bit, _ c: Bit) -> Bit {
    let bits = [a, b, c].sorted()
    if bits[0] == FixedSlot.zero { return and(bits[1], bits[2]) }
    if bits[0] == FixedSlot.one { return or(bits[1], bits[2]) }
    if bits[0] == bits[1] { return bits[0] }
    if bits[1] == bits[2] { return bits[1] }
    return make(PARE_GATE_MAJORITY, bits[0], bits[1], bits[2])
  }

  /// `select ? high : low`.
  mutating func mux(_ select: Bit, _ high: Bit, _ low: Bit) -> Bit {
    if select == FixedSlot.one || high == low { return high }
    if select == FixedSlot.zero { return low }
    if low == FixedSlot.zero { return and(select, high) }
    if high == FixedSlot.zero { return andNot(low, select) }
    if low == FixedSlot.one { return orNot(high, select) }
    if high == FixedSlot.one { return or(select, low) }
    return make(PARE_GATE_MUX, select, high, low)
  }

  mutating func andOr(_ a: Bit, _ b: Bit, _ c: Bit) -> Bit {
    if a <= FixedSlot.one || b <= FixedSlot.one || c <= FixedSlot.one { return or(and(a, b), c) }
    return make(PARE_GATE_AND_OR, a, b, c)
  }

  mutating func andNotOr(_ a: Bit, _ b: Bit, _ c: Bit) -> Bit {
    if a <= FixedSlot.one || b <= FixedSlot.one || c <= FixedSlot.one {
      return or(andNot(a, b), c)
    }
    return make(PARE_GATE_AND_NOT_OR, a, b, c)
  }

  /// A table looked up by inputs, the first of them lowest.
  mutating func lookup(_ table: TruthTable, _ inputs: [Bit], _ forms: inout LogicForms) -> Bit {
    // Constant inputs leave the table before its form is sought.
    var table = table
    for (index, input) in inputs.enumerated() where input <= FixedSlot.one {
      table = table.cofactor(index, input == FixedSlot.one)
    }
    var done: [TruthTable: Bit] = [:]
    return lookup(table, inputs, &forms, &done)
  }

  private mutating func lookup(
    _ table: TruthTable, _ inputs: [Bit], _ forms: inout LogicForms,
    _ done: inout [TruthTable: Bit]
  ) -> Bit {
    if let bit = done[table] { return bit }
    let bit: Bit
    switch forms.form(of: table) {
    case .constant(let value): bit = value ? FixedSlot.one : FixedSlot.zero
    case .input(let v): bit = inputs[v]
    case .not(let v): bit = not(inputs[v])
    case .and(let v, let t): bit = and(inputs[v], lookup(t, inputs, &forms, &done))
    case .andNot(let t, let v): bit = andNot(lookup(t, inputs, &forms, &done), inputs[v])
    case .or(let v, let t): bit = or(inputs[v], lookup(t, inputs, &forms, &done))
    case .orNot(let t, let v): bit = orNot(lookup(t, inputs, &forms, &done), inputs[v])
    case .xor(let v, let t): bit = xor(inputs[v], lookup(t, inputs, &forms, &done))
    case .xnor(let v, let t): bit = xnor(inputs[v], lookup(t, inputs, &forms, &done))
    case .andOr(let v, let t, let u):
      bit = andOr(
        inputs[v], lookup(t, inputs, &forms, &done), lookup(u, inputs, &forms, &done))
    case .andNotOr(let t, let v, let u):
      bit = andNotOr(
        lookup(t, inputs, &forms, &done), inputs[v], lookup(u, inputs, &forms, &done))
    case .mux(let v, let t, let u):
      bit = mux(inputs[v], lookup(t, inputs, &forms, &done), lookup(u, inputs, &forms, &done))
    case .xor3(let a, let b, let c): bit = xor3(inputs[a], inputs[b], inputs[c])
    case .majority(let a, let b, let c): bit = majority(inputs[a], inputs[b], inputs[c])
    }
    done[table] = bit
    return bit
  }

  // MARK: - Results

  /// Bits that stand at nets, all one delay after what any of them reads.
  mutating func drive(_ outputs: [(slot: Bit, source: Bit)]) {
    if outputs.isEmpty { return }
    var needed = Set(outputs.map(\.source))
    var cone: [Gate] = []
    for gate in gates.reversed() where needed.contains(gate.target) {
      cone.append(gate)
      needed.formUnion(gate.reads)
    }
    nodes.append(Node(gates: cone.reversed(), outputs: outputs, cell: cell))
  }

  /// A register; what it takes in becomes a net of its own where it is computed in the cell.
  mutating func register(
    _ next: Bit, at slot: Bit? = nil, enable: Bit = FixedSlot.one, reset: Bit = FixedSlot.zero,
    isSetByReset: Bool = false, initial: Bool?
  ) -> Bit {
    let slot = slot ?? newSlot()
    registers.append(
      Register(
        slot: slot, next: settled(next), enable: settled(enable), reset: settled(reset),
        isSetByReset: isSetByReset, initial: initial))
    return slot
  }

  /// A slot of the cell's own.
  func slot() -> Bit { newSlot() }

  /// Registers with one enable and one reset, whose inputs arrive together.
  mutating func registers(
    _ next: [Bit], at slots: [Bit]? = nil, enable: Bit, reset: Bit, initial: Bool?
  ) -> [Bit] {
    settle(next)
    return next.indices.map { index in
      register(next[index], at: slots?[index], enable: enable, reset: reset, initial: initial)
    }
  }

  private mutating func settled(_ bit: Bit) -> Bit {
    guard bit >= Self.temporary else { return bit }
    settle([bit])
    return stored[bit]!
  }

  /// Gives intermediate results slots that outlive the cell.
  private mutating func settle(_ bits: [Bit]) {
    var outputs: [(slot: Bit, source: Bit)] = []
    for bit in bits where bit >= Self.temporary && stored[bit] == nil {
      let slot = newSlot()
      stored[bit] = slot
      outputs.append((slot, bit))
    }
    drive(outputs)
  }
}
