import CPareKernels

/// One operation on words of lanes.
struct Gate: Hashable, Sendable {
  var op: pare_gate
  var target: Int32
  var a: Int32
  var b: Int32 = 0
  var c: Int32 = 0

  /// Slots that the operation reads, apart from its target.
  var reads: [Int32] {
    switch op {
    case PARE_GATE_COPY, PARE_GATE_NOT, PARE_GATE_COMMIT: [a]
    case PARE_GATE_AND, PARE_GATE_AND_NOT, PARE_GATE_OR, PARE_GATE_OR_NOT, PARE_GATE_XOR,
      PARE_GATE_XNOR:
      [a, b]
    default: [a, b, c]
    }
  }

  func replacing(_ slot: (Int32) -> Int32) -> Gate {
    Gate(op: op, target: slot(target), a: slot(a), b: slot(b), c: slot(c))
  }
}

/// Slots with a fixed meaning.
enum FixedSlot {
  static let zero: Int32 = 0
  static let one: Int32 = 1
  /// Lanes in which toggles count.
  static let mask: Int32 = 2
  static let count: Int32 = 3
}

/// Gates, flat, as the kernel reads them.
struct GateProgram: Hashable, Sendable {
  private(set) var words: [Int32] = []

  var count: Int { words.count / PARE_GATE_FIELDS }

  mutating func append(_ gate: Gate) {
    words.append(Int32(gate.op.rawValue))
    words.append(gate.target)
    words.append(gate.a)
    words.append(gate.b)
    words.append(gate.c)
  }
}
