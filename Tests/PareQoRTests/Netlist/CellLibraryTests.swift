import PareNumerics
import PareTools
import Testing

@testable import PareQoR

/// Each cell against its truth table or a formula that was not written with the model in mind.
@Suite struct CellLibraryTests {
  private static let lanes = NetlistSimulator.laneCount

  @Test(arguments: 1...6, 0..<6) func `a LUT gives the entry that its inputs number`(
    inputs: Int, seed: Int
  ) throws {
    var random = RandomStream(seed: UInt64(seed * 10 + inputs))
    // Dense, sparse and nearly full tables.
    let table = [
      random.next(), random.next() & random.next() & random.next(),
      ~(random.next() & random.next()),
    ][seed % 3]
    let size = 1 << inputs
    var circuit = Circuit()
    let x = circuit.input("x", inputs)
    let y = circuit.word(1)
    var pins = ["O": y]
    for (index, bit) in x.enumerated() { pins["I\(index)"] = [bit] }
    circuit.cell("LUT\(inputs)", pins, ["INIT": word(table, size)])
    circuit.output("y", y)
    var simulator = try circuit.simulator()
    for lane in 0..<Self.lanes { simulator.set("x", lane: lane, to: Int64(lane % size)) }
    simulator.settle()
    for lane in 0..<Self.lanes {
      #expect(simulator.value("y", lane: lane) == table >> UInt64(lane % size) & 1)
    }
  }

  @Test func `both outputs of a LUT6_2 come from one table, with inputs that are constant`() throws
  {
    let table: UInt64 = 0x9669_6996_2B2B_D41E
    for fixed in 0..<4 {
      var circuit = Circuit()
      let x = circuit.input("x", 6)
      let (low, high) = (circuit.word(1), circuit.word(1))
      var pins = ["O5": low, "O6": high]
      for index in 0..<6 {
        let constant = Netlist.Bit.constant(fixed >> (index - 4) & 1 == 1 ? "1" : "0")
        pins["I\(index)"] = [index >= 4 ? constant : x[index]]
      }
      circuit.cell("LUT6_2", pins, ["INIT": word(table, 64)])
      circuit.output("low", low)
      circuit.output("high", high)
      var simulator = try circuit.simulator()
      for lane in 0..<16 { simulator.set("x", lane: lane, to: Int64(lane)) }
      simulator.settle()
      for lane in 0..<16 {
        let entry = UInt64(lane + fixed * 16)
        #expect(simulator.value("high", lane: lane) == table >> entry & 1)
        #expect(simulator.value("low", lane: lane) == table >> (entry & 31) & 1)
      }
    }
  }

  @Test(arguments: ["CARRY4", "CARRY8"]) func `carry cells in a chain add`(type: String) throws {
    let width = 32
    let bits = type == "CARRY4" ? 4 : 8
    var circuit = Circuit()
    let (a, s, carryIn) = (
      circuit.input("a", width), circuit.input("s", width), circuit.input("c")
    )
    var (sums, link) = ([Netlist.Bit](), carryIn)
    for start in stride(from: 0, to: width, by: bits) {
      let (o, co) = (circuit.word(bits), circuit.word(bits))
      circuit.cell(
        type,
        [
          "CI": link, "DI": Array(a[start..<start + bits]), "S": Array(s[start..<start + bits]),
          "O": o, "CO": co, bits == 4 ? "CYINIT" : "CI_TOP": [.constant("0")],
        ])
      sums += o
      link = [co[bits - 1]]
    }
    circuit.output("y", sums + link)
    var simulator = try circuit.simulator()
    var random = RandomStream(seed: 4)
    var expected: [UInt64] = []
    for lane in 0..<Self.lanes {
      let (x, y, carry) = (random.next() >> 32, random.next() >> 32, random.next() & 1)
      simulator.set("a", lane: lane, to: Int64(x))
      simulator.set("s", lane: lane, to: Int64(x ^ y))
      simulator.set("c", lane: lane, to: Int64(carry))
      expected.append(x + y + carry)
    }
    simulator.settle()
    for lane in 0..<Self.lanes { #expect(simulator.value("y", lane: lane) == expected[lane]) }
  }

  @Test func `a CARRY8 in two halves begins anew at CI_TOP`() throws {
    var circuit = Circuit()
    let (a, s, top) = (circuit.input("a", 8), circuit.input("s", 8), circuit.input("t"))
    let o = circuit.word(8)
    circuit.cell(
      "CARRY8", ["CI": [.constant("0")], "CI_TOP": top, "DI": a, "S": s, "O": o],
      ["CARRY_TYPE": "DUAL_CY4"])
    circuit.output("y", o)
    var simulator = try circuit.simulator()
    var random = RandomStream(seed: 5)
    for lane in 0..<Self.lanes {
      let (x, y, carry) = (random.next() & 0xFF, random.next() & 0xFF, UInt64(lane & 1))
      simulator.set("a", lane: lane, to: Int64(x))
      simulator.set("s", lane: lane, to: Int64(x ^ y))
      simulator.set("t", lane: lane, to: Int64(carry))
      simulator.settle()
      let low = (x & 15) + (y & 15)
      let high = x >> 4 + y >> 4 + carry
      #expect(simulator.value("y", lane: lane) == low & 15 | (high & 15) << 4)
    }
  }

  @Test func `CCU2C cells in a chain subtract`() throws {
    var circuit = Circuit()
    let (a, b) = (circuit.input("a", 16), circuit.input("b", 16))
    var (sums, link) = ([Netlist.Bit](), [Netlist.Bit.constant("1")])
    for pair in 0..<8 {
      let (s, co) = (circuit.word(2), circuit.word(1))
      var pins = ["CIN": link, "COUT": co]
      for half in 0..<2 {
        pins["A\(half)"] = [a[2 * pair + half]]
        pins["B\(half)"] = [b[2 * pair + half]]
        pins["C\(half)"] = [.constant("0")]
        pins["D\(half)"] = [.constant("1")]
        pins["S\(half)"] = [s[half]]
      }
      // a ^ ~b where D is 1; the lowest four entries make a the carry where a and ~b agree.
      let table = word(0x9900 | 0xAA, 16)
      circuit.cell(
        "CCU2C", pins, ["INIT0": table, "INIT1": table, "INJECT1_0": "NO", "INJECT1_1": "NO"])
      sums += s
      link = co
    }
    circuit.output("y", sums)
    var simulator = try circuit.simulator()
    var random = RandomStream(seed: 6)
    var expected: [UInt64] = []
    for lane in 0..<Self.lanes {
      let (x, y) = (random.next() & 0xFFFF, random.next() & 0xFFFF)
      simulator.set("a", lane: lane, to: Int64(x))
      simulator.set("b", lane: lane, to: Int64(y))
      expected.append((x &- y) & 0xFFFF)
    }
    simulator.settle()
    for lane in 0..<Self.lanes { #expect(simulator.value("y", lane: lane) == expected[lane]) }
  }

  @Test(arguments: [
    ("MUXF7", "I0", "I1", "S", "O"), ("MUXF8", "I0", "I1", "S", "O"),
    ("MUXF9", "I0", "I1", "S", "O"),
    ("PFUMX", "BLUT", "ALUT", "C0", "Z"), ("L6MUX21", "D0", "D1", "SD", "Z"),
  ]) func `a multiplexer chooses its second input at 1`(
    type: String, low: String, high: String, select: String, out: String
  ) throws {
    var circuit = Circuit()
    let x = circuit.input("x", 3)
    let y = circuit.word(1)
    circuit.cell(type, [low: [x[0]], high: [x[1]], select: [x[2]], out: y])
    circuit.output("y", y)
    var simulator = try circuit.simulator()
    for lane in 0..<8 { simulator.set("x", lane: lane, to: Int64(lane)) }
    simulator.settle()
    for lane in 0..<8 {
      #expect(simulator.value("y", lane: lane) == UInt64(lane >= 4 ? lane >> 1 & 1 : lane & 1))
    }
  }

  struct Flop: Sendable, CustomTestStringConvertible {
    let type: String
    let reset: String
    let toOne: Bool
    var isAsynchronous = false
    var parameters: [String: String] = [:]
    var invertsReset = false
    var pins = ["C", "D", "CE", "Q"]
    var testDescription: String { type + (parameters.isEmpty ? "" : " \(parameters)") }
  }

  static let flops = [
    Flop(type: "FDRE", reset: "R", toOne: false),
    Flop(
      type: "FDRE", reset: "R", toOne: false, parameters: ["IS_R_INVERTED": "1"], invertsReset: true
    ),
    Flop(type: "FDSE", reset: "S", toOne: true),
    Flop(type: "FDCE", reset: "CLR", toOne: false, isAsynchronous: true),
    Flop(type: "FDPE", reset: "PRE", toOne: true, isAsynchronous: true),
    Flop(
      type: "TRELLIS_FF", reset: "LSR", toOne: false,
      parameters: ["CEMUX": "CE", "SRMODE": "LSR_OVER_CE", "REGSET": "RESET"],
      pins: ["CLK", "DI", "CE", "Q"]),
    Flop(
      type: "TRELLIS_FF", reset: "LSR", toOne: true, isAsynchronous: true,
      parameters: ["CEMUX": "CE", "SRMODE": "ASYNC", "REGSET": "SET", "LSRMUX": "INV"],
      invertsReset: true,
      pins: ["CLK", "DI", "CE", "Q"]),
  ]

  @Test(arguments: flops) func `a flip-flop keeps, loads and resets`(flop: Flop) throws {
    var circuit = Circuit()
    let (d, enable, reset) = (circuit.input("d"), circuit.input("e"), circuit.input("r"))
    let q = circuit.word(1)
    circuit.cell(
      flop.type,
      [
        flop.pins[0]: Circuit.clock, flop.pins[1]: d, flop.pins[2]: enable, flop.reset: reset,
        flop.pins[3]: q,
      ],
      flop.parameters)
    circuit.output("y", q)
    var simulator = try circuit.simulator()
    var random = RandomStream(seed: 7)
    var held = Array(repeating: false, count: 64)
    for time in 0..<40 {
      for lane in 0..<64 {
        let (d, e) = (random.next() & 1 == 1, random.next() & 1 == 1)
        let clears = time == 0 || random.next() & 3 == 0
        simulator.set("d", lane: lane, to: d ? 1 : 0)
        simulator.set("e", lane: lane, to: e ? 1 : 0)
        simulator.set("r", lane: lane, to: clears != flop.invertsReset ? 1 : 0)
        if flop.isAsynchronous && clears { held[lane] = flop.toOne }
        simulator.settle()
        if time > 0 || flop.isAsynchronous {
          #expect(
            (simulator.value("y", lane: lane) == 1) == held[lane], "time \(time) lane \(lane)")
        }
        held[lane] = clears ? flop.toOne : e ? d : held[lane]
      }
      simulator.edge()
    }
  }

  @Test(arguments: [("SRL16E", 4), ("SRLC32E", 5)])
  func `a shift register shows the bit of its address`(
    type: String, bits: Int
  ) throws {
    let size = 1 << bits
    for fixed in [nil, 0, 5, size - 1] {
      var circuit = Circuit()
      let (d, enable, address) = (circuit.input("d"), circuit.input("e"), circuit.input("a", bits))
      let (q, last) = (circuit.word(1), circuit.word(1))
      let places: [Netlist.Bit] =
        fixed.map { place in (0..<bits).map { .constant(place >> $0 & 1 == 1 ? "1" : "0") } }
        ?? address
      var pins = ["CLK": Circuit.clock, "D": d, "CE": enable, "Q": q]
      if bits == 4 {
        for index in 0..<4 { pins["A\(index)"] = [places[index]] }
      } else {
        pins["A"] = places
        pins["Q31"] = last
      }
      let start: UInt64 = 0xA5C3_9617
      circuit.cell(type, pins, ["INIT": word(start, size)])
      circuit.output("y", q)
      if bits == 5 { circuit.output("last", last) }
      var simulator = try circuit.simulator()
      var random = RandomStream(seed: 8)
      var held = (0..<size).map { start >> UInt64($0) & 1 }
      for _ in 0..<100 {
        let (d, e, a) = (
          random.next() & 1, random.next() & 3, Int(random.next() & UInt64(size - 1))
        )
        simulator.set("d", to: Int64(d))
        simulator.set("e", to: e > 0 ? 1 : 0)
        simulator.set("a", to: Int64(a))
        simulator.settle()
        #expect(simulator.value("y", lane: 77) == held[fixed ?? a])
        if bits == 5 { #expect(simulator.value("last", lane: 3) == held[31]) }
        simulator.edge()
        if e > 0 { held = [d] + held.dropLast() }
      }
    }
  }

  @Test func `registers in a ring and in a chain move together`() throws {
    var circuit = Circuit()
    let load = circuit.input("load", 4)
    let enable = circuit.input("e")
    let q = circuit.word(4)
    // A ring of three that an input can set, and one behind it.
    for index in 0..<4 {
      let before = index == 3 ? q[2] : q[(index + 2) % 3]
      circuit.cell(
        "FDSE",
        ["C": Circuit.clock, "CE": enable, "D": [before], "S": [load[index]], "Q": [q[index]]])
    }
    circuit.output("y", q)
    var simulator = try circuit.simulator()
    simulator.set("e", to: 1)
    simulator.set("load", to: 0b0001)
    simulator.settle()
    for _ in 0..<4 { simulator.edge() }
    // Only the first is held at 1; ones went around.
    #expect(simulator.value("y", lane: 0) == 0b1111)
    var clear = Circuit()
    let swap = clear.word(2)
    clear.cell(
      "FDRE",
      [
        "C": Circuit.clock, "CE": [.constant("1")], "D": [swap[1]], "R": [.constant("0")],
        "Q": [swap[0]],
      ], ["INIT": "1"])
    clear.cell(
      "FDRE",
      [
        "C": Circuit.clock, "CE": [.constant("1")], "D": [swap[0]], "R": [.constant("0")],
        "Q": [swap[1]],
      ], ["INIT": "0"])
    clear.output("y", swap)
    var other = try clear.simulator()
    for time in 0..<5 {
      #expect(other.value("y", lane: 9) == (time % 2 == 0 ? 1 : 2))
      other.edge()
    }
  }

  @Test(arguments: 0..<4) func `a DSP48E2 multiplies and adds with any registers`(seed: Int) throws
  {
    var random = RandomStream(seed: UInt64(seed + 20))
    let stages = seed
    var circuit = Circuit()
    let (a, b, c, d) = (
      circuit.input("a", 30), circuit.input("b", 18), circuit.input("c", 48), circuit.input("d", 27)
    )
    let p = circuit.word(48)
    let usesPreAdder = seed >= 2
    let subtracts = seed == 3
    var parameters = ["USE_MULT": "MULTIPLY", "AMULTSEL": usesPreAdder ? "AD" : "A"]
    for name in [
      "ACASCREG", "ADREG", "ALUMODEREG", "AREG", "BCASCREG", "BREG", "CARRYINREG", "CARRYINSELREG",
      "CREG",
      "DREG", "INMODEREG", "MREG", "OPMODEREG", "PREG",
    ] {
      let isUsed =
        name == "MREG" && stages >= 1 || name == "PREG" && stages >= 2
        || ["AREG", "BREG", "CREG", "DREG"].contains(name) && stages >= 3
      parameters[name] = word(isUsed ? 1 : 0, 32)
    }
    func constant(_ value: UInt64, _ width: Int) -> [Netlist.Bit] {
      (0..<width).map { .constant(value >> UInt64($0) & 1 == 1 ? "1" : "0") }
    }
    var pins = [
      "A": a, "B": b, "C": c, "D": d, "P": p, "CLK": Circuit.clock,
      // Z = C, X and Y = M; C - M or C + M; the pre-adder takes D.
      "OPMODE": constant(0b0_0011_0101, 9), "ALUMODE": constant(subtracts ? 3 : 0, 4),
      "INMODE": constant(usesPreAdder ? 0b00100 : 0, 5), "CARRYINSEL": constant(0, 3),
      "CARRYIN": constant(0, 1),
    ]
    for name in ["CEA1", "CEA2", "CEB1", "CEB2", "CEC", "CED", "CEAD", "CEM", "CEP"] {
      pins[name] = constant(1, 1)
    }
    for name in ["RSTA", "RSTB", "RSTC", "RSTD", "RSTM", "RSTP"] { pins[name] = constant(0, 1) }
    circuit.cell("DSP48E2", pins, parameters)
    circuit.output("p", p)
    var simulator = try circuit.simulator()
    for lane in 0..<64 {
      // The pre-adder keeps 27 bits, so that its operands have 26.
      let (x, y, z, w) = (
        random.signed(26), random.signed(18), random.signed(46), random.signed(26)
      )
      for (port, value) in [("a", x), ("b", y), ("c", z), ("d", w)] {
        simulator.set(port, lane: lane, to: value)
      }
      simulator.settle()
      for _ in 0..<3 {
        simulator.edge()
        simulator.settle()
      }
      let product = (usesPreAdder ? x + w : x) * y
      let wanted = subtracts ? z - product : z + product
      #expect(Int64(bitPattern: simulator.value("p", lane: lane) << 16) >> 16 == wanted)
    }
  }

  @Test func `a DSP48E2 accumulates, clears and keeps`() throws {
    var circuit = Circuit()
    let (a, b, enable, reset) = (
      circuit.input("a", 30), circuit.input("b", 18), circuit.input("e"), circuit.input("r")
    )
    let p = circuit.word(48)
    func constant(_ value: UInt64, _ width: Int) -> [Netlist.Bit] {
      (0..<width).map { .constant(value >> UInt64($0) & 1 == 1 ? "1" : "0") }
    }
    var parameters = ["AMULTSEL": "A"]
    for name in [
      "ADREG", "ALUMODEREG", "AREG", "BREG", "CARRYINREG", "CARRYINSELREG", "CREG", "DREG",
      "INMODEREG", "MREG",
      "OPMODEREG",
    ] { parameters[name] = word(0, 32) }
    circuit.cell(
      "DSP48E2",
      [
        "A": a, "B": b, "P": p, "CLK": Circuit.clock, "OPMODE": constant(0b0_0010_0101, 9),
        "CEP": enable,
        "RSTP": reset,
      ], parameters)
    circuit.output("p", p)
    var simulator = try circuit.simulator()
    var random = RandomStream(seed: 31)
    var sum: Int64 = 0
    for _ in 0..<60 {
      let (x, y) = (random.signed(27), random.signed(18))
      let (e, r) = (random.next() & 3, random.next() & 15)
      simulator.set("a", to: x)
      simulator.set("b", to: y)
      simulator.set("e", to: e > 0 ? 1 : 0)
      simulator.set("r", to: r == 0 ? 1 : 0)
      simulator.settle()
      #expect(Int64(bitPattern: simulator.value("p", lane: 500) << 16) >> 16 == (sum << 16) >> 16)
      simulator.edge()
      sum = r == 0 ? 0 : e > 0 ? sum + x * y : sum
    }
  }

  @Test(arguments: [(false, false), (true, false), (true, true)], [false, true])
  func `a MULT18X18D multiplies words with and without a sign`(
    signs: (Bool, Bool), isRegistered: Bool
  )
    throws
  {
    var circuit = Circuit()
    let (a, b) = (circuit.input("a", 18), circuit.input("b", 18))
    let p = circuit.word(36)
    var pins: [String: [Netlist.Bit]] = [
      "SIGNEDA": [.constant(signs.0 ? "1" : "0")], "SIGNEDB": [.constant(signs.1 ? "1" : "0")],
      "CLK0": Circuit.clock, "CE0": [.constant("1")], "RST0": [.constant("0")],
    ]
    for bit in 0..<18 {
      pins["A\(bit)"] = [a[bit]]
      pins["B\(bit)"] = [b[bit]]
    }
    for bit in 0..<36 { pins["P\(bit)"] = [p[bit]] }
    circuit.cell(
      "MULT18X18D", pins,
      isRegistered
        ? ["REG_INPUTA_CLK": "CLK0", "REG_INPUTB_CLK": "CLK0", "REG_OUTPUT_CLK": "CLK0"] : [:])
    circuit.output("p", p)
    var simulator = try circuit.simulator()
    var random = RandomStream(seed: 40)
    for lane in 0..<Self.lanes {
      let (x, y) = (random.next() & 0x3FFFF, random.next() & 0x3FFFF)
      simulator.set("a", lane: lane, to: Int64(x))
      simulator.set("b", lane: lane, to: Int64(y))
    }
    random = RandomStream(seed: 40)
    simulator.settle()
    if isRegistered {
      for _ in 0..<2 {
        simulator.edge()
        simulator.settle()
      }
    }
    func value(_ word: UInt64, _ isSigned: Bool) -> Int64 {
      isSigned ? Int64(bitPattern: word << 46) >> 46 : Int64(word)
    }
    for lane in 0..<Self.lanes {
      let x = value(random.next() & 0x3FFFF, signs.0)
      let y = value(random.next() & 0x3FFFF, signs.1)
      #expect(simulator.value("p", lane: lane) == UInt64(bitPattern: x * y) & 0xF_FFFF_FFFF)
    }
  }
}
