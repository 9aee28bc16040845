import PareTools

/// Multipliers, as bits: each is a few hundred full adders, which need no operation of their own in the kernel.
extension CellLibrary {
  /// DSP48E1 and DSP48E2: pre-adder, multiplier and the 48-bit sum, with any of their registers.
  ///
  /// Left out: the logic unit, parts of words (SIMD), carries other than CARRYIN, pattern detection and wide exclusive-ors. A
  /// netlist that reads them is refused.
  ///
  /// - Source: AMD UG479 and UG579, chapters on the DSP48E1 and DSP48E2 slices: tables of INMODE, OPMODE and ALUMODE.
  func dsp48(_ pins: CellPins, _ logic: inout CellLogic) throws(NetlistError) {
    let isNew = pins.cell.type == "DSP48E2"
    let width = isNew ? 27 : 25
    try pins.expect("USE_SIMD", "ONE48")
    try pins.expect("AUTORESET_PATDET", "NO_RESET")
    if try pins.isSet("IS_CLK_INVERTED") { throw pins.unsupported("the falling edge of the clock") }
    let port = DSPPort(pins: pins)

    var a = port.cascade("A_INPUT") ? pins.bus("ACIN", width: 30) : pins.bus("A", width: 30)
    var b = port.cascade("B_INPUT") ? pins.bus("BCIN", width: 18) : pins.bus("B", width: 18)
    let (a1, a2) = try port.inputPair(a, "A", &logic)
    let (b1, b2) = try port.inputPair(b, "B", &logic)
    let c = try port.staged(pins.bus("C", width: 48), "CREG", enable: "CEC", reset: "RSTC", &logic)
    let d = try port.staged(
      pins.bus("D", width: width), "DREG", enable: "CED", reset: "RSTD", &logic)
    let inMode = try port.staged(
      port.inverted(pins.bus("INMODE", width: 5), "INMODE", &logic), "INMODEREG",
      enable: "CEINMODE", reset: "RSTINMODE", &logic)
    let opMode = try port.staged(
      port.inverted(pins.bus("OPMODE", width: isNew ? 9 : 7), "OPMODE", &logic), "OPMODEREG",
      enable: "CECTRL", reset: "RSTCTRL", &logic)
    let aluModePins = try port.inverted(pins.bus("ALUMODE", width: 4), "ALUMODE", &logic)
    for bit in aluModePins[2...3] where bit != FixedSlot.zero {
      throw pins.unsupported("the logic unit")
    }
    // A register of the mode starts with zeros and is reset to zeros: it cannot select the logic unit either.
    let aluMode = try port.staged(
      Array(aluModePins[0...1]), "ALUMODEREG", enable: "CEALUMODE", reset: "RSTALUMODE", &logic)
    for bit in pins.bus("CARRYINSEL", width: 3) where bit != FixedSlot.zero {
      throw pins.unsupported("a carry other than CARRYIN")
    }
    let carryIn = try port.staged(
      port.inverted(pins.bus("CARRYIN", width: 1), "CARRYIN", &logic), "CARRYINREG",
      enable: "CECARRYIN", reset: "RSTALLCARRYIN", &logic)[0]
    port.drive("ACOUT", try port.cascadesFirst("A") ? a1 : a2, &logic)
    port.drive("BCOUT", try port.cascadesFirst("B") ? b1 : b2, &logic)
    // The sum of A:B takes the registered words as they are.
    let concatenated = b2 + a2

    // Pre-adder.
    a = zip(a1.prefix(width), a2.prefix(width)).map { logic.mux(inMode[0], $0, $1) }
    b = zip(b1, b2).map { logic.mux(inMode[4], $0, $1) }
    let addsB = isNew && pins.text("PREADDINSEL", default: "A") == "B"
    if addsB {
      b = b.map { logic.andNot($0, inMode[1]) }
    } else {
      a = a.map { logic.andNot($0, inMode[1]) }
    }
    let gatedD = d.map { logic.and($0, inMode[2]) }
    let other = addsB ? extended(b, to: width) : a
    let signed = other.map { logic.xor($0, inMode[3]) }
    let pre = try port.staged(
      sum(gatedD, signed, carry: inMode[3], &logic), "ADREG", enable: "CEAD", reset: "RSTD", &logic)
    let usesD =
      isNew
      ? pins.text("AMULTSEL", default: "A") == "AD"
      : pins.text("USE_DPORT", default: "FALSE") == "TRUE"
    let left = usesD ? pre : a
    let right = isNew && pins.text("BMULTSEL", default: "B") == "AD" ? Array(pre.prefix(18)) : b

    // Products exist only where the sum can ask for them.
    let usesProduct =
      opMode[0] != FixedSlot.zero && opMode[1] != FixedSlot.one
      && pins.text("USE_MULT", default: "MULTIPLY") != "NONE"
    let product =
      usesProduct
      ? product(
        left, right, leftIsSigned: FixedSlot.one, rightIsSigned: FixedSlot.one, &logic)
      : Array(repeating: FixedSlot.zero, count: width + 18)
    let m = extended(
      try port.staged(product, "MREG", enable: "CEM", reset: "RSTM", &logic), to: 48)

    // The sum of four, whose result may come back to it through its register.
    let isRegistered = try pins.word("PREG", default: 1) != 0
    var p = Array(repeating: FixedSlot.zero, count: 48)
    if isRegistered {
      p = port.resultNets(&logic)
    } else if [opMode[1], opMode[5]].contains(where: { $0 != FixedSlot.zero })
      && opMode[0] == FixedSlot.zero
    {
      throw pins.unsupported("a result that comes back without a register")
    }
    let zeros = Array(repeating: FixedSlot.zero, count: 48)
    let ones = Array(repeating: FixedSlot.one, count: 48)
    let pcin = pins.bus("PCIN", width: 48)
    let x = choose(opMode[0...1], [zeros, m, p, concatenated], &logic)
    // M stands at X whole, so that Y adds nothing to it.
    let y = choose(opMode[2...3], [zeros, zeros, ones, c], &logic)
    let z = choose(
      opMode[4...6],
      [
        zeros, pcin, p, c, p, extended(Array(pcin.dropFirst(17)), to: 48),
        extended(Array(p.dropFirst(17)), to: 48), zeros,
      ], &logic)
    var w = zeros
    if isNew {
      let word = try pins.word("RND")
      let rounding = (0..<48).map { word >> UInt64($0) & 1 == 1 ? FixedSlot.one : FixedSlot.zero }
      w = choose(opMode[7...8], [zeros, p, rounding, c], &logic)
    }
    let first = sum(x, y, carry: carryIn, &logic)
    let second = sum(first, w, carry: FixedSlot.zero, &logic)
    let signedZ = z.map { logic.xor($0, aluMode[0]) }
    let result = sum(signedZ, second, carry: FixedSlot.zero, &logic)
      .map { logic.xor($0, aluMode[1]) }
    if isRegistered {
      try port.store(result, at: p, enable: "CEP", reset: "RSTP", &logic)
      port.drive("PCOUT", p, &logic)
    } else {
      port.drive("P", result, &logic)
      port.drive("PCOUT", result, &logic)
    }
  }

  /// The 18 by 18 multiplier of ECP5 with any of its registers, its inputs not cascaded.
  ///
  /// - Source: Lattice FPGA-TN-02205, ECP5 sysDSP usage guide.
  func mult18(_ pins: CellPins, _ logic: inout CellLogic) throws(NetlistError) {
    for source in ["SOURCEA", "SOURCEB"] where pins.input(source) != FixedSlot.zero {
      throw pins.unsupported("a cascaded input")
    }
    try pins.expect("MULT_BYPASS", "DISABLED")
    func staged(_ bits: [Int32], _ name: String, _ logic: inout CellLogic) throws(NetlistError)
      -> [Int32]
    {
      let clock = pins.text("REG_\(name)_CLK", default: "NONE")
      if clock == "NONE" { return bits }
      try pins.checkClock(clock)
      try pins.expect("RESETMODE", "SYNC")
      let enable = pins.input(pins.text("REG_\(name)_CE", default: "CE0"))
      let reset = pins.input(pins.text("REG_\(name)_RST", default: "RST0"))
      return logic.registers(bits, enable: enable, reset: reset, initial: false)
    }
    // The sign flags pass the same registers as the words.
    let a = try staged(
      (0..<18).map { pins.input("A\($0)") } + [pins.input("SIGNEDA")], "INPUTA", &logic)
    let b = try staged(
      (0..<18).map { pins.input("B\($0)") } + [pins.input("SIGNEDB")], "INPUTB", &logic)
    let bits = product(
      Array(a.prefix(18)), Array(b.prefix(18)), leftIsSigned: a[18], rightIsSigned: b[18], &logic)
    let result = try staged(staged(bits, "PIPELINE", &logic), "OUTPUT", &logic)
    logic.drive(
      result.enumerated().compactMap { index, bit in
        pins.output("P\(index)").map { ($0, bit) }
      })
  }

  // MARK: - Words

  private func extended(_ word: [Int32], to width: Int) -> [Int32] {
    word + Array(repeating: word[word.count - 1], count: max(0, width - word.count))
  }

  /// Words of one width, modulo that width.
  private func sum(
    _ a: [Int32], _ b: [Int32], carry: Int32, _ logic: inout CellLogic
  ) -> [Int32] {
    var carry = carry
    return zip(a, b).map { x, y in
      let bit = logic.xor3(x, y, carry)
      carry = logic.majority(x, y, carry)
      return bit
    }
  }

  /// The product of two words, each of which a bit calls signed, as wide as both together.
  private func product(
    _ left: [Int32], _ right: [Int32], leftIsSigned: Int32, rightIsSigned: Int32,
    _ logic: inout CellLogic
  ) -> [Int32] {
    let width = left.count + right.count
    // One bit more makes every word a signed one, whose highest bit counts negative.
    let a = left + [logic.and(left[left.count - 1], leftIsSigned)]
    let b = right + [logic.and(right[right.count - 1], rightIsSigned)]
    var low: [Int32] = []
    var high = Array(repeating: FixedSlot.zero, count: a.count)
    for (index, bit) in b.enumerated() {
      let isLast = index == b.count - 1
      let row = extended(a.map { logic.and($0, bit) }, to: a.count + 1)
      let partial = sum(
        extended(high, to: a.count + 1), isLast ? row.map { logic.not($0) } : row,
        carry: isLast ? FixedSlot.one : FixedSlot.zero, &logic)
      low.append(partial[0])
      high = Array(partial.dropFirst())
    }
    return Array((low + high).prefix(width))
  }

  private func choose(
    _ select: ArraySlice<Int32>, _ words: [[Int32]], _ logic: inout CellLogic
  ) -> [Int32] {
    var level = words
    for bit in select {
      level = stride(from: 0, to: level.count, by: 2).map { index in
        zip(level[index], level[index + 1]).map { logic.mux(bit, $1, $0) }
      }
    }
    return level[0]
  }
}

/// Pins of a DSP48 and the registers behind them.
private struct DSPPort {
  let pins: CellPins

  func cascade(_ parameter: String) -> Bool {
    pins.text(parameter, default: "DIRECT") == "CASCADE"
  }

  /// Whether the cascade of A or B comes from the first of two registers.
  func cascadesFirst(_ name: String) throws(NetlistError) -> Bool {
    let registers = try pins.word("\(name)REG", default: 1)
    let cascaded = try pins.word("\(name)CASCREG", default: 1)
    return registers == 2 && cascaded == 1
  }

  func inverted(
    _ bits: [Int32], _ port: String, _ logic: inout CellLogic
  ) throws(NetlistError) -> [Int32] {
    let flags = try pins.word("IS_\(port)_INVERTED")
    return bits.enumerated().map { flags >> UInt64($0) & 1 == 1 ? logic.not($1) : $1 }
  }

  private func reset(_ port: String, _ logic: inout CellLogic) throws(NetlistError) -> Int32 {
    try inverted([pins.input(port)], port, &logic)[0]
  }

  /// The bits behind a register, where the parameter says that there is one.
  func staged(
    _ bits: [Int32], _ parameter: String, enable: String, reset: String, _ logic: inout CellLogic
  ) throws(NetlistError) -> [Int32] {
    if try pins.word(parameter, default: 1) == 0 { return bits }
    try pins.checkClock("CLK")
    let clear = try self.reset(reset, &logic)
    let enable = pins.input(enable)
    return logic.registers(bits, enable: enable, reset: clear, initial: false)
  }

  /// The two registers of A or B; with fewer of them both are the same.
  func inputPair(
    _ bits: [Int32], _ name: String, _ logic: inout CellLogic
  ) throws(NetlistError) -> (first: [Int32], second: [Int32]) {
    let count = try pins.word("\(name)REG", default: 1)
    if count == 0 { return (bits, bits) }
    try pins.checkClock("CLK")
    let clear = try reset("RST\(name)", &logic)
    let enables = [pins.input("CE\(name)1"), pins.input("CE\(name)2")]
    let first = logic.registers(bits, enable: enables[0], reset: clear, initial: false)
    let second = logic.registers(
      count == 2 ? first : bits, enable: enables[1], reset: clear, initial: false)
    return (first, second)
  }

  /// The nets at P, and slots for those of its bits that are open.
  func resultNets(_ logic: inout CellLogic) -> [Int32] {
    let nets = pins.outputs("P")
    return (0..<48).map { $0 < nets.count ? nets[$0] ?? logic.slot() : logic.slot() }
  }

  func store(
    _ bits: [Int32], at slots: [Int32], enable: String, reset: String, _ logic: inout CellLogic
  ) throws(NetlistError) {
    try pins.checkClock("CLK")
    let clear = try self.reset(reset, &logic)
    _ = logic.registers(
      bits, at: slots, enable: pins.input(enable), reset: clear, initial: false)
  }

  func drive(_ port: String, _ bits: [Int32], _ logic: inout CellLogic) {
    logic.drive(
      zip(pins.outputs(port), bits).compactMap { net, bit in net.map { ($0, bit) } })
  }
}
