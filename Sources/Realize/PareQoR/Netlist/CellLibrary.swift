import PareTools

/// What a cell is to power and timing.
enum CellKind: Hashable, Sendable {
  case lut
  case carry
  case mux
  case flipFlop
  case shiftRegister
  case dsp
}

/// Models of cells, by type.
///
/// - Source: AMD UG953 and UG974, libraries guides of 7-series and UltraScale; Lattice FPGA-TN-02200, ECP5 memory and logic;
///   where those leave a question, what Yosys's simulation models do.
struct CellLibrary {
  private var forms = LogicForms()

  /// Nil for cells that are no hardware.
  static func kind(of type: String) -> CellKind? {
    switch type {
    case "INV", "LUT1", "LUT2", "LUT3", "LUT4", "LUT5", "LUT6", "LUT6_2": .lut
    case "CARRY4", "CARRY8", "CCU2C": .carry
    case "MUXF7", "MUXF8", "MUXF9", "PFUMX", "L6MUX21": .mux
    case "FDRE", "FDSE", "FDCE", "FDPE", "TRELLIS_FF": .flipFlop
    case "SRL16E", "SRLC32E": .shiftRegister
    case "DSP48E1", "DSP48E2", "MULT18X18D": .dsp
    default: nil
    }
  }

  /// Adds what a cell does to `logic`.
  mutating func describe(_ pins: CellPins, in logic: inout CellLogic) throws(NetlistError) {
    let type = pins.cell.type
    switch type {
    case "INV":
      // The two families name the pins of their inverters differently.
      let isXilinx = pins.has("O")
      let input = pins.input(isXilinx ? "I" : "A")
      drive(pins.output(isXilinx ? "O" : "Z"), logic.not(input), &logic)
    case "LUT4" where pins.has("Z"):
      let inputs = ["A", "B", "C", "D"].map(pins.input)
      let table = TruthTable(try pins.word("INIT"), inputs: 4)
      drive(pins.output("Z"), logic.lookup(table, inputs, &forms), &logic)
    case "LUT1", "LUT2", "LUT3", "LUT4", "LUT5", "LUT6":
      let count = Int(type.utf8.last! - UInt8(ascii: "0"))
      let table = TruthTable(try pins.word("INIT"), inputs: count)
      let inputs = (0..<count).map { pins.input("I\($0)") }
      drive(pins.output("O"), logic.lookup(table, inputs, &forms), &logic)
    case "LUT6_2":
      let word = try pins.word("INIT")
      let inputs = (0..<6).map { pins.input("I\($0)") }
      let low = TruthTable(word & 0xFFFF_FFFF, inputs: 5)
      drive(pins.output("O5"), logic.lookup(low, inputs, &forms), &logic)
      drive(pins.output("O6"), logic.lookup(TruthTable(bits: word), inputs, &forms), &logic)
    case "MUXF7", "MUXF8", "MUXF9":
      let (low, high) = (pins.input("I0"), pins.input("I1"))
      drive(pins.output("O"), logic.mux(pins.input("S"), high, low), &logic)
    case "PFUMX":
      let (low, high) = (pins.input("BLUT"), pins.input("ALUT"))
      drive(pins.output("Z"), logic.mux(pins.input("C0"), high, low), &logic)
    case "L6MUX21":
      let (low, high) = (pins.input("D0"), pins.input("D1"))
      drive(pins.output("Z"), logic.mux(pins.input("SD"), high, low), &logic)
    case "CARRY4", "CARRY8": try carry(pins, &logic)
    case "CCU2C": try carryPair(pins, &logic)
    case "FDRE": try flipFlop(pins, reset: "R", toOne: false, &logic)
    case "FDSE": try flipFlop(pins, reset: "S", toOne: true, &logic)
    case "FDCE": try flipFlop(pins, reset: "CLR", toOne: false, isAsynchronous: true, &logic)
    case "FDPE": try flipFlop(pins, reset: "PRE", toOne: true, isAsynchronous: true, &logic)
    case "TRELLIS_FF": try latticeFlipFlop(pins, &logic)
    case "SRL16E":
      try shiftRegister(pins, address: (0..<4).map { pins.input("A\($0)") }, last: nil, &logic)
    case "SRLC32E":
      try shiftRegister(
        pins, address: pins.bus("A", width: 5), last: pins.output("Q31"), &logic)
    case "DSP48E1", "DSP48E2": try dsp48(pins, &logic)
    case "MULT18X18D": try mult18(pins, &logic)
    default: throw NetlistError(.unknownCell(type: type, name: pins.name))
    }
  }

  private func drive(_ slot: Int32?, _ source: Int32, _ logic: inout CellLogic) {
    if let slot { logic.drive([(slot, source)]) }
  }

  // MARK: - Carry chains

  private func carry(_ pins: CellPins, _ logic: inout CellLogic) throws(NetlistError) {
    let isShort = pins.cell.type == "CARRY4"
    let width = isShort ? 4 : 8
    try pins.expect("CARRY_TYPE", "SINGLE_CY8", "DUAL_CY4")
    let isSplit = pins.text("CARRY_TYPE", default: "SINGLE_CY8") == "DUAL_CY4"
    let (s, di) = (pins.bus("S", width: width), pins.bus("DI", width: width))
    var carry = pins.input("CI")
    if isShort { carry = logic.or(carry, pins.input("CYINIT")) }
    let (sums, carries) = (pins.outputs("O"), pins.outputs("CO"))
    var outputs: [(slot: Int32, source: Int32)] = []
    for bit in 0..<width {
      if bit == 4, isSplit { carry = pins.input("CI_TOP") }
      let sum = logic.xor(s[bit], carry)
      carry = logic.mux(s[bit], carry, di[bit])
      if bit < sums.count, let net = sums[bit] { outputs.append((net, sum)) }
      if bit < carries.count, let net = carries[bit] { outputs.append((net, carry)) }
    }
    logic.drive(outputs)
  }

  private mutating func carryPair(
    _ pins: CellPins, _ logic: inout CellLogic
  ) throws(NetlistError) {
    var carry = pins.input("CIN")
    var outputs: [(slot: Int32, source: Int32)] = []
    for half in 0..<2 {
      try pins.expect("INJECT1_\(half)", "YES", "NO")
      let isInjected = pins.text("INJECT1_\(half)", default: "YES") == "YES"
      let word = try pins.word("INIT\(half)")
      let inputs = ["A", "B", "C", "D"].map { pins.input("\($0)\(half)") }
      let table = logic.lookup(TruthTable(word, inputs: 4), inputs, &forms)
      // The lowest four entries are a table of two inputs of their own, which makes a carry where none is passed on.
      let generated =
        isInjected
        ? FixedSlot.zero
        : logic.lookup(TruthTable(word & 0xF, inputs: 2), Array(inputs.prefix(2)), &forms)
      if let net = pins.output("S\(half)") {
        outputs.append((net, isInjected ? table : logic.xor(table, carry)))
      }
      carry = logic.mux(table, carry, generated)
    }
    if let net = pins.output("COUT") { outputs.append((net, carry)) }
    logic.drive(outputs)
  }

  // MARK: - Registers

  private func flipFlop(
    _ pins: CellPins, reset: String, toOne: Bool, isAsynchronous: Bool = false,
    _ logic: inout CellLogic
  ) throws(NetlistError) {
    try pins.checkClock("C")
    if try pins.isSet("IS_C_INVERTED") { throw pins.unsupported("the falling edge of the clock") }
    var next = pins.input("D")
    if try pins.isSet("IS_D_INVERTED") { next = logic.not(next) }
    var clear = pins.input(reset)
    if try pins.isSet("IS_\(reset)_INVERTED") { clear = logic.not(clear) }
    store(
      next, enable: pins.has("CE") ? pins.input("CE") : FixedSlot.one, reset: clear, toOne: toOne,
      isAsynchronous: isAsynchronous, initial: pins.initial("INIT"), at: pins.output("Q"), &logic)
  }

  private func latticeFlipFlop(
    _ pins: CellPins, _ logic: inout CellLogic
  ) throws(NetlistError) {
    try pins.checkClock("CLK")
    try pins.expect("CLKMUX", "CLK")
    try pins.expect("LSRMODE", "LSR")
    try pins.expect("REGSET", "RESET", "SET")
    try pins.expect("SRMODE", "LSR_OVER_CE", "ASYNC")
    try pins.expect("LSRMUX", "LSR", "INV")
    let enable: Int32
    switch pins.text("CEMUX", default: "1") {
    case "1": enable = FixedSlot.one
    case "0": enable = FixedSlot.zero
    case "INV": enable = logic.not(pins.input("CE"))
    case "CE": enable = pins.input("CE")
    case let other: throw pins.unsupported("CEMUX = \(other)")
    }
    var clear = pins.input("LSR")
    if pins.text("LSRMUX", default: "LSR") == "INV" { clear = logic.not(clear) }
    let toOne = pins.text("REGSET", default: "RESET") == "SET"
    store(
      pins.input("DI"), enable: enable, reset: clear, toOne: toOne,
      isAsynchronous: pins.text("SRMODE", default: "LSR_OVER_CE") == "ASYNC", initial: toOne,
      at: pins.output("Q"), &logic)
  }

  /// An asynchronous reset shows at once, and the register has it from the next edge on: the same to a circuit that looks once a
  /// clock.
  private func store(
    _ next: Int32, enable: Int32, reset: Int32, toOne: Bool, isAsynchronous: Bool, initial: Bool?,
    at output: Int32?, _ logic: inout CellLogic
  ) {
    guard let output else { return }
    guard isAsynchronous, reset != FixedSlot.zero else {
      _ = logic.register(
        next, at: output, enable: enable, reset: reset, isSetByReset: toOne, initial: initial)
      return
    }
    let held = logic.register(
      next, enable: enable, reset: reset, isSetByReset: toOne, initial: initial)
    logic.drive([(output, toOne ? logic.or(held, reset) : logic.andNot(held, reset))])
  }

  private func shiftRegister(
    _ pins: CellPins, address: [Int32], last: Int32?, _ logic: inout CellLogic
  ) throws(NetlistError) {
    try pins.checkClock("CLK")
    if try pins.isSet("IS_CLK_INVERTED") { throw pins.unsupported("the falling edge of the clock") }
    let size = 1 << address.count
    let isFixed = address.allSatisfy { $0 <= FixedSlot.one }
    let place = address.enumerated().reduce(0) {
      $0 + ($1.element == FixedSlot.one ? 1 << $1.offset : 0)
    }
    // Places that nobody can read are left out.
    let depth = isFixed && last == nil ? place + 1 : size
    let enable = pins.has("CE") ? pins.input("CE") : FixedSlot.one
    let output = pins.output("Q")
    var words: [Int32] = []
    for index in 0..<depth {
      // The output of a fixed place is the register itself.
      let net = isFixed && index == place ? output : index == size - 1 ? last : nil
      words.append(
        logic.register(
          index == 0 ? pins.input("D") : words[index - 1], at: net, enable: enable,
          initial: pins.initial("INIT", index) ?? false))
    }
    if isFixed, place == size - 1, let last, output != nil {
      logic.drive([(last, words[place])])
    }
    guard !isFixed, let output else { return }
    var level = words
    for bit in address {
      level = stride(from: 0, to: level.count, by: 2).map {
        logic.mux(bit, level[$0 + 1], level[$0])
      }
    }
    logic.drive([(output, level[0])])
  }
}
