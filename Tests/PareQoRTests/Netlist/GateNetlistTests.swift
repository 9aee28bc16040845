import PareDatapath
import PareNumerics
import PareTools
import Testing

@testable import PareQoR

@Suite struct GateNetlistTests {
  private func code(_ circuit: Circuit) throws -> NetlistError.Code {
    try #require(throws: NetlistError.self) { try GateNetlist(circuit.netlist) }.code
  }

  @Test func `a cell without a model is named`() throws {
    var circuit = Circuit()
    let y = circuit.word(1)
    circuit.cell("RAMB18E2", ["DOUTADOUT": y], named: "memory")
    #expect(try code(circuit) == .unknownCell(type: "RAMB18E2", name: "memory"))
  }

  @Test func `a loop, two drivers, no driver and another clock are errors`() throws {
    var loop = Circuit()
    let x = loop.word(2)
    loop.cell("INV", ["I": [x[0]], "O": [x[1]]], named: "a")
    loop.cell("LUT1", ["I0": [x[1]], "O": [x[0]]], ["INIT": "10"], named: "b")
    let code = try self.code(loop)
    #expect(code == .loop(cell: "a") || code == .loop(cell: "b"))

    var twice = Circuit()
    let y = twice.input("y")
    twice.cell("INV", ["I": y, "O": y], named: "c")
    #expect(try self.code(twice) == .drivenTwice(net: "3", cell: "c"))

    var open = Circuit()
    let z = open.word(2)
    open.cell("INV", ["I": [z[0]], "O": [z[1]]], named: "d")
    #expect(try self.code(open) == .undriven(net: "3", cell: "d"))

    var clocked = Circuit()
    let other = clocked.input("other")
    let q = clocked.word(1)
    clocked.cell("FDRE", ["C": other, "D": other, "Q": q], named: "e")
    #expect(
      try self.code(clocked) == .unsupported(cell: "e", what: "a clock other than the module's"))
  }

  @Test(arguments: 0..<8) func `a form of logic is its table`(seed: Int) {
    var random = RandomStream(seed: UInt64(seed))
    var forms = LogicForms()
    func value(_ form: LogicForm, _ row: Int) -> Bool {
      func input(_ index: Int) -> Bool { row >> index & 1 == 1 }
      func table(_ table: TruthTable) -> Bool { value(forms.form(of: table), row) }
      return switch form {
      case .constant(let value): value
      case .input(let v): input(v)
      case .not(let v): !input(v)
      case .and(let v, let t): input(v) && table(t)
      case .andNot(let t, let v): table(t) && !input(v)
      case .or(let v, let t): input(v) || table(t)
      case .orNot(let t, let v): table(t) || !input(v)
      case .xor(let v, let t): input(v) != table(t)
      case .xnor(let v, let t): input(v) == table(t)
      case .andOr(let v, let t, let u): input(v) && table(t) || table(u)
      case .andNotOr(let t, let v, let u): table(t) && !input(v) || table(u)
      case .mux(let v, let t, let u): input(v) ? table(t) : table(u)
      case .xor3(let a, let b, let c): (input(a) != input(b)) != input(c)
      case .majority(let a, let b, let c): [a, b, c].filter(input).count >= 2
      }
    }
    let table = TruthTable(bits: seed % 2 == 0 ? random.next() : random.next() & random.next())
    for row in 0..<64 {
      #expect(value(forms.form(of: table), row) == (table.bits >> UInt64(row) & 1 == 1))
    }
  }

  @Test func `common functions take few operations`() {
    var forms = LogicForms()
    let x = TruthTable.variables
    #expect(forms.cost(of: TruthTable(bits: x[0] ^ x[1] ^ x[2])) == 1)
    #expect(forms.cost(of: TruthTable(bits: x[0] ^ x[1] ^ x[2] ^ x[3])) == 2)
    #expect(forms.cost(of: TruthTable(bits: x[0] & x[1] | x[0] & x[2] | x[1] & x[2])) == 1)
    #expect(forms.cost(of: TruthTable(bits: x[5] & x[1] | ~x[5] & x[2])) == 1)
    #expect(forms.cost(of: TruthTable(bits: x[0] & x[1] & x[2] & x[3] & x[4] & x[5])) == 5)
  }

  /// A random net of LUTs, carries and registers on 12 inputs.
  private func random(_ seed: UInt64, cells: Int = 60) -> Circuit {
    var random = RandomStream(seed: seed)
    var circuit = Circuit()
    var nets = circuit.input("x", 12)
    func any(_ random: inout RandomStream) -> Netlist.Bit { nets[random.index(below: nets.count)] }
    for index in 0..<cells {
      switch random.index(below: 4) {
      case 0:
        let q = circuit.word(1)
        circuit.cell(
          random.index(below: 2) == 0 ? "FDRE" : "FDSE",
          [
            "C": Circuit.clock, "CE": [any(&random)], "D": [any(&random)], "Q": q,
            index % 2 == 0 ? "R" : "S": [any(&random)],
          ],
          ["INIT": index % 3 == 0 ? "1" : "0"])
        nets += q
      case 1:
        let (o, co) = (circuit.word(4), circuit.word(4))
        circuit.cell(
          "CARRY4",
          [
            "CI": [any(&random)], "CYINIT": [.constant("0")],
            "DI": (0..<4).map { _ in any(&random) },
            "S": (0..<4).map { _ in any(&random) }, "O": o, "CO": co,
          ])
        nets += o + co
      default:
        let inputs = 1 + random.index(below: 6)
        let y = circuit.word(1)
        var pins = ["O": y]
        for input in 0..<inputs { pins["I\(input)"] = [any(&random)] }
        circuit.cell("LUT\(inputs)", pins, ["INIT": word(random.next(), 1 << inputs)])
        nets += y
      }
    }
    circuit.output("y", Array(nets.suffix(48)))
    circuit.output("all", Array(nets.dropFirst(12)))
    return circuit
  }

  @Test(arguments: [UInt64(1), 2, 3])
  func `all modes settle on the same values, and toggles are what changed`(
    seed: UInt64
  ) throws {
    let circuit = random(seed, cells: 12)
    let gates = try GateNetlist(circuit.netlist)
    let outputs = try #require(gates.ports["all"]).slots
    var plain = NetlistSimulator(gates)
    var counting = NetlistSimulator(gates, mode: .counting)
    var delayed = NetlistSimulator(gates, mode: .unitDelay)
    counting.countInAllLanes()
    delayed.countInAllLanes()
    var random = RandomStream(seed: seed + 50)
    var toggles = Array(repeating: 0, count: outputs.count)
    var ones = toggles
    var last = outputs.map { Array(plain.words($0)) }
    let clocks = 30
    for _ in 0..<clocks {
      for lane in 0..<NetlistSimulator.laneCount {
        let x = Int64(random.next() & 0xFFF)
        plain.set("x", lane: lane, to: x)
        counting.set("x", lane: lane, to: x)
        delayed.set("x", lane: lane, to: x)
      }
      plain.settle()
      counting.settle()
      delayed.settle()
      for (index, slot) in outputs.enumerated() {
        let now = Array(plain.words(slot))
        #expect(Array(counting.words(slot)) == now)
        #expect(Array(delayed.words(slot)) == now)
        toggles[index] += zip(now, last[index]).reduce(0) { $0 + ($1.0 ^ $1.1).nonzeroBitCount }
        ones[index] += now.reduce(0) { $0 + $1.nonzeroBitCount }
        last[index] = now
      }
      plain.edge()
      counting.edge()
      delayed.edge()
    }
    // The last edge changed registers that no one has looked at yet; the simulators count it when it happens.
    for (index, slot) in outputs.enumerated() {
      let now = Array(plain.words(slot))
      toggles[index] += zip(now, last[index]).reduce(0) { $0 + ($1.0 ^ $1.1).nonzeroBitCount }
      #expect(Int(counting.toggles[Int(slot)]) == toggles[index])
      #expect(Int(delayed.toggles[Int(slot)]) >= toggles[index])
    }
    #expect(counting.countedClocks == clocks * NetlistSimulator.laneCount)
  }

  @Test func `a glitch shows with delays and not without`() throws {
    // x and not x: a rising edge of x passes the inverter one unit late.
    var circuit = Circuit()
    let x = circuit.input("x")
    let (inverse, y) = (circuit.word(1), circuit.word(1))
    circuit.cell("INV", ["I": x, "O": inverse])
    circuit.cell("LUT2", ["I0": x, "I1": inverse, "O": y], ["INIT": "1000"])
    circuit.output("y", y)
    let gates = try GateNetlist(circuit.netlist)
    #expect(gates.depth == 2)
    var activities: [NetlistActivity] = []
    for mode in [NetlistSimulator.Mode.counting, .unitDelay] {
      var simulator = NetlistSimulator(gates, mode: mode)
      simulator.countInAllLanes()
      for time in 0..<10 {
        simulator.set("x", to: time % 2 == 0 ? 1 : 0)
        simulator.settle()
        #expect(simulator.value("y", lane: 0) == 0)
        simulator.edge()
      }
      activities.append(NetlistActivity(of: simulator))
    }
    // Nets in the order of their numbers: clock, x, inverse, y. Five rises make a pulse each, of two toggles.
    let lanes = NetlistSimulator.laneCount
    #expect(activities[0].toggles == [0, 10, 10, 0].map { $0 * lanes })
    #expect(activities[1].toggles == [0, 10, 10, 10].map { $0 * lanes })
    #expect(activities[0].ones == [0, 5, 5, 0].map { $0 * lanes })
    let (settled, delayed) = (activities[0].profile, activities[1].profile)
    #expect(settled.lutToggles == 1 && delayed.lutToggles == 2)
    // x has two loads, the others one; y leaves the module.
    #expect(settled.netToggles == 2 && settled.netLoadToggles == 3)
    #expect(delayed.netToggles == 3 && delayed.netLoadToggles == 4)
    #expect(settled.origin == .netlist && delayed.origin == .netlistUnitDelay)
  }

  @Test func `connections within a slice are not routed`() throws {
    var circuit = Circuit()
    let x = circuit.input("x", 2)
    let (o5, o6, plain) = (circuit.word(1), circuit.word(1), circuit.word(1))
    let (sum, carry, next, over) = (
      circuit.word(8), circuit.word(8), circuit.word(8), circuit.word(8)
    )
    let zero = Netlist.Bit.constant("0")
    circuit.cell(
      "LUT6_2",
      [
        "I0": [x[0]], "I1": [x[1]], "I2": [zero], "I3": [zero], "I4": [zero],
        "I5": [.constant("1")], "O5": o5, "O6": o6,
      ],
      ["INIT": word(0x6666_6666_8888_8888, 64)])
    circuit.cell("LUT1", ["I0": [x[0]], "O": plain], ["INIT": "10"])
    let zeros = Array(repeating: zero, count: 6)
    circuit.cell(
      "CARRY8",
      [
        "CI": [zero], "CI_TOP": [zero], "S": o6 + plain + zeros, "DI": o5 + plain + zeros, "O": sum,
        "CO": carry,
      ])
    circuit.cell(
      "CARRY8",
      [
        "CI": [carry[7]], "CI_TOP": [zero], "S": zeros + o6 + [zero],
        "DI": Array(repeating: zero, count: 8), "O": next, "CO": over,
      ])
    circuit.output("y", next)
    let gates = try GateNetlist(circuit.netlist)
    func routed(_ bit: [Netlist.Bit]) throws -> Int {
      let number = try #require(bit[0].number)
      return gates.wiring.routedLoads[try #require(gates.netNumbers.firstIndex(of: number))]
    }
    #expect(try routed(o5) == 0)
    // Beside the first carry cell, and by wires to the second.
    #expect(try routed(o6) == 1)
    // A LUT alone has one way into the carry cell beside it; DI takes a wire.
    #expect(try routed(plain) == 1)
    #expect(try routed([carry[7]]) == 0)
    #expect(try routed([next[0]]) == 1)
    #expect(try routed([sum[0]]) == 0)
  }
}
